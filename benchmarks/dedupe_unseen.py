"""Deduplication on records that it was not tuned on: what other databases make of PubMed's records.

    .venv/bin/python benchmarks/dedupe_unseen.py [--records 3000] [--negatives 50000] [--seed 7] [--errors 20]

Real PubMed records are written as ten platforms and tools write them (`tests/support/renderings.py`);
half of these renderings were kept out of choosing rules, and are marked *unseen*. Hard negatives are
records of different reports that look alike: real ones (titles alike to 85 %, or one first author,
journal and year), and columns, parts, titles with one word other, errata, annual guidelines, papers at two
meetings and meeting abstracts made from real records. All lose their PMIDs, are written by two platforms
drawn at random, and stand in one table.

Needs `../shared/data/pubmed` beside the project.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT.parent / "shared" / "data" / "pubmed"
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import renderings as made  # noqa: E402

from resift.dedupe.block import candidates  # noqa: E402
from resift.dedupe.compare import Comparison  # noqa: E402
from resift.dedupe.normalise import normalise, text_columns  # noqa: E402
from resift.dedupe.packed import pack, pack_columns  # noqa: E402
from resift.dedupe.pipeline import deduplicate_packed  # noqa: E402
from resift.pubmed.xml import read_records  # noqa: E402
from resift.records import Record  # noqa: E402

FILES = ("pubmed21n1298.xml.gz", "pubmed20n0014.xml.gz")
ALIKE = 85
"""Titles so much alike make two records a hard negative."""


@dataclass(frozen=True)
class Negative:
    """Two records of different reports, and the kind of likeness."""

    kind: str
    one: str
    two: str


def load() -> list[Record]:
    """The records of two whole NLM files, without what deduplication does not read."""
    found = []
    for name in FILES:
        for record in read_records(DATA / name):
            if isinstance(record, Record) and record.title:
                found.append(replace(record, references=(), mesh=(), keywords=(), affiliations=(), links=()))
    return found


def truth(row: str) -> str:
    """The record that a row was made from."""
    return row.partition(":")[2]


def deduplicated(rows: Sequence[made.Row], *, versions: str = "link") -> pd.DataFrame:
    frame = pd.DataFrame(rows).fillna("")
    packed = pack_columns(text_columns(frame))
    return deduplicate_packed(packed, versions=versions)  # type: ignore[arg-type]


# --- recall ---------------------------------------------------------------------------------------------


def recall_rows(records: Sequence[Record], seed: int) -> list[made.Row]:
    """Every record by three platforms drawn at random."""
    draw = random.Random(seed)
    rows = []
    for record in records:
        rows += [made.render(record, chosen, seed) for chosen in draw.sample(made.RENDERINGS, 3)]
    return rows


def recall(rows: Sequence[made.Row], groups: pd.DataFrame) -> dict[str, tuple[int, int, int]]:
    """For each platform: pairs with a row of the same record; how many are one group; to a person."""
    group = dict(zip(groups["record"], groups["group"], strict=True))
    review = dict(zip(groups["record"], groups["relation"] == "review", strict=True))
    by_truth: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_truth[truth(row["record"])].append(row["record"])
    names = {r.name.lower().replace(" ", "-"): r.name for r in made.RENDERINGS}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for held in by_truth.values():
        for one, two in itertools.permutations(held, 2):
            tally = counts[names.get(one.partition(":")[0], one.partition(":")[0])]
            tally[0] += 1
            tally[1] += group[one] == group[two]
            tally[2] += group[one] != group[two] and review[group[one]]
    return {name: (a, b, c) for name, (a, b, c) in counts.items()}


# --- hard negatives -------------------------------------------------------------------------------------


def real_negatives(records: Sequence[Record]) -> Iterator[Negative]:
    """Pairs of real records that look alike, found by the blocking itself and by author, journal, year."""
    rows = [made.render(record, made.RENDERINGS[0], 0) for record in records]
    entries = normalise(text_columns(pd.DataFrame(rows).fillna("")))
    left, right = (side.astype(np.int32) for side in candidates(pack(entries)))
    pairs = Comparison(entries).pairs(left, right)
    alike = np.flatnonzero(pairs.title >= ALIKE)
    for n in alike.tolist():
        a, b = int(left[n]), int(right[n])
        if one_citation(records[a], records[b]):
            continue
        if entries.title[a] == entries.title[b]:
            kind = "same title"
        elif pairs.kind_differs[n]:
            kind = "notice and report"
        elif pairs.numbers_differ[n]:
            kind = "other numbers"
        else:
            kind = "titles alike"
        yield Negative(kind, records[a].record, records[b].record)
    seen = {(int(left[n]), int(right[n])) for n in alike.tolist()}
    held: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for n, record in enumerate(records):
        if record.authors and record.year:
            held[("one author, journal, year", record.authors[0], record.journal, str(record.year))].append(n)
        if record.volume and record.issue:
            held[("one issue", record.journal, record.volume, record.issue)].append(n)
    for (kind, *_), members in held.items():
        for a, b in itertools.islice(itertools.combinations(members, 2), 12 if kind == "one issue" else 60):
            if (a, b) not in seen and not one_citation(records[a], records[b]):
                yield Negative(kind, records[a].record, records[b].record)


TWICE = "one citation under two PMIDs"
"""No error: PubMed holds some reports twice, mostly language editions on the same pages of one volume."""


def one_citation(one: Record, two: Record) -> bool:
    """Whether two PMIDs stand for one citation: volume, issue and pages, authors, and a title like it.

    "Anales de pediatria" and its English edition, a Russian title translated twice. With the PMIDs these
    are kept apart and shown to a person; without them nobody can tell them from duplicates. On a single
    page several notes may stand, so the title has to be the same there. "Cir Esp" and its English edition,
    ahead of print, have one title, year and group, but a language less.
    """
    if one.year == two.year and set(one.languages) != set(two.languages) and one.journal == two.journal:
        people = [{name.rpartition(" ")[0].casefold() for name in r.authors} for r in (one, two)]
        if fuzz.ratio(one.title.casefold(), two.title.casefold()) >= 95 and len(people[0] & people[1]) > 1:
            return True
    place = (one.volume, one.issue, one.pages)
    if place != (two.volume, two.issue, two.pages) or not one.pages:
        return False
    alike = fuzz.ratio(one.title.casefold(), two.title.casefold())
    if "-" in one.pages and alike >= 60:
        families = [{name.rpartition(" ")[0].casefold() for name in r.authors} for r in (one, two)]
        return not families[0].isdisjoint(families[1]) or alike >= 95
    return alike >= 95 and one.authors[:1] == two.authors[:1]


FAMILIES = 8
"""Kinds of families that are made of real records."""


def made_families(records: Sequence[Record], draw: random.Random) -> Iterator[tuple[str, list[Record]]]:
    """Families of different reports made from real records, and their kind."""
    for n, record in enumerate(records):
        which = n % FAMILIES
        heading = made.COLUMNS[draw.randrange(len(made.COLUMNS))]
        if which == 0:
            yield "column over issues", made.column(record, heading, (1, 2, 3))
        elif which == 1:
            yield "column over years", made.column_over_years(record, heading)
        elif which == 2:
            yield "parts", made.parts(record)
        elif which == 3:
            yield "erratum", made.erratum(record)
        elif which == 4:
            yield "annual guideline", made.annual(record)
        elif which == 5:
            yield "one word other", made.one_word_other(record, draw.choice(made.CHANGES))
        elif which == 6:
            yield "two meetings of a series", made.two_meetings(record)
        else:
            yield "paper and its abstract", [record]


def negative_rows(records: Sequence[Record], wanted: int, seed: int) -> tuple[list[made.Row], list[Negative]]:
    """Rows without PMIDs, two for each record, and the pairs of records that must stay apart."""
    draw = random.Random(seed)
    by_id = {record.record: record for record in records}
    kinds: dict[str, list[Negative]] = defaultdict(list)
    for found in real_negatives(records):
        kinds[found.kind].append(found)
    share = wanted // 4 // (len(kinds) + FAMILIES)  # each pair of records makes four pairs of rows
    negatives: list[Negative] = []
    for held in kinds.values():
        draw.shuffle(held)
        negatives += held[: share * 2 if len(held) > 2 * share else None]
    used = {n.one for n in negatives} | {n.two for n in negatives}
    pool = {name: by_id[name] for name in sorted(used)}
    free = [r for r in records if r.record not in used and _is_plain_article(r)]
    draw.shuffle(free)
    extra: list[made.Row] = []
    for kind, family in made_families(free[: share * FAMILIES], draw):
        if kind == "paper and its abstract":
            extra += _abstracts(family[0], negatives, seed)
            continue
        for member in family:
            pool[member.record] = member
        negatives += [Negative(kind, a.record, b.record) for a, b in itertools.combinations(family, 2)]
    rows = []
    held: set[str] = set()
    for record in pool.values():
        bare = replace(record, pmid="", doi="" if record.doi in held else record.doi)
        held.add(record.doi)
        for chosen in draw.sample(made.RENDERINGS, 2):
            rows.append(made.render(bare, chosen, seed))
    return rows + extra, negatives


def _is_plain_article(record: Record) -> bool:
    """Whether a family can be made of a record: an article with a place, no notice about another."""
    return bool(
        record.authors
        and record.volume.isdigit()
        and int(record.volume) > 4
        and len(record.title) > 30
        and not {"Published Erratum", "Comment", "Letter", "Retraction of Publication"}.intersection(
            record.publication_types
        )
    )


def _abstracts(record: Record, negatives: list[Negative], seed: int) -> list[made.Row]:
    """One abstract at two meetings, from two databases each, and the paper that came of it."""
    year = record.year or 2000
    number = record.record.rpartition(":")[2]
    rows = [made.render(replace(record, pmid=""), made.RENDERINGS[0], seed)]
    for supplement, back in ((2, 1), (4, 2)):
        meeting = made.Meeting(
            f"{20 + back}th Congress of the International Society", supplement, year - back
        )
        volume = str(int(record.volume) - back) if record.volume.isdigit() else record.volume
        held = replace(record, volume=volume, doi="", abstract=record.abstract if back == 1 else "")
        rows += made.abstract_rows(held, meeting, 100 + 37 * back, seed)
    ids = [f"{number}", f"{number}:2", f"{number}:4"]
    negatives += [
        Negative("abstract and paper", ids[0], ids[1]),
        Negative("abstract and paper", ids[0], ids[2]),
        Negative("one abstract, two meetings", ids[1], ids[2]),
    ]
    return rows


@dataclass(frozen=True)
class Wrong:
    """Two rows of different reports in one group."""

    kind: str
    one: str
    two: str


def wrong_merges(
    rows: Sequence[made.Row],
    negatives: Sequence[Negative],
    groups: pd.DataFrame,
    records: Sequence[Record],
) -> tuple[Counter[str], list[Wrong]]:
    """Pairs of rows for each kind of hard negative, and the wrong ones, also those of no pair meant."""
    by_id = {record.record.removeprefix("pubmed:"): record for record in records}

    def kind(one: str, two: str) -> str:
        if found := kind_of.get(frozenset((one, two))):
            return found
        a, b = (by_id.get(re.split(r"\D", name)[0]) for name in (one, two))
        return TWICE if a and b and a is not b and one_citation(a, b) else "not meant"

    by_truth: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_truth[truth(row["record"])].append(row["record"])
    kind_of: dict[frozenset[str], str] = {}
    counts: Counter[str] = Counter()
    for pair in negatives:
        one, two = (
            truth("x:" + pair.one.removeprefix("pubmed:")),
            truth("x:" + pair.two.removeprefix("pubmed:")),
        )
        kind_of[frozenset((one, two))] = pair.kind
        counts[pair.kind] += len(by_truth[one]) * len(by_truth[two])
    members: dict[str, list[str]] = defaultdict(list)
    for record, group in zip(groups["record"], groups["group"], strict=True):
        members[group].append(record)
    wrong = [
        Wrong(kind(truth(a), truth(b)), a, b)
        for held in members.values()
        for a, b in itertools.combinations(held, 2)
        if truth(a) != truth(b)
    ]
    return counts, wrong


# --- the report -----------------------------------------------------------------------------------------

SHOWN = ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi")


def show(rows: Iterable[made.Row], groups: pd.DataFrame) -> None:
    told = groups.set_index("record")
    for row in rows:
        print("     " + " | ".join(row.get(name, "")[:70] for name in SHOWN))
        line = told.loc[row["record"]]
        print(f"       {row['record']}: {line['relation'] or '-'}; {line['rule']}; {line['evidence']}")


def main() -> None:
    """Print recall per rendering, wrong merges per kind of hard negative, and the errors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=3000, help="records of the recall table")
    parser.add_argument("--negatives", type=int, default=50_000, help="pairs of rows that must stay apart")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--errors", type=int, default=20, help="errors of each kind that are printed")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("needs ../shared/data/pubmed beside the project")
    records = load()
    report_recall(records, args.records, args.seed, args.errors)
    report_negatives(records, args.negatives, args.seed, args.errors)


def report_recall(records: Sequence[Record], size: int, seed: int, errors: int) -> None:
    chosen = random.Random(seed).sample(list(records), size)
    rows = recall_rows(chosen, seed)
    groups = deduplicated(rows)
    counts = recall(rows, groups)
    print(
        f"recall: {size} records, each by 3 of {len(made.RENDERINGS)} platforms; pairs of rows of one record"
    )
    for rendering in made.RENDERINGS:
        pairs, found, review = counts[rendering.name]
        seen = "tuned on" if rendering.tuned else "unseen"
        print(f"  {rendering.name:16} {seen:9} {pairs:6} pairs  {found / pairs:7.2%}  to a person {review}")
    for tuned in (True, False):
        held = [counts[r.name] for r in made.RENDERINGS if r.tuned == tuned]
        share = sum(found for _, found, _ in held) / sum(pairs for pairs, _, _ in held)
        print(f"  {'tuned on' if tuned else 'unseen':26} {share:14.2%}")
    print(f"  to a person: {(groups['relation'] == 'review').mean():.2%} of {len(groups)} rows")
    wrong = [e for e in wrong_merges(rows, [], groups, records)[1] if e.kind != TWICE]
    print(f"  wrong merges: {len(wrong)}")
    group = dict(zip(groups["record"], groups["group"], strict=True))
    by_name = {row["record"]: row for row in rows}
    by_truth: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_truth[truth(row["record"])].append(row["record"])
    missed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for held_rows in by_truth.values():
        for one, two in itertools.combinations(held_rows, 2):
            if group[one] != group[two]:
                for name in {one.partition(":")[0], two.partition(":")[0]}:
                    missed[name].append((one, two))
    shown: set[tuple[str, str]] = set()
    for name, held_pairs in missed.items():
        print(f"  -- missed with {name}: {len(held_pairs)}")
        for pair in [p for p in held_pairs if p not in shown][:errors]:
            shown.add(pair)
            show([by_name[n] for n in pair], groups)
    for error in wrong[:errors]:
        print("  -- wrong")
        show([by_name[error.one], by_name[error.two]], groups)


def report_negatives(records: Sequence[Record], wanted: int, seed: int, errors: int) -> None:
    rows, negatives = negative_rows(records, wanted, seed)
    groups = deduplicated(rows)
    counts, merged = wrong_merges(rows, negatives, groups, records)
    wrong = [error for error in merged if error.kind != TWICE]
    found = Counter(error.kind for error in wrong)
    total = sum(counts.values())
    print(f"hard negatives: {total} pairs of rows, {len(rows)} rows; wrong {len(wrong)}")
    print(f"  wrong merges per 10,000: {10_000 * len(wrong) / total:.2f}")
    print(f"  not counted: {len(merged) - len(wrong)} pairs of rows of {TWICE}")
    for kind in sorted(set(counts) | set(found)):
        print(f"  {kind:28} {counts[kind]:6} pairs  wrong {found[kind]}")
    print(f"  to a person: {(groups['relation'] == 'review').mean():.2%}")
    for name, (pairs, merged, _) in sorted(recall(rows, groups).items()):
        print(f"  found among them: {name:16} {pairs:6} pairs  {merged / pairs:7.2%}")
    by_name = {row["record"]: row for row in rows}
    shown: Counter[str] = Counter()
    for error in wrong:
        shown[error.kind] += 1
        if shown[error.kind] <= errors:
            print(f"  -- {error.kind}")
            show([by_name[error.one], by_name[error.two]], groups)


if __name__ == "__main__":
    main()
