"""The configuration as shipped: loaded once for the tests of its content."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from resift.project.protocol import Protocol, load_protocol
from resift.screening.criteria import Screening, load_screening

PROJECT = Path(__file__).resolve().parents[2]
REVIEW = PROJECT / "config" / "reviews" / "rossi-2014"
DEMO = PROJECT / "config" / "demo"
SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return load_protocol(REVIEW / "protocol.yaml")


@pytest.fixture(scope="session")
def demo_protocol() -> Protocol:
    return load_protocol(DEMO / "protocol.yaml")


@pytest.fixture(scope="session")
def screening(protocol: Protocol) -> Screening:
    return load_screening(protocol.screening, protocol.fragments)


@pytest.fixture(scope="session")
def contents() -> list[dict[str, str]]:
    with (DEMO / "contents.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def known_items() -> list[dict[str, str]]:
    with (REVIEW / "known-items.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
