"""How large a PDF may be before reading it is refused.

A real report has 3 to 30 pages, some 5,000 characters and 2,000 drawing objects; the limits are
some hundred times that, so that they stop attacks and book scans but no report.
"""

MAX_BYTES = 200_000_000
MAX_PAGES = 300
MAX_CHARACTERS_ON_A_PAGE = 50_000
MAX_CHARACTERS = 1_000_000
MAX_OBJECTS_ON_A_PAGE = 100_000
MAX_OBJECTS = 500_000
"""Drawing objects of all pages: 300 pages may have the same content."""
MAX_PATH_POINTS_ON_A_PAGE = 200_000
MAX_RULES_ON_A_PAGE = 20_000
MAX_FORM_DEPTH = 4
MAX_INFLATED = 12 * 1024 * 1024
"""Bytes of drawing instructions in the whole file; a page of a report has 20 to 60 thousand."""
MAX_DECIPHERED = 4 * 1024 * 1024
"""Bytes of an encrypted file that are deciphered to see what they unpack to; a megabyte takes a second."""
MAX_PACKED = 4 * 1024 * 1024
"""Bytes packed by LZW, run lengths or as letters that are unpacked; a megabyte takes half a second."""
MAX_TEXTS_ON_A_PAGE = 20_000
"""Pieces of text drawn on a page, those of forms too: pdfium compares each with those before it."""
MAX_COMPARED_TEXTS = 1_000_000_000
"""The squares of these counts, of all pages: a thousand million take pdfium some 4 seconds."""
MAX_LISTED = 20
"""Times that a page may be listed: no program lists one twice."""
MAX_DRAWN_FORMS = 100_000
MAX_FORMS = 5_000
