"""Which elements of a page are not shown, and whether the figure of a cell is what a person sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from gxstats.errors import LimitExceeded
from gxstats.read.content import FIGURE, may_be_a_mark
from gxstats.read.html_colour import Colour, colour_of, is_unseen
from gxstats.read.html_css import APART, PLAIN, UNSEEN, Look, Rule, judge, rules_of
from gxstats.read.html_text import BLOCK, INLINE, INPUT, KINDS, SKIPPED, input_text

# Plain strings: wrapping each as lxml does takes longer than finding it.
_ATTRIBUTES: Final = etree.XPath("//@style|//@hidden", smart_strings=False)
_PLACED: Final = etree.XPath("//@style|//@hidden")
_ODD_TAGS: Final = {
    "math": "math",
    "ruby": "ruby",
    "bdo": "reordered",
    "meter": "field",
    "progress": "field",
    "q": "quoted",
    "dialog": UNSEEN,
    "details": APART,
}
_ONE_NUMBER: Final = frozenset(
    (
        *("span", "font", "b", "strong", "i", "em", "u", "a", "p", "div", "br", "big", "small", "tt", "code"),
        *("center", "wbr", "nobr", "ins", "li", "ul", "ol", "section", "label", "abbr", "article", "main"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "address", "dd", "dl", "dt", "form"),
        *("sup", "sub", "s", "strike", "del", "table", "thead", "tbody", "tr", "td", "th"),
    )
)
"""Elements that leave pieces of text one number; their styles may not."""
_PLAIN_CLASS: Final = re.compile(r"(?i:(?:font|xl|et)\d+|mso(?!foot|end)\w*|western|cjk|ctl|ke-\w+)")
_COMPARISONS: Final = 3_000_000
"""Comparisons of elements with rules for one page: a second; of the pages seen none needs a thousand."""
_SMALLEST: Final = 4.0
"""Pixels below which text is no more than a dot."""
_BODY_SIZE: Final = 14.0
_FONT_SIZES: Final = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
_SIZED_TAGS: Final = {"font": 1.0, "small": 0.83, "big": 1.2}
_PALE: Final = 200
_DARK: Final = 60


class Looks:
    """What the styles of one page do to its elements.

    Attributes:
        hidden: The elements that are not shown.
        odd: The elements whose text may not be what it seems; mostly there are none.

    Example:
        >>> page = "<style>.x {opacity: 0}</style><p hidden>1</p><table><td>2<td><b class=x>3</table>"
        >>> root = etree.HTML(page)
        >>> looks = Looks(root)
        >>> [element.tag for element in looks.hidden], [looks.damage(cell) for cell in root.iter("td")]
        (['p'], ['', 'unseen'])
    """

    def __init__(self, root: etree._Element, footnotes: bool = False, cut: bool = False) -> None:
        """Look for styles.

        Args:
            root: The page.
            footnotes: Whether links may be footnote marks of Word.
            cut: Whether the page ends inside its last cell.
        """
        self.hidden: set[etree._Element] = set()
        self.odd: set[etree._Element] = set()
        self._maybe: set[etree._Element] = set()
        self._rules: dict[str, list[Rule]] = {}
        self._left = _COMPARISONS
        values: Any = _ATTRIBUTES(root)
        if not all(map(_is_plain, set(values))):
            self._read_attributes(root)
        tags = ("style", "font", *_ODD_TAGS, *(("a",) if footnotes else ()))
        for element in root.iter(*tags):
            tag = element.tag
            if tag == "style":
                self._add_rules(element)
            elif tag == "font":
                if _is_odd_colour(colour_of((element.get("color") or "").lower())):
                    self.odd.add(element)
            elif tag != "a" or _is_note(element):
                self.odd.add(element)
        if self._rules:
            self._apply_rules(root)
        cells = list(root.iter("td", "th")) if cut else []
        self._cut = cells[-1] if cells else None
        self.odd.update(cells[-1:])

    def damage(self, cell: etree._Element, several: bool = False) -> str:
        """Why the figure in a cell may not be what a person sees, or nothing.

        Args:
            cell: The cell; it should hold a figure.
            several: Whether its text comes from several places (and is not just one inside another).
        """
        if cell is self._cut:
            return "cut"
        if self.odd:
            around = [cell, *_up_to_table(cell)]
            if not self.odd.isdisjoint(around) or any(inner in self.odd for inner in cell.iterdescendants()):
                why = next(filter(None, (self._alone(holder, cell) for holder in self._holders(cell))), "")
                if why or (why := self._drawn(cell)):
                    return why
        return self._why_apart(cell) if several else ""

    def _read_attributes(self, root: etree._Element) -> None:
        placed: Any = _PLACED(root)
        for attribute in placed:
            if attribute.attrname == "hidden" or judge(attribute).hides:
                self.hidden.add(attribute.getparent())
            elif not _is_plain(attribute):
                self.odd.add(attribute.getparent())

    def _add_rules(self, style: etree._Element) -> None:
        for rule in rules_of(style.text or "", style.get("media", "")):
            own = rule.steps[0] if rule.steps else ()
            key = next((part for part in own if part[0] in "#."), own[0] if own else "*")
            self._rules.setdefault(key, []).append(rule)

    def _apply_rules(self, root: etree._Element) -> None:
        wanted = {
            key
            for key, rules in self._rules.items()
            if any(rule.look.hides or rule.look.raised or _is_odd(rule.look) for rule in rules)
        }
        if not wanted:
            return
        for element in root.iter(etree.Element):
            if wanted.isdisjoint(_names(element)):
                continue
            rules = list(self._matching(element))
            hiding = [rule.certain for rule in rules if rule.look.hides]
            if hiding:
                shown = judge(element.get("style", "")).shows or any(rule.look.shows for rule in rules)
                (self.hidden if any(hiding) and not shown else self._maybe).add(element)
            if hiding or any(rule.look.raised or _is_odd(rule.look) for rule in rules):
                self.odd.add(element)

    def _matching(self, element: etree._Element) -> Iterator[Rule]:
        names = _names(element)
        own = frozenset(names)
        around: list[frozenset[str]] = []
        self._left -= len(names)
        for name in names:
            for rule in self._rules.get(name, ()):
                if len(rule.steps) > 1 and not around:
                    around = [frozenset(_names(outer)) for outer in element.iterancestors()]
                    self._left -= sum(map(len, around))
                self._left -= 1 + (len(around) if len(rule.steps) > 1 else 0)
                if self._left < 0:
                    raise LimitExceeded(
                        "the styles of the page have more to say than can be looked at",
                        hint="save the page again from a browser, without its styles",
                    )
                if _matches(own, around, rule.steps):
                    yield rule

    def _look(self, element: etree._Element) -> Look:
        """The look of an element by its own style and the rules for it."""
        style = element.get("style")
        own = judge(style) if style else PLAIN
        if element.tag in _SIZED_TAGS:
            own = _both(own, _tag_look(element))
        background = element.get("bgcolor")
        if background and own.background is None:
            own = own._replace(background=colour_of(background.lower()))
        if self._rules:
            for rule in self._matching(element):
                own = _both(own, rule.look)
        return own

    def _holders(self, cell: etree._Element) -> list[etree._Element]:
        """The elements that directly hold a text of the cell with part of a figure, one for each text."""
        found: list[etree._Element] = []
        self._find(cell, found)
        return found

    def _find(self, node: etree._Element, found: list[etree._Element]) -> None:
        if node.text and FIGURE.search(node.text):
            found.append(node)
        for child in node:
            kind = KINDS.get(child.tag, INLINE)
            if kind == INPUT:
                if FIGURE.search(input_text(child)):
                    found.append(child)
            elif kind != SKIPPED and child not in self.hidden:
                self._find(child, found)
            if child.tail and FIGURE.search(child.tail):
                found.append(node)

    def _alone(self, holder: etree._Element, cell: etree._Element) -> str:
        """Why a text that stands in an element is not what it seems."""
        colour: Colour | None = None
        background: Colour | None = None
        inside = True
        for element in (holder, *_up_to_table(holder)):
            tag = element.tag
            look = self._look(element)
            if look.alone or tag in _ODD_TAGS:
                return look.alone or _ODD_TAGS[tag]
            if (look.raised and KINDS.get(tag, INLINE) == INLINE) or (tag == "a" and _is_note(element)):
                return "superscript"
            inside = inside and element is not cell
            if look.moved and (inside or element is cell):
                return UNSEEN
            if inside and element in self._maybe:
                return "hidden_sometimes"
            colour, background = colour or look.colour, background or look.background
        return UNSEEN if is_unseen(colour, background) or self._size(holder) < _SMALLEST else ""

    def _drawn(self, cell: etree._Element) -> str:
        """What styles draw in a cell: text, or a picture in an element that has no text."""
        for element in cell.iter(etree.Element):
            draws = self._look(element).draws if element in self.odd else ""
            if draws == "generated" or (draws and element is not cell and _is_blank(element)):
                return draws
        return ""

    def _size(self, holder: etree._Element) -> float:
        scale = 1.0
        for element in (holder, *_up_to_table(holder)):
            look = self._look(element)
            if look.size is not None:
                return look.size * scale
            scale *= 1.0 if look.scale is None else look.scale
        return _BODY_SIZE * scale

    def _states_size(self, holder: etree._Element, cell: etree._Element) -> bool:
        """Whether an element within the cell gives a text its size."""
        inside = () if holder is cell else (e for e in (holder, *_up_to(holder, cell)) if e is not cell)
        return any(look.size is not None or look.scale is not None for look in map(self._look, inside))

    def _why_apart(self, cell: etree._Element) -> str:
        """Why the pieces of a figure may not be one number that reads as they stand in the page."""
        holders = self._holders(cell)
        if len(holders) < 2:
            return ""
        if may_be_a_mark([(self._size(holder), self._states_size(holder, cell)) for holder in holders]):
            return APART
        counts: Counter[etree._Element] = Counter()
        for holder in holders:
            counts[holder] += 1
            if holder is not cell:
                counts.update(_up_to(holder, cell))
        if any(self._look(element).around or element.get("dir") == "rtl" for element in _up_to_table(cell)):
            return APART
        for element in cell.iter(etree.Element):
            look = self._look(element)
            if counts[element] == len(holders):
                if look.around or (element.get("dir") or "").lower() == "rtl":
                    return APART
            elif element not in self.hidden and not _is_plain_piece(element, look):
                return "superscript" if element.tag == "a" and _is_note(element) else APART
        return ""


def _is_plain_piece(element: etree._Element, look: Look) -> bool:
    """Whether an element that holds part of a number looks like the rest of it."""
    tag = element.tag
    if (tag not in _ONE_NUMBER and ":" not in tag) or element.get("dir") is not None:
        return False
    if look.apart or (tag == "a" and _is_note(element)):
        return False
    kind = KINDS.get(tag, INLINE)
    if kind == INLINE and (look.raised or look.gap):
        return False
    classes = (element.get("class") or "").split()
    return kind == BLOCK or all(_PLAIN_CLASS.fullmatch(name) for name in classes)


@lru_cache(maxsize=4096)
def _is_plain(style: str) -> bool:
    """Whether the value of a ``style`` attribute (a ``hidden`` one has no colon) changes no single text."""
    look = judge(style)
    return ":" in style and not (look.hides or look.raised or _is_odd(look))


def _is_odd(look: Look) -> bool:
    """Whether text that looks so may not be seen as it is."""
    return (
        bool(look.alone or look.draws)
        or look.moved
        or (look.size is not None and look.size < _SMALLEST * 2)
        or (look.scale is not None and look.scale < 0.6)
        or _is_odd_colour(look.colour)
        or (look.background is not None and max(look.background) < _DARK)
    )


def _is_odd_colour(colour: Colour | None) -> bool:
    return colour is not None and (min(colour) >= _PALE or max(colour) < 0)


def _is_note(link: etree._Element) -> bool:
    """Whether a link is the mark of a footnote or endnote, as Word writes them."""
    target = (link.get("href") or "").rpartition("#")[2].lower()
    return target.startswith(("_ftn", "_edn", "fn", "footnote", "note"))


def _tag_look(font: etree._Element) -> Look:
    """What the attributes of a ``<font>`` say, and what ``<small>`` and ``<big>`` do by themselves."""
    if font.tag != "font":
        return Look(scale=_SIZED_TAGS[font.tag])
    size = _FONT_SIZES.get(font.get("size") or "")
    return Look(size=size, colour=colour_of((font.get("color") or "").lower()))


def _is_blank(element: etree._Element) -> bool:
    return all(text.isspace() for text in element.itertext())


def _names(element: etree._Element) -> list[str]:
    """The keys of the rules that may match an element."""
    names = ["*", element.tag]
    classes, identifier = element.get("class"), element.get("id")
    if classes:
        names.extend(f".{name}" for name in classes.split())
    if identifier:
        names.append(f"#{identifier}")
    return names


def _matches(own: frozenset[str], around: list[frozenset[str]], steps: tuple[tuple[str, ...], ...]) -> bool:
    """Whether an element and those around it have what the steps of a selector ask for."""
    if not steps or not own.issuperset(steps[0]):
        return not steps
    outward = iter(around)
    return all(any(outer.issuperset(step) for outer in outward) for step in steps[1:])


def _both(own: Look, rule: Look) -> Look:
    """What an element's own style and a rule do together; its own wins."""
    return own._replace(
        alone=own.alone or rule.alone,
        moved=own.moved or rule.moved,
        draws=own.draws or rule.draws,
        raised=own.raised or rule.raised,
        apart=own.apart or rule.apart,
        around=own.around or rule.around,
        gap=own.gap or rule.gap,
        size=rule.size if own.size is None and own.scale is None else own.size,
        scale=rule.scale if own.size is None and own.scale is None else own.scale,
        colour=own.colour or rule.colour,
        background=own.background or rule.background,
    )


def _up_to(element: etree._Element, outer: etree._Element) -> Iterator[etree._Element]:
    """The elements around one, up to and with ``outer``."""
    for around in element.iterancestors():
        yield around
        if around is outer:
            return


def _up_to_table(element: etree._Element) -> Iterator[etree._Element]:
    """The elements around one, up to and with the innermost table."""
    for around in element.iterancestors():
        yield around
        if around.tag == "table":
            return
