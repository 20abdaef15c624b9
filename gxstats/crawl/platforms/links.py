"""The links of a page with their words and dates, and which of them talk of annual reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from gxstats.crawl.page import Page
from gxstats.places.address import canonical_address, read_address, split_address

_DATE: Final = re.compile(r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_REPORT: Final = re.compile("公开.{0,15}(?:报告|年报|报表)")
_LOOSE_REPORT: Final = re.compile("年报|年?度.{0,6}报告")
_COLUMN: Final = re.compile(
    "(?:历年|各年度?|本级|[省市区县旗]?(?:级|直属?)?(?:部门|单位|街道|乡镇|镇街|人民)?)?(?:政府|政务|机关)*"
    "(?:(?:信息)?(?:公开)?(?:工作)?(?:年报|年度(?:工作)?报告)|信息公开(?:工作)?报告)"
)
_ANNUAL_PATH: Final = re.compile(
    r"gk\w{0,6}nb|gknd|ndbg|ndgzbg|annual|/nb\w{0,4}/|nianbao|niandubaogao", re.I
)
_YEAR_NAME: Final = re.compile(r"20\d\d年?度?(?:.{0,12}(?:年报|报告))?")
_YEAR_FOLDER: Final = re.compile(r"/(20\d\d)(?:n|nd|nb|nian|year)?(?=/)(?!/\d{1,2}/)", re.I)
_FOLDER: Final = re.compile(r"/$|/(?:index|default|\w{0,24}list)\.s?html?$", re.I)
_CRUMB: Final = re.compile(r"crumb|position|location|dqwz|weizhi|curpos|path\b", re.I)
_WHERE: Final = re.compile("当前(?:所在)?位置|您?(?:现在)?的位置|所在位置|您所在|当前栏目")
_FORM: Final = re.compile("本年新收|予以公开|结果维持|收到申请数")
_NO_PAGE: Final = re.compile("#|(?:javascript|mailto|tel|data|about):", re.I)
_SCRIPT_ITEM: Final = re.compile(r"\{[^{}]{1,2000}\}")
_SCRIPT_URL: Final = re.compile(
    r"""["']?(?:url|href|link|linkurl|docpuburl)["']?\s*:\s*["']([^"'\s]+)["']""", re.I
)
_SCRIPT_TITLE: Final = re.compile(
    r"""["']?(?:title|name|doctitle|subject)["']?\s*:\s*["']([^"']{1,300})["']""", re.I
)
_LONGEST_SCRIPT: Final = 1_000_000
_NEAR: Final = 300
_CRUMBS: Final = 150


class Link(NamedTuple):
    """A link: absolute address, words, the date printed beside it (ISO), and whether it says where one is."""

    url: str
    title: str
    dated: str | None = None
    in_crumbs: bool = False


def is_markup(page: Page) -> bool:
    """Whether an answer is a page at all, and not a file, data or nothing that can be read."""
    from lxml.etree import LxmlError

    if not page.text[:2000].lstrip().startswith("<"):
        return False
    try:
        return page.tree is not None
    except LxmlError:
        return False


def absolute(base: str, address: str | None) -> str | None:
    """An address without its fragment, None if there is none, or one that leads to no page.

    Example:
        >>> absolute("http://a.gov.cn/nb/", "./1.html#top"), absolute("http://a.gov.cn/", "javascript:go()")
        ('http://a.gov.cn/nb/1.html', None)
    """
    plain = (address or "").strip()
    if not plain or _NO_PAGE.match(plain):
        return None
    try:
        url = urljoin(base, plain).split("#")[0]
    except ValueError:
        return None
    return url if split_address(url) else None


def links(page: Page) -> list[Link]:
    """The links of a page in order, those that scripts write included, each page once.

    Mobile twins count as the page they are twins of. Words that the page cut short (``title`` holds
    them whole) are given whole.

    Example:
        >>> body = "<li><a href='./202401/t20240126_1.html'>某局年报</a><span>2024-01-26</span></li>"
        >>> links(Page("http://a.gov.cn/nb/", body.encode()))[0][:3]
        ('http://a.gov.cn/nb/202401/t20240126_1.html', '某局年报', '2024-01-26')
    """
    found: dict[str, Link] = {}
    base = _base(page)
    for link in (*_of_elements(page.tree, base), *_of_scripts(page, base)):
        key = canonical_address(link.url)
        held = found.get(key)
        found[key] = link if held is None else _merged(held, link)
    return list(found.values())


def _base(page: Page) -> str:
    for element in page.tree.iter("base"):
        return absolute(page.url, element.get("href")) or page.url
    return page.url


def _merged(a: Link, b: Link) -> Link:
    # An image and a headline may lead to one page, and a mobile twin is the longer address.
    title = max(a.title, b.title, key=len)
    return Link(min(a.url, b.url, key=len), title, a.dated or b.dated, a.in_crumbs or b.in_crumbs)


def _of_elements(tree: Any, base: str) -> Iterator[Link]:
    for element in tree.iter("a"):
        if url := absolute(base, element.get("href")):
            yield Link(url, words_of(element), _date_near(element), _in_crumbs(element))


def words_of(element: Any) -> str:
    """The words of a link, without white space at the ends and within Chinese text."""
    shown = " ".join("".join(element.itertext()).split())
    whole = " ".join((element.get("title") or "").split())
    cut = shown.rstrip(".…")
    words = whole if len(whole) > len(cut) or not shown else shown
    return _DATE.sub("", words).strip(" []()·•-") if len(words) > 12 else words


def _around(element: Any, most: int) -> Iterator[Any]:
    for _ in range(most):
        element = element.getparent()
        if element is None or element.tag in ("body", "html", "ul", "table", "tbody"):
            return
        yield element


def _date_near(element: Any) -> str | None:
    for place in (element, *_around(element, 3)):
        if place is not element and len(list(islice(place.iter("a"), 3))) > 2:
            return None
        if match := _DATE.search(_start_of(place, _NEAR)):
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return None


def _in_crumbs(element: Any) -> bool:
    for place in _around(element, 3):
        # A whole page begins with where it stands, too: the words must be all there is.
        said = _start_of(place, _CRUMBS)
        if len(said) >= _CRUMBS:
            return False
        if _CRUMB.search(f"{place.get('class') or ''} {place.get('id') or ''}") or _WHERE.search(said):
            return True
    return False


def _start_of(element: Any, most: int) -> str:
    """The first characters of what an element shows; a long page is not read for each of its links."""
    said = ""
    for text in element.itertext():
        said += " ".join(text.split())
        if len(said) >= most:
            break
    return said[:most]


def _of_scripts(page: Page, base: str) -> Iterator[Link]:
    from lxml import html

    for element in page.tree.iter("script"):
        script = (
            (element.text or "")[:_LONGEST_SCRIPT].replace("\\/", "/").replace('\\"', '"').replace("\\'", "'")
        )
        if "<a " in script:
            yield from _of_elements(html.fragment_fromstring(script, create_parent="div"), base)
        for item in _SCRIPT_ITEM.finditer(script) if "itle" in script or "ame" in script else ():
            address, title = _SCRIPT_URL.search(item[0]), _SCRIPT_TITLE.search(item[0])
            if address and title and (url := absolute(base, address[1])):
                date = _DATE.search(item[0])
                day = f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else None
                yield Link(url, title[1].strip(), day)


def says_report(title: str, *, in_column: bool = False) -> bool:
    """Whether the words of a link are those of an annual report.

    Args:
        title: the words.
        in_column: the link stands in a column of annual reports, where fewer words say as much.

    Example:
        >>> says_report("某局2023年政府信息公开工作年度报告"), says_report("2023年统计年报")
        (True, False)
    """
    plain = "".join(title.split())
    return bool(_REPORT.search(plain) or (in_column and _LOOSE_REPORT.search(plain)))


def names_column(title: str) -> bool:
    """Whether words are the name of a column of annual reports, not the title of one.

    Example:
        >>> names_column("政府信息公开年报"), names_column("某局2023年政府信息公开年报")
        (True, False)
    """
    plain = re.sub(r"[^\w]", "", title)
    return bool(_COLUMN.fullmatch(plain))


def names_year(title: str) -> bool:
    """Whether words are the name of a year's column.

    Example:
        >>> names_year("2023年"), names_year("2023年度报告"), names_year("某局2023年报")
        (True, True, False)
    """
    return bool(_YEAR_NAME.fullmatch("".join(title.split())))


def is_folder(url: str) -> bool:
    """Whether an address is that of a column rather than of an article.

    Example:
        >>> is_folder("http://a.gov.cn/nb/2023n/"), is_folder("http://a.gov.cn/nb/t20240101_1.html")
        (True, False)
    """
    return bool(_FOLDER.search(urlsplit(url).path or "/"))


def folder_of(url: str) -> str:
    """The folder a page lies in, in the spelling that ignores schemes and ``www.``.

    Example:
        >>> folder_of("https://www.a.gov.cn/nb/index_2.html")
        'a.gov.cn/nb/'
    """
    return canonical_address(url).split("?")[0].rpartition("/")[0] + "/"


def same_host(a: str, b: str) -> bool:
    """Whether two addresses are of one host."""
    return canonical_address(a).split("/")[0] == canonical_address(b).split("/")[0]


def is_annual(page: Page, listed: list[Link]) -> bool:
    """Whether a list is a column of annual reports: by its path, its title or where it says it stands."""
    if _ANNUAL_PATH.search(urlsplit(page.url).path):
        return True
    heads = [page.tree.findtext(".//title") or "", *(x.title for x in listed if x.in_crumbs)]
    # Smaller headings stand over boxes beside the list.
    heads += ["".join(h.itertext()) for h in page.tree.iter("h1")]
    for element in page.tree.iter("meta"):
        if (element.get("name") or "").lower() in ("columnname", "columndescription"):
            heads.append(element.get("content") or "")
    return any(names_column(part) for head in heads for part in re.split(r"[-_|—>»]", head))


def holds_form(page: Page) -> bool:
    """Whether a page holds a table of the forms: then it is a report, whatever its address looks like."""
    return bool(_FORM.search(page.text))


def title_of(page: Page) -> str:
    """The title of a report page, as far as the page says it in one place."""
    for element in page.tree.iter("meta"):
        if (element.get("name") or "").lower() == "articletitle" and element.get("content"):
            return " ".join((element.get("content") or "").split())
    for tag in ("h1", "h2", "h3", "title"):
        for element in page.tree.iter(tag):
            words = " ".join("".join(element.itertext()).split())
            if says_report(words, in_column=True):
                return words
    own = " ".join((page.tree.findtext(".//title") or "").split())
    return re.split(r"\s*[_|]|\s+[-—]\s", own)[0]


def year_of_folder(link: Link) -> int | None:
    """The year of the column a report lies in, if the day it appeared agrees: the year before.

    Columns named after the year of publication exist as well, and so do reports in a wrong column.

    Example:
        >>> year_of_folder(Link("http://a.gov.cn/nb/2023n/202401/t20240126_1.html", "某局"))
        2023
        >>> year_of_folder(Link("http://a.gov.cn/nb/2019/202401/t20240126_1.html", "某局")) is None
        True
    """
    named = _YEAR_FOLDER.search(urlsplit(link.url).path)
    written = read_address(link.url).dated
    appeared = int(link.dated[:4]) if link.dated else written.year if written else None
    return int(named[1]) if named and appeared == int(named[1]) + 1 else None


def columns_on(page: Page, listed: list[Link], article: re.Pattern[str]) -> list[Link]:
    """The columns of annual reports that a page leads to, the likeliest only.

    First where the page says it stands, the outermost column of annual reports; else a folder above
    the page; else what the menu calls so.
    """
    named = [
        x
        for x in listed
        if (names_column(x.title) or (x.in_crumbs and _ANNUAL_PATH.search(urlsplit(x.url).path)))
        and not article.search(urlsplit(x.url).path)
        and same_host(x.url, page.url)
        and canonical_address(x.url) != canonical_address(page.url)
    ]
    if crumbs := [x for x in named if x.in_crumbs]:
        return crumbs[:1]
    if above := [x for x in named if folder_of(page.url).startswith(folder_of(x.url))]:
        return [min(above, key=lambda x: len(folder_of(x.url)))]
    return named
