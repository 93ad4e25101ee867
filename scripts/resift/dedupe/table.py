"""The table of groups as a file: `duplicates/<lane>.csv` and what `resift dedupe` writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resift.dedupe.model import GROUP_COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def write_groups(groups: pd.DataFrame, path: Path) -> None:
    """Write one row per record with the columns `GROUP_COLUMNS`: UTF-8 CSV, `kept` as true or false.

    Written by rename, so a killed command leaves the former file or none.
    """
    table = groups.loc[:, list(GROUP_COLUMNS)].copy()
    table["kept"] = table["kept"].map({True: "true", False: "false"})
    table["score"] = [
        f"{score:.4f}" if score is not None and score == score else "" for score in table["score"]
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    table.to_csv(part, index=False, lineterminator="\n", encoding="utf-8")
    part.replace(path)
