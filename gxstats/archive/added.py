"""What adding to an archive brought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from gxstats.archive.verify import Problem


@dataclass
class Added:
    """Counts of what was added, and what could not be.

    Attributes:
        counts: captures that are ``new``, the ``same`` as before, ``revised`` or ``no_document``, and
            records that were ``passed_over`` because they hold no answer of a server.
        problems: what could not be added, and what was added with something missing.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many inputs or records could not be added."""
        return sum(not problem.harmless for problem in self.problems)
