# Everything from a fresh clone with Python and make alone; 'make' lists what there is.
# Programs of .venv are run as modules: their scripts name Python by a path, which must not have
# a space in it. Paths here are relative for the same reason.

.DEFAULT_GOAL := help
.PHONY: help demo run test lint bench browser lock clean
.DELETE_ON_ERROR:

PYTHONS := python3.14 python3.13 python3.12 python3.11 python3 python
PY := .venv/bin/python
RUNTIME := .venv/installed-runtime
DEVELOPMENT := .venv/installed-development
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input
# A .venv whose Python has gone (it was updated, or the folder was copied here) is made anew, before
# make looks at what is installed in it.
$(shell test ! -e .venv || $(PY) -c "" 2>/dev/null || rm -rf .venv)
# What 'check --deploy' judges is a venue in production, so it is told the settings of one.
PRODUCTION := DATABOURSE_SECURE=true DATABOURSE_DEBUG=false \
	DATABOURSE_ALLOWED_HOSTS=exchange.example \
	DATABOURSE_SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')"

help:
	@echo "make demo          one trading day, then the portal on http://127.0.0.1:8000"
	@echo "                   SERVE=0 ends after the day; CATALOGUE=file: on real listings, simulated"
	@echo "make run           the portal and a worker, without the story"
	@echo "make test          all tests"
	@echo "make lint          style, types, layers, migrations and deployment settings"
	@echo "make bench         speed beside raw SQL: one JSON document on standard output"
	@echo "make browser       install what the browser tests need, where that is allowed"
	@echo "make lock          resolve the two lists of requirements again"
	@echo "make clean         remove what make made; the data of the venue stays"

demo: $(RUNTIME)
	@$(PY) manage.py demo $(if $(filter 0,$(SERVE)),--no-serve) \
		$(if $(CATALOGUE),--catalogue "$(CATALOGUE)")

run: $(RUNTIME)
	@$(PY) manage.py run

test: $(DEVELOPMENT) browser
	@$(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

lint: $(DEVELOPMENT)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

bench: $(RUNTIME)
	@$(PY) -m bench

# Output of the set-up goes to standard error: that of 'make bench' is one JSON document.
$(RUNTIME): requirements.lock | .venv/bin/python
	@echo "Installing requirements.lock into .venv (about half a minute, once)" >&2
	@$(PIP) install --require-hashes --no-deps -r requirements.lock >&2
	@touch $@

$(DEVELOPMENT): requirements-dev.lock | .venv/bin/python
	@echo "Installing requirements-dev.lock into .venv (about a minute, once)" >&2
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock >&2
	@touch $@ $(RUNTIME)

# The first Python that is new enough and can really make one: Debian's cannot without a package.
.venv/bin/python:
	@for python in $(PYTHONS); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		rm -rf .venv; \
		"$$python" -m venv .venv >/dev/null 2>&1 && $(PY) -m pip --version >/dev/null 2>&1 \
			&& { echo "Made .venv with $$python" >&2; exit 0; }; \
	done; \
	rm -rf .venv; \
	echo "No Python 3.11 or newer that can make a venv: install one (Debian, Ubuntu:" \
		"apt-get install python3 python3-venv; Fedora: dnf install python3.11)" >&2; \
	exit 1

# A browser is the one thing that pip cannot bring. Without it the browser tests are skipped.
browser:
	@found() { \
		{ command -v chromium || command -v chromium-browser || command -v google-chrome; } \
			>/dev/null || return 1; \
		! command -v fc-list >/dev/null || [ -n "$$(fc-list :lang=zh)" ]; \
	}; \
	found && exit 0; \
	root=""; \
	[ "$$(id -u)" = 0 ] || root="sudo -n"; \
	if command -v apt-get >/dev/null && { [ -z "$$root" ] || $$root true 2>/dev/null; }; then \
		echo "Installing chromium and fonts-noto-cjk (about half a minute, once)" >&2; \
		{ $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			$$root apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk; \
		} >&2 && found && exit 0; \
	fi; \
	echo "*** NO BROWSER: the browser tests will be skipped. Install chromium and" \
		"fonts-noto-cjk (Debian: apt-get install chromium fonts-noto-cjk) ***" >&2

# The locks hold names, versions and hashes, and no address of any index. uv reads none of pip's
# settings, so it is told where this machine's pip looks.
UV := .lock-venv/bin/python -m uv pip compile pyproject.toml --quiet --universal \
	--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	--extra embedded

lock: | .venv/bin/python
	@rm -rf .lock-venv && $(PY) -m venv .lock-venv
	@.lock-venv/bin/python -m pip --quiet --disable-pip-version-check install uv
	@index="$$(.lock-venv/bin/python -m pip config get global.index-url 2>/dev/null \
		|| .lock-venv/bin/python -m pip config get :env:.index-url 2>/dev/null || true)"; \
	[ -z "$$index" ] || export UV_DEFAULT_INDEX="$$index"; \
	$(UV) -o requirements.lock && \
	$(UV) --group test --group lint -o requirements-dev.lock
	@rm -rf .lock-venv

clean:
	rm -rf .venv .lock-venv .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
