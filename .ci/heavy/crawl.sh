#!/usr/bin/env bash
# A crawl of 500 reports is killed 30 times and loses nothing; 1,000 documents take less than 300 MB.
set -euo pipefail
.venv/bin/python -m benchmarks.crawl_kills
