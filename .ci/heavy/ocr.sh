#!/usr/bin/env bash
# Scans and images by OCR: the extra `ocr`, its models come with it.
set -euo pipefail
if ! .venv/bin/python -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("rapidocr", "onnxruntime", "cv2"))))'; then
  .venv/bin/python -m pip install -q -c requirements.lock -c requirements-extras.lock rapidocr onnxruntime opencv-python-headless
fi
.venv/bin/python -m pytest -q -m heavy tests/read/test_scan.py tests/read/test_scan_pictures.py
