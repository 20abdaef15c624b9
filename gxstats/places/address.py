"""What an address says: whether two are the same source, and the facts that systems write into ids."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from gxstats.paths import data_path
from gxstats.places.typed_csv import read_lines

HOST_COLUMNS = ("host", "kind", "same_as", "note")
_HOST_KINDS = frozenset({"domain", "host", "university"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# These only choose how a page is shown.
_SHOWN_BY = frozenset({"ismobile", "ddtab", "from", "isappinstalled", "spm"})
_MOBILE_HOST = re.compile(r"^(?:www|wap|m|mobile|3g)\.(?=.+\..+\.)")
_MOBILE_PAGE = re.compile(r"_wap(?=\.s?html?$)", re.I)
_DOWNLOAD = re.compile(r"(?<=AnnualReport/)download(?=/\d+\.html$)", re.I)
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|aspx|jsp)$", re.I)
_DATES = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+(?:_wap)?\.s?html?"),
    re.compile(r"/(?:art|doc|system)/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/c/(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)/"),
    re.compile(r"/(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)/"),
    re.compile(r"/columns/[0-9a-f-]{36}/(?P<y>20\d\d)(?P<m>\d\d)/(?P<d>\d\d)/"),
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)/[it]?\d+\.s?html?"),
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)\d{6,10}\.s?html?"),
)
_OBJECT_ID = re.compile(r"(?<![0-9a-f])(?P<id>[0-9a-f]{24})(?=\.s?html?$)")
_SNOWFLAKE = re.compile(r"/(?P<id>\d{19})\.s?html?$")
_EPOCH16 = re.compile(r"/html/[A-Z]+/\d{6}/0(?P<id>\d{10})\d{5}\.html$")
_SNOWFLAKE_START = 1288834974657  # milliseconds of 2010-11-04, where such ids begin to count
_CREDIT_CODE = re.compile(
    r"(?<![0-9A-Z])(1[1-9]|5[1-9]|9[1-9]|A1|N1)(\d{6})[0-9A-HJ-NP-RTUWXY]{10}(?![0-9A-Z])"
)
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class AddressFacts(NamedTuple):
    """What an address says by the rules of its publishing system.

    Attributes:
        year: report year the system was asked for, None if it is not asked for one.
        dated: day of publication, or of the move to a new system.
        credit_code: unified social credit code in the address, "" if none.
    """

    year: int | None = None
    dated: date | None = None
    credit_code: str = ""


class KnownHost(NamedTuple):
    """One line of the reviewed list of hosts; ``same_as`` is the name an IP address also has."""

    host: str
    kind: str
    same_as: str


@cache
def known_hosts() -> tuple[KnownHost, ...]:
    """The reviewed list, ``data/trusted_hosts.csv``.

    Raises:
        SchemaError: a line is wrong; names file and line.

    Example:
        >>> known_hosts()[0].host
        'gov.cn'
    """
    lines = read_lines(data_path("trusted_hosts.csv"), HOST_COLUMNS)
    return tuple(
        KnownHost(x.text("host"), x.choice("kind", _HOST_KINDS), x.optional("same_as")) for x in lines
    )


def split_address(url: str) -> SplitResult | None:
    """The parts of an http address, None if it is none or is malformed.

    Example:
        >>> split_address("https://WWW.panyu.gov.cn:443/a").hostname, split_address("ftp://a.gov.cn") is None
        ('www.panyu.gov.cn', True)
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.hostname else None


def canonical_address(url: str) -> str:
    """One spelling for all addresses of a page: no scheme, mobile twin, ``www.``, default port or fragment.

    Args:
        url: an address; what is no http address is returned stripped.

    Returns:
        Host and path, with the query sorted and without what only chooses how a page is shown.

    Example:
        >>> canonical_address("http://www.cqcs.gov.cn/202501/t20250122_14194815_wap.html?isMobile=true")
        'cqcs.gov.cn/202501/t20250122_14194815.html'
    """
    parts = split_address(url)
    if parts is None:
        return url.strip()
    host = host_of(parts)
    path = re.sub(r"/{2,}", "/", unquote(parts.path)) or "/"
    path = _INDEX.sub("/", _DOWNLOAD.sub("show", _MOBILE_PAGE.sub("", path)))
    kept = sorted(p for p in parse_qsl(parts.query, keep_blank_values=True) if p[0].lower() not in _SHOWN_BY)
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{path}{query}"


def host_of(parts: SplitResult) -> str:
    """Host and port without ``www.`` and mobile prefixes; the name of a known server for its IP address.

    Example:
        >>> (
        ...     host_of(split_address("http://61.150.65.235/a")),
        ...     host_of(split_address("https://m.a.gov.cn:443/")),
        ... )
        ('ylq.gov.cn', 'a.gov.cn')
    """
    host = (parts.hostname or "").rstrip(".").lower()
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    named = next((k.same_as for k in known_hosts() if k.same_as and k.host == host + port), "")
    if named:
        host, port = named, ""
    return (host if _is_ip(host) else _MOBILE_HOST.sub("", host)) + port


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def same_source(url_a: str, url_b: str) -> bool:
    """Whether two addresses lead to the same page of the same server.

    Mobile twins, http and https, ``www.``, the IP address of a known host and display options do not
    count. The same page can still hold another report next year: this says nothing of its content.

    Example:
        >>> same_source("http://a.gov.cn/t20250122_1_wap.html", "https://www.a.gov.cn/t20250122_1.html")
        True
        >>> same_source("http://a.gov.cn/x.html", "http://a.gov.cn.example.com/x.html")
        False
    """
    return canonical_address(url_a) == canonical_address(url_b)


def read_address(url: str) -> AddressFacts:
    """The facts that publishing systems write into their addresses.

    ``fbtime=`` and ``title=`` name the report year; object ids, snowflake ids and dated paths hold the
    day a page was made, which is often the day it was moved to a new system.

    Example:
        >>> read_address("http://www.tx.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2024").year
        2024
        >>> read_address("https://www.mashsq.gov.cn/xxgk/63c10647886688405b8b456e.html").dated.isoformat()
        '2023-01-13'
    """
    parts = split_address(url)
    if parts is None:
        return AddressFacts()
    year = None
    codes = []
    for name, value in parse_qsl(parts.query):
        if name == "fbtime" or (name == "title" and "type=3" in parts.query):
            year = int(value) if re.fullmatch(r"20\d\d", value) else year
        codes += credit_codes(value)
    return AddressFacts(year, _dated(parts.path), codes[0] if codes else "")


def _dated(path: str) -> date | None:
    for pattern in _DATES:
        if match := pattern.search(path):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    seconds: float | None = None
    if match := _OBJECT_ID.search(path):
        seconds = int(match["id"][:8], 16)
    elif match := _SNOWFLAKE.search(path):
        seconds = ((int(match["id"]) >> 22) + _SNOWFLAKE_START) / 1000
    elif match := _EPOCH16.search(path):
        seconds = int(match["id"])
    if seconds is None:
        return None
    day = (datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)).date()  # China Standard Time
    return day if date(2005, 1, 1) <= day <= date(2100, 1, 1) else None


def credit_codes(text: str) -> list[str]:
    """The unified social credit codes (18 characters, GB 32100) in a text whose check character is right.

    Characters 3 to 8 are the division that registered the body, by the list of its time.

    Example:
        >>> credit_codes("113304837338351799/2024-12345")
        ['113304837338351799']
    """
    return [m[0] for m in _CREDIT_CODE.finditer(text.upper()) if _checks(m[0])]


def _checks(code: str) -> bool:
    total = sum(_DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _DIGITS[(31 - total % 31) % 31] == code[17]
