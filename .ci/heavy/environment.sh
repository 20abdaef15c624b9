#!/usr/bin/env bash
# environment.yml's pip part installs in an empty environment, and the wheel carries its data.
set -euo pipefail
.venv/bin/python -m pytest -m heavy tests/project/test_environment.py
