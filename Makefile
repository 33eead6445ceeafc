# Everything that can be done with the project. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Switches off Rasa's usage reports and its error reports to a third party.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
export PYTHONPATH := $(CURDIR)

PORT ?= 5005
ACTION_PORT ?= 5055
HOST ?= 127.0.0.1
PYTHON_FILES := handrail actions tests benchmarks

.PHONY: help setup train run shell check test unit ask evaluate evaluate-safety coverage book sign-off benchmark benchmark-memory learn-danger soak fuzz screenshots lock clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

setup: ## make the environment (does nothing when it is there)
	@scripts/setup.sh

train: setup ## train the model (does nothing when nothing changed)
	@python -m handrail.tools.train

run: train ## chat in the browser; PORT=5005 moves it, HOST=0.0.0.0 opens it to the network
	@python -m handrail.tools.run --host $(HOST) --port $(PORT) --action-port $(ACTION_PORT)

shell: train ## chat in the terminal
	@python -m handrail.tools.shell

ask: train ## ask every row of IN=questions.jsonl, write OUT=answers.jsonl; COUNTRY=GB
	@python -m handrail.tools.ask --in "$(IN)" --out "$(or $(OUT),answers.jsonl)" $(if $(COUNTRY),--country $(COUNTRY))

check: setup ## format, lint, types, content: under a minute, no training
	@ruff format --check $(PYTHON_FILES)
	@ruff check $(PYTHON_FILES)
	@mypy
	@python -m handrail.tools.lint
	@python -m handrail.tools.validate

coverage: setup ## write the table of what the bot can answer, docs/coverage.md
	@python -m handrail.tools.coverage

book: setup ## everything the bot can say as one page, book.html: to read, search and sign off
	@python -m handrail.tools.book

sign-off: setup ## a clinician signs: BY="name, profession, registration" TEXTS="files, or responses of domain.yml"
	@python -m handrail.tools.sign_off --by "$(BY)" $(TEXTS)

unit: setup ## the fast tests, which need no model
	python -m pytest -q -m "not model and not server and not browser"

test: check train ## everything: checks, tests, stories, live server, browser
	python -m pytest -q

evaluate: train ## measure how well the bot understands, one report; QUICK=1: not beside Rasa's pipeline; PUBLISH=1: to docs/ too
	@python -m handrail.tools.evaluation $(if $(DATA),--data "$(DATA)") $(if $(QUICK),--quick) \
		$(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(PUBLISH),--publish)

evaluate-safety: train ## measure whether emergencies are noticed, and only those; PUBLISH=1: to docs/ too
	@python -m handrail.tools.evaluation.safety $(if $(DATA),--data "$(DATA)") $(if $(PUBLISH),--publish)

benchmark: train ## start, training, memory and speed, measured
	@python benchmarks/run.py

benchmark-memory: train ## whether memory stays where it is over 20,000 chats: some twenty minutes
	@python -m benchmarks.memory

learn-danger: setup ## have the encoder learn anew what a danger sounds like, from data/danger/: half an hour
	@python -m handrail.tools.learn_danger

soak: train ## talk for MINUTES=30 at half of what it can do, while the action server dies every minute
	@python -m benchmarks.soak --minutes $(or $(MINUTES),30)

fuzz: train ## send COUNT=10000 odd messages made from SEED=1 and check every reply; FIRST=7 begins with the eighth
	@python -m handrail.tools.fuzz --count $(or $(COUNT),10000) --seed $(or $(SEED),1) --first $(or $(FIRST),0)

screenshots: setup ## renew the pictures of the chat in docs/screenshots: look at them before you keep them
	@python scripts/screenshot.py

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev --python-version 3.10 --generate-hashes --no-header -o requirements.lock

clean: ## remove the environment, the models and all caches
	rm -rf .venv .rasa .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis models/*.tar.gz models/*.json models/spacy-en
