"""What a reader says of a file beside its records: the platform, what was taken from where, what was not.

Nothing that a file holds may be lost in silence, so each reader writes down here which tags or columns
it used and did not use, the text that it dropped, and what stays doubtful. `lines` is for the log and
the screen.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

LOGGER = logging.getLogger("resift.formats")
_SHOWN = 5  # doubts of one kind that are told in full
_CORE = (
    "title", "authors", "collective_authors", "journal", "year", "volume", "issue", "pages", "doi",
    "pmid", "pmcid", "abstract", "keywords",
)  # fmt: skip


@dataclass(slots=True)
class Notes:
    """What was seen while one file was read; readers add to it, entry by entry."""

    where: str
    form: str = ""
    records: int = 0
    platforms: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unused: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    first_dropped: str = ""
    doubts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def took(self, name: str, origin: str) -> None:
        """Count that a field of a record came from this tag or column."""
        self.taken[name][origin] += 1

    def drop(self, line: int, text: str) -> None:
        """Count a line that stands between the entries."""
        self.dropped += 1
        if not self.first_dropped:
            self.first_dropped = f"line {line}: {text.strip()[:40]!r}"

    def doubt(self, kind: str, where: str = "") -> None:
        """Something that a person should look at: `kind` is the sentence, `where` a line or an entry."""
        self.doubts[kind].append(where)

    def lines(self) -> Iterator[tuple[int, str]]:
        """(level of `logging`, sentence) in the order to tell them, each beginning with the file."""
        wrote = ", ".join(
            name if len(self.platforms) == 1 else f"{name} ({n})" for name, n in self.platforms.most_common()
        )
        by = f" by {wrote}" if wrote else ""
        yield logging.INFO, f"{self.where}: {self.form}{by}: {self.records} records"
        named = [name for name in (*_CORE, *sorted(set(self.taken) - set(_CORE))) if name in self.taken]
        taken = [
            f"{name} from " + ", ".join(f"{origin} ({n})" for origin, n in self.taken[name].most_common())
            for name in named
        ]
        if taken:
            yield logging.INFO, f"{self.where}: taken: {'; '.join(taken)}"
        missing = [name for name in _CORE if name not in self.taken]
        if missing and self.taken:
            yield logging.INFO, f"{self.where}: not in the file: {', '.join(missing)}"
        if self.unused:
            names = ", ".join(f"{name} ({n})" if n > 1 else name for name, n in sorted(self.unused.items()))
            yield logging.INFO, f"{self.where}: not used: {names}"
        if self.dropped:
            lines = "1 line" if self.dropped == 1 else f"{self.dropped} lines"
            yield (
                logging.WARNING,
                (f"{self.where}: {lines} of text outside the entries dropped (first {self.first_dropped})"),
            )
        for kind, places in self.doubts.items():
            shown = [place for place in places if place][:_SHOWN]
            more = f" and {len(places) - len(shown)} more" if shown and len(places) > len(shown) else ""
            yield logging.WARNING, f"{self.where}: {kind}" + (f": {'; '.join(shown)}{more}" if shown else "")

    def tell(self) -> None:
        """Write all lines to the log `resift.formats`."""
        for level, line in self.lines():
            LOGGER.log(level, "%s", line)
