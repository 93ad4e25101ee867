"""What the Snakefile needs to know before any step runs: names and paths, resolved by the library."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resift.changes.observation import READ, READ_IN_LANES
from resift.files import sha256_file, sha256_json
from resift.identify.known_items import load_known_items
from resift.identify.search import check_strategies
from resift.project.config import Config, config_from
from resift.project.protocol import Protocol, load_protocol
from resift.project.run import (
    RESULTS,
    ahead_of,
    check_same,
    choose_run,
    earlier_folder,
    find_earlier,
    load_run,
    stamp,
    utc_now,
)
from resift.runs.steps import REPLAYED
from resift.screening.audit import key_of
from resift.screening.criteria import load_screening
from resift.screening.human_decisions import load_human_decisions
from resift.tables import CHANGES, DECISIONS, FLOW, LANES, MANIFEST, RUN

# What is read of every run of a chain.
READ_OF_CHAIN = (RUN, MANIFEST, FLOW, DECISIONS, CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run's paths. `earlier` are the files of the run to compare with, `compare_with` (none = ()).

    `base` are flow and decisions of the first run of its chain, `chain` the changes of all of them, the first
    run's first; `told` is what a person should know before it goes on.
    """

    config: Config
    protocol: Protocol
    run: str
    folder: str
    compare_with: str | None
    earlier: tuple[str, ...]
    base: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    told: str = ""

    @property
    def strategies(self) -> list[str]:
        """Names of the candidate strategies, in the protocol's order."""
        return [s.name for s in self.protocol.strategies]

    @property
    def protocol_files(self) -> list[str]:
        """The protocol and what it names: a change in any of them calls for the steps that read it."""
        named = [
            self.protocol.path,
            *self.protocol.extended,
            self.protocol.screening,
            self.protocol.decisions,
        ]
        named += [*self.protocol.known_items, self.protocol.other_methods.handsearched]
        named += [entry.file for entry in self.protocol.imports]
        return [str(path) for path in named if path is not None]

    @property
    def appraisal_files(self) -> list[str]:
        """What people add after a run to appraise it: no step but the appraisal and the report reads it."""
        sheet, challenges = self.protocol.audit_sample, self.protocol.challenges
        named = [sheet, key_of(sheet) if sheet else None, challenges]
        return [str(path) for path in named if path is not None and path.is_file()]

    @property
    def given(self) -> list[str]:
        """What people give to a run before it begins: the protocol, what it names, the MeSH tree."""
        return [*self.protocol_files, *filter(None, [self.config.mesh])]

    @property
    def asked_with(self) -> list[str]:
        """What of it the search reads: new criteria or decisions call for no new search."""
        own = map(str, (self.protocol.path, *self.protocol.extended))
        return [*own, *filter(None, [self.config.mesh])]


def plan(data: Mapping[str, Any], *, where: str, resume: bool = False, replayed: bool = False) -> Plan:
    """Resolve a configuration into a plan; `resume` goes on with an unfinished run of an earlier day. In a
    replay the tape stands in for the source, and the configuration is not the one of the run.

    Raises `ConfigError`, and `RunError` where the run was begun with another configuration.
    """
    config = config_from(data, where=where)
    protocol = load_protocol(Path(config.protocol))
    check_inputs(protocol)
    now = utc_now()
    chosen = choose_run(config, protocol, now=now, resume=resume)
    name = chosen.name
    started = RUN.of(RESULTS / name)
    told = [chosen.told(now.date().isoformat())]
    if started.exists():
        begun = load_run(started)
        if not replayed and not (started.parent / REPLAYED).exists():
            check_same(begun, config, protocol, where=str(started.parent))
        earlier = begun.compare_with
    else:
        earlier = find_earlier(config, protocol, name, started=stamp(now))
        told.append(ahead_of(protocol, started=stamp(now)))
    files: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    if earlier:
        base = earlier_folder(earlier)
        files = earlier_files(base)
        chain = chain_of(base)
        first = (str(FLOW.of(chain[-1])), str(DECISIONS.of(chain[-1])))
        changes = tuple(str(path) for run in reversed(chain) if (path := CHANGES.of(run)).is_file())
    return Plan(
        config=config,
        protocol=protocol,
        run=name,
        folder=str(RESULTS / name),
        compare_with=earlier,
        earlier=files,
        base=first,
        chain=changes,
        told="; ".join(filter(None, told)),
    )


def earlier_files(folder: Path) -> tuple[str, ...]:
    """What steps read of an earlier run: its manifest, its decisions, then the rest of what is compared. A
    run of an earlier version lacks some of it."""
    read = [MANIFEST.of(folder), *(file.of(folder) for file in READ)]
    read += [file.of(folder, lane=lane) for file in READ_IN_LANES for lane in LANES]
    return tuple(str(path) for path in read if path.is_file())


def sha256_of(files: Iterable[str]) -> str:
    """Hash of files with their names. Snakemake goes by times, and what took the place of a file may be older
    than it: a copy that keeps times, an archive unpacked, a clock set back."""
    return sha256_json({name: sha256_file(Path(name)) for name in files if Path(name).is_file()})[:16]


def chain_of(folder: Path) -> list[Path]:
    """A finished run and those before it, the latest first: each was compared with the next. The chain ends
    where a run was compared with none, or with one that is no longer there."""
    chain = [folder]
    while True:
        earlier = load_run(RUN.of(chain[-1])).compare_with
        if earlier is None:
            return chain
        before = earlier_folder(earlier)
        known = {run.name for run in chain}
        if before.name in known or not all(f.of(before).is_file() for f in READ_OF_CHAIN):
            return chain
        chain.append(before)


def check_inputs(protocol: Protocol) -> None:
    """Read every file that the protocol names, so that a mistake is said before anything runs.

    Raises `ConfigError` naming file and place.
    """
    check_strategies(protocol)
    load_screening(protocol.screening, protocol.fragments)
    load_human_decisions(protocol.decisions)
    load_known_items(protocol.known_items)


@functools.cache
def library_sha256() -> str:
    """Hash of the library's source: Snakemake reruns a step when its script changes, not when this does."""
    base = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(base.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".j2", ".css", ".js", ".svg"):
            digest.update(str(path.relative_to(base)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
