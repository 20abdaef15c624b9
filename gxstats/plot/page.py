"""The page a figure stands on: title, legend and notes around the axes, each with the room it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gxstats.plot.lettering import width_of, wrap
from gxstats.plot.style import GREY, Look, font_family, look, style
from gxstats.plot.wording import Lang, listed, say

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

_MARGIN, _GAP = 6.0, 5.0
"""Points around the page, and between its parts."""
_FEW, _NARROW = 8, 300
"""Entries of a legend that may stand below one another; points under which a page has two columns."""


@dataclass
class Page:
    """A figure being drawn.

    Attributes:
        axes: where to draw.
        lang: of its words.
        look: its measures.
        own: whether the figure was made for it; otherwise the axes are the caller's.
        title: of the figure.
        notes: paragraphs below it.
        legend: handles with labels.
        body: height in points that axes, ticks and their labels shall have on a figure made for it.
        short: shortened name -> full name.
        fits: texts that are left out where they turn out larger than the shape they stand in.
        later: what can only be placed once the axes have their size.
    """

    axes: Axes
    lang: Lang
    look: Look
    own: bool
    title: str = ""
    notes: list[str] = field(default_factory=list)
    legend: Sequence[Any] = ()
    body: float = 200.0
    short: dict[str, str] = field(default_factory=dict)
    fits: list[tuple[Text, Artist]] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    @property
    def figure(self) -> Figure:
        """The figure of the axes."""
        found = self.axes.get_figure(root=True)
        assert found is not None, "axes always belong to a figure"
        return found

    @property
    def width(self) -> float:
        """Points there are from left to right: of the page, or of the caller's axes."""
        if self.own:
            return self.look.width / 2.54 * 72 - 2 * _MARGIN
        return float(self.axes.get_position().width * self.figure.get_figwidth() * 72)

    @property
    def height(self) -> float:
        """Points there are from top to bottom of the caller's axes, roughly."""
        return float(self.axes.get_position().height * self.figure.get_figheight() * 72)


@contextmanager
def page(ax: Axes | None, lang: Lang) -> Iterator[Page]:
    """A page to draw on; when the block ends, title, legend and notes are set and the page laid out.

    Args:
        ax: axes of the caller, or None for a new figure.
        lang: language of the words.
    """
    from matplotlib import pyplot

    with style():
        own = ax is None
        axes = pyplot.figure().add_subplot() if ax is None else ax
        made = Page(axes, lang, look(), own)
        try:
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_axisbelow(True)
            yield made
            if made.short:
                pairs = (f"{short} = {full}" for short, full in made.short.items())
                made.notes.append(say("short", lang, pairs=listed(pairs, lang, most=40)))
            _lay_out_own(made) if own else _lay_out_given(made)
            _finish(made)
        except BaseException:
            if own:
                pyplot.close(made.figure)
            raise


def paragraphs(notes: Sequence[str], width: float, size: float) -> str:
    """The notes as lines no wider than ``width`` points."""
    return "\n".join(line for note in notes for line in wrap(note, width, size))


def _lay_out_own(made: Page) -> None:
    figure, sizes, wide = made.figure, made.look, made.width
    title = figure.text(0, 0, "\n".join(wrap(made.title, wide, sizes.title)), fontsize=sizes.title, va="top")
    words = paragraphs(made.notes, wide, sizes.note)
    notes = figure.text(0, 0, words, fontsize=sizes.note, color=GREY, va="bottom")
    whole = wide + 2 * _MARGIN
    figure.set_size_inches(whole / 72, 10)
    legend = _legend(made, wide, figure)
    tall = [_height(part, figure) for part in (title, legend, notes)]
    height = 2 * _MARGIN + sum(tall) + made.body + _GAP * (2 + bool(tall[1]))
    figure.set_size_inches(whole / 72, height / 72)
    title.set_position((_MARGIN / whole, 1 - _MARGIN / height))
    notes.set_position((_MARGIN / whole, _MARGIN / height))
    if legend is not None:
        top = 1 - (_MARGIN + tall[0] + _GAP) / height
        legend.set_bbox_to_anchor((_MARGIN / whole, top), transform=figure.transFigure)
    below = (_MARGIN + tall[2] + _GAP) / height
    rect = (_MARGIN / whole, below, wide / whole, made.body / height)
    figure.set_layout_engine("constrained", rect=rect, w_pad=0, h_pad=0)


def _lay_out_given(made: Page) -> None:
    from matplotlib.transforms import ScaledTranslation

    figure, axes, sizes = made.figure, made.axes, made.look
    if figure.get_layout_engine() is None:
        # Without one, names of agencies beside the axes would be cut off.
        figure.set_layout_engine("constrained")
    axes.set_title("")
    _letter(made)
    figure.draw_without_rendering()
    wide = axes.get_window_extent().width * 72 / figure.dpi
    box, frame = axes.get_tightbbox(), axes.get_window_extent()
    assert box is not None, "visible axes have an extent"
    below, above = (frame.y0 - box.y0) * 72 / figure.dpi, (box.y1 - frame.y1) * 72 / figure.dpi + _GAP
    legend = _legend(made, wide, axes)
    if legend is not None:
        up = ScaledTranslation(0, above / 72, figure.dpi_scale_trans)
        legend.set_bbox_to_anchor((0, 1), transform=axes.transAxes + up)
        figure.draw_without_rendering()
        above += _height(legend, figure) + _GAP
    title = "\n".join(wrap(made.title, wide, sizes.title))
    axes.set_title(title, loc="left", fontsize=sizes.title, y=1, pad=above)
    axes.annotate(
        paragraphs(made.notes, wide, sizes.note),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -below - _GAP),
        textcoords="offset points",
        va="top",
        fontsize=sizes.note,
        color=GREY,
        annotation_clip=False,
    )


def _legend(made: Page, wide: float, where: Any) -> Any:
    """The legend above the axes, in as many columns as fit."""
    if not made.legend:
        return None
    size = made.look.text * 0.9
    room = wide - 3.2 * size
    # One long name would put all others below one another: with many, it is broken instead.
    columns = 1 if len(made.legend) <= _FEW else 2 if wide < _NARROW else 3
    for handle in made.legend:
        handle.set_label("\n".join(wrap(str(handle.get_label()), room / columns - 2 * size, size)))
    entry = max(width_of(handle.get_label(), size) for handle in made.legend) + 4.2 * size
    return where.legend(
        handles=list(made.legend),
        loc="upper left" if made.own else "lower left",
        bbox_to_anchor=(0, 1),
        ncols=max(1, min(len(made.legend), int((wide + 1.2 * size) // entry))),
        fontsize=size,
        borderaxespad=0,
        borderpad=0,
        handlelength=2,
        handletextpad=0.6,
        columnspacing=1.2,
        labelspacing=0.35,
    )


def _height(part: Any, figure: Figure) -> float:
    if part is None or (hasattr(part, "get_text") and not part.get_text()):
        return 0.0
    return float(part.get_window_extent().height * 72 / figure.dpi)


def _letter(made: Page) -> None:
    """The font for what was on the axes already when they were given."""
    from matplotlib.text import Text

    families = [font_family(), "DejaVu Sans"]
    made.axes.tick_params(which="both", labelfontfamily=families[0])
    for text in made.axes.findobj(Text):
        text.set_fontfamily(families)


def _finish(made: Page) -> None:
    """What depends on the final size; ticks are made when first drawn: now, while the font is set."""
    _letter(made)
    made.figure.draw_without_rendering()
    _letter(made)
    for hook in made.later:
        hook()
    for text, shape in made.fits:
        inner, outer = text.get_window_extent(), shape.get_window_extent()
        if inner.width > outer.width or inner.height > outer.height * 1.25:
            text.remove()
    if made.later:
        made.figure.draw_without_rendering()
