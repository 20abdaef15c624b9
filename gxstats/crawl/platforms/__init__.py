"""The publishing systems gxstats knows, one module each, and those other packages add."""
