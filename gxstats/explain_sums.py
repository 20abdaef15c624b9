"""The sums a fact takes part in, written out: every part by name and figure, on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gxstats.check.identities import sums_of
from gxstats.check.words import explain as explain_check
from gxstats.dataset.documents import PROSE_RULE
from gxstats.dataset.order import label_of
from gxstats.model import Check, Fact, Key

if TYPE_CHECKING:
    from gxstats.report import Report

Lang = Literal["zh", "en"]
_UNKNOWN = {"zh": "？", "en": "?"}
_IMPLIED = {"zh": "推定", "en": "implied"}
_IN_TABLES = {"zh": "表内：{}", "en": "In the tables: {}"}
_LONG = 7
_REST = {
    "zh": {"zero": "其余 {} 项为 0", "unknown": "{} 项未知"},
    "en": {"zero": "{} more that are 0", "unknown": "{} unknown"},
}


def sums_with(report: Report, key: Key) -> list[Check]:
    """The checks of a report in which a field takes part, failing ones first; what is said often, once."""
    order = {"fail": 0, "inconclusive": 1, "weak_pass": 2, "pass": 3}
    found = dict.fromkeys(c for c in report.check_rows if key in c.operands)
    return sorted(found, key=lambda c: order[c.status])


def written_out(report: Report, check: Check, about: Key, lang: Lang) -> str:
    """A check in words, then the sum itself: ``label figure + label figure = label figure``.

    Of a figure said in prose, which is no sum, the figures of the tables that it was compared with.

    Args:
        report: the report the check is of.
        check: one of its checks.
        about: the field that is explained: it is always named.
        lang: ``zh`` or ``en``.
    """
    if check.rule == PROSE_RULE:
        named = [_operand(report.fact(*key), key, "", lang) for key in check.operands]
        both = _IN_TABLES[lang].format(("，" if lang == "zh" else ", ").join(named))
    else:
        left, right = _sides(report, check)
        sign = {"fail": "≠", "inconclusive": "≟"}.get(check.status, "=")
        both = f"{_side(report, left, check, about, lang)} {sign} {_side(report, right, check, about, lang)}"
    return f"{explain_check(check, lang)}{'。' if lang == 'zh' else '. '}{both}"


def _sides(report: Report, check: Check) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The operands of a check, split where the form's identity does."""
    for edition in {f.form for f in report.fact_rows if f.form and f.section == check.section}:
        for known in sums_of(edition, check.section):
            if (known.rule, known.where) == (check.rule, check.where) and set(check.operands) == {
                *known.lhs,
                *known.rhs,
            }:
                return known.lhs, known.rhs
    return check.operands[:-1], check.operands[-1:]


def _side(report: Report, keys: tuple[Key, ...], check: Check, about: Key, lang: Lang) -> str:
    """The parts of one side; of a long one those that are not 0, and how many the rest are."""
    known = {key: report.fact(*key) for key in keys}
    shown, zero, silent = [], 0, 0
    for key, fact in known.items():
        number = None if fact is None else fact.implied if fact.value is None else fact.value
        if len(keys) > _LONG and key != about and not number:
            zero, silent = zero + (number == 0), silent + (number is None)
        else:
            shown.append(_operand(fact, key, check.where, lang))
    shown += [_REST[lang]["zero"].format(zero)] * bool(zero)
    shown += [_REST[lang]["unknown"].format(silent)] * bool(silent)
    return " + ".join(shown)


def _operand(fact: Fact | None, key: Key, where: str, lang: Lang) -> str:
    # What the whole sum is about need not be repeated with every part; nor need explanations in brackets.
    code = key[2] if key[1] == where else key[1]
    name = (label_of(fact.form if fact else None, key[0], code, lang) or code).partition("（")[0]
    if fact is None or (fact.value is None and fact.implied is None):
        return f"{name} {_UNKNOWN[lang]}"
    if fact.value is None:
        return f"{name} ({_IMPLIED[lang]} {fact.implied})"
    return f"{name} {fact.value}"
