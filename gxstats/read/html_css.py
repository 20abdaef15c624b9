"""What styles do to figures: a tolerant scanner of declarations and of ``<style>`` rules, no CSS engine.

Only effects that make the text of an element other than what a person sees are of interest: it is
not shown, struck, raised, moved, drawn in the colour of its background, or set apart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from gxstats.read.html_colour import Colour, colour_of

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_HACKS: Final = re.compile(r"!\s*important|\\[09]\s*$")
_NUMBER: Final = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|pc|em|rem|ex|ch|cm|mm|in|q|%|vw|vh)?\b")
_PIXELS: Final = {
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    "cm": 37.8,
    "mm": 3.78,
    "in": 96.0,
    "q": 0.945,
    "vw": 10.0,
    "vh": 10.0,
}
_RELATIVE: Final = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}
_SIZE_WORDS: Final = {"smaller": 0.83, "larger": 1.2}
_FAR: Final = -100
"""Pixels from which something is thought to be moved out of sight."""
_GAP: Final = 4
"""Pixels of space from which two pieces of text do not look like one number."""
_NARROW: Final = 8
_FAR_ENOUGH: Final = 12
"""Pixels from which something may look as if it stood in the next cell."""

_INLINE_DISPLAYS: Final = ("inline", "contents", "initial", "inherit", "unset", "revert")
_ROW_DISPLAYS: Final = ("flex", "grid", "box", "run-in", "ruby", "table")
_STILL: Final = ("", "none", "initial", "inherit", "unset", "auto", "normal", "0", "0px")
_LEVEL: Final = ("baseline", "middle", "top", "bottom", "initial", "inherit", "unset", "auto", "0", "0px")
_SYMBOL_FONTS: Final = ("wingdings", "webdings", "symbol", "barcode", "dingbats", "marlett")
_ALL_MEDIA: Final = re.compile(r"@media\s*(?:only\s+)?(?:all|screen)?\s*")
_OPAQUE_RULES: Final = ("@font-face", "@keyframes", "@-", "@page", "@counter-style", "@property", "@list")

_SIDES: Final = (
    "margin-left",
    "margin-right",
    "padding-left",
    "padding-right",
    "text-indent",
    "letter-spacing",
)
_MOVES: Final = (
    "left",
    "top",
    "right",
    "bottom",
    "text-indent",
    "margin-left",
    "margin-top",
    "margin-right",
    "margin",
)
_SIZES: Final = ("width", "height", "max-width", "max-height")
_WATCHED: Final = frozenset(
    ("display", "visibility", "position", "float", "color", "font-size", "text-decoration", "opacity")
)
_COMPUTED: Final = ("display", "visibility", "font-size", "opacity")
_IMAGES: Final = ("background", "background-image", "list-style-image")
_OFFSETS: Final = ("top", "bottom", "left", "right")

UNSEEN: Final = "unseen"
APART: Final = "several_pieces"


class Look(NamedTuple):
    """What declarations do to text."""

    hides: bool = False
    shows: bool = False
    """A display or visibility is set that would show what another rule hides."""
    alone: str = ""
    """Why text in such an element is not what it seems."""
    moved: bool = False
    """Drawn elsewhere than it stands."""
    draws: str = ""
    """What the style itself draws: ``generated`` text or an ``image``."""
    raised: bool = False
    """Set above or below the line, if inline."""
    apart: bool = False
    """Text in such an element and text beside it do not look like one number."""
    around: bool = False
    """Pieces in such an element need not stand in their order, or not on one line."""
    gap: bool = False
    """Space is kept beside it, if inline."""
    size: float | None = None
    """The font size in pixels."""
    scale: float | None = None
    """The font size relative to the one around."""
    colour: Colour | None = None
    background: Colour | None = None


PLAIN: Final = Look()


class Rule(NamedTuple):
    """One selector with what its declarations do."""

    steps: tuple[tuple[str, ...], ...]
    """For the element itself, then for elements around it: tag, ``.class`` and ``#id`` it must have."""
    certain: bool
    """Whether the rule is known to apply: no media query, no selector that is not understood."""
    look: Look


@lru_cache(maxsize=4096)
def judge(style: str) -> Look:
    """What the declarations of one ``style`` attribute or one rule do.

    Example:
        >>> judge("Display : NONE").hides, judge("text-decoration: line-through").alone
        (True, 'struck')
        >>> judge("font-size:12px; color: red; text-align: center") == Look(size=12.0, colour=(255, 0, 0))
        True
    """
    pairs: dict[str, str] = {}
    for declaration in _COMMENT.sub("", style).lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            pairs[name.strip()] = _HACKS.sub("", value).strip()
    seen = _shown(pairs)
    if seen.hides:
        return seen
    size, scale = _font_size(pairs)
    return seen._replace(
        alone=_alone(pairs),
        moved=_is_moved(pairs),
        draws="image" if any("url(" in pairs.get(name, "") for name in _IMAGES) else "",
        raised=pairs.get("vertical-align", "auto") not in _LEVEL
        or _pixels(pairs.get("mso-text-raise", "")) != 0
        or _is_moved_a_little(pairs),
        apart=_is_apart(pairs),
        around=_is_around(pairs),
        gap=any(_pixels(pairs.get(name, "")) > _GAP or _pixels(pairs.get(name, "")) < -1 for name in _SIDES)
        or any(_sideways(pairs.get(name, "")) > _GAP for name in ("margin", "padding")),
        size=size,
        scale=scale,
        colour=_colour(pairs),
        background=colour_of(pairs.get("background-color", "")) or _background(pairs.get("background", "")),
    )


def _shown(pairs: dict[str, str]) -> Look:
    display, visibility = pairs.get("display", ""), pairs.get("visibility", "")
    hides = (
        display == "none"
        or visibility in ("hidden", "collapse")
        or pairs.get("mso-hide") == "all"
        or pairs.get("content-visibility") == "hidden"
    )
    return Look(hides=hides, shows=not hides and bool(display or visibility == "visible"))


def _alone(pairs: dict[str, str]) -> str:
    """Why text with these declarations is not what it seems, whatever stands beside it."""
    if any("line-through" in pairs.get(name, "") for name in ("text-decoration", "text-decoration-line")):
        return "struck"
    if pairs.get("unicode-bidi", "normal") in ("bidi-override", "isolate-override"):
        return "reordered"
    if any(font in pairs.get("font-family", pairs.get("font", "")) for font in _SYMBOL_FONTS):
        return "symbol_font"
    if any("\\" in name or ("\\" in pairs[name] and name in _WATCHED) for name in pairs):
        return UNSEEN  # escapes, which nobody needs here
    opacity = _NUMBER.match(pairs.get("opacity", "1"))
    if (
        (opacity is not None and float(opacity[1]) * (0.01 if opacity[2] else 1) < 0.2)
        or pairs.get("transform", "") not in (*_STILL, "translatez(0)", "translate3d(0,0,0)")
        or any("(" in pairs.get(name, "") for name in _COMPUTED)
        or pairs.get("scale", "") not in (*_STILL[:-2], "1")
        or pairs.get("rotate", "") not in _STILL
        or pairs.get("clip", "") not in _STILL
        or pairs.get("clip-path", "") not in _STILL
        or pairs.get("-webkit-text-security", "") not in _STILL
        or pairs.get("content", "") not in _STILL
        or pairs.get("zoom", "1").rstrip("%") in ("0", "0.0")
        or "opacity" in pairs.get("filter", "").replace("alpha(opacity=100)", "")
        or "blur" in pairs.get("filter", "")
        or any(_pixels(pairs.get(name, "")) <= _FAR for name in _MOVES)
        or ("hidden" in pairs.get("overflow", "") and any(_is_narrow(pairs.get(n, "")) for n in _SIZES))
    ):
        return UNSEEN
    return ""


def _is_moved(pairs: dict[str, str]) -> bool:
    """Whether something is drawn in another place, perhaps that of another figure."""
    position = pairs.get("position", "static")
    offset = max(abs(_pixels(pairs.get(name, ""))) for name in _OFFSETS)
    return position in ("absolute", "fixed") or (position in ("relative", "sticky") and offset > _FAR_ENOUGH)


def _is_moved_a_little(pairs: dict[str, str]) -> bool:
    return pairs.get("position") in ("relative", "sticky") and any(
        _pixels(pairs.get(name, "")) != 0 for name in _OFFSETS
    )


def _is_apart(pairs: dict[str, str]) -> bool:
    return (
        pairs.get("display", "inline") not in _INLINE_DISPLAYS
        or pairs.get("float", "none") not in _STILL
        or pairs.get("position", "static") not in ("static", "relative", "initial", "inherit", "unset")
        or pairs.get("order", "") not in _STILL
        or pairs.get("font-variant-position", "") not in _STILL
        or any(word in pairs.get("font-variant", "") for word in ("super", "sub"))
    )


def _is_around(pairs: dict[str, str]) -> bool:
    return (
        any(word in pairs.get("display", "") for word in _ROW_DISPLAYS)
        or pairs.get("direction") == "rtl"
        or any(pairs.get(name, "") not in _STILL for name in ("column-count", "columns"))
        or pairs.get("writing-mode", "horizontal-tb") not in ("horizontal-tb", "lr-tb", "initial", "inherit")
    )


def _font_size(pairs: dict[str, str]) -> tuple[float | None, float | None]:
    text = pairs.get("font-size", "")
    if not text and "font" in pairs:  # italic bold 12px/30px Georgia
        text = next((part for part in pairs["font"].split() if part[:1].isdigit() or part[:1] == "."), "")
    if text in _SIZE_WORDS:
        return None, _SIZE_WORDS[text]
    number = _NUMBER.match(text)
    if number is None:
        return None, None
    value, unit = float(number[1]), number[2] or "px"
    if unit in _RELATIVE and value:
        return None, value * _RELATIVE[unit]
    return value * _PIXELS.get(unit, 0), None


def _colour(pairs: dict[str, str]) -> Colour | None:
    fill = colour_of(pairs.get("-webkit-text-fill-color", ""), transparent=True)
    return fill or colour_of(pairs.get("color", ""), transparent=True)


def _background(text: str) -> Colour | None:
    return next((found for part in (text, *text.split()) if (found := colour_of(part))), None)


def _pixels(text: str) -> float:
    number = _NUMBER.match(text)
    return float(number[1]) * _PIXELS.get(number[2] or "px", 0) if number else 0


def _sideways(text: str) -> float:
    """The left or right part of a ``margin`` or ``padding`` of one to four values."""
    parts = [abs(_pixels(part)) for part in text.split()]
    return max(parts[1::2], default=0) if len(parts) > 1 else max(parts, default=0)


def _is_narrow(text: str) -> bool:
    number = _NUMBER.match(text)
    return number is not None and number[2] != "%" and _pixels(text) <= _NARROW


@lru_cache(maxsize=128)
def rules_of(css: str, media: str = "") -> tuple[Rule, ...]:
    """The rules of a ``<style>`` that do anything to figures.

    Args:
        css: Its text.
        media: Its ``media`` attribute.

    Example:
        >>> [(rule.steps, rule.certain) for rule in rules_of(".a, p.b i {display:none} u {margin:0}")]
        [((('.a',),), True), ((('i',), ('p', '.b')), True)]
        >>> rules_of("@media (max-width: 9px) { .a { display: none } }")[0].certain
        False
    """
    found: dict[Rule, None] = {}
    open_blocks: list[str] = []
    opaque = [False]
    certain = [not media or _ALL_MEDIA.fullmatch(f"@media {media.strip().lower()}") is not None]
    rules = _COMMENT.sub("", css)
    # What follows the last brace is no rule, and trying it from each of its characters is quadratic.
    rules = rules[: max(rules.rfind("{"), rules.rfind("}")) + 1]
    for text, brace in _BLOCKS.findall(rules):
        if brace == "{":
            header = text.rpartition(";")[2].strip()
            open_blocks.append(header)
            opaque.append(opaque[-1] or header.lower().startswith(_OPAQUE_RULES))
            plain = not header.startswith("@") or _ALL_MEDIA.fullmatch(header.lower()) is not None
            certain.append(certain[-1] and plain)
        elif open_blocks:
            header, sure = open_blocks.pop(), certain.pop()
            opaque.pop()
            if not header.startswith("@") and not opaque[-1]:
                found.update(dict.fromkeys(_rules(header, sure, text)))
    return tuple(found)


_BLOCKS: Final = re.compile(r"([^{}]*)([{}])")
_GENERATED: Final = re.compile(r"::?(?:before|after)\s*$", re.IGNORECASE)
_CONTENT: Final = re.compile(r"(?:^|[;\s])content\s*:\s*([^;]*)", re.IGNORECASE)
_NO_CONTENT: Final = re.compile(
    r"(?:[\"'](?:\s|\\0*20|\\200b|\.)*[\"']|none|normal)\s*(?:!\s*important)?\s*", re.IGNORECASE
)
_NOT_YET: Final = re.compile(
    r"::|:(?:first-l|hover|active|focus|visited|selection|placeholder|-)", re.IGNORECASE
)
"""Other pseudo-elements, and states an element is not in when the page is first shown."""
_FUNCTION: Final = re.compile(r":[\w-]+(?:\([^()]*\))?|\[[^\]]*(?:\]|\Z)")
_COMBINATORS: Final = re.compile(r"[\s>+~]+")
_SIMPLE: Final = re.compile(r"[.#]?[\w\u0080-\uffff-]+(?::[\w-]+)?|\*")


def _rules(header: str, sure: bool, declarations: str) -> list[Rule]:
    """One rule for each selector of a list that may apply to an element as the page is first shown."""
    look = judge(declarations)
    content = _CONTENT.search(declarations)
    rules = []
    for written in header.split(","):
        selector, effect = _GENERATED.sub("", written), look
        if selector != written:
            drawn = content is not None and _NO_CONTENT.fullmatch(content[1]) is None and not look.hides
            effect = Look(draws="generated" if drawn else "")
        if effect != PLAIN and not _NOT_YET.search(selector):
            simple = _FUNCTION.sub("", selector)
            exact = simple == selector and not any(sign in selector for sign in ">+~\\")
            rules.append(Rule(_steps(simple), sure and exact, effect))
    return rules


def _steps(selector: str) -> tuple[tuple[str, ...], ...]:
    """What a selector asks of an element and of those around it, innermost first."""
    steps = [
        tuple(part if part[0] in ".#" else part.lower() for part in _SIMPLE.findall(step) if part != "*")
        for step in _COMBINATORS.split(selector.strip())
    ]
    return tuple(reversed(steps))
