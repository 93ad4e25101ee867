"""Reference strings of other people: how many are taken apart rightly, and resolved to the right record.

    .venv/bin/python benchmarks/strings.py [parts] [resolve] [labelled] [--styles N] [--sample N] [--list]

Needs the folder `../shared/data` beside the project. PubMed records are written out by citeproc-py in styles
of citationstyles.org that are drawn with a fixed seed; identifiers are left out.

parts     60 records in each of 40 styles, half of them of the half that no model is trained on
          (`csl.is_held_out`), the records all of it: the share of strings of which every printed part is read
          (first author, year, journal, volume, first page, title)
resolve   5,000 records in 20 styles: right record, wrong record, none, with all records held, and with the
          very records taken away (then only a twin of the report is right)
labelled  AnyStyle's labelled strings that print all six parts, ten-fold: the model is trained anew without
          each tenth, on the rest and on records in 300 styles (ten trainings of half a minute)
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import csl
import train_citations
from citations import DATA, load_records, twins_of
from labelled import of_anystyle, six_parts

from resift.formats.citations import Citation, CitationIndex, match, parse_citation
from resift.records import Record
from resift.text.fold import fold
from resift.text.names import split_author
from resift.text.pages import page_ends

SEED = 20141
PARTS = ("first author", "year", "journal", "volume", "first page", "title")
FOLD_STYLES = 300
LEAST_PRINTED = 5  # parts; a style that prints fewer names no journal or no place


def printed(record: Record, string: str) -> dict[str, frozenset[str]]:
    """Part -> the values, folded, that are right for it; only of parts that the string prints."""
    text = f" {fold(string)} "
    page = page_ends(record.pages)[0]
    right = {
        "first author": {fold(split_author(record.authors[0])[0])} if record.authors else set(),
        "year": {str(record.year)},
        "journal": {fold(record.journal), fold(record.journal_abbreviation)},
        "volume": {fold(record.volume)},
        "first page": {fold(page)},
        "title": {fold(record.title)},
    }
    found = {
        part: frozenset(value for value in values if value and f" {value} " in text)
        for part, values in right.items()
    }
    return {part: values for part, values in found.items() if values}


def read(citation: Citation) -> dict[str, str]:
    """The same parts as a citation has them, folded."""
    family = split_author(citation.authors[0])[0] if citation.authors else citation.first_author
    return {
        "first author": fold(family),
        "year": str(citation.year or ""),
        "journal": fold(citation.journal),
        "volume": fold(citation.volume),
        "first page": fold(citation.first_page),
        "title": fold(citation.title),
    }


def wrong_parts(string: str, right: Mapping[str, frozenset[str]]) -> list[str]:
    """The printed parts that are not read as they are."""
    got = read(parse_citation(string))
    return [part for part, values in right.items() if got[part] not in values]


def drawn_styles(records: Sequence[Record], wanted: int) -> Iterator[str]:
    """Styles in an order drawn with a fixed seed, that print enough of a record; half of them held out."""
    names = csl.style_names()
    random.Random(SEED).shuffle(names)
    left = {True: wanted // 2, False: wanted - wanted // 2}
    for name in names:
        held_out = csl.is_held_out(name)
        if left[held_out] and _prints_enough(name, records[:6]):
            left[held_out] -= 1
            yield name
        if not any(left.values()):
            return


def _prints_enough(style: str, records: Sequence[Record]) -> bool:
    pairs = list(csl.strings_in(style, records))
    told = [printed(record, string) for record, string in pairs]
    needed = {"year", "first page", "title"}
    return len(told) == len(records) and all(len(t) >= LEAST_PRINTED and needed <= t.keys() for t in told)


def measure_parts(records: Sequence[Record], styles: int, per_style: int, listing: bool) -> None:
    """The table of styles, and how many of them reach 97 per cent."""
    reached: Counter[bool] = Counter()
    total: Counter[bool] = Counter()
    drawn = list(drawn_styles(records, styles))
    if strange := [name for name in drawn if csl.is_held_out(name) and name not in csl.MEASURED]:
        print(f"  relatives of these may have been trained on: {', '.join(strange)}")
    for style in drawn:
        held_out = csl.is_held_out(style)
        missed: Counter[str] = Counter()
        right, count, shown = 0, 0, ""
        for record, string in csl.strings_in(style, records[:per_style]):
            wrong = wrong_parts(string, printed(record, string))
            missed.update(wrong)
            right += not wrong
            count += 1
            shown = shown or (f"{string} [{', '.join(wrong)}]" if wrong else "")
        total[held_out] += 1
        reached[held_out] += right >= 0.97 * count
        said = ", ".join(f"{part} {n}" for part, n in missed.most_common())
        kind = "held out" if held_out else ""
        print(f"  {style[:60]:60} {kind:8} {100 * right / count:5.1f} %  {said}")
        if listing and shown:
            print(f"      {shown}")
    print(
        f"styles at 97 % or more: {sum(reached.values())} of {sum(total.values())}"
        f" (held out {reached[True]} of {total[True]})"
    )


def measure_resolution(
    records: Sequence[Record], sample: Sequence[Record], styles: int, listing: bool
) -> None:
    """Right, wrong and none for each style, with the records held and with them taken away."""
    names = list(drawn_styles(sample, styles))
    size = -(-len(sample) // len(names))
    strings = [
        (style, record, string)
        for n, style in enumerate(names)
        for record, string in csl.strings_in(style, sample[n * size : (n + 1) * size])
    ]
    twins = twins_of(records)
    away = {record.record for record in sample}
    for title, held in (
        ("held", records),
        ("taken away (only a twin of the report can be right)", [r for r in records if r.record not in away]),
    ):
        index = CitationIndex.from_records(held)
        counts: dict[str, Counter[str]] = {style: Counter() for style in names}
        start = time.perf_counter()
        for style, record, string in strings:
            found = match(parse_citation(string), index)
            same = found.record == record.record or found.record in twins.get(record.record, ())
            outcome = "none" if found.record is None else "right" if same else "wrong"
            counts[style][outcome] += 1
            if listing and outcome == "wrong":
                print(f"    WRONG {found.record} for {record.record}: {string}\n      {found.reason}")
        print(f"records {title}: {time.perf_counter() - start:.0f} s")
        for style, count in counts.items():
            print(
                f"  {style[:60]:60}",
                "  ".join(f"{name} {count[name]}" for name in ("right", "wrong", "none")),
            )
        total = sum(counts.values(), Counter())
        asked = len(strings)
        print(
            "  all:",
            "  ".join(f"{n} {total[n]} ({100 * total[n] / asked:.2f} %)" for n in ("right", "wrong", "none")),
        )


def measure_labelled(records: Sequence[Record], folds: int, listing: bool) -> None:
    """Ten-fold: AnyStyle's strings with all six parts, each read by a model not trained on its fold."""
    journals = {fold(name) for r in records for name in (r.journal, r.journal_abbreviation)}
    sequences = of_anystyle(DATA / "strings" / "anystyle-core.xml")
    lines = list(train_citations.rendered(train_citations.training_records(), FOLD_STYLES))
    right: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for number in range(folds):
        others = [s.labelled for n, s in enumerate(sequences) if n % 10 != number]
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "fold.crfsuite"
            train_citations.train((*lines, *others), model)
            for sequence in sequences[number::10]:
                wanted = six_parts(sequence)
                if wanted is None:
                    continue
                got = read(parse_citation(sequence.labelled.text, model=model))
                parts = [part for part in PARTS if same_part(part, got[part], wanted[part])]
                whole = len(parts) == len(PARTS)
                for known in {False, wanted["journal"] in journals}:
                    right[known].update([*parts, "all", *(["all six"] if whole else [])])
                if listing and not whole:
                    wrong = ", ".join(f"{p} {got[p]!r}" for p in PARTS if p not in parts)
                    print(f"    {sequence.labelled.text}\n      {wrong}")
    for known, title in ((True, "of journals that PubMed has"), (False, "of all fields")):
        count = right[known]["all"]
        print(f"labelled strings {title}, {folds} of ten folds: {count}")
        for part in ("all six", *PARTS):
            print(f"  {part:12} {right[known][part]} ({100 * right[known][part] / max(count, 1):.1f} %)")


def same_part(part: str, got: str, wanted: str) -> bool:
    """A volume may carry its issue, a title its subtitle's marks: folded they are the same."""
    if part == "first author":
        return got == wanted or got.split()[-1:] == wanted.split()[-1:]
    return got == wanted or (part == "volume" and re.match(rf"{re.escape(wanted)}\b", got) is not None)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("measure", nargs="*", help="parts, resolve, labelled (default all)")
    parser.add_argument("--styles", type=int, help="styles to draw (default 40 for parts, 20 for resolve)")
    parser.add_argument("--sample", type=int, default=5000, help="records to resolve (default 5000)")
    parser.add_argument("--folds", type=int, default=10, help="folds of the labelled strings to measure")
    parser.add_argument("--list", action="store_true", help="list what failed")
    options = parser.parse_args(arguments)
    if not Path(DATA).is_dir():
        print(f"{DATA} is absent: nothing to measure", file=sys.stderr)
        return 2
    measures = options.measure or ["parts", "resolve", "labelled"]
    records = load_records()
    usable = [r for r in records if r.authors and r.title and r.volume and page_ends(r.pages)[0] and r.year]
    sample = random.Random(SEED).sample(usable, min(options.sample, len(usable)))
    print(f"{len(records)} articles, {len(usable)} with author, title, year, volume and page; seed {SEED}")
    if "parts" in measures:
        unseen = [record for record in sample if csl.is_held_out(record.record)]
        measure_parts(unseen, options.styles or 40, 60, options.list)
    if "resolve" in measures:
        measure_resolution(records, sample, options.styles or 20, options.list)
    if "labelled" in measures:
        measure_labelled(records, options.folds, options.list)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
