#!/usr/bin/env bash
# Makes the environment in .venv from requirements.lock, and the spaCy pipeline. Does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=.venv
STAMP=$VENV/installed.sha256
NEEDED_MB=5000 # the environment takes 2.1 GB; the rest is room for the downloads while they unpack

say() { printf '%s\n' "$*"; }
stop() {
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

wanted() { sha256sum requirements.lock handrail/language.py | sha256sum | cut -d' ' -f1; }

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.10 python3 python "$HOME"/.pyenv/versions/3.10*/bin/python; do
    if [ -n "$candidate" ] && is_310 "$candidate"; then
      say "$candidate"
      return
    fi
  done
}

make_environment() {
  local python
  python=$(find_python)
  rm -rf "$VENV"
  if [ -n "$python" ]; then
    say "[1/3] Making the environment with $($python --version)"
    "$python" -m venv "$VENV" || stop \
      "Python is here, but it cannot make an environment: its 'venv' module is missing." \
      "On Debian or Ubuntu:  sudo apt install python3.10-venv     Then run this again."
  elif command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    say "[1/3] Making the environment with uv (it fetches Python 3.10 if need be)"
    uv venv --quiet --python 3.10 "$VENV" || stop \
      "uv could not get Python 3.10. Is there a network connection? Then run this again."
  else
    stop "Handrail needs Python 3.10: Rasa 3.6 runs on no newer one, and none was found here." \
      "Any one of these puts it in place; then run this again:" \
      "  pyenv:   pyenv install 3.10" \
      "  uv:      https://docs.astral.sh/uv/ (it fetches Python 3.10 by itself)" \
      "  system:  your package manager's python3.10 with its venv module" \
      "  elsewhere:  PYTHON=/path/to/python3.10 make setup"
  fi
}

install_packages() {
  local count
  count=$(grep -c '==' requirements.lock)
  say "[2/3] Installing $count packages, each checked against its hash (2 GB; a few minutes the first time)"
  if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv pip install --python "$VENV/bin/python" --no-deps --require-hashes -r requirements.lock
  else
    [ -x "$VENV/bin/pip" ] || "$VENV/bin/python" -m ensurepip --upgrade >/dev/null
    # One line a package: it shows that something is going on.
    "$VENV/bin/python" -m pip install --disable-pip-version-check --no-deps --require-hashes \
      -r requirements.lock |
      sed -un 's/^Collecting \([^ ]*\).*/  \1/p; s/^Installing collected packages.*/  unpacking/p'
  fi || stop "The packages could not be installed. The lines above say why; most often it is one of these:" \
    "  no network:   check the connection, then run this again (what was fetched is kept)" \
    "  a full disk:  $(free_mb) MB are free here; about $NEEDED_MB are needed"
}

free_mb() { df -Pm . | awk 'NR == 2 { print $4 }'; }

if [ "$(cat "$STAMP" 2>/dev/null || true)" = "$(wanted)" ] && [ -d models/spacy-en ]; then
  exit 0
fi
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
  say "Note: the lock file is made for Linux on x86-64, and this is $(uname -s) on $(uname -m). See docs/dependencies.md."
fi
if [ ! -d "$VENV" ] && [ "$(free_mb)" -lt "$NEEDED_MB" ]; then
  stop "There is too little room on this disk: $(free_mb) MB are free, and about $NEEDED_MB MB are needed." \
    "Free some, or clone the project onto another disk. Then run this again."
fi
[ -x "$VENV/bin/python" ] && is_310 "$VENV/bin/python" || make_environment
install_packages
say "[3/3] Building the spaCy pipeline"
"$VENV/bin/python" -m handrail.language
wanted >"$STAMP"
say "The environment is ready."
