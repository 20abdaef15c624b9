"""YAML with line numbers: reads a data file so that every fault can be named by file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from gxstats.errors import SchemaError

_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Mapping(dict[str, Any]):
    line: int = 0


class _Loader(_SAFE):  # type: ignore[misc]
    """The safe loader, remembering the line each mapping starts on."""


def _construct(loader: Any, node: Any) -> Iterator[_Mapping]:
    mapping = _Mapping()
    mapping.line = node.start_mark.line + 1
    yield mapping
    mapping.update(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:map", _construct)


class Node:
    """One mapping of a data file, read strictly: every key is asked for, typed and known."""

    def __init__(self, data: _Mapping, path: Path) -> None:
        self._data = data
        self._path = path

    def fault(self, key: str, message: str) -> SchemaError:
        """An error about ``key`` of this mapping, naming file and line."""
        return SchemaError(f"{key}: {message}", where=f"{self._path}:{self._data.line}")

    def only(self, keys: str) -> None:
        """Refuse keys other than these, separated by spaces: a misspelt key is never ignored."""
        for key in self._data:
            if key not in keys.split():
                raise self.fault(str(key), f"unknown key; known are {keys}")

    def get(self, key: str) -> Any:
        """The bare value, None if missing."""
        return self._data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A string that must be there unless ``default`` is given."""
        value = self._data.get(key, default)
        if not isinstance(value, str):
            raise self.fault(key, f"a text is needed, found {value!r}")
        return value

    def number(self, key: str) -> int:
        """An integer that must be there."""
        value = self._data.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(key, f"a whole number is needed, found {value!r}")
        return value

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """A string out of ``allowed``."""
        value = self.text(key)
        if value not in allowed:
            raise self.fault(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of strings."""
        value = self._data.get(key)
        if value is None and optional:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.fault(key, f"a list of texts is needed, found {value!r}")
        return tuple(value)

    def each(self, key: str, *, optional: bool = False) -> tuple[Node, ...]:
        """A list of mappings."""
        value = self._data.get(key)
        if value is None and optional:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, _Mapping) for v in value):
            raise self.fault(key, "a list of mappings is needed")
        return tuple(Node(v, self._path) for v in value)

    def unique(self, codes: Iterable[str], what: str) -> None:
        """Refuse a code that occurs twice."""
        seen: set[str] = set()
        for code in codes:
            if code in seen:
                raise self.fault(what, f"{code!r} occurs twice")
            seen.add(code)


def read_yaml(path: Path) -> Node:
    """The mapping at the top of a YAML file.

    Raises:
        SchemaError: the file is not YAML or is no mapping; names file and line.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # built on the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise SchemaError("this is not valid YAML", hint=str(error), where=f"{path}:{line}") from error
    if not isinstance(data, _Mapping):
        raise SchemaError("a mapping is needed", where=f"{path}:1")
    return Node(data, path)
