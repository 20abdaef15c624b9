#!/usr/bin/env bash
# The notebooks in a real browser: needs a Chromium, which Debian packages.
set -euo pipefail
if ! command -v chromium chromium-browser google-chrome >/dev/null; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "install chromium first: there is no sudo" >&2; exit 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium
fi
timeout 360 .venv/bin/python -m pytest -m heavy tests/browser
