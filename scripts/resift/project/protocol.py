"""The protocol: what a review states of its search, what was reconstructed, and what it does not report.

`load_protocol` reads `protocol.yaml`; `Protocol.sent` composes the query that goes to the database
from a strategy, the window and the languages. Sub-queries named under `fragments` stand in a query as
`{name}` and are put in with parentheses round them.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resift.errors import ConfigError, QueryError, nearest
from resift.files import sha256_json
from resift.project.extends import read_extended
from resift.project.imports import Import, check_imports
from resift.project.reported import check_reported
from resift.project.yaml import check_date, inside, validate
from resift.query.history import as_lines
from resift.query.syntax import parse
from resift.text.dates import first_day, last_day

# PubMed reads a range up to the year 3000 as open-ended.
OPEN_END = "3000/12/31"
OPEN_START = "1000/01/01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One candidate query string. `query` is as printed; `text` has its fragments put in; `expanded` is the
    one query that is sent, where numbered lines are put into the last of them."""

    name: str
    query: str
    text: str
    expanded: str
    primary: bool
    dialect: str | None
    accept_warnings: tuple[str, ...]
    server_messages: str = "stop"  # or "record": what to do when PubMed dropped part of the query
    as_pubmed: bool = False  # the text is meant for PubMed though it looks like another platform's
    provenance: str
    reason: str
    quote: str

    @property
    def dialect_date(self) -> datetime.date | None:
        """The day whose PubMed rules the query was written for; None = today's."""
        return _day(self.dialect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The publication-date range; None = not limited on that side."""

    start: str | None
    until: str | None
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMethods:
    """What is searched beside databases. `seeds` are included | eligible | listed reports."""

    rounds: int = 0
    seeds: str = "eligible"
    listed: tuple[str, ...] = ()
    handsearched: Path | None = None
    limits_apply: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A validated protocol. `content` is the file as read (after `extends`), for hashing and the report;
    `extended` are the protocols that it extends, the nearest first."""

    path: Path
    id: str
    review: Mapping[str, str | None]
    question: str
    databases: tuple[str, ...]
    window: Window
    languages: tuple[str, ...]
    strategies: tuple[Strategy, ...]
    fragments: Mapping[str, str]
    imports: tuple[Import, ...]
    other_methods: OtherMethods
    role: str
    full_text: str
    screening: Path | None
    known_items: tuple[Path, ...]
    known_items_review: str | None
    decisions: Path | None
    audit_sample: Path | None
    challenges: Path | None
    reported: Mapping[str, Any]
    provenance: Mapping[str, Mapping[str, str]]
    content: Mapping[str, Any]
    extended: tuple[Path, ...] = ()

    @property
    def primary(self) -> Strategy:
        """The strategy whose numbers the flow diagram shows."""
        return next(s for s in self.strategies if s.primary)

    def sent(self, strategy: Strategy, *, until: str | None, as_of: str | None = None) -> str:
        """The query sent: `(QUERY) AND english[la] AND 1995/01/01:2012/12/31[dp]`."""
        return " AND ".join([f"({strategy.expanded})", *self.limits(until=until, as_of=as_of)])

    def limits(self, *, until: str | None, as_of: str | None = None) -> list[str]:
        """The search limits as query clauses: languages, window, and the as-of day where one is set."""
        entered = f"{OPEN_START}:{_slashed(last_day(as_of))}[crdt]" if as_of else ""
        clauses = [self.language_clause(), self.window_clause(until=until), entered]
        return [clause for clause in clauses if clause]

    def language_clause(self) -> str:
        """`english[la]`; "" without a language limit."""
        tagged = [f"{_quoted(language)}[la]" for language in self.languages]
        return f"({' OR '.join(tagged)})" if len(tagged) > 1 else "".join(tagged)

    def window_clause(self, *, until: str | None) -> str:
        """`1995/01/01:2012/12/31[dp]`; "" without a window."""
        if not self.window.start and not until:
            return ""
        start = _slashed(first_day(self.window.start)) if self.window.start else OPEN_START
        end = _slashed(last_day(until)) if until else OPEN_END
        return f"{start}:{end}[{self.window.field}]"

    def strategies_sha256(self) -> str:
        """Hash of what freezes the search: every strategy as expanded, the window and the languages."""
        frozen = {
            "strategies": {s.name: s.expanded for s in self.strategies},
            "primary": self.primary.name,
            "window": [self.window.start, self.window.until, self.window.field],
            "languages": list(self.languages),
        }
        return sha256_json(frozen)

    def protocol_sha256(self) -> str:
        """Hash of the whole protocol as read, in canonical JSON."""
        return sha256_json(dict(self.content))


def _day(text: str | None) -> datetime.date | None:
    if not text:
        return None
    year, month, day = (*text.split("-"), "1", "1")[:3]
    return datetime.date(int(year), int(month), int(day))


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _slashed(day: str) -> str:
    """`2012-12-31` as PubMed writes it."""
    return day.replace("-", "/")


NAMED = re.compile(r"\{([^{}]*)\}")
"""`{name}` in a query: it stands for a fragment."""


def expand(query: str, fragments: Mapping[str, str], *, where: str) -> str:
    """Put named sub-queries in for `{name}`, with parentheses. Raises `ConfigError` on an unknown name."""

    def put(text: str, open_names: tuple[str, ...]) -> str:
        def one(match: re.Match[str]) -> str:
            name = match.group(1).strip()
            if name in open_names:
                raise ConfigError(f"fragment '{name}' contains itself", where=where)
            if name not in fragments:
                near = nearest(name, fragments)
                known = ", ".join(sorted(fragments)) or "none"
                fix = f"did you mean '{near}'?" if near else f"known fragments: {known}"
                raise ConfigError(f"no fragment named '{name}'", where=where, fix=fix)
            return f"({put(fragments[name], (*open_names, name))})"

        return NAMED.sub(one, text)

    return put(query, ())


def _expanded(text: str, dialect: str | None) -> str:
    """The query to send; a text that cannot be read stays as it is until its faults are told together."""
    try:
        return " ".join(parse(text, dialect=_day(dialect), as_printed=True).single().split())
    except QueryError:
        return " ".join(text.split())


def load_protocol(path: Path) -> Protocol:
    """Read and validate a protocol file with those that it extends (config/README.md has every key).

    Days are ISO dates; paths of the files that it names are those from here, not from the protocol's folder.
    Raises `ConfigError` with file and key or line, also where a file that it names is missing.
    """
    extended: list[Path] = []
    content = read_extended(path, (), extended)
    where = str(path)
    check_reported(content, where)
    validate(content, "protocol", where=where)
    window = content.get("window") or {}
    for key in ("from", "until"):
        if window.get(key) and window[key] not in ("today", "open"):
            check_date(window[key], where=f"{where}: key 'window.{key}'")

    def found(name: str, key: str) -> Path:
        return _file(path.parent, name, key, where)

    protocol = replace(
        _protocol(path, content, found),
        audit_sample=_beside(path.parent, content, "audit_sample", where),
        challenges=_beside(path.parent, content, "challenges", where),
        extended=tuple(extended),
    )
    _check_provenance(protocol, where)
    check_imports(content.get("imports") or [], where)
    return protocol


def stored_protocol(content: Mapping[str, Any]) -> Protocol:
    """The protocol that a run stored (`Run.protocol`), for asking what it searched. The files that it names
    are not looked for."""
    return _protocol(Path("run.yaml"), content, lambda name, _: Path(name))


def _protocol(path: Path, content: Mapping[str, Any], find: Callable[[str, str], Path]) -> Protocol:
    """A protocol from valid content; `find(name, key)` gives the path of a file that it names."""
    where = str(path)

    def optional(name: str | None, key: str) -> Path | None:
        return find(name, key) if name else None

    known = content.get("known_items")
    window = content.get("window") or {}
    fragments = dict(content.get("fragments") or {})
    if isinstance(known, list):
        known_files, from_review = known, None
    else:
        known_files, from_review = (known or {}).get("files") or [], (known or {}).get("from_review")
    references = (content.get("other_methods") or {}).get("references") or {}
    other = content.get("other_methods") or {}
    return Protocol(
        path=path,
        id=content["id"],
        review=content.get("review") or {},
        question=content.get("question") or "",
        databases=tuple(content.get("databases") or ["PubMed"]),
        window=Window(start=window.get("from"), until=window.get("until"), field=window.get("field") or "dp"),
        languages=tuple(content.get("languages") or ()),
        strategies=_strategies(content["strategies"], fragments, where),
        fragments=fragments,
        imports=tuple(
            Import(
                file=find(entry["file"], f"imports.{n}.file"),
                database=entry["database"],
                register=entry.get("register", False),
                columns=entry.get("columns") or {},
                date=entry.get("date"),
                query=entry.get("query") or "",
                count=entry.get("count"),
                provenance=entry.get("provenance") or "reconstructed",
                searched_by=entry.get("searched_by") or "us",
            )
            for n, entry in enumerate(content.get("imports") or [])
        ),
        other_methods=OtherMethods(
            rounds=references.get("rounds", 0),
            seeds=references.get("seeds", "eligible"),
            listed=tuple(references.get("list") or ()),
            handsearched=optional(other.get("handsearched"), "other_methods.handsearched"),
            limits_apply=other.get("limits_apply"),
        ),
        role=(content.get("automation") or {}).get("role", "screener"),
        full_text=content.get("full_text") or "not_undertaken",
        screening=optional(content.get("screening"), "screening"),
        known_items=tuple(find(name, "known_items") for name in known_files),
        known_items_review=from_review,
        decisions=optional(content.get("decisions"), "decisions"),
        audit_sample=None,
        challenges=None,
        reported=content.get("reported") or {},
        provenance=content.get("provenance") or {},
        content=content,
    )


def _strategies(
    entries: Mapping[str, Mapping[str, Any]], fragments: Mapping[str, str], where: str
) -> tuple[Strategy, ...]:
    texts = {
        name: expand(as_lines(entry["query"].strip()), fragments, where=f"{where}: strategy '{name}'")
        for name, entry in entries.items()
    }
    strategies = tuple(
        Strategy(
            name=name,
            query=entry["query"].strip(),
            text=texts[name],
            expanded=_expanded(texts[name], entry.get("dialect")),
            primary=bool(entry.get("primary", len(entries) == 1)),
            dialect=entry.get("dialect"),
            accept_warnings=tuple(entry.get("accept_warnings") or ()),
            server_messages=entry.get("server_messages", "stop"),
            as_pubmed=bool(entry.get("as_pubmed")),
            provenance=entry.get("provenance", "reconstructed"),
            reason=" ".join((entry.get("reason") or "").split()),
            quote=" ".join((entry.get("quote") or "").split()),
        )
        for name, entry in entries.items()
    )
    primaries = [s.name for s in strategies if s.primary]
    if len(primaries) != 1:
        found = " and ".join(primaries) or "none"
        raise ConfigError(
            f"one strategy must be primary, found {found}",
            where=where,
            fix="the flow diagram shows one search that somebody could have run: set `primary: true` once",
        )
    for strategy in strategies:
        if strategy.provenance == "stated" and not strategy.quote:
            raise ConfigError(
                f"strategy '{strategy.name}' is marked stated but has no quote",
                where=where,
                fix="give the review's own words as `quote`, or mark it reconstructed with a `reason`",
            )
    return strategies


def _check_provenance(protocol: Protocol, where: str) -> None:
    for part, entry in protocol.provenance.items():
        needed = {"stated": "quote", "reconstructed": "reason"}.get(entry["status"])
        if needed and not entry.get(needed):
            raise ConfigError(
                f"key 'provenance.{part}': marked {entry['status']} but has no {needed}",
                where=where,
                fix="stated parts carry the review's own words, reconstructed parts the reason",
            )


def _beside(base: Path, content: Mapping[str, Any], key: str, where: str) -> Path | None:
    """The file that a key names; without the key the one of that name beside the protocol, if it is there."""
    if content.get(key):
        return _file(base, content[key], key, where)
    path = base / f"{key.replace('_', '-')}.csv"
    return path if path.is_file() else None


def _file(base: Path, name: str, key: str, where: str) -> Path:
    path = Path(os.path.normpath(base / name))
    if not inside(path, Path.cwd(), base):
        raise ConfigError(f"key '{key}': {name} lies outside the project", where=where)
    if not path.is_file():
        siblings = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        near = nearest(path.name, siblings)
        raise ConfigError(
            f"key '{key}': no such file: {name}",
            where=where,
            fix=f"did you mean {near}?" if near else "file names are relative to the protocol",
        )
    return path
