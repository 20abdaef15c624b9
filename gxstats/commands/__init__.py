"""The commands of the command line, by what they work on; :mod:`gxstats.cli` puts them together."""
