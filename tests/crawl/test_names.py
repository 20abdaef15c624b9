"""Names and redirects that lead into private networks, with a resolver that answers as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxstats.crawl.guard import is_private, numeric_host
from gxstats.crawl.sources import Source
from tests.crawl.conftest import Crawl
from tests.crawl.server import Answer, pages, serve

# The process that crawls takes 127.0.0.1 for a public address: there the server of the test stands.
RESOLVER = """
import ipaddress, socket
known = {"www.open.gov.cn": "127.0.0.1", "inner.gov.cn": "10.1.2.3", "meta.gov.cn": "169.254.169.254"}
socket.gethostbyname = lambda name: known[name]
real = ipaddress.IPv4Address.is_global.fget
ipaddress.IPv4Address.is_global = property(lambda own: str(own) == "127.0.0.1" or real(own))
"""
REPORT = "<html><h1>某县人民政府2023年政府信息公开工作年度报告</h1></html>"
PRIVATE = {
    "/name": "http://inner.gov.cn/x",
    "/address": "http://" + ".".join(["192", "168", "0", "1"]) + "/x",
    "/mapped": "http://[::ffff:10.0.0.1]/x",
    "/decimal": "http://167772161/x",
    "/octal": "http://012.0.0.1/x",
    "/wide": "http://１０.0.0.1/x",
    "/port": "https://inner.gov.cn:8443/x",
}


def test_redirects_and_names_that_lead_inside(
    crawled: Crawl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(RESOLVER, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    site: dict[str, Answer | bytes | str] = {
        path: Answer(b"", 302, headers={"Location": there.encode().decode("latin-1")})
        for path, there in PRIVATE.items()
    }
    meta = '<meta http-equiv="refresh" content="0;url=http://meta.gov.cn/latest">'
    with serve(pages({**site, "/open": REPORT, "/meta": f"<html><head>{meta}</head></html>"})) as server:
        root = f"http://www.open.gov.cn:{server.port}"
        sources = [Source(path, "page", root + path) for path in (*PRIVATE, "/open", "/meta")]
        sources.append(Source("direct", "page", "http://meta.gov.cn/latest"))
        summary = crawled(*sources, manners={"allow_private": False, "delay": 1.0})
    rows = summary.sources.set_index("source_id")
    assert rows.fetched.to_dict() == {name: int(name == "/open") for name in rows.index}
    assert rows.outside.to_dict() == {name: int(name != "/open") for name in rows.index}, summary.lost
    assert "inner.gov.cn leads to the private address 10.1.2.3" in summary.reason("/name")
    assert "meta.gov.cn leads to the private address" in summary.reason("direct")


@pytest.mark.parametrize(
    "host", ["127.0.0.1.", "0177.1", "[64:ff9b::7f00:1]", "2002:7f00:1::", "::7f00:1", "::1"]
)
def test_other_spellings_of_private_addresses(host: str) -> None:
    numeric = numeric_host(host)
    assert numeric is not None and is_private(numeric)


def test_public_addresses_stay_public() -> None:
    assert not any(map(is_private, ("2400:da00::1", "64:ff9b::ca60:8056", "202.96.128.86")))
