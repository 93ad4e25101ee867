"""The differences as a plot."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from resift.studies.plot import differences_svg


@pytest.mark.parametrize("within", [0, 10, 100])
def test_the_plot_bears_every_measure_that_a_study_may_set(within: int) -> None:
    """A measure of 100 per cent begins at 0, which a log scale has not."""
    search = SimpleNamespace(
        compared=5, printed=10, name="PubMed", review="a", within=True, because=(), ending="reproduced"
    )
    assert "band" in differences_svg([search], within=within)  # type: ignore[list-item]
