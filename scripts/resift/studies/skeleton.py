"""The files that `resift study new` writes."""

from __future__ import annotations

from resift.studies.read import COLUMNS

_STUDY = """\
# A study of many reviews. docs/studies.md of resift explains every key and every column of reviews.csv.
question: Which share of published reviews prints a PubMed search that can be rerun to the same count?
sampling_frame: null      # which reviews, from where, how drawn
registration: null        # where the protocol of this study stands
reviews: reviews.csv      # or a workbook, reviews.xlsx
extractor: null           # whose rows count where two people extracted one search; null: the first row

source: pubmed
contact: {email: null}    # NCBI asks every client for an address (or set NCBI_EMAIL)

# search_date: each strategy is also counted as of the day of its search; none: only now.
as_of: search_date
# Rethlefsen et al. 2024: six PRISMA-S items reported, and the count within 10 %.
measure:
  items: [1, 2, 8, 9, 13, 15]
  within_percent: 10
bootstrap: {seed: 1, replicates: 2000}
reviews_per_job: 25
"""


def files() -> dict[str, str]:
    """File name -> text of a new study's folder."""
    return {"study.yaml": _STUDY, "reviews.csv": ",".join(COLUMNS) + "\n"}
