"""The run's configuration: checked, and resolved once into `run.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resift.errors import ConfigError
from resift.project.yaml import check_date, load_yaml, neighbours, plain, validate


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A validated configuration. Paths are relative to the working directory, as written."""

    protocol: str
    source: str
    run: str | None = None
    archive: str | None = None
    until: str | None = None
    as_of: str | None = None
    compare_with: str | None = None
    mesh: str | None = None
    email: str | None = None
    tool: str = "resift"
    eutils: str | None = None
    citation_matcher: str | None = None
    requests_per_second: float | None = None
    refetch_after: int | None = None
    clause_counts: str = "retrieved"
    planned_change: Mapping[str, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The configuration as plain data, as it is hashed and stored (it never holds an API key)."""
        return asdict(self)


def load_config(path: Path) -> Config:
    """Read and validate `config.yaml`. Raises `ConfigError`."""
    return config_from(load_yaml(path), where=str(path))


def config_from(data: Any, *, where: str) -> Config:
    """A `Config` from plain data, as YAML or Snakemake's `config` gives it. Raises `ConfigError`."""
    try:
        data = plain(data)
    except ValueError as error:
        raise ConfigError(f"holds {error}", where=where) from None
    if not isinstance(data, dict) or not data:
        raise ConfigError("holds no settings", where=where, fix="start from config/config.yaml")
    if isinstance(data.get("run"), int) and not isinstance(data["run"], bool):
        data["run"] = str(data["run"])  # `run: 2021`
    address = data.get("eutils")
    if isinstance(address, str) and any(sign in address for sign in "@?#"):
        # Said before anything else looks at it: the address is printed and stored with the run.
        raise ConfigError(
            "key 'eutils': the address holds a user name, a password or parameters",
            where=where,
            fix="leave them out; a login (user:password) goes into the variable RESIFT_EUTILS_LOGIN",
        )
    validate(data, "config", where=where)
    contact: Mapping[str, Any] = data.pop("contact", None) or {}
    values = {key: value for key, value in data.items() if value is not None}
    email = contact.get("email") or os.environ.get("NCBI_EMAIL") or None
    config = Config(**values, email=email, tool=contact.get("tool") or "resift")
    _check_source(config, where)
    for key in ("until", "as_of"):
        value = getattr(config, key)
        if value and value not in ("today", "open"):
            check_date(value, where=f"{where}: key '{key}'")
    if not Path(config.protocol).is_file():
        raise ConfigError(
            f"key 'protocol': no such file: {config.protocol}",
            where=where,
            fix=neighbours(Path(config.protocol)),
        )
    if config.mesh and not Path(config.mesh).is_file():
        raise ConfigError(f"key 'mesh': no such file: {config.mesh}", where=where)
    return config


def _check_source(config: Config, where: str) -> None:
    if config.source == "archive":
        if not config.archive:
            raise ConfigError(
                "source is 'archive' but key 'archive' is missing",
                where=where,
                fix="name a folder of PubMed XML",
            )
        if not Path(config.archive).is_dir():
            raise ConfigError(f"key 'archive': no such folder: {config.archive}", where=where)
    elif not config.email:
        raise ConfigError(
            "source is 'pubmed' but there is no contact address",
            where=where,
            fix="set contact.email (or the environment variable NCBI_EMAIL): NCBI asks every client for one",
        )
    elif not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", config.email):
        raise ConfigError(f"contact.email is not an e-mail address: {config.email}", where=where)
