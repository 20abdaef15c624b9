"""Render disclosure reports with known figures, to test readers and to try things out.

The figures are chosen or drawn (:mod:`~gxstats.testing.values`), the report is laid out
(:mod:`~gxstats.testing.forms`) and drawn as HTML, DOCX, text or PDF; readings are compared with what
was printed (:mod:`~gxstats.testing.compare`). Nothing outside this package imports it.
"""
