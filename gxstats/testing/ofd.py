"""Draw blocks (:mod:`~gxstats.testing.blocks`) as an OFD file, in the ways its writers differ.

The layout is that of :mod:`gxstats.testing.pdf`, drawn on a canvas that writes OFD's XML.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from gxstats.testing.blocks import Block
from gxstats.testing.forms import layout
from gxstats.testing.pdf import Page
from gxstats.testing.pdf_layout import PdfLayout
from gxstats.testing.spec import FormSpec

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 72
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class OfdLayout:
    """How to draw and to write.

    ``page`` is the layout of the page; /Rotate means nothing here. ``prefix`` of the elements may be
    empty. ``steps``: how the places of characters are stated, ``each`` one by one, as ``runs``
    (``g 3 2.5``), or every character as an ``object`` of its own. ``scaled``: coordinates in points
    with a CTM, instead of millimetres. ``whole_boundary``: every object's box is the page.
    ``template``: the running head stands in one. ``entry``, ``folder`` and ``backslashes`` are the
    names of the parts.
    """

    page: PdfLayout = field(default_factory=PdfLayout)
    prefix: str = "ofd"
    namespace: str = NAMESPACE
    steps: Literal["each", "runs", "object"] = "each"
    scaled: bool = False
    whole_boundary: bool = False
    template: bool = False
    entry: str = "OFD.xml"
    folder: str = ""
    backslashes: bool = False
    absolute: bool = False


def render_form_ofd(spec: FormSpec, how: OfdLayout | None = None) -> bytes:
    """The report as the bytes of an OFD file.

    Example:
        >>> render_form_ofd(FormSpec())[:2]
        b'PK'
    """
    return render_ofd(layout(spec), how)


def render_ofd(blocks: Sequence[Block], how: OfdLayout | None = None) -> bytes:
    """The blocks as the bytes of an OFD file.

    Args:
        blocks: What to draw, from top to bottom.
        how: How to draw and to write it.

    Example:
        >>> from gxstats.testing.blocks import Text
        >>> render_ofd([Text("总体情况")])[:2]
        b'PK'
    """
    how = how or OfdLayout()
    page = _OfdPage(how)
    page.draw(blocks)
    page.next_page()
    size = (how.page.width * _MM, how.page.height * _MM)
    return package(page.canvas.pages, size, how, page.canvas.template)


class _OfdPage(Page):
    """The page of the PDF renderer with another canvas below it."""

    def __init__(self, how: OfdLayout) -> None:
        self.how, self.layout = how, how.page
        self.canvas: Any = OfdCanvas(how)
        self.width, self.height = self.layout.width, self.layout.height
        if self.layout.turned:
            self.width, self.height = self.height, self.width
        self.number = 0
        self._begin()

    def write(self, text: str, x: float, baseline: float, size: float) -> None:
        """Write one line; the running head into the template, if there is one."""
        canvas = self.canvas
        if not (self.how.template and text == self.layout.running_head):
            super().write(text, x, baseline, size)
            return
        drawn, canvas.drawn = canvas.drawn, []
        super().write(text, x, baseline, size)
        canvas.template, canvas.drawn = canvas.drawn, drawn

    def draw_picture(self) -> None:
        """An image object over the width of the text."""
        width = self.width - 2 * self.layout.margin
        height = min(self.room, width)
        self.canvas.drawImage(None, self.layout.margin, self.height - self.y - height, width, height)
        self.y += height


class OfdCanvas:
    """What the renderer asks of reportlab's canvas, written as objects of an OFD page."""

    def __init__(self, how: OfdLayout) -> None:
        self.how = how
        self.pages: list[list[str]] = []
        self.template: list[str] = []
        self.drawn: list[str] = []
        self._reset()

    def _reset(self) -> None:
        self.by: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        self.size, self.width, self.gray, self.stroke = 10.5, 1.0, 0.0, 0.0

    def setFont(self, _: str, size: float) -> None:
        """As reportlab's; so are those that follow."""
        self.size = size

    def setLineWidth(self, width: float) -> None:  # noqa: D102
        self.width = width

    def setStrokeGray(self, gray: float) -> None:  # noqa: D102
        self.stroke = gray

    def setFillGray(self, gray: float) -> None:  # noqa: D102
        self.gray = gray

    def setDash(self, _: Sequence[float]) -> None:  # noqa: D102
        return

    def setPageRotation(self, _: int) -> None:  # noqa: D102
        return

    def translate(self, x: float, y: float) -> None:  # noqa: D102
        a, b, c, d, e, f = self.by
        self.by = (a, b, c, d, e + a * x + c * y, f + b * x + d * y)

    def rotate(self, _: float) -> None:
        """A quarter turn, whatever is asked for: the renderer asks for nothing else."""
        a, b, c, d, e, f = self.by
        self.by = (c, d, -a, -b, e, f)

    def showPage(self) -> None:  # noqa: D102
        self.pages.append(self.drawn)
        self.drawn = []
        self._reset()

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: D102
        from reportlab.pdfbase.pdfmetrics import stringWidth

        from gxstats.testing.pdf import _font

        steps = [float(stringWidth(sign, _font(), self.size)) for sign in text]
        if self.how.steps == "object":
            for sign, step in zip(text, steps, strict=True):
                self._text(x, y, sign, [step])
                x += step
        elif text:
            self._text(x, y, text, steps)

    def _text(self, x: float, y: float, text: str, steps: list[float]) -> None:
        """One text object: its box, its matrix if the page is turned or scaled, its characters."""
        size, long = self.size, sum(steps)
        box = self._box(((x, y - 0.3 * size), (x + long, y + size)))
        a, b, c, d, _, _ = self.by
        scale = _MM if not self.how.scaled else 1.0
        ctm = (a, -b, -c, d) if not self.how.scaled else (a * _MM, -b * _MM, -c * _MM, d * _MM)
        at = self._point(x, y)
        # Of a turn the inverse is the transpose, and a scale divides twice.
        left, down = at[0] - box[0], at[1] - box[1]
        shrink = ctm[0] ** 2 + ctm[1] ** 2
        own = ((ctm[0] * left + ctm[1] * down) / shrink, (ctm[2] * left + ctm[3] * down) / shrink)
        deltas = [step * scale for step in steps[:-1]]
        matrix = "" if ctm == (1, 0, 0, 1) else f' CTM="{_numbers((*ctm, 0.0, 0.0))}"'
        delta = f' DeltaX="{self._deltas(deltas)}"' if deltas else ""
        self.drawn.append(
            f'<~TextObject ID="1" Boundary="{_numbers(self._as_boundary(box))}"{matrix} Font="1" '
            f'Size="{size * scale:.4f}"><~TextCode X="{own[0]:.4f}" Y="{own[1]:.4f}"{delta}>'
            f"{escape(text)}</~TextCode></~TextObject>"
        )

    def _deltas(self, deltas: list[float]) -> str:
        words = [f"{delta:.4f}" for delta in deltas]
        if self.how.steps != "runs":
            return " ".join(words)
        parts: list[str] = []
        while words:
            same = next((at for at, word in enumerate(words) if word != words[0]), len(words))
            parts.append(f"g {same} {words[0]}" if same > 2 else " ".join(words[:same]))
            words = words[same:]
        return " ".join(parts)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.by
        return (a * x + c * y + e) * _MM, (self.how.page.height - (b * x + d * y + f)) * _MM

    def _box(self, points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
        if self.how.whole_boundary:
            return 0.0, 0.0, self.how.page.width * _MM, self.how.page.height * _MM
        xs, ys = zip(*(self._point(*point) for point in points), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @staticmethod
    def _as_boundary(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return box[0], box[1], box[2] - box[0], box[3] - box[1]

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:  # noqa: D102
        self._path([(x0, y0), (x1, y1)], 'Stroke="true"', closed=False)

    def rect(self, x: float, y: float, width: float, height: float, stroke: int = 1, fill: int = 0) -> None:
        """A rectangle, stroked, filled or both."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        flags = ('Stroke="true"' if stroke else 'Stroke="false"') + (' Fill="true"' if fill else "")
        self._path(corners, flags, closed=True)

    def _path(self, points: list[tuple[float, float]], flags: str, *, closed: bool) -> None:
        box = self._box(points)
        placed = [self._point(*point) for point in points]
        moves = [f"{x - box[0]:.4f} {y - box[1]:.4f}" for x, y in placed]
        data = " ".join(["M", moves[0], *(f"L {move}" for move in moves[1:]), *(["C"] if closed else [])])
        level = round(255 * self.gray)
        self.drawn.append(
            f'<~PathObject ID="1" Boundary="{_numbers(self._as_boundary(box))}" {flags} '
            f'LineWidth="{self.width * _MM:.4f}"><~FillColor Value="{level} {level} {level}"/>'
            f"<~AbbreviatedData>{data}</~AbbreviatedData></~PathObject>"
        )

    def drawImage(self, _: object, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        box = self._box([(x, y), (x + width, y + height)])
        self.drawn.append(
            f'<~ImageObject ID="1" Boundary="{_numbers(self._as_boundary(box))}" ResourceID="9"/>'
        )


def text_object(
    text: str,
    steps: str = "",
    *,
    box: str = "20 20 90 9",
    x: float = 0.0,
    attributes: str = "",
    inner: str = "",
) -> str:
    """A text of size 5 with its baseline 5 millimetres below the top of its box, for :func:`package`.

    Args:
        text: The characters.
        steps: Attributes that say how far apart they are.
        box: Boundary of the object.
        x: Where the first one stands.
        attributes: More attributes of the object.
        inner: Elements before its TextCode.

    Example:
        >>> text_object("12", 'DeltaX="3"').count("TextCode")
        2
    """
    return (
        f'<~TextObject ID="1" Boundary="{box}" Font="1" Size="5" {attributes}>{inner}'
        f'<~TextCode X="{x}" Y="5" {steps}>{text}</~TextCode></~TextObject>'
    )


def part(name: str, *inner: str) -> str:
    """A part of the package with this root element, for :func:`package`.

    Example:
        >>> part("Res", "<~Fonts/>")
        '<~Res xmlns:ofd="http://www.ofdspec.org/2016"><~Fonts/></~Res>'
    """
    return f'<~{name} xmlns:ofd="{NAMESPACE}">{"".join(inner)}</~{name}>'


def package(
    pages: Sequence[Sequence[str]],
    size: tuple[float, float] = (210.0, 297.0),
    how: OfdLayout | None = None,
    template: Sequence[str] = (),
    more: Sequence[tuple[str, str]] = (),
) -> bytes:
    """An OFD file of pages whose objects are XML with ``~`` for the prefix of their names.

    Args:
        pages: The objects of each page.
        size: Width and height of the sheets in millimetres.
        how: How to write it.
        template: Objects that stand behind those of every page.
        more: Other parts: name and text; those named like a usual part replace it.

    Example:
        >>> package([["<~TextObject/>"]])[:2]
        b'PK'
    """
    how = how or OfdLayout()
    parts = _parts(pages, size, how, template)
    parts |= {name: _named(text, how) for name, text in more}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            written = how.folder + name
            file.writestr(written.replace("/", "\\") if how.backslashes else written, text)
    return buffer.getvalue()


def _parts(
    pages: Sequence[Sequence[str]], size: tuple[float, float], how: OfdLayout, template: Sequence[str]
) -> dict[str, str]:
    """The usual parts of a file: name and text."""
    top = "/Doc_0/" if how.absolute else ""
    area = f"<~PhysicalBox>0 0 {_numbers(size)}</~PhysicalBox>"
    listed = "".join(
        f'<~Page ID="{number + 10}" BaseLoc="{top}Pages/Page_{number}/Content.xml"/>'
        for number in range(len(pages))
    )
    used = '<~Template TemplateID="5" ZOrder="Background"/>' if template else ""
    known = f'<~TemplatePage ID="5" BaseLoc="{top}Tpls/T_0.xml"/>' if template else ""
    parts = {
        how.entry: _root(
            "OFD", "<~DocBody><~DocInfo/><~DocRoot>Doc_0/Document.xml</~DocRoot></~DocBody>", how
        ),
        "Doc_0/Document.xml": _root(
            "Document",
            f"<~CommonData><~PageArea>{area}</~PageArea><~PublicRes>{top}PublicRes.xml</~PublicRes>{known}"
            f"</~CommonData><~Pages>{listed}</~Pages>",
            how,
        ),
        "Doc_0/PublicRes.xml": _root("Res", '<~Fonts><~Font ID="1" FontName="宋体"/></~Fonts>', how),
    }
    if template:
        parts["Doc_0/Tpls/T_0.xml"] = _page(template, "", how)
    for number, objects in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(objects, used, how)
    return parts


def _page(objects: Sequence[str], used: str, how: OfdLayout) -> str:
    content = f'<~Content><~Layer ID="3">{"".join(objects)}</~Layer></~Content>'
    return _root("Page", used + content, how)


def _root(name: str, inner: str, how: OfdLayout) -> str:
    space = f"xmlns:{how.prefix}" if how.prefix else "xmlns"
    opening = f'<?xml version="1.0" encoding="UTF-8"?><~{name} {space}={quoteattr(how.namespace)}>'
    return _named(f"{opening}{inner}</~{name}>", how)


def _named(text: str, how: OfdLayout) -> str:
    prefix = f"{how.prefix}:" if how.prefix else ""
    return text.replace("</~", f"</{prefix}").replace("<~", f"<{prefix}")


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)
