"""Drawing records: names, journals, dates and numbers from a seed.

Each record has a generator of its own, seeded with its PMID, so adding a record changes no other. Only
`Random.random` is used: it is the one method whose sequence Python promises to keep between versions.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from .article import MONTHS, Article, Heading
from .prose import BACKGROUND, CONCLUSION, Aside, Topic

T = TypeVar("T")
SEED = "resift demo corpus 1"

SYLLABLES = ("ba", "ri", "to", "ven", "mal", "ke", "sor", "lin", "da", "pel", "no", "gur", "tes", "ha", "vik")
GIVEN = ("Ada", "Boro", "Cira", "Dario", "Elin", "Fay", "Goro", "Hana", "Ivo", "Jun", "Kai", "Lio")
TOWNS = ("Northtown", "Eastfield", "Westbridge", "Southport Bay", "Midvale")
JOURNALS = (
    ("Synthetic Journal of Endocrine Tumors", "Synth J Endocr Tumors"),
    ("Synthetic Annals of Surgical Oncology", "Synth Ann Surg Oncol"),
    ("Synthetic Archives of Pancreatology", "Synth Arch Pancreatol"),
    ("Synthetic Journal of Nuclear Therapy", "Synth J Nucl Ther"),
    ("Synthetic Clinical Oncology Reports", "Synth Clin Oncol Rep"),
    ("Synthetic Hepatology Letters", "Synth Hepatol Lett"),
    ("Synthetic Review of Gastroenterology", "Synth Rev Gastroenterol"),
)


@dataclass(frozen=True)
class Draw:
    """The random choices of one record."""

    source: random.Random

    @classmethod
    def of(cls, pmid: str) -> Draw:
        """The generator of the record `pmid`."""
        return cls(random.Random(f"{SEED}:{pmid}"))

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.source.random() * (high - low + 1))

    def one(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.number(0, len(items) - 1)]

    def chance(self, share: float) -> bool:
        """True in `share` of all draws."""
        return self.source.random() < share


def british(text: str) -> str:
    """The text in British spelling."""
    for american, other in (
        ("umor", "umour"),
        ("mbolization", "mbolisation"),
        ("analog ", "analogue "),
        ("analogs", "analogues"),
        ("labeled", "labelled"),
        ("andomized", "andomised"),
        ("nalyzed", "nalysed"),
        ("centers", "centres"),
        ("diarrhea", "diarrhoea"),
        ("ematologic ", "aematologic "),
    ):
        text = text.replace(american, other)
    return text


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def authors(draw: Draw) -> tuple[tuple[str, str, str], ...]:
    """Two to six invented authors."""
    names = []
    for _ in range(draw.number(2, 6)):
        family = capital("".join(draw.one(SYLLABLES) for _ in range(draw.number(2, 3))))
        given = draw.one(GIVEN)
        second = draw.one("ABCDEFGHJKLMNPRSTW")
        names.append((family, f"{given} {second}", given[0] + second))
    return tuple(names)


def numbers(draw: Draw, year: int) -> dict[str, object]:
    """The numbers that sentences ask for."""
    low = draw.number(3, 12)
    mid = low + draw.number(8, 25)
    return {
        "n": draw.number(14, 210),
        "years": draw.number(5, 20),
        "from_year": year - draw.number(8, 15),
        "to_year": year - draw.number(1, 3),
        "low": low,
        "mid": mid,
        "high": mid + draw.number(10, 35),
        "high2": mid + draw.number(10, 35),
        "months": draw.number(9, 64),
    }


def blank(pmid: str, year: int, draw: Draw) -> Article:
    """A record with journal, date, authors and identifiers, and nothing to say yet."""
    journal, abbreviation = draw.one(JOURNALS)
    month = draw.number(1, 12)
    entered = datetime.date(year, month, draw.number(1, 28)) - datetime.timedelta(days=draw.number(5, 60))
    indexed = entered + datetime.timedelta(days=draw.number(70, 200))
    first_page = draw.number(1, 1500)
    return Article(
        pmid=pmid,
        title="",
        journal=journal,
        abbreviation=abbreviation,
        printed=f"{year} {MONTHS[month - 1]}",
        authors=authors(draw),
        affiliation=f"Department of Synthetic Medicine, {draw.one(TOWNS)} University.",
        volume=str(year - 1980),
        issue=str(month),
        pages=f"{first_page}-{first_page + draw.number(3, 12)}",
        doi=f"10.5555/synthetic.{pmid}" if draw.chance(0.75) else "",
        entered=entered.isoformat(),
        indexed=indexed.isoformat(),
        revised=(indexed + datetime.timedelta(days=draw.number(1, 900))).isoformat(),
    )


def in_process(article: Article) -> Article:
    """The record before NLM has indexed it: no MeSH, no substances."""
    return replace(article, headings=(), substances=(), status="In-Process", indexed="", revised="")


def therapy_record(pmid: str, topic: Topic, tumors: str, spread: str, *, pancreatic: bool) -> Article:
    """A record on one therapy. About one in seven has no MeSH, one in nine no abstract."""
    draw = Draw.of(pmid)
    year = draw.number(max(topic.first_year, 1995), 2012)
    article = blank(pmid, year, draw)
    values = numbers(draw, year) | {"tumors": tumors, "Tumors": capital(tumors), "spread": spread}
    values |= {"therapy": topic.therapy, "Therapy": capital(topic.therapy)}
    parts = (
        ("BACKGROUND", draw.one(BACKGROUND)),
        ("METHODS", draw.one(topic.methods)),
        ("RESULTS", " ".join(result for result in topic.results if draw.chance(0.75)) or topic.results[0]),
        ("CONCLUSIONS", draw.one(CONCLUSION)),
    )
    sentences = tuple((label, capital(text.format(**values))) for label, text in parts)
    structured = draw.chance(0.6)
    abstract = sentences if structured else (("", " ".join(text for _, text in sentences)),)
    title = capital(draw.one(topic.titles).format(**values))
    if not title.endswith("?"):
        title += f", {draw.one(TOWNS)} series." if draw.chance(0.6) else "."
    if draw.chance(0.35):
        title = british(title)
        abstract = tuple((label, british(text)) for label, text in abstract)
    article = replace(
        article,
        title=title,
        abstract=() if draw.chance(0.11) else abstract,
        headings=(*tumor_headings(draw, year, topic.qualifier, pancreatic=pancreatic), *topic.headings),
        substances=topic.substances,
        keywords=topic.keywords if draw.chance(0.4) else (),
        types=draw.one(
            (
                ("Journal Article",),
                ("Journal Article",),
                ("Journal Article", "Review"),
                ("Clinical Trial", "Journal Article"),
                ("Comparative Study", "Journal Article"),
                ("Case Reports", "Journal Article"),
            )
        ),
    )
    return in_process(article) if draw.chance(0.14) else article


def tumor_headings(draw: Draw, year: int, qualifier: str, *, pancreatic: bool) -> tuple[Heading, ...]:
    """Headings as NLM would give them: islet cell carcinoma in older records, site and type in newer."""
    people = tuple(
        Heading(name=name) for name in ("Adult", "Aged", "Female", "Male", "Middle Aged") if draw.chance(0.7)
    )
    liver = Heading(name="Liver Neoplasms", qualifiers=("secondary*", qualifier.rstrip("*")))
    kind: tuple[Heading, ...]
    if not pancreatic:
        kind = (
            Heading(name=draw.one(("Neuroendocrine Tumors", "Carcinoid Tumor")), qualifiers=(qualifier,)),
        )
    elif year < 2004 and draw.chance(0.7):
        kind = (
            Heading(name="Carcinoma, Islet Cell", qualifiers=(qualifier, "secondary")),
            Heading(name="Pancreatic Neoplasms", qualifiers=(qualifier,)),
        )
    else:
        kind = (
            Heading(name="Neuroendocrine Tumors", qualifiers=(qualifier, "secondary")),
            Heading(name="Pancreatic Neoplasms", qualifiers=(qualifier, "pathology")),
        )
    outcome = Heading(name="Treatment Outcome")
    return (*people, Heading(name="Humans"), *kind, *((liver,) if draw.chance(0.8) else ()), outcome)


def aside_record(pmid: str, aside: Aside, *, first: int = 1995, last: int = 2012) -> Article:
    """A record beside the topic. Place and years keep titles of one pattern apart, as real ones are."""
    draw = Draw.of(pmid)
    year = draw.number(first, last)
    values = numbers(draw, year)
    return replace(
        blank(pmid, year, draw),
        title=f"{draw.one(aside.titles).format(**values)} in {draw.one(TOWNS)}, "
        f"{values['from_year']}-{values['to_year']}.",
        abstract=(("", " ".join(text.format(**values) for text in aside.sentences)),),
        headings=aside.headings,
        types=aside.types,
    )
