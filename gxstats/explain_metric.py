"""Explain an aggregated number: its formula, what was counted, the facts beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gxstats.analysis.beneath import facts_beneath
from gxstats.analysis.registry import Metric, find
from gxstats.dataset.order import label_of
from gxstats.errors import UnknownField
from gxstats.explain_html import both, listing, pairs, text
from gxstats.explain_result import Explanation
from gxstats.explain_sums import Lang
from gxstats.model import Locator

if TYPE_CHECKING:
    from gxstats.dataset.tidy import Source

_LISTED = 400
"""Facts listed before the rest is only counted."""
_SIDES = {"numerator": ("分子", "numerator"), "denominator": ("分母", "denominator")}
_HEADS = [
    ("侧", "side"),
    ("机关", "agency"),
    ("年度", "year"),
    ("项目", "item"),
    ("列", "measure"),
    ("数字", "figure"),
    ("状态", "state"),
    ("读取", "reading"),
    ("位置", "place"),
    ("文档", "document"),
    ("未计入的原因", "why left out"),
]


def explain_metric(row: pd.Series, facts: Source | None, metric: str | None, lang: Lang) -> Explanation:
    """Explain one row of a metric frame.

    Args:
        row: the row, such as ``frame.iloc[0]``.
        facts: what the metric was computed from.
        metric: name of the metric, if the row no longer says so.
        lang: language of the words.

    Raises:
        UnknownField: ``facts`` is missing, or does not fit the row.
    """
    if facts is None:
        raise UnknownField("a row of a metric does not hold its facts", hint="pass facts=")
    beneath = facts_beneath(facts, row, metric)
    definition = find(str(metric or row.attrs["metric"]))
    by = list(row.index[: list(row.index).index("part")])
    group = ", ".join(f"{k} = {row[k]}" for k in by)
    part = "" if row["part"] == definition.name else f" / {row['part']}"
    values = _values(row, definition, part, group)
    lines = [_line(fact) for fact in beneath.head(_LISTED).to_dict("records")]
    rest = len(beneath) - len(lines)
    more = f"<p>……{rest}</p>" if rest else ""
    title = f"{getattr(definition, lang)}{part}: {group}"
    name = f'<p class="gx-name">{both(definition.zh + part, definition.en + part)}</p>'
    return Explanation(
        title,
        _words(title, definition.formula, row, lines, rest),
        name + pairs(values) + listing(_HEADS, lines) + more,
        facts=beneath,
    )


def _values(row: pd.Series, definition: Metric, part: str, group: str) -> list[tuple[str, str, str]]:
    values = [
        ("指标", "metric", text(f"{definition.id} {definition.name}{part}")),
        ("公式", "formula", text(definition.formula)),
        ("组", "group", text(group)),
        ("值", "value", text(_value(row))),
        (
            "分子 / 分母",
            "numerator / denominator",
            text(f"{_shown(row, 'numerator')} / {_shown(row, 'denominator')}"),
        ),
        ("报告", "reports", text(f"{_shown(row, 'n_reports')} (+ {_shown(row, 'n_excluded')} left out)")),
        ("推定的单元格", "implied cells", text(_shown(row, "n_implied"))),
    ]
    if not pd.isna(row["excluded"]):
        values.append(("未计入", "left out", text(row["excluded"])))
    if definition.caveat_zh:
        values.append(("注意", "caveat", both(definition.caveat_zh, definition.caveat_en)))
    return values


def _words(title: str, formula: str, row: pd.Series, lines: list[list[str]], rest: int) -> str:
    words = [title, f"{formula} = {_shown(row, 'numerator')} / {_shown(row, 'denominator')} = {_value(row)}"]
    words += ["  ".join(filter(None, line)) for line in lines]
    return "\n".join(words + ([f"... {rest}"] if rest else []))


def _value(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return "-"
    interval = "" if pd.isna(row["low"]) else f" ({row['low']:.6g} - {row['high']:.6g})"
    return f"{row['value']:.6g}{interval}"


def _shown(row: pd.Series, name: str) -> str:
    return "-" if pd.isna(row[name]) else str(row[name])


def _line(fact: dict[object, object]) -> list[str]:
    """One fact as the texts of a row of the list."""

    def known(name: str) -> str:
        value = fact.get(name)
        return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]

    side = _SIDES.get(known("side"), ("", ""))
    minus = "− " if known("sign") == "-1" else ""
    item = [label_of(None, known("section"), known(c), "zh") or known(c) for c in ("item", "measure")]
    implied = f"({known('implied')})" if known("implied") else ""
    place = {c: int(known(c)) if known(c) else None for c in ("page", "x0", "top", "x1", "bottom")}
    at = Locator(**place, ref=known("ref") or None)
    return [
        side[0],
        known("agency"),
        known("year"),
        *item,
        minus + (known("value") or implied or "-") if known("item") else "",
        known("state"),
        known("verdict"),
        str(at),
        known("document_id"),
        known("left_out"),
    ]
