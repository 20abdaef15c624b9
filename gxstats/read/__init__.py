"""From bytes to readings: tables of physical cells, streams of words, paragraphs.

Nothing here knows of forms. The format is told by the content, never by the name.
"""

from __future__ import annotations

from gxstats.read.document import read_document

__all__ = ["read_document"]
