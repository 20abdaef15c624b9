"""What the character properties of a DOC file do to its text: delete, hide, strike, raise, shrink it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gxstats.read import doc_sprm as sprm
from gxstats.read.doc_styles import StyleSheet
from gxstats.read.docx_properties import SMALLEST
from gxstats.read.html_colour import BLACK, WHITE, Colour, is_unseen

_FONTS: Final = (0x4A4F, 0x4A51)
"""The fonts of Latin text and of what is neither Latin nor Chinese."""
_SAME, _OPPOSITE = 0x80, 0x81
_USUAL_SIZE: Final = 20
_WHITE_INDEX: Final = 8
_SYMBOL_SET: Final = 2
_FONT_NAME: Final = 39


class Look(NamedTuple):
    """How a run of characters is shown.

    ``effect`` is ``deleted``, ``hidden``, a mark of :func:`gxstats.read.content.damage_of`, or nothing;
    ``size`` is in half-points; ``symbol`` replaces the text; ``picture`` is a place in the stream ``Data``.
    """

    effect: str = ""
    size: int = _USUAL_SIZE
    symbol: str = ""
    picture: int = -1


@dataclass(slots=True)
class Looks:
    r"""The looks of runs, each worked out once.

    Attributes:
        sheet: The named styles.
        symbol_fonts: The numbers of fonts whose digits are no digits.

    Example:
        >>> Looks(StyleSheet(), frozenset()).of(0, b"\x3c\x08\x01", b"").effect
        'hidden'
    """

    sheet: StyleSheet
    symbol_fonts: frozenset[int]
    _known: dict[tuple[int, bytes, bytes], Look] = field(default_factory=dict)

    def of(self, style: int, properties: bytes, more: bytes) -> Look:
        """The look of a run.

        Args:
            style: The style of its paragraph.
            properties: Its own modifiers.
            more: Those of its piece.
        """
        key = style, properties, more
        if key not in self._known:
            self._known[key] = self._worked_out(style, properties + more)
        return self._known[key]

    def _worked_out(self, style: int, direct: bytes) -> Look:
        own: dict[int, int] = {}
        for modifier in sprm.modifiers(direct):
            if modifier.code == sprm.PLAIN:
                own = {code: value for code, value in own.items() if code == sprm.DELETED}
            own[_key(modifier.code)] = _value(modifier)
        named = self.sheet.character(style) + self.sheet.character(own.get(sprm.STYLE, -1))
        below = {_key(m.code): _value(m) for m in sprm.modifiers(named)}
        every = below | own
        symbol = every.get(sprm.SYMBOL, 0)
        return Look(
            "deleted" if every.get(sprm.DELETED) else self._effect(below, own, every),
            every.get(sprm.SIZE, _USUAL_SIZE),
            chr(symbol >> 16) if sprm.SYMBOL in every else "",
            every.get(sprm.PICTURE, -1),
        )

    def _effect(self, below: dict[int, int], own: dict[int, int], every: dict[int, int]) -> str:
        if _is_on(sprm.HIDDEN, below, own):
            # Paragraph and character styles that both hide show again: do not count on either.
            return "hidden" if sprm.HIDDEN in own and own[sprm.HIDDEN] != _SAME else "unseen"
        if _is_on(sprm.STRUCK, below, own) or _is_on(sprm.STRUCK_TWICE, below, own):
            return "struck"
        if every.get(sprm.RAISED) or every.get(sprm.POSITION):
            return "superscript"
        pale = every.get(_COLOUR, _NO_COLOUR)
        if every.get(sprm.SPECIAL_HIDDEN) or every.get(sprm.SIZE, _USUAL_SIZE) <= SMALLEST or _is_pale(pale):
            return "unseen"
        fonts = {every[code] for code in _FONTS if code in every}
        return "symbol_font" if sprm.SYMBOL in every or fonts & self.symbol_fonts else ""


_COLOUR: Final = sprm.COLOUR
_NO_COLOUR: Final = 0xFF000000
_WHITE: Final = 0x00FFFFFF


def _key(code: int) -> int:
    return _COLOUR if code == sprm.COLOUR_INDEX else code


def _value(modifier: sprm.Modifier) -> int:
    if modifier.code == sprm.COLOUR_INDEX:
        return _WHITE if modifier.number == _WHITE_INDEX else _NO_COLOUR
    return modifier.number


def _is_on(code: int, below: dict[int, int], own: dict[int, int]) -> bool:
    inherited = below.get(code, 0) in (1, _OPPOSITE)
    value = own.get(code, _SAME)
    return not inherited if value == _OPPOSITE else inherited if value == _SAME else bool(value)


def _is_pale(value: int) -> bool:
    if value >> 24:  # the colour of the system
        return False
    colour: Colour = (value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF)
    return colour != BLACK and is_unseen(colour, WHITE)


def symbol_fonts(table: bytes) -> frozenset[int]:
    """The numbers of the fonts of a font table that show signs in place of digits.

    Example:
        >>> symbol_fonts(b"")
        frozenset()
    """
    found = set()
    at = 4
    for number in range(int.from_bytes(table[:2], "little")):
        if at >= len(table):
            break
        entry = table[at : at + 1 + table[at]]
        name = entry[_FONT_NAME + 1 :].decode("utf-16-le", "replace").partition("\0")[0]
        if "dings" in name.lower() or entry[4:5] == bytes([_SYMBOL_SET]):
            found.add(number)
        at += len(entry)
    return frozenset(found)
