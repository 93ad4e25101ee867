"""`study.yaml`: a wrong setting is one line, and a study is found by its id."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.studies.conftest import SEARCH, Make, write_study

from resift.errors import ConfigError
from resift.studies.settings import load_settings, study_folder


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("source: pubmed\nmeasure: {items: [3]}", "measure.items"),
        ("source: pubmed\nreviews: none.csv", "reviews.csv"),
        ("source: pubmed\nas_off: none", "as_of"),
        ("source: pubmed\nextractor: XY", "no row is by 'XY'"),
        ("source: pubmed\nreviews: ../r/reviews.csv", "outside the study's folder"),
    ],
)
def test_a_wrong_setting_is_one_line(make: Make, settings: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make({**SEARCH, "review": "a"}, settings=settings)
    assert said in str(caught.value)


def test_a_study_is_found_by_its_id_and_a_slip_names_the_nearest(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "asthma", [])
    assert study_folder("asthma", base=tmp_path) == folder == study_folder(str(folder))
    with pytest.raises(ConfigError) as caught:
        study_folder("astma", base=tmp_path)
    assert caught.value.fix == "did you mean 'asthma'?"


def test_a_folder_that_cannot_name_a_study_is_refused(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "Über uns", [])
    with pytest.raises(ConfigError, match="cannot name a study"):
        load_settings(folder)
