"""Runs `rasa data validate`, and prints what it says only when something is wrong.

Rasa and its libraries print warnings for their own developers, whatever the settings, and `--fail-on-warnings` lets a
response that nothing says pass with a warning.
"""

from __future__ import annotations

import re
import subprocess
import sys

from handrail import paths

COMMAND = ("rasa", "data", "validate", "--fail-on-warnings", "--quiet")
WARNING = re.compile(r"UserWarning: (.+)")
SAID_BY_CODE = frozenset({"utter_emergency_reminder"})
"""The responses that no rule names: `handrail/nlg.py` puts the reminder above other answers."""


def main() -> int:
    """Check intents, rules and responses as Rasa does. Returns the exit code."""
    ran = subprocess.run(
        COMMAND, cwd=paths.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if ran.returncode:
        print(ran.stdout, file=sys.stderr)
        return ran.returncode
    found = [warning for warning in WARNING.findall(ran.stdout) if not is_expected(warning)]
    for warning in found:
        print(warning, file=sys.stderr)
    if not found:
        print("Rasa finds nothing wrong in its data.")
    return 1 if found else 0


def is_expected(warning: str) -> bool:
    """Say whether `warning` only says that no rule names a response which code says."""
    return any(f"'{name}' is not used" in warning for name in SAID_BY_CODE)


if __name__ == "__main__":
    sys.exit(main())
