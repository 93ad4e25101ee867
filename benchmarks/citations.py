"""How well reference strings are taken apart and matched, on real PubMed records and real strings.

    .venv/bin/python benchmarks/citations.py [--records 5000] [--list]

Needs the folder `../shared/data` beside the project. Prints, for records drawn with a fixed seed:
the share of fields read back from strings rendered in each style; the share of PubMed's own summary
strings that come out equal when parsed and rendered again (`--list` shows the others); and how many
damaged strings are matched to the right record, to a wrong one, and to none, both with the record held
and with it taken away (then only its twin under another PMID is right).
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from resift.formats.citations import (
    Citation,
    CitationIndex,
    Style,
    citation_of,
    match,
    parse_citation,
    read_citations,
    render,
    split_strings,
)
from resift.formats.citations.wrapped import unwrap
from resift.pubmed.xml import read_records
from resift.records import Record
from resift.text.fold import fold, one_line
from resift.text.names import split_author

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 20141
FIELDS = ("first author", "year", "journal", "volume", "first page", "title")
STYLES = (Style.VANCOUVER, Style.PDQ, Style.APA)


@dataclass(frozen=True)
class Outcome:
    """What became of damaged strings."""

    right: int
    wrong: int
    none: int
    seconds: float
    errors: tuple[tuple[str, str, str], ...]


def load_records(folder: Path = DATA / "pubmed") -> list[Record]:
    """Every article of the folder's XML files once, in the order of PMIDs."""
    found: dict[str, Record] = {}
    for path in sorted(folder.glob("*.xml.gz")):
        for record in read_records(path):
            if isinstance(record, Record) and record.type == "article":
                found[record.record] = record
    return sorted(found.values(), key=lambda record: int(record.pmid))


def key_fields(citation: Citation) -> tuple[object, ...]:
    """The fields that are compared, in the order of FIELDS."""
    return (
        citation.first_author,
        citation.year,
        citation.journal,
        citation.volume,
        citation.first_page,
        citation.title,
    )


def parse_back(records: Sequence[Record], style: Style) -> tuple[dict[str, float], list[str]]:
    """Per cent of records whose field is read back from the rendered string exactly, and what was not."""
    right: Counter[str] = Counter()
    wrong = []
    for record in records:
        string = render(record, style)
        want, got = key_fields(citation_of(record)), key_fields(parse_citation(string))
        for name, one, other in zip(FIELDS, want, got, strict=True):
            if one == other:
                right[name] += 1
            else:
                wrong.append(f"{name}: {one!r} read as {other!r} in {string}")
    return {name: 100 * right[name] / len(records) for name in FIELDS}, wrong


def summary_strings(path: Path = DATA / "pubmed" / "zheln_pubmed-summary-text_3098.txt.gz") -> list[str]:
    """PubMed's own summary strings, unwrapped, without their list numbers."""
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    return [re.sub(r"^\d+: ", "", one_line(unwrap(string))) for _, string in split_strings(text)]


def rendered_differently(strings: Sequence[str]) -> list[tuple[str, str]]:
    """The strings that differ when parsed and rendered again, with what came out."""
    again = ((string, render(parse_citation(string), Style.VANCOUVER)) for string in strings)
    return [(string, rendered) for string, rendered in again if string != rendered]


# ── damage, as people and publishers do it ──────────────────────────────────────────────────────────


def _typo(text: str, chance: random.Random) -> str:
    """One letter dropped, doubled, swapped or changed."""
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
            text[:at] + chance.choice("aeiounrst") + text[at + 1 :],
        )
    )


def no_title(c: Citation, record: Record, chance: random.Random) -> Citation:
    return replace(c, title="")


def other_journal_form(c: Citation, record: Record, chance: random.Random) -> Citation:
    return replace(c, journal=record.journal or c.journal)


def wrong_page(c: Citation, record: Record, chance: random.Random) -> Citation:
    if not c.first_page[-1:].isdigit():
        return c
    at = chance.choice([at for at, char in enumerate(c.first_page) if char.isdigit()])
    digit = chance.choice([d for d in "123456789" if d != c.first_page[at]])
    return replace(c, pages=c.first_page[:at] + digit + c.first_page[at + 1 :])


def typo_in_title(c: Citation, record: Record, chance: random.Random) -> Citation:
    return replace(c, title=_typo(_typo(c.title, chance), chance))


def typo_in_author(c: Citation, record: Record, chance: random.Random) -> Citation:
    if not c.authors:
        return c
    family, initials, suffix = split_author(c.authors[0])
    first = " ".join(part for part in (_typo(family, chance), initials, suffix) if part)
    return replace(c, authors=(first, *c.authors[1:]))


def year_off_by_one(c: Citation, record: Record, chance: random.Random) -> Citation:
    year = (c.year or 2000) + chance.choice((-1, 1))
    return replace(c, year=year, date=str(year))


def clipped_title(c: Citation, record: Record, chance: random.Random) -> Citation:
    clipped = re.split(r"[:.?!] ", c.title)[0]
    return replace(c, title=clipped if len(clipped) > 20 else c.title)


def first_author_only(c: Citation, record: Record, chance: random.Random) -> Citation:
    return replace(c, authors=c.authors[:1], et_al=len(c.authors) > 1, collective=())


def no_volume_or_pages(c: Citation, record: Record, chance: random.Random) -> Citation:
    return replace(c, volume="", issue="", pages="")


def real_references(records: Sequence[Record]) -> list[tuple[str, str]]:
    """(PMID, string) of the cited works that are held themselves, as publishers printed them."""
    held = {record.pmid for record in records}
    cited = {
        (reference.pmid, reference.citation)
        for record in records
        for reference in record.references
        if reference.pmid in held and reference.citation
    }
    return sorted(cited)


Damage = Callable[[Citation, Record, random.Random], Citation]
DAMAGES: tuple[Damage, ...] = (
    no_title, other_journal_form, wrong_page, typo_in_title, typo_in_author, year_off_by_one, clipped_title,
    first_author_only, no_volume_or_pages,
)  # fmt: skip
# A second flaw beside the first one, in three strings of ten; never one that leaves nobody a chance.
SECOND: tuple[Damage, ...] = (other_journal_form, typo_in_author, first_author_only)


def damaged_strings(records: Sequence[Record], seed: int = SEED) -> Iterator[tuple[Record, str, str]]:
    """(record, string, damage) for each record: ids left out, one flaw, in three of ten a second one."""
    chance = random.Random(seed)
    for record in records:
        citation = replace(citation_of(record), pmid="", doi="", pmcid="", electronic="")
        damage = chance.choice(DAMAGES)
        names = damage.__name__
        citation = damage(citation, record, chance)
        if chance.random() < 0.3:
            second = chance.choice(SECOND)
            citation = second(citation, record, chance)
            names += f" + {second.__name__}"
        yield record, render(citation, chance.choice(STYLES)), names


def twins_of(records: Sequence[Record]) -> dict[str, frozenset[str]]:
    """Record -> other PMIDs of the same report: same journal, year, volume and first page, and a title alike.

    PubMed holds some reports twice, in the two language editions of one journal (Actas Urol Esp 2021).
    """
    same: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for record in records:
        first = citation_of(record).first_page
        if first and record.volume and record.authors:
            family = fold(split_author(record.authors[0])[0])
            same[fold(record.journal)[:12], record.volume, first, family].append(record)
    return {
        one.record: frozenset(
            other.record
            for other in group
            if other is not one and fuzz.token_sort_ratio(fold(one.title), fold(other.title)) >= 75
        )
        for group in same.values()
        if len(group) > 1
        for one in group
    }


def match_damaged(
    records: Sequence[Record], index: CitationIndex, twins: Mapping[str, frozenset[str]]
) -> Outcome:
    """What becomes of the damaged strings of `records` against an index."""
    start = time.perf_counter()
    right, none, errors = 0, 0, []
    for record, string, damage in damaged_strings(records):
        found = match(parse_citation(string), index)
        if found.record is None:
            none += 1
            errors.append((damage, string, f"none ({record.record}): {found.reason}"))
        elif found.record == record.record or found.record in twins.get(record.record, ()):
            right += 1
        else:
            errors.append((damage, string, f"WRONG {found.record} for {record.record}: {found.reason}"))
    seconds = time.perf_counter() - start
    return Outcome(right, len(records) - right - none, none, seconds, tuple(errors))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=5000, help="records to render (default 5000)")
    parser.add_argument("--list", action="store_true", help="list what failed")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"{DATA} is absent: nothing to measure", file=sys.stderr)
        return 2
    records = load_records()
    sample = random.Random(SEED).sample(records, options.records)
    print(f"{len(sample)} of {len(records)} articles, seed {SEED}")

    print("\nfields read back from rendered strings, %")
    for style in STYLES:
        start = time.perf_counter()
        shares, wrong = parse_back(sample, style)
        seconds = time.perf_counter() - start
        print(f"  {style:10}", "  ".join(f"{n} {s:.2f}" for n, s in shares.items()), f"({seconds:.1f} s)")
        if options.list:
            print("\n".join(f"    {line}" for line in wrong))

    strings = summary_strings()
    different = rendered_differently(strings)
    equal = len(strings) - len(different)
    print(f"\nPubMed's own strings equal after parsing and rendering: {equal} of {len(strings)}", end="")
    print(f" ({100 * equal / len(strings):.2f} %)")
    if options.list:
        for string, rendered in different:
            print(f"    {string}\n  > {rendered}")

    index = CitationIndex.from_records(records)
    twins = twins_of(records)
    held = match_damaged(sample, index, twins)
    print(f"\ndamaged strings against {len(records)} records held ({held.seconds:.1f} s)")
    _say(held, len(sample), options.list)
    names = {record.record for record in sample}
    away = CitationIndex.from_records(record for record in records if record.record not in names)
    absent = match_damaged(sample, away, twins)
    print("the same strings with their records taken away (only a twin of the report can be right)")
    _say(absent, len(sample), options.list, only_wrong=True)

    references = real_references(records)
    found = [match(parse_citation(string), index).record for _, string in references]
    right = sum(record == f"pubmed:{pmid}" for record, (pmid, _) in zip(found, references, strict=True))
    wrong = sum(record is not None for record in found) - right
    print(f"\nreal strings of reference lists whose PMID NLM gives and is held: {len(references)}")
    print(f"  right {right}  wrong {wrong}  none {len(references) - right - wrong}")
    if options.list:
        for record, (pmid, string) in zip(found, references, strict=True):
            if record != f"pubmed:{pmid}":
                print(f"    {pmid} -> {record}: {string}")

    pdq = read_citations(DATA / "pnet" / "pdq_pnet_references.csv")
    read = sum(bool(e.citation.journal and e.citation.year and e.citation.first_author) for e in pdq)
    print(f"\nPDQ's list: {len(pdq)} entries, {read} with author, year and journal")
    return 0


def _say(outcome: Outcome, total: int, listing: bool, *, only_wrong: bool = False) -> None:
    counts = (("right", outcome.right), ("wrong", outcome.wrong), ("none", outcome.none))
    print("  " + "  ".join(f"{name} {n} ({100 * n / total:.2f} %)" for name, n in counts))
    if listing:
        for damage, string, said in outcome.errors:
            if not only_wrong or said.startswith("WRONG"):
                print(f"    [{damage}] {string}\n      {said}")


if __name__ == "__main__":
    raise SystemExit(main())
