"""Speed, memory, accuracy and endurance of gxstats, measured beside named peers in the same run.

    python -m benchmarks            # what ``make bench`` runs: read and accuracy, short settings
    python -m benchmarks.read       # speed and memory, in full
    python -m benchmarks.accuracy   # cells read right, by folder and reader
    python -m benchmarks.fuzz       # damaged files: nothing may crash, hang or raise

Peers that are not installed are left out; ``pip install -e '.[bench]'`` installs them.
"""
