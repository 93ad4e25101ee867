"""config/README.md names every option, and its examples load."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import yaml

from resift.project.yaml import load_yaml, plain, validate
from resift.screening.human_decisions import HUMAN_COLUMNS

from .conftest import PROJECT, REVIEW

README = (PROJECT / "config" / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", README.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def options(schema: dict[str, Any], prefix: str = "") -> list[str]:
    """The dotted names of all keys of a JSON schema; maps with free names and lists are followed."""
    names = []
    for key, below in schema.get("properties", {}).items():
        names.append(prefix + key)
        names += options(below, f"{prefix}{key}.")
        for branch in below.get("oneOf", []):
            names += options(branch, f"{prefix}{key}.")
        for free, word in ((below.get("additionalProperties"), ".<name>"), (below.get("items"), "[]")):
            if isinstance(free, dict) and "properties" in free:
                names += options(free, f"{prefix}{key}{word}.")
    return names


@pytest.mark.parametrize(
    ("schema", "title"),
    [("config", "config.yaml"), ("protocol", "protocol.yaml"), ("screening", "screening.yaml")],
)
def test_every_option_is_described(schema: str, title: str) -> None:
    text = section(title)
    rules = load_yaml(PROJECT / "workflow" / "schemas" / f"{schema}.schema.yaml")
    last_words = {name.rsplit(".", 1)[-1] for name in options(rules)}
    missing = sorted(
        word for word in last_words if not re.search(rf"[`.{{ ]{re.escape(word)}[`,:}}. ]", text)
    )
    assert not missing


@pytest.mark.parametrize(
    ("schema", "title"),
    [("config", "config.yaml"), ("protocol", "protocol.yaml"), ("screening", "screening.yaml")],
)
def test_examples_are_valid(schema: str, title: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", section(title), flags=re.DOTALL)
    assert examples
    for example in examples:
        validate(plain(yaml.safe_load(example)), schema, where="config/README.md")


def test_decision_example_has_the_columns_of_the_file() -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", section("human-decisions.csv"), flags=re.DOTALL)
    rows = list(csv.DictReader(io.StringIO(example)))
    assert tuple(rows[0]) == HUMAN_COLUMNS
    for row in rows:
        assert None not in row
        validate({key: value for key, value in row.items() if value}, "human-decisions", where="example")


def test_columns_of_decisions_and_known_items_are_described() -> None:
    with (REVIEW / "known-items.csv").open(encoding="utf-8", newline="") as file:
        known = next(csv.reader(file))
    for title, columns in (("human-decisions.csv", HUMAN_COLUMNS), ("known-items.csv", known)):
        text = section(title)
        assert not [column for column in columns if f"`{column}`" not in text]


def test_shipped_configurations_are_valid() -> None:
    for name in ("config.yaml", "demo.yaml"):
        validate(load_yaml(PROJECT / "config" / name), "config", where=name)
