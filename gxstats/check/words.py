"""Say in words what a check found, in Chinese and in English."""

from __future__ import annotations

from typing import Literal

from gxstats.check.prose import text_rule
from gxstats.model import Check
from gxstats.schema import Identity, forms

_STATUS = {
    "zh": {"pass": "成立", "weak_pass": "成立（有空白单元格）", "fail": "不成立", "inconclusive": "无法判断"},
    "en": {
        "pass": "holds",
        "weak_pass": "holds, with blank cells",
        "fail": "fails",
        "inconclusive": "cannot be told",
    },
}
_CAUSE = {
    "zh": {"publisher": "发布机关自己的数字不相符", "reading": "可能是读取有误", "unknown": "原因不明"},
    "en": {
        "publisher": "the publisher's own figures do not add up",
        "reading": "a reading may be wrong",
        "unknown": "the cause is not known",
    },
}


def explain(check: Check, lang: Literal["zh", "en"] = "zh") -> str:
    r"""One sentence: the rule, its place, both sides, the difference and who is to blame.

    Args:
        check: a check of :attr:`gxstats.Report.checks`, as the named tuple.
        lang: ``zh`` or ``en``.

    Example:
        >>> failing = Check("D-SUM", "error", "disputes", "review", 11, 0, "fail", "publisher", (), 5)
        >>> print(explain(failing, "en").replace(" - ", "\n").replace("; ", "\n"))
        D-SUM (administrative review): the results add up to the total
        fails: 11 against 0, difference 11
        the publisher's own figures do not add up
    """
    place = _place(check, lang)
    rule = _rule(check, lang)
    status = _STATUS[lang][check.status]
    if lang == "zh":
        head = f"{check.rule}（{place}）：{rule}，{status}"
        sides = f"：{check.lhs} 对 {check.rhs}，相差 {_difference(check)}"
        tail = f"；{_CAUSE[lang][check.cause]}" if check.cause else ""
    else:
        head = f"{check.rule} ({place}): {rule} - {status}"
        sides = f": {check.lhs} against {check.rhs}, difference {_difference(check)}"
        tail = f"; {_CAUSE[lang][check.cause]}" if check.cause else ""
    return head + (sides if check.status == "fail" else "") + tail


def _difference(check: Check) -> int:
    return (check.lhs or 0) - (check.rhs or 0)


def _rule(check: Check, lang: str) -> str:
    identities: list[Identity] = [i for f in forms() for i in f.identities if i.id == check.rule]
    return str(getattr(identities[0] if identities else text_rule(), lang))


def _place(check: Check, lang: str) -> str:
    if check.rule == text_rule().rule:
        return text_rule().labels.get(check.where, {}).get(lang, check.where)
    for form in forms():
        for section in form.sections:
            if section.section == check.section:
                for item, measure in section.cells():
                    if check.where in (item.item, measure.measure):
                        label = item if check.where == item.item else measure
                        return str(getattr(label, lang))
    return check.where
