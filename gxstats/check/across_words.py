"""Say in words what a check between reports found, in Chinese and in English."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Literal

from gxstats.check.across_rules import rules
from gxstats.schema import forms


def explain_across(check: Any, lang: Literal["zh", "en"] = "zh") -> str:
    """One sentence about a check between reports: rule, body, place, years, both sides, who is to blame.

    Args:
        check: a row of :func:`gxstats.check_across` (from ``itertuples`` or ``iterrows``).
        lang: ``zh`` or ``en``.

    Example:
        >>> from gxstats.check.across import Across
        >>> row = Across(
        ...     "b.1",
        ...     "a.1",
        ...     "X-CARRY",
        ...     "error",
        ...     "applications",
        ...     "total",
        ...     3,
        ...     4,
        ...     "fail",
        ...     "unknown",
        ...     2,
        ...     (),
        ...     None,
        ...     None,
        ...     2023,
        ...     None,
        ... )
        >>> print(explain_across(row, "en"))
        X-CARRY (total, 2022 to 2023): carried to the next year (year before) = carried in from
        last year - fails: 3 against 4, difference -1; the cause is not known
    """
    if hasattr(check, "to_dict"):  # a row of iterrows: `where` of a Series is a method
        check = SimpleNamespace(**check.to_dict())
    texts = rules().texts
    zh = lang == "zh"
    said = texts[check.rule][lang] + ("，" if zh else " - ") + texts[check.status][lang]
    if check.status == "inconclusive":
        return _head(check, lang) + said + ("：" if zh else ": ") + texts[check.reason][lang]
    blame = "" if check.status != "fail" else ("；" if zh else "; ") + texts[check.cause][lang]
    return _head(check, lang) + said + _sides(check, lang) + blame


def _sides(check: Any, lang: str) -> str:
    zh = lang == "zh"
    sides = f"：{check.lhs} 对 {check.rhs}" if zh else f": {check.lhs} against {check.rhs}"
    if check.status != "fail":
        return sides
    return sides + (f"，相差 {check.lhs - check.rhs}" if zh else f", difference {check.lhs - check.rhs}")


def _head(check: Any, lang: str) -> str:
    """The rule, the body, the place and the years."""
    zh = lang == "zh"
    cell = " / ".join(_label(check.section, code, lang) for code in check.where.split("/"))
    years = f"{check.year - 1}{'—' if zh else ' to '}{check.year}"
    if check.rule == rules().add_up:
        years = str(check.year)
    agency = getattr(check, "agency", None)
    named = [agency] if isinstance(agency, str) else []
    place = ("，" if zh else ", ").join([*named, cell, f"{years} 年" if zh else years])
    return f"{check.rule}（{place}）：" if zh else f"{check.rule} ({place}): "


def _label(section: str, code: str, lang: str) -> str:
    for edition in forms():
        for part in edition.sections:
            if part.section == section:
                if code == "*":
                    return str(getattr(part, lang))
                for item, measure in part.cells():
                    if code in (item.item, measure.measure):
                        return str(getattr(item if code == item.item else measure, lang))
    return code
