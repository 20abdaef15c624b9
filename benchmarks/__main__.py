"""Speed and accuracy with short settings: what ``make bench`` runs."""

from __future__ import annotations

from benchmarks import accuracy, read


def main() -> None:
    """Run both; each takes a minute or two."""
    read.main(["--documents", "12", "--growth", "200"])
    print()
    accuracy.main(["--documents", "10"])


if __name__ == "__main__":
    main()
