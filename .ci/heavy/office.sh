#!/usr/bin/env bash
# RTF and old DOC files by way of LibreOffice; DOC files that LibreOffice saves read exactly.
set -euo pipefail
if ! command -v soffice >/dev/null; then
  sudo=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $sudo apt-get update -q
  $sudo apt-get install -qy --no-install-recommends libreoffice-writer
fi
.venv/bin/python -m pytest -m heavy tests/read/test_office.py
