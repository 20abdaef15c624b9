#!/usr/bin/env bash
# Web archives that wget writes are imported, and 200 kills lose nothing from an archive.
set -euo pipefail
if ! command -v wget >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq
  $as_root apt-get install -qq -y wget
fi
.venv/bin/python -m pytest -m heavy tests/archive
