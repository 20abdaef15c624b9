"""How large a PDF may be before reading it is refused.

A real report has 3 to 30 pages, some 5,000 characters and 2,000 drawing objects; the limits are
some hundred times that, so that they stop attacks and book scans but no report.
"""

MAX_BYTES = 200_000_000
MAX_PAGES = 300
MAX_CHARACTERS_ON_A_PAGE = 50_000
MAX_CHARACTERS = 1_000_000
MAX_OBJECTS_ON_A_PAGE = 100_000
MAX_PATH_POINTS_ON_A_PAGE = 200_000
MAX_RULES_ON_A_PAGE = 20_000
MAX_FORM_DEPTH = 4
MAX_INFLATED = 24 * 1024 * 1024
"""Bytes of drawing instructions in the whole file; a page of a report has 20 to 60 thousand."""
MAX_DRAWN_FORMS = 100_000
MAX_FORMS = 5_000
