"""OFD pages that show another figure than their characters say: what is seen is read, or not confirmed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache

import pytest

import gxstats as gx
from gxstats.model import Key
from gxstats.testing.compare import compare
from gxstats.testing.forms import FormSpec
from gxstats.testing.ofd import render_form_ofd
from gxstats.testing.values import Expected, print_values, random_values

TARGET: Key = ("applications", "received", "enterprise")
SHOWN = 4719
"""The figure that stands in the attacked cell, and nowhere else."""


@cache
def form(blank: bool) -> tuple[bytes, dict[Key, Expected]]:
    """A report in whose attacked cell ``SHOWN`` stands, or nothing, and what it says."""
    texts, truth = print_values(random_values(7, size="mid"))
    texts, truth = dict(texts), dict(truth)
    texts[TARGET] = "" if blank else str(SHOWN)
    truth[TARGET] = Expected("blank" if blank else "reported", None if blank else SHOWN)
    return render_form_ofd(FormSpec(values=texts, agency="某县人民政府", year=2023)), truth


def edit(data: bytes, change: Callable[[str], str], page: str = "Content.xml") -> bytes:
    """The file with some of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            target.writestr(name, change(text) if name.endswith(page) else text)
    return out.getvalue()


FIGURE = re.compile(rf'<ofd:TextObject ID="1" Boundary="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"[^>]*>'
                    rf"<ofd:TextCode[^>]*>{SHOWN}</ofd:TextCode></ofd:TextObject>")  # fmt: skip


def beside(
    digit: str, attributes: str = "", inner: str = "", shift: float = 0.0, size: float = 3.7, up: float = 0.0
) -> Callable[[str], str]:
    """Put a digit behind the figure: drawn last on its page."""

    def change(text: str) -> str:
        found = FIGURE.search(text)
        if not found:
            return text
        x, y, width, height = map(float, found.groups())
        place = f'Boundary="{x + width + shift:.3f} {y - up:.3f} 3 {height:.3f}"'
        extra = (
            f'<ofd:TextObject ID="2" {place} Font="1" Size="{size}" {attributes}>{inner}'
            f'<ofd:TextCode X="0" Y="3.7">{digit}</ofd:TextCode></ofd:TextObject>'
        )
        return text.replace("</ofd:Layer>", f"{extra}</ofd:Layer>", 1)

    return change


def own(attributes: str = "", inner: str = "", **changes: str) -> Callable[[str], str]:
    """Change the object of the figure itself."""

    def change(text: str) -> str:
        def new(found: re.Match[str]) -> str:
            whole = (
                found[0]
                .replace('ID="1"', f'ID="1" {attributes}', 1)
                .replace("<ofd:TextCode", f"{inner}<ofd:TextCode", 1)
            )
            for name, value in changes.items():
                whole = re.sub(rf'\s{name}="[^"]*"', f' {name}="{value}"' if value else "", whole)
            return whole

        return FIGURE.sub(new, text)

    return change


def after(objects: str) -> Callable[[str], str]:
    """Draw something over the figure: ``{x} {y} {w} {h}`` are its box."""

    def change(text: str) -> str:
        found = FIGURE.search(text)
        if not found:
            return text
        x, y, w, h = (float(part) for part in found.groups())
        return text.replace("</ofd:Layer>", objects.format(x=x, y=y, w=w, h=h) + "</ofd:Layer>", 1)

    return change


def found(data: bytes, truth: dict[Key, Expected], *seen: int | None) -> gx.Report:
    """Read it: the attacked cell says one of ``seen`` or is not confirmed, the others are as printed."""
    report = gx.read_report(data)
    fact = report.fact(*TARGET)
    assert fact is None or fact.verdict != "confirmed" or fact.value in seen, fact
    others = {key: said for key, said in truth.items() if key != TARGET}
    result = compare([f for f in report.fact_rows if f.key != TARGET], others)
    assert result.wrong_confirmed == 0, result.differences
    return report


def test_without_an_attack_the_report_is_exact() -> None:
    data, truth = form(False)
    report = found(data, truth, SHOWN)
    assert compare(report.fact_rows, truth).exact == len(truth)


WHITE = '<ofd:FillColor Value="255 255 255"/>'
UNSEEN = {
    "switched off": beside("3", 'Visible="false"'),
    "transparent": beside("3", 'Alpha="0"'),
    "transparent colour": beside("3", inner='<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
    "white": beside("3", inner=WHITE),
    "nearly white": beside("3", inner='<ofd:FillColor Value="240 245 250"/>'),
    "white in gray": beside("3", inner='<ofd:FillColor Value="255"/>'),
    "no fill": beside("3", 'Fill="false"'),
    "white by parameter": beside("3", 'DrawParam="77"'),
    "beside the page": beside("3", shift=900),
    "clipped": lambda text: beside("3")(text).replace(" 3 ", " 0 "),
    "in a hidden block": lambda text: re.sub(
        r'(<ofd:TextObject ID="2".*?</ofd:TextObject>)',
        r'<ofd:PageBlock Visible="false">\1</ofd:PageBlock>',
        beside("3")(text),
    ),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_digit_nobody_sees_beside_a_figure(name: str) -> None:
    data, truth = form(False)
    parameter = (
        f'<ofd:DrawParams><ofd:DrawParam ID="76">{WHITE}</ofd:DrawParam>'
        '<ofd:DrawParam ID="77" Relative="76"/></ofd:DrawParams></ofd:Res>'
    )
    data = edit(data, lambda text: text.replace("</ofd:Res>", parameter), "PublicRes.xml")
    report = found(edit(data, UNSEEN[name]), truth, SHOWN)
    assert {issue.code for issue in report.issue_rows} & {"hidden_text", "page_cropped"}


COVER = (
    '<ofd:PathObject ID="3" Boundary="{x} {y} {w} {h}" Stroke="false" Fill="true">'
    '<ofd:FillColor Value="255 255 255"/>'
    "<ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} C</ofd:AbbreviatedData></ofd:PathObject>"
)
GONE = {
    "switched off": own('Visible="false"'),
    "white": own(inner=WHITE),
    "in a box of no size": own(Boundary="0 0 0 0"),
    "covered": after(COVER),
    "covered by a broad line": after(
        '<ofd:PathObject ID="3" Boundary="{x} {y} {w} {h}" LineWidth="8">'
        '<ofd:StrokeColor Value="255 255 255"/>'
        "<ofd:AbbreviatedData>M 0 2 L {w} 2</ofd:AbbreviatedData></ofd:PathObject>"
    ),
    "black on black": lambda text: FIGURE.sub(
        lambda f: COVER.replace("255 255 255", "0 0 0").format(x=f[1], y=f[2], w=f[3], h=f[4]) + f[0], text
    ),
}


@pytest.mark.parametrize("name", GONE)
def test_a_figure_nobody_sees(name: str) -> None:
    data, truth = form(False)
    found(edit(data, GONE[name]), truth, None)


def glyphs(count: int, listed: str) -> str:
    head = f'<ofd:CGTransform CodePosition="0" CodeCount="4" GlyphCount="{count}">'
    return f"{head}<ofd:Glyphs>{listed}</ofd:Glyphs></ofd:CGTransform>"


def half(text: str) -> str:
    """Cut the box of the figure's object in the middle."""
    return FIGURE.sub(lambda f: f[0].replace(f'{f[3]} {f[4]}"', f'{float(f[3]) / 2:.3f} {f[4]}"', 1), text)


def overprint(text: str) -> str:
    """Draw another figure at the place of the figure."""
    return FIGURE.sub(lambda f: f[0] + f[0].replace(str(SHOWN), "8305"), text)


CLIP = '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 2 9"/></ofd:Area></ofd:Clip></ofd:Clips>'
DOUBTFUL = {
    "no steps": own(DeltaX=""),
    "too few steps": own(DeltaX="2.1"),
    "another figure over it": overprint,
    "a digit over it": beside("8", shift=-2.0),
    "a tiny digit": beside("3", size=0.4),
    "a small digit": beside("3", size=1.9),
    "a raised digit": beside("3", size=2.2, up=1.2),
    "mirrored": own('CTM="-1 0 0 1 8 0"'),
    "a picture over it": after('<ofd:ImageObject ID="3" Boundary="{x} {y} {w} {h}" ResourceID="5"/>'),
    "lying glyphs": own(inner=glyphs(4, "5 5 6 7")),
    "a ligature": own(inner=glyphs(1, "9")),
    "half of it cut off": half,
    "clip": own(inner=CLIP),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_figure_in_doubt_is_not_confirmed_as_another(name: str) -> None:
    data, truth = form(False)
    report = found(edit(data, DOUBTFUL[name]), truth)
    assert len(report.fact_rows) == len(truth) or report.facts.empty


IN_A_BLANK = {
    "an outline": '<ofd:PathObject ID="3" Boundary="{x} {y} 2 3" Stroke="false" Fill="true">'
    "<ofd:AbbreviatedData>M 0 0 Q 1 0 2 1 L 2 3 L 0 3 C</ofd:AbbreviatedData></ofd:PathObject>",
    "a picture": '<ofd:ImageObject ID="3" Boundary="{x} {y} 2 3" ResourceID="5"/>',
    "a white digit": '<ofd:TextObject ID="2" Boundary="{x} {y} 4 5" Font="1" Size="3.7">'
    '<ofd:FillColor Value="255"/><ofd:TextCode X="0" Y="3.7">3</ofd:TextCode></ofd:TextObject>',
    "a digit on its side": '<ofd:TextObject ID="2" Boundary="{x} {y} 4 5" Font="1" Size="3.7" '
    'CTM="0.7 0.7 -0.7 0.7 2 0"><ofd:TextCode X="0" Y="2">3</ofd:TextCode></ofd:TextObject>',
}


@pytest.mark.parametrize("name", IN_A_BLANK)
def test_what_may_be_a_figure_in_a_blank_cell(name: str) -> None:
    data, truth = form(True)
    fact = gx.read_report(form(False)[0]).fact(*TARGET)
    assert fact is not None and fact.at.x0 is not None and fact.at.top is not None
    place = {"x": fact.at.x0 / 10 / 72 * 25.4, "y": fact.at.top / 10 / 72 * 25.4}
    page = f"Page_{(fact.at.page or 1) - 1}/Content.xml"
    drawn = IN_A_BLANK[name].format(**place)
    data = edit(data, lambda text: text.replace("</ofd:Layer>", f"{drawn}</ofd:Layer>", 1), page)
    report = found(data, truth, None)
    read = report.fact(*TARGET)
    assert read is not None
    assert read.verdict == "unconfirmed"


def add(data: bytes, **parts: str) -> bytes:
    """The file with more parts beside its document."""
    with io.BytesIO(data) as buffer:
        with zipfile.ZipFile(buffer, "a") as file:
            for name, text in parts.items():
                file.writestr(f"Doc_0/{name}.xml", text)
        return buffer.getvalue()


def put(before: str, what: str) -> Callable[[str], str]:
    return lambda text: text.replace(before, what + before, 1)


def test_figures_of_annotations_are_no_figures() -> None:
    data, truth = form(False)
    note = '<Annotations><Page PageID="10"><FileLoc>A.xml</FileLoc></Page></Annotations>'
    named = put("</ofd:Document>", "<ofd:Annotations>Annots.xml</ofd:Annotations>")
    report = found(add(edit(data, named, "Document.xml"), Annots=note), truth, SHOWN)
    assert compare(report.fact_rows, truth).exact == len(truth)
    assert any(issue.code == "annotations" for issue in report.issue_rows)


def test_two_pages_drawn_over_each_other() -> None:
    """A template that holds the same form with other figures, below the page."""
    data, truth = form(False)
    texts, _ = print_values(random_values(11, size="mid"))
    other = render_form_ofd(FormSpec(values=texts, agency="某县人民政府", year=2023))
    with zipfile.ZipFile(io.BytesIO(other)) as source:
        names = [name for name in source.namelist() if name.endswith("Content.xml")]
        parts = {f"T_{number}": source.read(name).decode() for number, name in enumerate(names)}
    for number, name in enumerate(parts):
        use = put("<ofd:Content>", f'<ofd:Template TemplateID="{name}"/>')
        data = edit(data, use, f"Page_{number}/Content.xml")
    known = "".join(f'<ofd:TemplatePage ID="{name}" BaseLoc="{name}.xml"/>' for name in parts)
    data = edit(data, put("</ofd:CommonData>", known), "Document.xml")
    report = gx.read_report(add(data, **parts))
    assert compare(report.fact_rows, truth).wrong_confirmed == 0
    assert any(issue.code == "page_damaged" for issue in report.issue_rows)
