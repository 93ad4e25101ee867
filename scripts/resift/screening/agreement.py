"""How far two raters agree on keeping or excluding records: 2x2 table, kappa, PABAK, AC1.

Only blind decisions count: agreeing after having seen the other opinion is verification. *Unsure* keeps a
record, as *include* does. Kappa is given with the figures that prevalence does not bend (PABAK: Byrt et al.,
J Clin Epidemiol 1993;46:423-9; AC1: Gwet, Br J Math Stat Psychol 2008;61:29-48), and nothing is given where
there is no data.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from resift.intervals import Z_95
from resift.screening.human_decisions import YES, HumanDecision, in_force
from resift.tables import AgreementRow

RULES = "rules"
REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """Counts (or weights) of records that one and the other rater keep or exclude; the first rater first."""

    both_keep: float
    only_first_keeps: float
    only_second_keeps: float
    both_exclude: float

    @property
    def n(self) -> float:
        """All records."""
        return self.both_keep + self.only_first_keeps + self.only_second_keeps + self.both_exclude


def raw(table: Table) -> float:
    """The share of records on which both agree."""
    return (table.both_keep + table.both_exclude) / table.n


def pabak(table: Table) -> float:
    """Prevalence-adjusted and bias-adjusted kappa."""
    return 2 * raw(table) - 1


def kappa(table: Table) -> float | None:
    """Cohen's kappa; None where both raters use one and the same word for all."""
    n = table.n
    first = (table.both_keep + table.only_first_keeps) / n
    second = (table.both_keep + table.only_second_keeps) / n
    expected = first * second + (1 - first) * (1 - second)
    return None if expected >= 1 - 1e-12 else (raw(table) - expected) / (1 - expected)


def kappa_interval(table: Table) -> tuple[float, float] | None:
    """95 % interval of kappa by its large-sample variance (Fleiss et al., Psychol Bull 1969;72:323-7).

    None where that variance is 0, as for perfect agreement: an interval of no width says too much.
    """
    k = kappa(table)
    if k is None:
        return None
    n = table.n
    p = (
        (table.both_keep / n, table.only_first_keeps / n),
        (table.only_second_keeps / n, table.both_exclude / n),
    )
    rows = [sum(line) for line in p]
    columns = [p[0][j] + p[1][j] for j in (0, 1)]
    expected = sum(r * c for r, c in zip(rows, columns, strict=True))
    on = sum(p[i][i] * (1 - (rows[i] + columns[i]) * (1 - k)) ** 2 for i in (0, 1))
    off = (1 - k) ** 2 * sum(p[i][j] * (columns[i] + rows[j]) ** 2 for i, j in ((0, 1), (1, 0)))
    variance = (on + off - (k - expected * (1 - k)) ** 2) / (n * (1 - expected) ** 2)
    if variance < 1e-12:
        return None
    return max(-1.0, k - Z_95 * sqrt(variance)), min(1.0, k + Z_95 * sqrt(variance))


def ac1(table: Table) -> float:
    """Gwet's AC1."""
    keeps = (2 * table.both_keep + table.only_first_keeps + table.only_second_keeps) / (2 * table.n)
    expected = 2 * keeps * (1 - keeps)
    return (raw(table) - expected) / (1 - expected)


@dataclass(frozen=True, slots=True)
class Sides:
    """How many records the rules keep and exclude in all: what a sample of either side stands for."""

    kept: int
    excluded: int


def weighted(table: Table, sides: Sides) -> Table:
    """A table of rules (first) against a person, each side of the rules weighted back to all its records.

    As though the records judged were a random sample of their side.
    """
    kept = table.both_keep + table.only_first_keeps
    excluded = table.only_second_keeps + table.both_exclude
    up, down = sides.kept / kept, sides.excluded / excluded
    return Table(
        table.both_keep * up,
        table.only_first_keeps * up,
        table.only_second_keeps * down,
        table.both_exclude * down,
    )


def weighted_interval(table: Table, sides: Sides) -> tuple[float, float] | None:
    """95 % percentile interval of the weighted kappa: each side drawn anew 2,000 times, seed 1."""
    import numpy as np

    dice = np.random.default_rng(1)
    kept = int(table.both_keep + table.only_first_keeps)
    excluded = int(table.only_second_keeps + table.both_exclude)
    agreed = dice.binomial(kept, table.both_keep / kept, REPLICATES)
    wrong = dice.binomial(excluded, table.only_second_keeps / excluded, REPLICATES)
    drawn = [
        kappa(weighted(Table(float(a), float(kept - a), float(b), float(excluded - b)), sides))
        for a, b in zip(agreed, wrong, strict=True)
    ]
    found = sorted(k for k in drawn if k is not None)
    return (found[int(0.025 * len(found))], found[int(0.975 * len(found))]) if found else None


def agreement(
    human: Sequence[HumanDecision],
    group_of: Mapping[str, str],
    rules_keep: Mapping[str, bool],
) -> list[AgreementRow]:
    """One row for each pair of raters at each stage that has blind decisions of both.

    `group_of` maps every name of a record (lower case) to its report, `rules_keep` a report to whether the
    rules keep it (pass it or leave it to a person).
    """
    votes: dict[str, dict[str, dict[str, bool]]] = defaultdict(lambda: defaultdict(dict))
    rows: dict[tuple[str, str, str], list[HumanDecision]] = defaultdict(list)
    for row in human:
        report = group_of.get(row.record.lower())
        blind = row.blind == YES and row.role == "reviewer"
        if report and blind and row.stage in ("title_abstract", "full_text"):
            rows[row.stage, row.reviewer, report].append(row)
    for (stage, reviewer, report), given in rows.items():
        votes[stage][reviewer][report] = in_force(given)[-1].outcome != "exclude"
    found = []
    for stage in ("title_abstract", "full_text"):
        raters = sorted(votes[stage])
        if stage == "title_abstract":
            found += [_against_rules(name, votes[stage][name], rules_keep) for name in raters if rules_keep]
        found += [_pair(stage, one, two, votes[stage]) for one, two in itertools.combinations(raters, 2)]
    return [row for row in found if row is not None]


def _table(one: Mapping[str, bool], two: Mapping[str, bool]) -> Table:
    pairs = [(one[report], two[report]) for report in one.keys() & two.keys()]
    counted = Counter(pairs)
    return Table(*(float(counted[a, b]) for a in (True, False) for b in (True, False)))


def _pair(stage: str, one: str, two: str, votes: Mapping[str, Mapping[str, bool]]) -> AgreementRow | None:
    table = _table(votes[one], votes[two])
    if not table.n:
        return None
    return _row(stage, one, two, table, table, kappa_interval(table), "")


def _against_rules(
    name: str, person: Mapping[str, bool], rules_keep: Mapping[str, bool]
) -> AgreementRow | None:
    rules = {report: keeps for report, keeps in rules_keep.items() if report in person}
    table = _table(rules, person)
    if not table.n:
        return None
    sides = Sides(sum(rules_keep.values()), sum(not keeps for keeps in rules_keep.values()))
    kept = table.both_keep + table.only_first_keeps
    excluded = table.only_second_keeps + table.both_exclude
    if not (kept and excluded):
        side = "excluded" if excluded else "kept"
        said = f"not computed: {name} judged only records that the rules {side}; sample both sides"
        return _row("title_abstract", RULES, name, table, None, None, said)
    if (kept, excluded) == (sides.kept, sides.excluded):
        return _row("title_abstract", RULES, name, table, table, kappa_interval(table), "")
    said = (
        f"weighted back from {kept:.0f} of {sides.kept} kept, {excluded:.0f} of {sides.excluded} excluded, "
        "as though each were a random sample of its side; interval by bootstrap"
    )
    return _row(
        "title_abstract", RULES, name, table, weighted(table, sides), weighted_interval(table, sides), said
    )


def _row(
    stage: str,
    one: str,
    two: str,
    counts: Table,
    of: Table | None,
    interval: tuple[float, float] | None,
    said: str,
) -> AgreementRow:
    k = kappa(of) if of else None
    if of and k is None:
        said = "; ".join(filter(None, (said, "kappa not defined: both say the same of every record")))
    return AgreementRow(
        stage=stage,
        first=one,
        second=two,
        n=int(counts.n),
        both_keep=int(counts.both_keep),
        only_first_keeps=int(counts.only_first_keeps),
        only_second_keeps=int(counts.only_second_keeps),
        both_exclude=int(counts.both_exclude),
        raw=raw(of) if of else None,
        kappa=k,
        kappa_low=interval[0] if interval and k is not None else None,
        kappa_high=interval[1] if interval and k is not None else None,
        pabak=pabak(of) if of else None,
        ac1=ac1(of) if of else None,
        said=said,
    )
