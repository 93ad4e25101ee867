"""Records named by what they say otherwise than one paper: `title=near; pages=` has a like title and no page.

Made up throughout. `BESIDE` names what else stands in the table, where that tells something of the two.
"""

from __future__ import annotations

from collections.abc import Mapping

from dedupe.pairs import ABSTRACT, PAPER

TITLE: str = PAPER["title"]
NEAR = "Octreotide delays the growth of pancreatic neuroendocrine tumours in a mouse model of the disease"

CHANGES: dict[str, dict[str, str]] = {
    "title": {
        "reworded": TITLE.replace("a transgenic mouse model", "transgenic mice over one year"),
        "near": NEAR,
        "far": "Delayed growth of endocrine tumours of the pancreas in transgenic mice given somatostatin "
        "analogues",
        "rabbit": TITLE.replace("mouse", "rabbit"),
        "not": TITLE.replace("delays", "does not delay"),
        "of 40": TITLE + ": a study of 40 animals",
        "of 45": TITLE + ": a study of 45 animals",
        "cut": TITLE[:60],
        "cut, of 40": "Octreotide delays progression of 40 pancreatic neuroendocrine",
        "erratum, near": "Erratum: " + NEAR,
        "German": "Octreotid verzögert das Wachstum neuroendokriner Tumoren der Bauchspeicheldrüse bei der "
        "Maus",
        "other": "Sleep of nurses on night shifts in two hospitals of Norway",
        "destroyed": "#NAME?",
        "part I": "Imaging of islet cell tumours. Part I: ultrasonography in 40 patients",
        "part II": "Imaging of islet cell tumours. Part II: scintigraphy in 40 patients",
        "editorial": "Editorial",
        "short": "Octreotide and mice",
        "short, like": "Octreotide in mice",
        "one word": "Octreotide",
        "12 letters longer": TITLE + " and what fol",
        "45 letters longer": TITLE + " and what follows it in later years of observa",
    },
    "authors": {
        "two of four": "Lindqvist, A. B. and Moreau, C.",
        "first": "Lindqvist, A. B.",
        "others": "Petrov, S. and Ito, H. and Brandt, K.",
        "two of six": "Lindqvist, A. B. and Petrov, S. and Ito, H. and Okafor, D. and Moreau, C. and "
        "Brandt, K.",
        "two, and others": "Lindqvist, A. B. and Moreau, C. and Ito, H. and Brandt, K.",
        "another first": "Moreau, C. and Lindqvist, A. B. and Tanaka, H. and Okafor, D.",
        "one more before": "Brandt, K. and Lindqvist, A. B. and Moreau, C. and Tanaka, H. and Okafor, D.",
    },
    "journal": {
        "like": "Journal of Endocrinology and Oncology Research",
        "akin": "Annals of Oncology",
        "other": "Gut",
        "preprint": "bioRxiv",
        "report": "Technical report, University of Oslo",
        "Cochrane": "Cochrane Database of Systematic Reviews",
        "meeting of 2009": "ICIS 2009 Proceedings",
        "meeting of 2010": "ICIS 2010 Proceedings",
        "meeting": "Proceedings of the International Conference on Information Systems",
        "registry": "ClinicalTrials.gov",
    },
    "volume": {"supplement": "41 Suppl 1"},
    "issue": {"supplement": "Suppl 2"},
    "doi": {
        "a": "10.5555/jeo.2009.211",
        "beside a": "10.5555/jeo.2009.391",
        "another": "10.5061/other-c",
        "edition 2": "10.1002/14651858.CD000193.pub2",
        "edition 3": "10.1002/14651858.CD000193.pub3",
        "another review": "10.1002/14651858.CD000219.pub2",
        "preprint": "10.1101/2008.11.03.123456",
    },
    "registries": {"a": "NCT00000123", "b": "NCT00000456"},
    "abstract": {
        "a": ABSTRACT,
        "like": ABSTRACT.replace(
            "Forty animals were given octreotide or saline for twelve weeks",
            "In this study a group of mice was treated for some months with the drug",
        ),
        "other": "Sleep of nurses on night shifts was measured over two winters by wrist actigraphy. "
        "Light in the ward made no difference, naps before the shift did.",
    },
}

BESIDE: Mapping[str, list[dict[str, str]]] = {
    "": [],
    "the title comes back": [
        {
            "title": TITLE,
            "authors": PAPER["authors"],
            "year": str(1990 + n),
            "journal": "Gut",
            "volume": str(n),
            "pages": f"{n}1-{n}9",
        }
        for n in range(1, 12)
    ],
    "a DOI of many": [
        {"title": title, "authors": author, "doi": CHANGES["doi"]["a"]}
        for title, author in (
            ("Sleep of nurses on night shifts", "Petrov, S."),
            ("Naps in wards of two hospitals", "Ito, H."),
            ("Light and mood in winter", "Brandt, K."),
            ("Wrist actigraphy in the north", "Weiss, R."),
        )
    ],
}


def variant(changes: str) -> dict[str, str]:
    """The paper with these changes; a value that `CHANGES` does not name stands as it is, none takes out."""
    values: dict[str, str] = dict(PAPER)
    for change in filter(None, changes.split("; ")):
        field, _, name = change.partition("=")
        values[field] = garbled(name) or CHANGES.get(field, {}).get(name, name)
    return {field: value for field, value in values.items() if value}


def garbled(name: str) -> str:
    """For `9 letters other`: the title with so many of its letters another, spread over its words."""
    number, _, rest = name.partition(" ")
    if rest != "letters other":
        return ""
    places = [n for n, letter in enumerate(TITLE) if letter.isalpha()]
    chosen = {places[len(places) * k // int(number)] for k in range(int(number))}
    return "".join("q" if n in chosen else letter for n, letter in enumerate(TITLE))
