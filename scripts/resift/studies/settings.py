"""The settings of a study, `study.yaml`, with every fault as a `ConfigError`."""

from __future__ import annotations

import re
from pathlib import Path

from resift.errors import ConfigError, nearest
from resift.project.yaml import inside, load_yaml, validate
from resift.studies.model import (
    ITEMS,
    STUDIES,
    Measure,
    Settings,
)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def study_folder(name: str, *, base: Path = STUDIES) -> Path:
    """The folder of a study by its id, or as given. Raises `ConfigError` where there is none."""
    folder = Path(name) if "/" in name else base / name
    if not (folder / "study.yaml").is_file():
        known = sorted(p.parent.name for p in base.glob("*/study.yaml"))
        near = nearest(folder.name, known)
        raise ConfigError(
            "no such study: it has no study.yaml",
            where=str(folder),
            fix=f"did you mean '{near}'?" if near else "`resift study new ID` writes one",
        )
    return folder


def load_settings(folder: Path) -> Settings:
    """Read and validate `study.yaml`."""
    path = folder / "study.yaml"
    where = str(path)
    data = load_yaml(path)
    if not isinstance(data, dict):
        raise ConfigError("holds no settings", where=where, fix="`resift study new ID` writes a skeleton")
    if not _NAME.fullmatch(folder.name):
        raise ConfigError(
            f"'{folder.name}' cannot name a study", where=str(folder), fix="use a-z, 0-9 and hyphens"
        )
    measure = data.get("measure")
    if isinstance(measure, dict) and isinstance(measure.get("items"), list):
        measure["items"] = [str(item) for item in measure["items"]]
    validate(data, "study", where=where)
    measure = measure or {}
    bootstrap = data.get("bootstrap") or {}
    table = folder / (data.get("reviews") or "reviews.csv")
    if not inside(table, folder):
        raise ConfigError(f"key 'reviews': {data['reviews']} lies outside the study's folder", where=where)
    if not table.is_file():
        found = sorted(p.name for p in folder.iterdir() if p.suffix in (".csv", ".xlsx", ".tsv"))
        raise ConfigError(
            "no such file: the table of searches",
            where=str(table),
            fix=f"set `reviews: {found[0]}` in study.yaml" if found else "write one row a database search",
        )
    items = tuple(item for item in ITEMS if item in (measure.get("items") or ITEMS))
    keys = ("source", "archive", "mesh", "contact", "eutils", "requests_per_second")
    return Settings(
        id=folder.name,
        question=" ".join(data["question"].split()),
        sampling_frame=" ".join((data.get("sampling_frame") or "").split()),
        registration=data.get("registration") or "",
        table=table,
        extractor=data.get("extractor") or "",
        source={key: data[key] for key in keys if data.get(key) is not None},
        counts_of_source=data.get("counts_of") == "source",
        as_of_search_date=data.get("as_of", "search_date") == "search_date",
        measure=Measure(items=items, within_percent=measure.get("within_percent", Measure().within_percent)),
        seed=bootstrap.get("seed", 1),
        replicates=bootstrap.get("replicates", 2000),
        reviews_per_job=data.get("reviews_per_job", 25),
    )
