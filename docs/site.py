"""Hooks of the documentation site: pages whose text has its place elsewhere in the project.

`config/README.md` and `CHANGELOG.md` are read where they lie, and the tables of *Files of a run* come from
`resift.tables`, so that no fact is written down twice.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from enum import Enum
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from resift import tables
from resift.dedupe.rules import RULES

PROJECT = Path(__file__).resolve().parents[1]
ELSEWHERE = {"configuration.md": "config/README.md", "changelog.md": "CHANGELOG.md"}
WORDS = {str: "text", int: "number", float: "number", bool: "yes or no", tuple[str, ...]: "a list"}
COLUMNS = "<!-- every file, from resift.tables -->"
DEDUPE = "<!-- every rule, from resift.dedupe.rules -->"


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are read from outside `docs/`."""
    for page, source in ELSEWHERE.items():
        text = (PROJECT / source).read_text(encoding="utf-8").replace("](../docs/", "](")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Turn links to the pages above round, and fill in the tables of files."""
    for target, source in ELSEWHERE.items():
        markdown = markdown.replace(f"](../{source}", f"]({target}")
    return markdown.replace(COLUMNS, described()).replace(DEDUPE, rules())


def described() -> str:
    """Every table of a run: path, what a row is, and its columns with their kinds."""
    parts = []
    for file in vars(tables).values():
        row = getattr(file, "row", None)
        if not isinstance(file, tables.RunFile) or not dataclasses.is_dataclass(row):
            continue
        kinds = typing.get_type_hints(row)
        lines = [
            f"### `{file.pattern}`",
            "",
            inspect.cleandoc(row.__doc__ or ""),
            "",
            "| column | holds |",
            "|---|---|",
        ]
        lines += [f"| `{field.name}` | {_kind(kinds[field.name])} |" for field in dataclasses.fields(row)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def rules() -> str:
    """Every rule of deduplication: its name, what it decides, and the case that made it."""
    lines = ["| rule | decides | the case that made it |", "|---|---|---|"]
    for rule in RULES:
        decides = (rule.relation.value or "apart") + (", veto" if rule.veto else "")
        lines.append(
            "| " + " | ".join(text.replace("|", "\\|") for text in (rule.name, decides, rule.case)) + " |"
        )
    return "\n".join(lines)


def _kind(kind: Any) -> str:
    optional = type(None) in typing.get_args(kind)
    if optional:
        (kind,) = (part for part in typing.get_args(kind) if part is not type(None))
    if inspect.isclass(kind) and issubclass(kind, Enum):
        said = "one of " + ", ".join(f"`{value.value}`" if value.value else "empty" for value in kind)
    else:
        said = WORDS[kind]
    return f"{said}, or empty" if optional else said
