"""Reports that the imitated sites publish: distinct bytes, titles and years."""

from __future__ import annotations

AGENCIES = ("教育局", "水利局", "财政局", "民政局", "司法局")
Report = tuple[str, int, bytes]


def some(count: int = 7, charset: str = "utf-8") -> list[Report]:
    """So many reports of five agencies from 2019 on."""
    made = []
    for index in range(count):
        year = 2019 + index % 6
        title = f"某区{AGENCIES[index % 5]}{year}年政府信息公开工作年度报告"
        text = (
            f'<html><head><meta charset="{charset}"><title>{title}</title></head><body><h1>{title}</h1>'
            f"<p>第{index}份</p><table><tr><td>一、本年新收政府信息公开申请数量</td><td>{index}</td></tr></table>"
        )
        made.append((title, year, text.encode(charset)))
    return made
