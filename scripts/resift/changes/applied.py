"""What a run applied beside its search, written down so that a later run can say what was changed."""

from __future__ import annotations

import os
from pathlib import Path

from resift import __version__
from resift.documents import Applied, AppliedCriterion
from resift.files import compact_json, sha256_file
from resift.project.protocol import Protocol
from resift.project.run import Run
from resift.screening.criteria import Screening


def applied_by(run: Run, protocol: Protocol, screening: Screening) -> Applied:
    """Criteria in full, and every file that was read, by purpose and hash."""
    named = [("imports", entry.file) for entry in protocol.imports]
    named += [("known items", path) for path in protocol.known_items]
    named += [
        (purpose, path)
        for purpose, path in (
            ("hand-searched", protocol.other_methods.handsearched),
            ("criteria", protocol.screening),
            ("decisions", protocol.decisions),
        )
        if path is not None
    ]
    mesh = run.config.get("mesh") or ""
    return Applied(
        protocol=compact_json(dict(protocol.content)),
        criteria=tuple(
            AppliedCriterion(id=c.id, kind=c.kind.value, query=c.query.text) for c in screening.criteria
        ),
        criteria_version=screening.version,
        files={
            f"{purpose}: {Path(os.path.relpath(path, protocol.path.parent)).as_posix()}": sha256_file(path)
            for purpose, path in named
        },
        mesh=mesh,
        mesh_sha256=sha256_file(Path(mesh)) if mesh else "",
        resift=__version__,
    )
