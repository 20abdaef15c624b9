"""Damage to XML that stays well-formed, so that it gets past the parser: elements moved, doubled, renamed."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from itertools import islice

from lxml import etree

Element = etree._Element
_EXTREMES = (
    "0",
    "-1",
    "1",
    "63",
    "1000",
    "65536",
    "2147483648",
    "99999999999999999999",
    "1e9",
    "",
    "true",
    "NaN",
    "x",
)
_TEXTS = (
    "",
    " ",
    "-",
    "/",
    "—",
    "无",
    "0",
    "12",
    "1,2",
    "1 2",
    "１２",
    "9" * 25,
    "一",
    "合计",
    "总计",
    "\u202e7",
    "²",
)
_DEEPEST = 200


def change_tree(data: bytes, rng: random.Random) -> bytes:
    """The document with some of its elements changed; as it was if it is no XML."""
    try:
        root = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    except (etree.XMLSyntaxError, ValueError):
        return data
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        elements = [e for e in root.iter() if isinstance(e.tag, str) and e is not root]
        if len(elements) < 3:
            break
        _CHANGES[rng.choice(sorted(_CHANGES))](elements, rng)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _of_one_kind(elements: list[Element], rng: random.Random) -> list[Element]:
    """A few elements of one name: there are many more runs of text than tables, and both should be hit."""
    name = rng.choice(sorted({str(element.tag) for element in elements}))
    same = [element for element in elements if element.tag == name]
    return rng.sample(same, min(len(same), rng.choice((1, 1, 3, 30))))


def _remove(elements: list[Element], rng: random.Random) -> None:
    for element in _of_one_kind(elements, rng):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _unwrap(elements: list[Element], rng: random.Random) -> None:
    """The element goes, its children stay."""
    for element in _of_one_kind(elements, rng):
        parent = element.getparent()
        if parent is not None:
            at = parent.index(element)
            for child in reversed(list(element)):
                parent.insert(at, child)
            parent.remove(element)


def _double(elements: list[Element], rng: random.Random) -> None:
    for element in _of_one_kind(elements, rng):
        times = rng.choice((1, 1, 2, 100)) if sum(1 for _ in islice(element.iter(), 200)) < 200 else 1
        for _ in range(times):
            element.addnext(copy.deepcopy(element))


def _put_elsewhere(elements: list[Element], rng: random.Random) -> None:
    """A copy of an element inside another one that never holds such a thing."""
    for element in _of_one_kind(elements, rng)[:3]:
        rng.choice(elements).append(copy.deepcopy(element))


def _exchange(elements: list[Element], rng: random.Random) -> None:
    """Two elements of one name with each other's contents."""
    chosen = _of_one_kind(elements, rng)
    for one, two in zip(chosen[::2], chosen[1::2], strict=False):
        first, second = copy.deepcopy(one), copy.deepcopy(two)
        for element, other in ((one, second), (two, first)):
            if element.getparent() is not None:
                element.getparent().replace(element, other)  # type: ignore[union-attr]


def _rename(elements: list[Element], rng: random.Random) -> None:
    name = rng.choice(elements).tag
    for element in _of_one_kind(elements, rng):
        element.tag = name


def _attributes(elements: list[Element], rng: random.Random) -> None:
    for element in _of_one_kind([e for e in elements if e.attrib] or elements, rng):
        for name in list(element.attrib):
            if rng.random() < 0.3:
                del element.attrib[name]
            elif rng.random() < 0.7:
                element.set(name, rng.choice(_EXTREMES))


def _borrow_attributes(elements: list[Element], rng: random.Random) -> None:
    """Attributes of other elements: spans, repeats, marks of deleted text."""
    donors = [element for element in elements if element.attrib]
    for element in _of_one_kind(elements, rng) if donors else []:
        for name, value in rng.choice(donors).attrib.items():
            element.set(name, rng.choice((value, rng.choice(_EXTREMES))))


def _texts(elements: list[Element], rng: random.Random) -> None:
    written = [element for element in elements if element.text]
    for element in rng.sample(written, min(len(written), rng.choice((1, 5, 40)))):
        element.text = rng.choice((*_TEXTS, rng.choice(written).text or "", (element.text or "") * 50))
    if written and rng.random() < 0.1:
        rng.choice(written).text = rng.choice((" ", "1,", "一、", "(", "9", "报告")) * 30_000


def _nest(elements: list[Element], rng: random.Random) -> None:
    """An element inside a copy of itself, many times."""
    element = rng.choice(elements)
    for _ in range(rng.choice((2, 20, _DEEPEST))):
        shell = etree.SubElement(element, element.tag)
        for name, value in element.attrib.items():
            shell.set(name, value)
        shell.text = element.text
        element = shell


_CHANGES: dict[str, Callable[[list[Element], random.Random], None]] = {
    change.__name__: change
    for change in (
        _remove,
        _unwrap,
        _double,
        _put_elsewhere,
        _exchange,
        _rename,
        _attributes,
        _borrow_attributes,
        _texts,
        _nest,
    )
}
