"""Our evidence table beside splink 5.0.0, a Fellegi-Sunter model over DuckDB trained on labelled pairs.

    .venv/bin/python benchmarks/dedupe_splink.py [--records 900] [--negatives 2500] [--sets stroke diabetes]

splink learns its weights, and the threshold that costs least (a wrong merge counts as ten missed pairs),
on every second real PubMed record in the renderings that rules were chosen on, hard negatives among them.
Both are then measured on the other records in the other renderings, and on labelled sets that neither
the weights nor the threshold have seen. splink gets the fields as we normalise them.

Needs `../shared/data/pubmed` and `../shared/data/dedupe` beside the project. splink is installed by pip
into an environment of its own under the temporary folder, once.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import dedupe as sets
import dedupe_unseen as unseen
import pandas as pd

from resift.dedupe.normalise import Entries, normalise, text_columns
from resift.dedupe.packed import pack
from resift.dedupe.pipeline import deduplicate_packed
from resift.dedupe.read import read_entries
from resift.records import Record

PEER = ("splink==5.0.0", "pandas")

PROGRAM = """
import json, logging, sys
import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

def table(path):
    frame = pd.read_csv(path, dtype=str, keep_default_na=False).astype(object)
    return frame.mask(frame == "", None)

def linker(path, model):
    return Linker(DuckDBAPI().register(table(path)), model, log_level=logging.ERROR)

def clusters(one, predicted, threshold):
    found = one.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_weight=threshold
    )
    held = found.as_pandas_dataframe() if hasattr(found, "as_pandas_dataframe") else found.as_dict()
    return pd.DataFrame(held)[["record", "cluster_id", "truth"]]

def pairs(values):
    counts = values.groupby(list(values.columns)).size()
    return int((counts * (counts - 1) // 2).sum())

def figures(held):
    both = pairs(held[["cluster_id", "truth"]])
    return pairs(held[["truth"]]), both, pairs(held[["cluster_id"]]) - both

output, train, *others = sys.argv[1:]
exact = ("first", "year", "volume", "issue", "start", "last", "doi")
model = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="record",
    comparisons=[
        cl.JaroWinklerAtThresholds("title", [0.98, 0.95, 0.9, 0.8]),
        cl.JaroWinklerAtThresholds("authors", [0.95, 0.85, 0.7]),
        cl.JaroWinklerAtThresholds("journal", [0.9, 0.75]),
        *(cl.ExactMatch(name) for name in exact),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("doi"), block_on("head"), block_on("first", "year"), block_on("start", "volume"),
        block_on("start", "year"), block_on("first", "start"),
    ],
    retain_intermediate_calculation_columns=False,
    additional_columns_to_retain=["truth"],
)
one = linker(train, model)
one.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
one.training.estimate_m_from_label_column("truth")
one.training.estimate_probability_two_random_records_match(
    [block_on("doi"), block_on("head", "first")], recall=0.9
)
learned = one.misc.save_model_to_json()
predicted = one.inference.predict(threshold_match_weight=-2)
cost = {}
for threshold in range(0, 41, 2):
    gold, found, wrong = figures(clusters(one, predicted, threshold))
    cost[threshold] = 10 * wrong + gold - found
best = min(cost, key=lambda t: (cost[t], t))
result = {"threshold": best, train: figures(clusters(one, predicted, best))}
for path in others:
    one = linker(path, learned)
    predicted = one.inference.predict(threshold_match_weight=-2)
    result[path] = {str(t): figures(clusters(one, predicted, t)) for t in sorted({best, 0, 10, 20, 30})}
    held = clusters(one, predicted, best)
    result[path + " groups"] = dict(zip(held["record"], map(str, held["cluster_id"])))
json.dump(result, open(output, "w"))
"""


def rows_of(records: Sequence[Record], tuned: bool, size: int, negatives: int, seed: int) -> Entries:
    """Real records in three renderings each, without PMIDs, and the hard negatives drawn from them."""
    chosen = [r for r in unseen.made.RENDERINGS if r.tuned == tuned]
    draw = random.Random(seed)
    held = draw.sample(list(records), size)
    rows = [
        unseen.made.render(replace(record, pmid=""), rendering, seed)
        for record in held
        for rendering in draw.sample(chosen, 3)
    ]
    names = {record.record for record in held}
    others = [record for record in records if record.record not in names]
    rows += unseen.negative_rows(others, negatives, seed)[0]
    return normalise(text_columns(pd.DataFrame(rows).fillna("")))


def write(entries: Entries, truth: Sequence[str], path: Path) -> None:
    """The fields that splink compares, as we normalise them."""
    pd.DataFrame(
        {
            "record": entries.record,
            "title": entries.title,
            "head": [title.replace(" ", "")[:30] for title in entries.title],
            "authors": entries.authors,
            "first": entries.first,
            "journal": entries.journal,
            "year": [str(year) if year else "" for year in entries.year.tolist()],
            "volume": entries.volume,
            "issue": entries.issue,
            "start": entries.start,
            "last": entries.end,
            "doi": entries.doi,
            "truth": truth,
        }
    ).to_csv(path, index=False)


def figures(truth: Sequence[str], group: Sequence[str]) -> tuple[int, int, int]:
    """Pairs of one report; how many of them are in one group; pairs of two reports in one group."""

    def pairs(values: Sequence[object]) -> int:
        counts = pd.Series(values).value_counts()
        return int((counts * (counts - 1) // 2).sum())

    both = pairs(list(zip(truth, group, strict=True)))
    return pairs(truth), both, pairs(group) - both


def line(name: str, tool: str, held: Sequence[int]) -> str:
    gold, found, wrong = held
    return f"{name:32} {tool:12} {gold:6} pairs  found {found / gold:8.2%}  wrong {wrong:5}"


def main() -> None:
    """Print both tools on the training half, the unseen half and the labelled sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=900)
    parser.add_argument("--negatives", type=int, default=2500)
    parser.add_argument("--sets", nargs="*", default=["stroke", "diabetes", "copper", "cytology_screening"])
    args = parser.parse_args()
    records = unseen.load()
    halves = (
        ("training half, renderings seen", records[::2], True, 1),
        ("other half, renderings unseen", records[1::2], False, 2),
    )
    tables: list[tuple[str, Entries, list[str]]] = []
    for name, half, tuned, seed in halves:
        entries = rows_of(half, tuned, args.records, args.negatives, seed)
        tables.append((name, entries, [unseen.truth(record) for record in entries.record]))
    for name in args.sets:
        paths = sets.files(name)
        gold = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths])
        truth = dict(zip(gold["record_id"], gold["cluster_id"], strict=True))
        entries = read_entries(paths)
        tables.append((name, entries, [truth[record] for record in entries.record]))
    with tempfile.TemporaryDirectory(prefix="resift-bench-") as temporary:
        folder = Path(temporary)
        paths = [folder / f"{n}.csv" for n in range(len(tables))]
        for path, (_, entries, truth_of) in zip(paths, tables, strict=True):
            write(entries, truth_of, path)
        program, answer = folder / "peer.py", folder / "peer.json"
        program.write_text(PROGRAM, encoding="utf-8")
        subprocess.run([sets.peer_python(*PEER), program, answer, *paths], check=True)
        found = json.loads(answer.read_text(encoding="utf-8"))
    print(f"splink's threshold, chosen on the training half: match weight {found['threshold']}")
    for n, (path, (name, entries, truth_of)) in enumerate(zip(paths, tables, strict=True)):
        groups = deduplicate_packed(pack(entries), versions="merge")
        held = dict(zip(groups["record"], groups["group"], strict=True))
        ours = [held[record] for record in entries.record]
        print(line(name, "resift", figures(truth_of, ours)))
        if n == 0:
            print(line(name, "splink", found[str(path)]))
            continue
        for threshold, values in sorted(found[str(path)].items(), key=lambda item: float(item[0])):
            chosen = " (chosen)" if threshold == str(found["threshold"]) else ""
            print(line(name, f"splink {threshold}", values) + chosen)
        if n > 1:
            theirs = found[f"{path} groups"]
            for tool, group in (("resift", ours), ("splink", [theirs.get(r, r) for r in entries.record])):
                tp, fp, fn, f1 = sets.record_level(truth_of, group)
                print(f"{'':32} {tool:12} TP {tp} FP {fp} FN {fn} F1 {f1:.4f}")


if __name__ == "__main__":
    main()
