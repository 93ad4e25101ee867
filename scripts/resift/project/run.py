"""A run: one observation of the source, a folder under `results/`.

Here a run gets its name, its start is resolved once into `run.yaml` (before the first fetch), and an
earlier run is found to compare with. A run is finished when its `manifest.json` stands.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from resift.errors import ConfigError, RunError, nearest
from resift.files import read_at_most, sha256_json, write_text
from resift.project.config import Config
from resift.project.protocol import Protocol
from resift.project.yaml import load_yaml

RESULTS = Path("results")
LONGEST_NOTICE = 10_000
"""Bytes of what an archive says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as `run.yaml` fixed it. `until` None = no last day; `compare_with` None = nothing earlier.

    `notice` is what an archive says of itself, such as that its records are synthetic.
    """

    name: str
    started: str
    until: str | None
    as_of: str | None
    compare_with: str | None
    protocol_sha256: str
    strategies_sha256: str
    config: Mapping[str, Any]
    protocol: Mapping[str, Any]
    sent: Mapping[str, str]
    screening_version: str = ""
    notice: str = ""

    @property
    def date(self) -> str:
        """The day of the search (UTC)."""
        return self.started[:10]


def run_folder(name: str) -> Path:
    """The folder of a run that a person named: a folder, or its name under `results/`."""
    return Path(name) if Path(name).is_dir() else RESULTS / name


def earlier_folder(name: str, results: Path = RESULTS) -> Path:
    """The folder of a run that `compare_with` names: a path, or a name under `results/`."""
    return Path(name) if "/" in name else results / name


def utc_now() -> datetime.datetime:
    """The clock of recorded times, in whole seconds."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def stamp(moment: datetime.datetime) -> str:
    """`2026-11-24T08:00:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def config_sha256(config: Config, protocol: Protocol) -> str:
    """What makes two calls the same run: the configuration but for its name, and the protocol's id."""
    same = {**config.as_dict(), "run": None, "protocol": protocol.id}
    return sha256_json(same)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which run a call is. `begun`: the day an unfinished one began, "" for a new run; `left`: an unfinished
    run of an earlier day that is not continued, "" where there is none."""

    name: str
    begun: str = ""
    left: str = ""

    def told(self, today: str) -> str:
        """What to say of it before it goes on, "" where there is nothing to say. `today`: the day in UTC."""
        if self.left:
            return (
                f"run {self.left} of an earlier day is unfinished; a new run begins ({self.name}). "
                "--continue goes on with the unfinished one instead"
            )
        if self.begun and self.begun != today:
            return f"continuing {self.name}: what it has asked already was answered on {self.begun}"
        return ""


def choose_run(
    config: Config,
    protocol: Protocol,
    *,
    now: datetime.datetime,
    results: Path = RESULTS,
    resume: bool = False,
) -> Chosen:
    """The configured name, else an unfinished run of this configuration, else `<protocol id>-<date>`.

    One that began on an earlier day is continued only with `resume`: a scheduled run must not add to the
    observation of another day, nor stick to one that never ends. A second search on the same day gets
    `-2`, a third `-3`: searching again is a new run.
    """
    today = now.date().isoformat()
    if config.run:
        path = results / config.run / "run.yaml"
        begun = str(_stored(path)["started"])[:10] if path.exists() and _unfinished(path.parent) else ""
        return Chosen(name=config.run, begun=begun)
    wanted = config_sha256(config, protocol)
    unfinished = sorted(
        (str(stored["started"]), path.parent.name)
        for path in results.glob(f"{protocol.id}-*/run.yaml")
        if _unfinished(path.parent) and (stored := _stored(path)).get("config_sha256") == wanted
    )
    if unfinished and (resume or unfinished[-1][0][:10] == today):
        return Chosen(name=unfinished[-1][1], begun=unfinished[-1][0][:10])
    name = first = f"{protocol.id}-{today}"
    again = 1
    while (results / name / "run.yaml").exists():
        again += 1
        name = f"{first}-{again}"
    return Chosen(name=name, left=unfinished[-1][1] if unfinished else "")


# What of a configuration has a part in the result. How fast is asked, and by whom, has none.
_DECISIVE = (
    "source", "archive", "until", "as_of", "compare_with", "mesh", "eutils", "citation_matcher",
    "clause_counts", "planned_change",
)  # fmt: skip


def check_same(run: Run, config: Config, protocol: Protocol, *, where: str) -> None:
    """A run keeps the configuration that it was begun with: its result is not that of another one.

    Raises `RunError` naming the first setting that differs. `where`: the folder of the run.
    """
    was = {**run.config, "protocol": run.protocol.get("id")}
    now = {**config.as_dict(), "protocol": protocol.id}
    for key in ("protocol", *_DECISIVE):
        if key in was and was[key] != now[key]:
            before, wanted = ("not set" if one is None else one for one in (was[key], now[key]))
            raise RunError(
                f"run '{run.name}' was begun with {key}: {before}; now it is {wanted}",
                where=where,
                fix="give the new run another name (key 'run'), or delete this folder",
            )


def _unfinished(folder: Path) -> bool:
    """Whether a run has not come to its end, or ended without what a service did not give."""
    return not (folder / "manifest.json").exists() or lacks_a_service(folder)


def lacks_a_service(folder: Path) -> bool:
    """Whether a run ended without a part that a side service did not give: the same command completes it."""
    try:
        return bool(json.loads((folder / "summary.json").read_text(encoding="utf-8"))["unavailable"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _stored(path: Path) -> dict[str, Any]:
    data = load_yaml(path)
    if not isinstance(data, dict) or "started" not in data:
        raise RunError(
            "is not the record of a run", where=str(path), fix="delete the folder, or restore the file"
        )
    return data


def find_earlier(
    config: Config, protocol: Protocol, name: str, *, started: str, results: Path = RESULTS
) -> str | None:
    """The run to compare with: as configured, else the newest finished earlier run of this protocol whose
    search was not anomalous and lacks nothing.

    Raises `ConfigError` when the configured run is not there or not finished.
    """
    wanted = config.compare_with
    if wanted == "none":
        return None
    if wanted:
        folder = earlier_folder(wanted, results)
        if not (folder / "manifest.json").is_file():
            near = nearest(folder.name, sorted(p.parent.name for p in results.glob("*/manifest.json")))
            raise ConfigError(
                f"key 'compare_with': {wanted} is not a finished run",
                fix=f"did you mean '{near}'?"
                if near
                else "name a folder under results/ that has a manifest.json",
            )
        return folder.name if folder.parent.resolve() == results.resolve() else str(folder)
    finished = []
    for path in sorted(results.glob("*/manifest.json")):
        if path.parent.name == name:
            continue
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            when = manifest["recorded"]["started"]
        except (ValueError, KeyError, TypeError):
            raise RunError(
                "cannot be read", where=str(path), fix="set compare_with in the config, or delete that run"
            ) from None
        if manifest.get("protocol") == protocol.id and when <= started and _stands(path.parent, config):
            finished.append((when, path.parent.name))
    return max(finished)[1] if finished else None


def ahead_of(protocol: Protocol, *, started: str, results: Path = RESULTS) -> str:
    """A sentence on finished runs of a protocol that bear a later time than the run that begins now: they
    are not earlier runs, so it is not compared with them. "" where there are none."""
    later = []
    for path in sorted(results.glob("*/manifest.json")):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if manifest["protocol"] == protocol.id and manifest["recorded"]["started"] > started:
                later.append(path.parent.name)
        except (ValueError, KeyError, TypeError):
            continue  # `find_earlier` says so
    if not later:
        return ""
    return f"{', '.join(later)} began later than now ({started}) and is no earlier run: is the clock right?"


def _stands(folder: Path, config: Config) -> bool:
    """Whether a finished run may be compared with unasked: not one whose search was anomalous, nor one that
    lacks what a service did not give, nor one that looks at another day of the past."""
    try:
        anomalous = bool(json.loads((folder / "summary.json").read_text(encoding="utf-8")).get("anomalies"))
    except (OSError, ValueError, AttributeError):
        anomalous = False
    path = folder / "run.yaml"
    as_of = _stored(path).get("as_of") if path.is_file() else None
    return not anomalous and not lacks_a_service(folder) and as_of == config.as_of


def point_to_latest(folder: Path, protocol: str) -> str:
    """Let `results/_latest/<protocol>` lead to this run; no run can bear a name with `_`.

    Returns "", or in a sentence why it cannot: the run itself is whole all the same. Copies of a project
    often hold a folder in the place of the link, and some file systems have no links.
    """
    link = folder.parent / "_latest" / protocol
    if link.is_dir() and not link.is_symlink():
        return f"{link} is a folder where a link to {folder} should be: remove it, and run again"
    part = link.with_name(f"{link.name}.part")
    try:
        link.parent.mkdir(exist_ok=True)
        part.unlink(missing_ok=True)
        part.symlink_to(Path("..") / folder.name, target_is_directory=True)
        part.replace(link)
    except OSError as error:
        return f"{link} could not be made to lead to {folder} ({error.strerror or error})"
    return ""


def resolve_until(config: Config, protocol: Protocol, *, date: str) -> str | None:
    """The last day of the window: config before protocol; `today` is the day of the start, `open` is none."""
    until = config.until or protocol.window.until
    if until == "today":
        return date
    return None if until == "open" else until


def start_run(
    folder: Path,
    config: Config,
    protocol: Protocol,
    *,
    now: datetime.datetime,
    compare_with: str | None = None,
    screening_version: str = "",
) -> Run:
    """Write `run.yaml` once, before the first fetch; a run that has begun keeps its own.

    `compare_with` is what `find_earlier` found.
    """
    path = folder / "run.yaml"
    if path.exists():
        return load_run(path)
    started = stamp(now)
    until = resolve_until(config, protocol, date=started[:10])
    run = Run(
        name=folder.name,
        started=started,
        until=until,
        as_of=config.as_of,
        compare_with=compare_with,
        protocol_sha256=protocol.protocol_sha256(),
        strategies_sha256=protocol.strategies_sha256(),
        config=config.as_dict(),
        protocol=protocol.content,
        sent={s.name: protocol.sent(s, until=until, as_of=config.as_of) for s in protocol.strategies},
        screening_version=screening_version,
        notice=_notice(config),
    )
    content = {
        "run": run.name,
        "started": run.started,
        "frozen": run.started,
        "protocol_sha256": run.protocol_sha256,
        "strategies_sha256": run.strategies_sha256,
        "screening_version": run.screening_version,
        "config_sha256": config_sha256(config, protocol),
        "until": run.until or "open",
        "as_of": run.as_of,
        "compare_with": run.compare_with or "none",
        "notice": run.notice,
        "config": dict(run.config),
        "sent": dict(run.sent),
        "protocol": dict(run.protocol),
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    write_text(path, text)
    return run


def amendments(run: Run, protocol: Protocol, screening_version: str) -> list[str]:
    """What was changed in the protocol since it was frozen, one sentence for each part, in order."""
    changed = []
    was, now = dict(run.protocol), dict(protocol.content)
    before, after = was.pop("strategies", {}), now.pop("strategies", {})
    for name in sorted({*before, *after}):
        if name not in after:
            changed.append(f"strategy '{name}' was dropped")
        elif name not in before:
            changed.append(f"strategy '{name}' was added")
        elif before[name] != after[name]:
            changed.append(f"strategy '{name}' was changed")
    changed += [f"'{key}' was changed" for key in sorted({*was, *now}) if was.get(key) != now.get(key)]
    if run.screening_version and run.screening_version != screening_version:
        changed.append(f"criteria were changed (version {run.screening_version} to {screening_version})")
    return changed


def _notice(config: Config) -> str:
    """What a folder of XML says of itself in `NOTICE.txt`; the report prints it on top of the page."""
    path = Path(config.archive or "") / "NOTICE.txt"
    if not config.archive or not path.is_file():
        return ""
    return " ".join(read_at_most(path, LONGEST_NOTICE)[:LONGEST_NOTICE].decode("utf-8", "replace").split())


def load_run(path: Path) -> Run:
    """The run that a `run.yaml` begins: its name, days as ISO dates, protocol and configuration as resolved
    at its start, with their SHA-256. Raises `RunError` for another file or a missing key, `ConfigError` where
    there is no file or it is no YAML."""
    data = _stored(path)
    try:
        return Run(
            name=data["run"],
            started=data["started"],
            until=None if data["until"] == "open" else data["until"],
            as_of=data["as_of"],
            compare_with=None if data["compare_with"] == "none" else data["compare_with"],
            protocol_sha256=data["protocol_sha256"],
            strategies_sha256=data["strategies_sha256"],
            config=data["config"],
            protocol=data["protocol"],
            sent=data["sent"],
            screening_version=data.get("screening_version") or "",
            notice=data.get("notice") or "",
        )
    except KeyError as error:
        raise RunError(f"key {error} is missing", where=str(path)) from None
