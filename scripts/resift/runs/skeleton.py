"""The files that `resift new` writes: a protocol in which nothing is claimed that nobody has said."""

from __future__ import annotations

import re

from resift.identify.known_items import INPUT_COLUMNS
from resift.screening.human_decisions import HUMAN_COLUMNS

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")

_PROTOCOL = """\
# What the review states of its search goes in with its own words (provenance: stated, quote);
# what had to be reconstructed, with the reason. Everything is "not reported" until said otherwise.
# Every key is explained in config/README.md of resift.
id: {id}
review:
  citation: null
  pmid: null
  pmcid: null
  doi: null
question: null
databases: [PubMed]
window:
  from: null        # e.g. 1995-01-01
  until: today      # e.g. 2012-12-31, today, or open
  field: dp
languages: []       # e.g. [english]

# Sub-queries to be used as {{name}} in strategies and in screening.yaml.
fragments:
  population: '"Neoplasms"[mh]'

strategies:
  first:
    primary: true
    provenance: reconstructed
    reason: replace this placeholder by the review's query, or by your reconstruction with its reason
    query: '{{population}}'

other_methods:
  references: {{rounds: 0, seeds: eligible, list: []}}
  handsearched: null
  limits_apply: null
automation: {{role: screener}}
full_text: not_undertaken
screening: screening.yaml
known_items: [known-items.csv]
decisions: human-decisions.csv

# What the review itself reports; null = not reported.
reported:
  search_date: null
  records_identified: null   # or, by database: {{total: 812, PubMed: 340, Embase: 472}}
  records_screened: null
  studies_included: null
  # PRISMA-S items, judged by a person: {{judged: yes | partly | no, quote: "the review's words"}}.
  prisma_s: {{1: null, 2: null, 8: null, 9: null, 13: null, 15: null}}

provenance:
  databases: {{status: not_reported}}
  window: {{status: not_reported}}
  window.field: {{status: not_reported}}
  languages: {{status: not_reported}}
  other_methods: {{status: not_reported}}
  search_date: {{status: not_reported}}
"""

_SCREENING = """\
# exclude_if: positive evidence excludes. exclude_unless: an essential concept is absent.
# unclear_unless: absence proves nothing, a person must say.
# label: what is asked, true of an eligible record; exclusion_label: the reason in the diagram.
version: "1"
criteria:
  - id: population
    label: Population of the review
    exclusion_label: Not the population of the review
    stage: title_abstract
    unclear_unless: '{population}'
topics: {}
"""

_CONFIG = """\
protocol: {folder}/protocol.yaml
source: pubmed
contact:
  email: null       # NCBI asks every client for an address (or set NCBI_EMAIL)
# To search a folder of PubMed XML instead:
# source: archive
# archive: path/to/xml
"""


def files(name: str, folder: str) -> dict[str, str]:
    """File name -> text of a new review's folder."""
    return {
        "protocol.yaml": _PROTOCOL.format(id=name),
        "screening.yaml": _SCREENING,
        "known-items.csv": ",".join(INPUT_COLUMNS) + "\n",
        "human-decisions.csv": ",".join(HUMAN_COLUMNS) + "\n",
        "config.yaml": _CONFIG.format(folder=folder),
    }
