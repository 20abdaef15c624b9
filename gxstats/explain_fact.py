"""Explain one fact: its place in the source, its reading, its sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gxstats.dataset.order import label_of
from gxstats.display.words import visible, word
from gxstats.explain_html import both, link, listing, pairs, picture, source_lines, source_table, text
from gxstats.explain_place import lines_at, text_at
from gxstats.explain_result import Explanation
from gxstats.explain_sums import Lang, sums_with, written_out
from gxstats.explain_table import Context, context_of
from gxstats.explain_target import Target
from gxstats.model import NOWHERE, Fact

_STATES = {
    "reported": ("印有数字", "reported: a figure is printed"),
    "blank": ("空白", "blank"),
    "dash": ("印有横线、斜线或“无”", "dash: a dash, a slash or 无 is printed"),
    "text": ("印有文字", "text: words are printed"),
    "absent": ("表中缺这一行或列", "absent: the table lacks this row or column"),
    "unreadable": ("读取不清，不作猜测", "unreadable: nothing is guessed"),
}
_VERDICTS = {
    "confirmed": ("已确认", "confirmed"),
    "unconfirmed": ("未确认", "unconfirmed"),
    "disputed": ("读数不一", "readings disagree"),
}
_SUMS = {
    "pass": ("成立", "hold"),
    "fail": ("有不成立的", "one fails"),
    "untested": ("未能检验", "could not be tested"),
}


class Shown(NamedTuple):
    """The source around a cell: HTML, words, a PNG, and a warning if the place says something else."""

    html: str = ""
    words: str = ""
    image: bytes | None = None
    warning: tuple[str, str] | None = None


def explain_fact(target: Target, lang: Lang) -> Explanation:
    """Explain a fact whose report and bytes have been found."""
    fact = target.fact
    title_zh, title_en = _title(fact, "zh"), _title(fact, "en")
    shown = _shown(target)
    rows = _rows(target)
    checks = sums_with(target.report, fact.key) if target.report else []
    said = {
        one: [written_out(target.report, c, fact.key, one) for c in checks] if target.report else []
        for one in ("zh", "en")
    }
    html = [f'<p class="gx-name">{both(title_zh, title_en)}</p>', shown.html]
    if shown.warning:
        html.append(f"<ul><li class='gx-fail'>{both(*shown.warning)}</li></ul>")
    html.append(pairs((zh, en, _value(zh, value)) for zh, en, value in rows))
    if checks:
        items = "".join(
            f"<li{' class=gx-fail' if c.status == 'fail' else ''}>{both(zh, en)}</li>"
            for c, zh, en in zip(checks, said["zh"], said["en"], strict=True)
        )
        html.append(f"<p>{both('参与的勾稽关系', 'sums it takes part in')}</p><ul>{items}</ul>")
    at = 0 if lang == "zh" else 1
    words = [(title_zh, title_en)[at]]
    words += [f"{row[at]}{'：' if lang == 'zh' else ': '}{_plain(row[2], at)}" for row in rows]
    words += [shown.warning[at]] if shown.warning else []
    words += [shown.words] if shown.words else []
    words += [f"- {sentence}" for sentence in said[lang]]
    return Explanation(words[0], "\n".join(words), "".join(html), shown.image)


def _title(fact: Fact, lang: Lang) -> str:
    parts = [label_of(fact.form, fact.section, code, lang) for code in fact.key]
    return " / ".join(dict.fromkeys(str(part) for part in parts if part))


Value = str | tuple[str, str]


def _rows(target: Target) -> list[tuple[str, str, Value]]:
    """(label, label in English, value or (value, value in English))."""
    fact, meta = target.fact, target.meta
    names = (meta.get("agency") or meta.get("title"), meta.get("year"))
    who = [visible(str(name)) for name in names if name]
    found: list[tuple[str, str, Value]] = [
        ("字段", "field", " / ".join(fact.key) + (f" ({fact.form})" if fact.form else "")),
        ("报告", "report", " · ".join(who)),
        ("数字", "figure", _figure(fact)),
        ("原文", "as printed", f"“{visible(fact.raw)}”" if fact.raw else ("（无）", "(nothing)")),
        ("状态", "state", _word(_STATES, fact.state)),
        ("读取", "reading", _word(_VERDICTS, fact.verdict)),
        ("勾稽", "sums", _word(_SUMS, fact.sums)),
    ]
    if target.corrected_from:
        found.append(("更正前", "before correction", target.corrected_from))
    found.append(("位置", "place", str(fact.at) or ("（无）", "(none)")))
    labels = {
        "source": ("文件", "file"),
        "url": ("网址", "address"),
        "fetched_at": ("获取时间", "fetched at"),
        "sha256": ("sha256", "sha256"),
        "document_id": ("文档", "document"),
    }
    found += [(zh, en, visible(str(meta[k]))) for k, (zh, en) in labels.items() if meta.get(k)]
    if fact.reader:
        found.append(("读取程序", "reader", fact.reader))
    return found


def _figure(fact: Fact) -> Value:
    if fact.value is not None:
        return str(fact.value)
    if fact.amount is not None:
        return f"{fact.amount:f} {fact.unit or ''}".strip()
    if fact.implied is not None:
        return (
            f"{fact.implied}（{word('legend.implied')}）",
            f"{fact.implied} ({word('legend.implied', 'en')})",
        )
    return ("无数字", "no figure")


def _word(words: Mapping[str, tuple[str, str]], code: str) -> Value:
    return words.get(code, (code, code))


def _value(label: str, value: Value) -> str:
    if isinstance(value, tuple):
        return both(*value)
    return link(value) if label == "网址" else text(value)


def _plain(value: Value, at: int) -> str:
    return value[at] if isinstance(value, tuple) else value


def _shown(target: Target) -> Shown:
    """The source around the fact, if it has a place and its bytes are at hand."""
    fact = target.fact
    if target.data is None or fact.at == NOWHERE:
        return Shown()
    kind = str(target.meta.get("media_type") or "")
    if kind in ("text/plain", "text/csv") and fact.at.ref:
        lines = lines_at(target.data, fact.at.ref, fact.raw, before=8, after=2)
        meant = next(line for line in lines if line.meant)
        found = Shown(source_lines(lines), visible(meant.text.strip()))
        return found._replace(warning=_warning(fact, meant.text))
    context = _context(target, kind)
    if fact.at.page is not None and target.report is not None and kind == "application/pdf":
        from gxstats.explain_picture import crop

        image = crop(target.report, fact, context, target.data)
        return Shown(picture(image, f"{_title(fact, 'zh')} p. {fact.at.page}"), _around(context), image)
    if fact.at.page is not None:  # pages that nothing here can draw (OFD)
        html = source_table(context) if context else listing([(str(fact.at), "")], [[fact.raw]])
        return Shown(html, _around(context) or fact.raw)
    stands = text_at(target.data, kind, fact.at.ref or "")
    html = source_table(context) if context else listing([(str(fact.at.ref), "")], [[stands]])
    return Shown(html, _around(context) or stands, None, _warning(fact, stands))


def _context(target: Target, kind: str) -> Context | None:
    from gxstats.read import read_document

    name = str(target.meta.get("source") or "")
    document = read_document(target.data or b"", name=name, media_type=kind or None)
    facts = target.report.fact_rows if target.report else (target.fact,)
    return context_of(document, target.fact.at, {f.at for f in facts if f.at != NOWHERE})


def _around(context: Context | None) -> str:
    """The row in words, the cell in brackets."""
    if context is None:
        return ""
    cells = [visible(p.cell.text.replace("\n", "")).strip() for p in context.row]
    cells[context.target] = f"[{cells[context.target]}]"
    heads = " > ".join(visible(p.cell.text.replace("\n", "")).strip() for p in context.marked)
    return " | ".join(cells) + (f"  ← {heads}" if heads else "")


def _warning(fact: Fact, stands: str) -> tuple[str, str] | None:
    """What stands at the place now, if it is not what was read."""
    there = "".join(stands.split())
    # What stood on several lines of a text was joined: the place is that of the first word.
    raw = fact.raw.split()[:1] if (fact.at.ref or "").startswith("line ") else fact.raw.split()
    if "".join(raw) in there:
        return None
    shown = visible(stands)[:80]
    return (
        f"该处现为“{shown}”，与读取时不同：可能是更正，或记录有误",
        f"at this place stands “{shown}”, not what was read: a correction, or a fault in the record",
    )
