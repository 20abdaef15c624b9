"""The publishing systems gxstats knows, one module each, and those other packages add.

Another package adds a platform by an entry point of the group ``gxstats.platforms`` that names an
object with the attributes of :class:`gxstats.crawl.page.Platform`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

from gxstats.crawl.page import Page, Platform
from gxstats.errors import UnknownField

GROUP: Final = "gxstats.platforms"
_OWN: Final = ("page", "trs", "ucap", "guangdong", "hanweb", "hanweb_annual", "jpaas", "anhui", "generic")


@cache
def platforms() -> dict[str, Platform]:
    """Every platform by name; a name of our own is never replaced by one from outside.

    Example:
        >>> platforms()["page"].name
        'page'
    """
    found: dict[str, Platform] = {}
    for name in _OWN:
        found[name] = import_module(f"gxstats.crawl.platforms.{name}").PLATFORM
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, point.load())
    return found


def platform(name: str) -> Platform:
    """A platform by name.

    Raises:
        UnknownField: there is none of this name.
    """
    if name not in platforms():
        raise UnknownField(f"no platform is called {name!r}", hint=f"there are {', '.join(platforms())}")
    return platforms()[name]


def recognise(page: Page) -> list[tuple[str, int]]:
    """The platforms a page may be of, the likeliest first, each with how sure that is (1-100)."""
    scored = [(name, found.sniff(page)) for name, found in platforms().items()]
    return sorted([(n, s) for n, s in scored if s > 0], key=lambda pair: (-pair[1], pair[0]))
