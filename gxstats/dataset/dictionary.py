"""The data dictionary, in English and Chinese, made from the data files that tables and forms are made from.

    python -m gxstats.dataset.dictionary [FILE]

writes ``docs/data-dictionary.md`` of the checkout, or FILE.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from gxstats.check.across_rules import rules
from gxstats.dataset.statements import statement_measures
from gxstats.dataset.tables import SCHEMA_VERSION, tables
from gxstats.dataset.usage import usage_warnings
from gxstats.schema import Form, Section, forms
from gxstats.schema.breaks import series_breaks

_PACKAGE = Path(__file__).resolve().parents[1]
_SEVERITY = {"error": "error 错误", "warning": "warning 提示", "notice": "notice 说明"}
_NOTE = (
    "Made by `python -m gxstats.dataset.dictionary` from `gxstats/dataset/tables.yaml`, the forms and the "
    "crosswalk in `gxstats/schema/` and the rules in `gxstats/check/across.yaml`: change those, not this. "
    "本页由上述文件生成，请勿直接修改。"
)


def dictionary() -> str:
    """The data dictionary as Markdown.

    Example:
        >>> dictionary().splitlines()[0]
        '# Data dictionary 数据字典'
    """
    parts = [
        "# Data dictionary 数据字典",
        _NOTE,
        f"Schema version 结构版本: {SCHEMA_VERSION}",
        *_tables(),
        *(line for edition in forms() for line in _form(edition)),
        *_across(),
        *_crosswalk(),
        *_words(),
    ]
    return "\n\n".join(parts) + "\n"


def _tables() -> Iterator[str]:
    yield "## Tables 数据表"
    yield (
        "Types: `string`, `Int64` and `boolean` may be null (pandas' nullable types); money is exact "
        "`decimal(18,6)`. 各类型均可为空；金额为精确小数。"
    )
    for spec in tables():
        yield f"### `{spec.table}`"
        yield f"{spec.en}. {spec.zh}。"
        rows = (
            (
                f"`{c.column}`",
                c.type,
                "yes 是" if c.required else "",
                c.en + _listed(c.values),
                c.zh,
            )
            for c in spec.columns
        )
        yield _table(("Column 列", "Type 类型", "Never null 必填", "Meaning", "含义"), rows)


def _form(edition: Form) -> Iterator[str]:
    verified = "" if edition.verified else " Not verified against a filled-in report 未经实际报告核对."
    yield f"## Form `{edition.form}` 表格"
    yield f"For the reports of {edition.years}: {edition.instrument}.{verified}"
    for section in edition.sections:
        yield f"### `{edition.form}` `{section.section}`: {section.en} {section.number}、{section.zh}"
        yield from _section(section)
    yield f"### `{edition.form}`: sums 勾稽关系"
    sums = ((f"`{i.id}`", f"`{i.section}`", _SEVERITY[i.severity], i.en, i.zh) for i in edition.identities)
    yield _table(("Rule 编号", "Section 表", "If it fails 不成立时", "Rule", "关系"), sums)


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if section.layout in ("blocks", "list"):
            yield f"{block.zh}:"
        rows = ((f"`{i.item}`", i.number, i.en, i.zh) for i in block.items)
        yield _table(("Item 行", "No. 编号", "English", "印出的标签"), rows)
        columns = ((f"`{m.measure}`", m.kind, m.unit or "", m.en, m.zh) for m in block.measures)
        yield _table(("Measure 列", "Kind 类型", "Unit 单位", "English", "印出的标签"), columns)
    if section.groups:
        yield "Groups, whose sums are derived and not printed 未印出合计的分组（合计为推算）:"
        groups = ((f"`{g.group}`", g.number, g.en, g.zh) for g in section.groups)
        yield _table(("Group 分组", "No. 编号", "English", "印出的标签"), groups)


def _across() -> Iterator[str]:
    yield "## Rules between reports 跨报告勾稽关系"
    found = rules()
    rows = [
        (
            f"`{rule.id}`",
            f"`{rule.section}`",
            ", ".join(rule.forms),
            _SEVERITY[rule.severity] + "".join(f"; `{place}`: {_SEVERITY['error']}" for place in rule.errors),
            rule.en,
            rule.zh,
        )
        for rule in found.follow
    ]
    text = found.texts[found.add_up]
    rows.append((f"`{found.add_up}`", "*", "*", _SEVERITY[found.add_up_severity], text["en"], text["zh"]))
    yield _table(("Rule 编号", "Section 表", "Forms 表格", "If it fails 不成立时", "Rule", "关系"), rows)


def _crosswalk() -> Iterator[str]:
    yield "## Crosswalk 跨版本对照"
    yield (
        "`same`: may be joined; `near`: with a warning; `none`: not comparable. "
        "What is not listed is `none`. "
        "`-`: the form has no such field; `*`: every item or measure. "
        "same 可直接连接，near 须附警告，none 不可比；未列出的均为 none；- 表示该版没有此项，* 表示每一项。"
    )
    with (_PACKAGE / "schema" / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (
                r["form_a"],
                _code(r["field_a"]),
                r["form_b"],
                _code(r["field_b"]),
                r["relation"],
                r["en"],
                r["zh"],
            )
            for r in csv.DictReader(file)
        ]
    yield _table(("Form", "Field", "Form", "Field", "Relation 关系", "Reason", "理由"), rows)
    yield "### Series breaks 数列断点"
    breaks = (
        (str(b.year), ", ".join(f"`{s}`" for s in b.sections) or "*", b.en, b.zh) for b in series_breaks()
    )
    yield _table(("Year 年度", "Sections 表", "Reason", "理由"), breaks)


def _words() -> Iterator[str]:
    yield "## What statements count 表外数字所计内容"
    measures = ((f"`{m.measure}`", m.kind, m.en, m.zh) for m in statement_measures().values())
    yield _table(("Measure 代码", "Kind 类型", "English", "中文"), measures)
    yield "## Usage warnings 使用警告"
    warned = ((f"`{name}`", text["en"], text["zh"]) for name, text in usage_warnings().items())
    yield _table(("Name 名称", "English", "中文"), warned)


def _listed(values: Sequence[str]) -> str:
    return f" ({', '.join(f'`{value}`' for value in values)})" if values else ""


def _code(field: str) -> str:
    return f"`{field}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Write the dictionary."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _PACKAGE.parent / "docs" / "data-dictionary.md"
    target.write_text(dictionary(), encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
