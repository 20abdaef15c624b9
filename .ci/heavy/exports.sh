#!/usr/bin/env bash
# Workbooks opened by LibreOffice, databases served by Datasette and seen in a browser.
set -euo pipefail
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
missing=()
command -v soffice >/dev/null || missing+=(libreoffice-calc)
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}"
fi
if ! .venv/bin/python -c "import datasette" 2>/dev/null; then
  .venv/bin/python -m pip install -q -c requirements.lock -c requirements-extras.lock -e ".[browse]"
fi
timeout 300 .venv/bin/python -m pytest -m heavy tests/heavy_exports
