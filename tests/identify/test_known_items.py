"""Known items from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.errors import ConfigError
from resift.identify.known_items import load_known_items


def test_known_items_as_a_spreadsheet_saves_them(tmp_path: Path) -> None:
    path = tmp_path / "known.csv"
    text = (
        "item;set;use;citation;pmid\nMüller 2010;independent;test;Müller J. A title. 2010.;31000001.0\n;;;;\n"
    )
    path.write_bytes(text.encode("cp1252"))
    (item,) = load_known_items([path])
    assert (item.item, item.pmid) == ("Müller 2010", "31000001")
    path.write_bytes(text.replace("31000001.0", "3,1E+07").encode("cp1252"))
    with pytest.raises(ConfigError, match="line 2: '3,1E\\+07' is not a PMID"):
        load_known_items([path])
