"""How the cells of a workbook look. Every meaning has a sign in the cell too, not only a colour."""

from __future__ import annotations

from typing import Any

UNCONFIRMED, CONTRADICTED = "?", " ✗"
_ORANGE, _GRAY, _PALE = "FFE0B2", "666666", "E8EEF4"


def figure_look(decimals: int, *, failing: bool, contradicted: bool, unconfirmed: bool) -> str:
    """The look of a figure; "" for one that needs none.

    Example:
        >>> figure_look(0, failing=False, contradicted=False, unconfirmed=False)
        ''
        >>> figure_look(2, failing=True, contradicted=True, unconfirmed=True)
        'figure .00 failing contradicted unconfirmed'
    """
    marks = {"failing": failing, "contradicted": contradicted, "unconfirmed": unconfirmed}
    said = [name for name, is_so in marks.items() if is_so]
    if decimals:
        said.insert(0, "." + "0" * decimals)
    return " ".join(["figure", *said]) if said else ""


class Looks:
    """The named styles of a workbook, each made when it is first used."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._known: set[str] = set()

    def named(self, look: str) -> str:
        """The name of the style for a look: ``head``, ``state``, ``link``, ``figure ...`` and so on."""
        if look not in self._known:
            self._known.add(look)
            self._workbook.add_named_style(_style(look))
        return look


def _style(look: str) -> Any:
    from functools import partial

    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    words = look.split()
    font = partial(Font, name="Calibri", size=14 if "lead" in words else 11)
    style = NamedStyle(name=look, font=font())
    if "head" in words:
        style.font = font(bold=True)
        style.fill = PatternFill("solid", start_color=_PALE)
        style.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        side = Side(style="thin", color="B0B8C0")
        style.border = Border(left=side, right=side, top=side, bottom=side)
    if "group" in words:
        # A head over many columns stays in sight longer if it begins with the first of them.
        style.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    if "state" in words:
        style.font = font(color=_GRAY, italic="unconfirmed" in words)
        style.alignment = Alignment(horizontal="right")
    if "link" in words:
        style.font = font(color="0B57D0", underline="single")
    if "lead" in words:
        style.font = font(bold=True)
    if "wrapped" in words:
        style.alignment = Alignment(wrap_text=True, vertical="top")
    if "failing" in words:
        style.fill = PatternFill("solid", start_color=_ORANGE)
    if "figure" in words:
        style.font = font(italic="unconfirmed" in words)
        style.number_format = _number_format(words)
    return style


def _number_format(words: list[str]) -> str:
    """The format that prints the signs behind the figure, which stays a number."""
    figure = "0" + next((word for word in words if word.startswith(".")), "")
    signs = UNCONFIRMED * ("unconfirmed" in words) + CONTRADICTED * ("contradicted" in words)
    return f'{figure}"{signs}"' if signs else figure
