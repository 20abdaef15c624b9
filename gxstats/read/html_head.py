"""What an HTML page says of itself: its meta tags, title and first heading."""

from __future__ import annotations

from lxml import etree

from gxstats.read.html_text import cell_text


def head_fields(root: etree._Element, hidden: set[etree._Element]) -> dict[str, str]:
    """The ``<meta>`` pairs, and the texts of ``<title>`` and the first ``<h1>`` under those names.

    Args:
        root: The page.
        hidden: The elements not shown.

    Example:
        >>> head_fields(etree.HTML("<meta name=PubDate content='2024-01-31'><title>年报</title>"), set())
        {'PubDate': '2024-01-31', '<title>': '年报'}
    """
    fields: dict[str, str] = {}
    for element in root.iter("meta", "title", "h1"):
        if element.tag == "meta":
            name, text = element.get("name") or element.get("property") or "", element.get("content", "")
        elif element not in hidden:
            name, text = f"<{element.tag}>", cell_text(element, hidden)[0]
        if name and text.strip():
            fields.setdefault(name, " ".join(text.split()))
    return fields
