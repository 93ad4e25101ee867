"""The content of a protocol file, with the protocols that it extends put under it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from resift.errors import ConfigError
from resift.project.reported import check_reported, judgements_as_text
from resift.project.yaml import inside, load_yaml, validate


def read_extended(path: Path, above: tuple[Path, ...], extended: list[Path]) -> dict[str, Any]:
    """The file's content with `extends` followed: file names of the extended protocol keep their folder.

    Every file followed is added to `extended`.
    """
    if path.resolve() in above:
        raise ConfigError("'extends' leads back to the file itself", where=str(path))
    content = load_yaml(path)
    if not isinstance(content, dict):
        raise ConfigError("holds no protocol", where=str(path), fix="`resift new` writes a skeleton")
    _numbers_as_text(content)
    judgements_as_text(content)
    if "extends" not in content:
        return content
    extended.append(Path(os.path.normpath(path.parent / str(content.pop("extends")))))
    parent = extended[-1].resolve()
    if not inside(parent, Path.cwd(), path.parent):
        raise ConfigError("key 'extends' leads outside the project", where=str(path))
    inherited = read_extended(parent, (*above, path.resolve()), extended)
    check_reported(inherited, str(parent))
    validate(inherited, "protocol", where=str(parent))
    depth = os.path.relpath(parent.parent, path.parent.resolve())
    for key in ("screening", "decisions", "audit_sample", "challenges"):
        if isinstance(inherited.get(key), str):
            inherited[key] = f"{depth}/{inherited[key]}"
    known = inherited.get("known_items")
    if isinstance(known, list):
        inherited["known_items"] = [f"{depth}/{name}" for name in known]
    elif isinstance(known, dict) and known.get("files"):
        known["files"] = [f"{depth}/{name}" for name in known["files"]]
    other = inherited.get("other_methods")
    if isinstance(other, dict) and isinstance(other.get("handsearched"), str):
        other["handsearched"] = f"{depth}/{other['handsearched']}"
    for entry in inherited.get("imports") or []:
        entry["file"] = f"{depth}/{entry['file']}"
    return {**inherited, **content}


def _numbers_as_text(content: dict[str, Any]) -> None:
    """PMIDs are names, though YAML reads them as numbers. What has another shape is left to the schema."""

    def inner(data: Any, key: str) -> dict[str, Any]:
        value = data.get(key)
        return value if isinstance(value, dict) else {}

    for holder, keys in (
        (inner(content, "review"), ("pmid", "pmcid", "doi")),
        (inner(content, "known_items"), ("from_review",)),
    ):
        holder.update({key: str(holder[key]) for key in keys if isinstance(holder.get(key), int)})
    references = inner(inner(content, "other_methods"), "references")
    if isinstance(references.get("list"), list):
        references["list"] = [str(item) for item in references["list"]]
