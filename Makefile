# Needs Python 3.11+ (with venv) and make, nothing else. `make help` lists the targets.

# Any interpreter can be named: make PYTHON=/path/to/python3.12 test
PYTHON =
JOBS = 2

VENV = .venv
PY = $(VENV)/bin/python
PIP = $(PY) -m pip install --quiet --disable-pip-version-check
STAMP = $(VENV)/.installed
LOCKER = .venv-lock

# Figures need no screen; notebooks run with this environment's kernel, not one of the user's.
export MPLBACKEND = Agg
export JUPYTER_PREFER_ENV_PATH = 1
export JUPYTER_PLATFORM_DIRS = 1

.PHONY: help demo test lint notebooks bench lock clean

help:
	@echo "make demo       read the shipped sample reports and show what comes out"
	@echo "make test       lint, then all tests, doctests and notebooks"
	@echo "make lint       ruff (format and rules) and mypy --strict"
	@echo "make notebooks  run every notebook from top to bottom"
	@echo "make bench      compare speed and memory with named peers (installs them)"
	@echo "make lock       renew requirements.lock and requirements-extras.lock"
	@echo "make clean      remove the environment, builds and caches"

demo: $(STAMP)
	@$(PY) -m gxstats.demo

test: lint
	$(PY) -m pytest -n $(JOBS)
	@$(MAKE) --no-print-directory notebooks

lint: $(STAMP)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy --strict gxstats

notebooks: $(STAMP)
	@set -- notebooks/*.ipynb; \
	if [ -e "$$1" ]; then \
	  echo "$(PY) -m pytest -n $(JOBS) --nbmake notebooks"; \
	  $(PY) -m pytest -n $(JOBS) --nbmake "$$@"; \
	else \
	  echo "no notebooks to run"; \
	fi

bench: $(VENV)/.bench
	$(PY) -m benchmarks

# The lock is complete, so nothing is resolved anew; the build tools it pins build the package.
$(STAMP): requirements.lock pyproject.toml
	@found=; for python in $(PYTHON) $(if $(PYTHON),,python3.11 python3 python3.12 python3.13 python3.14 python); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "gxstats needs Python 3.11 or newer: $(if $(PYTHON),$(PYTHON) is not,none was found)." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
	  exit 1; \
	fi; \
	$(PY) -m pip --version >/dev/null 2>&1 || "$$found" -m venv --clear $(VENV)
	@echo "installing what requirements.lock pins into $(VENV), once; this takes a minute or two"
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.bench: $(STAMP) requirements-extras.lock
	$(PIP) -c requirements.lock -c requirements-extras.lock --no-build-isolation -e '.[bench]'
	@touch $@

# The newest releases that fit pyproject.toml, for every platform and every Python from 3.11.
lock: $(STAMP)
	$(PY) -m venv $(LOCKER)
	$(LOCKER)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade uv
	$(LOCKER)/bin/uv pip compile pyproject.toml --group build \
	  --extra notebooks --extra dev --extra testing --extra crawl --extra scale \
	  --universal --python-version 3.11 --upgrade --quiet --no-emit-index-url \
	  --custom-compile-command 'make lock' -o requirements.lock
	$(LOCKER)/bin/uv pip compile pyproject.toml -c requirements.lock \
	  --extra ocr --extra browse --extra docs --extra bench \
	  --universal --python-version 3.11 --upgrade --quiet --no-emit-index-url \
	  --custom-compile-command 'make lock' -o requirements-extras.lock

clean:
	rm -rf $(VENV) $(LOCKER) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find gxstats tests notebooks -name __pycache__ -type d -prune -exec rm -rf {} +
	find notebooks -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +
