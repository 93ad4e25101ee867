"""A whole visit: all questions, and every strategy of a configuration."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resift.doctor.exchange import Recorded, Visit, save
from resift.doctor.finding import Finding
from resift.doctor.server import Asked, questions, strategy_finding
from resift.errors import ConfigError
from resift.project.config import Config, config_from
from resift.project.protocol import load_protocol
from resift.project.run import resolve_until, utc_now
from resift.project.yaml import load_yaml


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings in their order, and the server's messages by strategy."""

    findings: tuple[Finding, ...]
    messages: Mapping[str, list[str]] = field(default_factory=dict)


def visited(
    *,
    config: str | None = None,
    eutils: str | None = None,
    citation_matcher: str | None = None,
    email: str | None = None,
    save_to: Path | None = None,
) -> Outcome:
    """Ask a server. Raises `ConfigError` and `SourceError` where it cannot even be asked."""
    from resift.pubmed.citmatch import OFF, CitationMatcher, WithCitationMatcher, matcher_address
    from resift.pubmed.secrets import KEY_VARIABLE
    from resift.pubmed.source import NCBI
    from resift.pubmed.transport import HttpTransport, Patience

    settings = _config(config)
    if settings is not None and settings.source != "pubmed" and not eutils:
        raise ConfigError(
            f"source is {settings.source}: there is no server to ask",
            where=str(config),
            fix="use --offline, or --eutils with the address of `resift serve`",
        )
    address = email or (settings.email if settings else None) or os.environ.get("NCBI_EMAIL", "")
    base = eutils or (settings.eutils if settings else None) or NCBI
    named = citation_matcher or (settings.citation_matcher if settings else None)
    matcher = matcher_address(named, None if base == NCBI else base)
    patience = Patience(tries=2, total=60.0)
    with tempfile.TemporaryDirectory(prefix="resift-doctor-") as folder:

        def transport(key: str | None) -> HttpTransport:
            return HttpTransport(
                base,
                email=address,
                tool=(settings.tool if settings else None) or "resift",
                pace_file=Path(folder) / ".pace",
                per_second=settings.requests_per_second if settings else None,
                patience=patience,
                key=key,
            )

        http = transport(None)

        def strings() -> CitationMatcher:
            pace = Path(folder) / ".pace-matcher"
            return CitationMatcher(matcher, tool="resift", pace_file=pace, patience=patience)

        visit = Visit(WithCitationMatcher(http, strings), lambda: http.heard)
        keyless = None
        if os.environ.get(KEY_VARIABLE, "").strip():
            bare = transport("")
            keyless = Visit(bare, lambda: bare.heard)
        outcome = _asked(visit, settings, keyless, matcher=matcher != OFF)
        if save_to is not None:
            exchanges = [*visit.exchanges, *(keyless.exchanges if keyless else ())]
            save(save_to, exchanges, server=base, keyless=keyless is not None)
    return outcome


def replayed(path: Path, *, config: str | None = None) -> Outcome:
    """Judge the answers of a saved visit. Raises `FormatError` when the file is none."""
    recorded = Recorded(path)
    keyless = recorded if recorded.keyless else None
    return _asked(recorded, _config(config), keyless, matcher=recorded.matcher)


def _asked(visit: Asked, settings: Config | None, keyless: Asked | None, *, matcher: bool) -> Outcome:
    findings = list(questions(visit, keyless=keyless, matcher=matcher))
    messages: dict[str, list[str]] = {}
    if settings is not None:
        protocol = load_protocol(Path(settings.protocol))
        until = resolve_until(settings, protocol, date=utc_now().date().isoformat())
        for strategy in protocol.strategies:
            sent = protocol.sent(strategy, until=until, as_of=settings.as_of)
            finding, said = strategy_finding(visit, strategy.name, sent)
            findings.append(finding)
            if said:
                messages[strategy.name] = said
    return Outcome(tuple(findings), messages)


def _config(path: str | None) -> Config | None:
    return None if path is None else config_from(load_yaml(Path(path)), where=path)
