"""Whether a report comes from a government's own server, and signs that a page is a copy of one."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from gxstats.places.address import known_hosts, split_address

Standing = Literal["trusted", "untrusted", "unknown"]
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Conversions of Chinese text that print a reading behind a character: 服務(wù).
_READING = re.compile(r"[一-鿿]\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
_LOST = re.compile(r"\?[。ㄒㄖㄇ]|ㄒ唬|锟斤拷|�{2,}")
_WORDS = re.compile(
    "博彩|棋牌|老虎机|百家乐|澳门新葡京|葡京|彩票平台|真人娱乐|娱乐城|赌场|开户送|体育投注|电竞下注|私服|外围|约炮|成人影院|"
    "AV在线|一区二区三区|国产精品|麻豆传媒|av在线|精品视频"
)
_TRADITIONAL = re.compile("[開報務會縣區鎮鄉廳國機關條請總結據處復議訴訟]")
_LIKE_A_SITE = re.compile(r"(?<![\w.])(?:[a-z0-9-]+\.)+gov\.cn(?![\w.])", re.I)


class Trust(NamedTuple):
    """``standing`` with its reason; ``signs`` are named marks of a replayed page."""

    standing: Standing
    reason: str
    signs: tuple[str, ...] = ()


def assess(url: str | None, *, university: bool = False) -> Trust:
    """Whether an address is one of a government, by its host alone.

    ``gov.cn`` and the hosts of the reviewed list are trusted, universities only for their own reports.
    Copies look clean as often as not, so content never makes an address trusted.

    Args:
        url: where the bytes came from; None if that is not known.
        university: the report is one of a university.

    Returns:
        ``trusted``, ``untrusted`` with the reason, or ``unknown`` if there is no address.

    Example:
        >>> assess("https://www.panyu.gov.cn/a.html").standing
        'trusted'
        >>> assess("https://www.gov.cn.example.com/a.html").reason
        'the host www.gov.cn.example.com imitates a government host'
    """
    if not url:
        return Trust("unknown", "no address is known")
    parts = split_address(url)
    if parts is None:
        return Trust("untrusted", "this is no http address")
    try:
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return Trust("untrusted", "the address is malformed")
    if reason := _disguise(url, host):
        return Trust("untrusted", reason)
    return _by_list(host, f"{host}:{port}" if port else host, university)


def _disguise(url: str, host: str) -> str:
    """Why the address is not what it seems to be, "" if it is plain."""
    authority = urlsplit(url.strip()).netloc
    if "@" in authority:
        return "the address holds a user name before the host"
    if "\\" in url or re.search(r"[\s\x00-\x1f]", url.strip()) or "%" in authority:
        return "the address holds characters that hide its host"
    if not host.isascii() or any(label.startswith("xn--") for label in host.split(".")):
        return f"the host {host} is written in letters that may imitate others"
    if ":" not in host and not all(_LABEL.fullmatch(label) for label in host.split(".")):
        return f"{host} is no host name"
    return ""


def _by_list(host: str, with_port: str, university: bool) -> Trust:
    for known in known_hosts():
        if known.kind == "host":
            if known.host == with_port:
                return Trust("trusted", f"{with_port} is on the reviewed list")
        elif host == known.host or host.endswith(f".{known.host}"):
            if known.kind == "university" and not university:
                return Trust("untrusted", f"{host} is a university, the report is not one of a university")
            return Trust("trusted", f"{host} is under {known.host}")
    if "gov.cn" in host or "gov-cn" in host:
        return Trust("untrusted", f"the host {host} imitates a government host")
    return Trust("untrusted", f"the host {host} is neither under gov.cn nor on the reviewed list")


def replay_signs(text: str, url: str | None = None) -> tuple[str, ...]:
    """Marks that machines leave in copies of government pages, by name; none is no proof of anything.

    Args:
        text: the text of the page, or the part that was read.
        url: its address, to compare with government hosts named in the text.

    Returns:
        Any of ``advertising_words``, ``readings_in_brackets``, ``broken_characters``,
        ``traditional_conversion``, ``names_another_host``.

    Example:
        >>> replay_signs("某某縣政府信息公開服務(wù)年度報(bào)告 總體情況")
        ('readings_in_brackets', 'traditional_conversion')
    """
    found = []
    if _WORDS.search(text):
        found.append("advertising_words")
    if _READING.search(text):
        found.append("readings_in_brackets")
    if _LOST.search(text):
        found.append("broken_characters")
    if len(_TRADITIONAL.findall(text[:2000])) >= 5:
        found.append("traditional_conversion")
    parts = split_address(url) if url else None
    if parts and not (parts.hostname or "").endswith("gov.cn") and _LIKE_A_SITE.search(text):
        found.append("names_another_host")
    return tuple(found)
