"""A random audit of what the rules excluded: a blinded sample, and what its answers say of all exclusions.

The sample is stratified by the criterion that decided, in proportion to the sizes of the strata, so that it
weighs every exclusion alike; the bound is then that of the pooled sample. It is exact for a finite
population (hypergeometric) and stands beside Clopper and Pearson's (Biometrika 1934;26:404-13), which takes
the exclusions for endless. *Unsure* counts as wrong. A bound for each stratum, added up, would be far wider.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from resift.documents import sha256_of_ids
from resift.errors import ConfigError, ScreeningError
from resift.files import canonical_json
from resift.formats.by_hand import read_rows
from resift.tables import AuditRow, DecisionRow
from resift.vocabulary import Box, Decider, State

LEVEL = 0.95
ANSWERS = ("include", "exclude", "unsure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The key of a sample, kept apart from the sheet that a person fills in.

    `strata` maps a criterion to how many records it excluded, `drawn` to the records drawn of them.
    """

    run: str
    criteria_version: str
    seed: int
    strata: Mapping[str, int]
    drawn: Mapping[str, Sequence[str]]
    population_sha256: str

    @property
    def population(self) -> int:
        """All records that rules alone excluded."""
        return sum(self.strata.values())

    @property
    def records(self) -> list[str]:
        """The records drawn, in the order of the sheet, which tells nothing of their strata."""
        return sorted(
            (r for names in self.drawn.values() for r in names), key=lambda r: _order(self.seed, "sheet", r)
        )

    @property
    def sha256(self) -> str:
        """The sample's hash: its sorted ids."""
        return sha256_of_ids(self.records)


def excluded_by_rules(decisions: Iterable[DecisionRow]) -> dict[str, list[str]]:
    """Criterion -> the reports that rules alone excluded for it."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in decisions:
        out = row.state is State.EXCLUDED or row.box is Box.MARKED_INELIGIBLE
        if out and row.decided_by == Decider.RULES and row.criterion:
            found[row.criterion].append(row.record)
    return dict(found)


def draw(
    excluded: Mapping[str, Sequence[str]], *, n: int, seed: int, run: str, criteria_version: str
) -> Sample:
    """Draw n of the excluded reports, in proportion to the strata (largest remainders); all, where n is more.

    The same exclusions and the same seed give the same sample on every machine. Raises `ScreeningError`
    where nothing is excluded.
    """
    sizes = {name: len(records) for name, records in sorted(excluded.items())}
    total = sum(sizes.values())
    if not total:
        raise ScreeningError("the rules excluded no record", where=run, fix="there is nothing to audit")
    drawn = {
        name: sorted(sorted(excluded[name], key=lambda r: _order(seed, "draw", r))[:size])
        for name, size in allocation(sizes, min(n, total)).items()
    }
    every = [record for records in excluded.values() for record in records]
    return Sample(
        run=run,
        criteria_version=criteria_version,
        seed=seed,
        strata=sizes,
        drawn=drawn,
        population_sha256=sha256_of_ids(every),
    )


def allocation(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of n fall to each stratum: in proportion, what is left over to the largest remainders."""
    total = sum(sizes.values())
    share = {name: divmod(n * size, total) for name, size in sizes.items()}
    left = n - sum(whole for whole, _ in share.values())
    first = sorted(share, key=lambda name: (-share[name][1], name))[:left]
    return {name: whole + (name in first) for name, (whole, _) in share.items()}


def _order(seed: int, use: str, record: str) -> str:
    return hashlib.sha256(f"{use}:{seed}:{record}".encode()).hexdigest()


def upper_rate(wrong: int, n: int, level: float = LEVEL) -> float:
    """Clopper and Pearson's one-sided upper bound of a proportion."""
    from scipy.stats import beta

    return 1.0 if wrong >= n else float(beta.ppf(level, wrong + 1, n - wrong))


def upper_count(wrong: int, n: int, population: int, level: float = LEVEL) -> int:
    """The most wrong records among `population` that leave `wrong` or fewer in a sample of n likely enough.

    Exact one-sided bound by the hypergeometric distribution (Buonaccorsi, Am Stat 1987;41:215-8).
    """
    from scipy.stats import hypergeom

    low, high = wrong, population - (n - wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(wrong, population, middle, n) > 1 - level:
            low = middle
        else:
            high = middle - 1
    return low


def read_key(path: Path) -> Sample:
    """The key beside a sheet. Raises `ConfigError`."""
    try:
        sample = Sample(**json.loads(path.read_text(encoding="utf-8")))
        if any(len(sample.drawn[name]) > int(size) for name, size in sample.strata.items()):
            raise ValueError("more drawn than excluded")
        return sample
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ConfigError(
            f"is no key of an audit sample ({error})",
            where=str(path),
            fix="draw it again: resift audit-sample",
        ) from None


def key_text(sample: Sample) -> str:
    """The key as JSON."""
    return canonical_json(asdict(sample))


SHEET = ("n", "record", "title", "authors", "journal", "year", "abstract", "answer", "reviewer", "note")


def key_of(sheet: Path) -> Path:
    """Where the key of a sheet lies."""
    return sheet.with_name(sheet.stem + ".key.json")


def read_answers(path: Path) -> dict[str, str]:
    """Record -> answer, "" where nobody has answered. Raises `ConfigError` naming file and line."""
    found: dict[str, str] = {}
    for line, row in read_rows(path, SHEET, ("record", "answer")):
        given = row["answer"].strip().lower()
        where = f"{path}, line {line}"
        if given and given not in ANSWERS:
            raise ConfigError(
                f"'{row['answer']}' is no answer", where=where, fix=f"known: {', '.join(ANSWERS)}"
            )
        if not row["record"]:
            raise ConfigError("the record is missing", where=where, fix="keep the rows as they were drawn")
        if row["record"] in found:
            raise ConfigError(f"{row['record']} stands twice", where=where, fix="delete one of the rows")
        found[row["record"]] = given
    return found


def audited(path: Path | None, decisions: Iterable[DecisionRow], *, criteria_version: str) -> list[AuditRow]:
    """The result of a sheet with its key beside it; nothing where there is no sheet. Raises `ConfigError`."""
    if path is None:
        return []
    return result(
        read_key(key_of(path)),
        read_answers(path),
        criteria_version=criteria_version,
        excluded=excluded_by_rules(decisions),
    )


def result(
    sample: Sample,
    answers: Mapping[str, str],
    *,
    criteria_version: str,
    excluded: Mapping[str, Sequence[str]],
) -> list[AuditRow]:
    """What the answers say: a row for each stratum, and the last for all together.

    A bound is given once every record of the sample is answered, and for all together alone. It holds for
    the exclusions drawn from: where the run's, `excluded`, are others by now, the last row says so.
    """
    strange = sorted(set(answers) - set(sample.records))
    if strange:
        raise ConfigError(
            f"{strange[0]} was not drawn",
            where="audit sample",
            fix="keep the rows of the sheet as they were drawn",
        )
    rows = [_counted(name, sample.strata[name], sample.drawn[name], answers) for name in sample.strata]
    whole = _counted("all", sample.population, sample.records, answers)
    said = []
    if sample.criteria_version != criteria_version:
        said.append(f"drawn under criteria {sample.criteria_version}, now {criteria_version}")
    now = [record for records in excluded.values() for record in records]
    if sample.population_sha256 != sha256_of_ids(now):
        said.append(
            f"drawn of the {sample.population} exclusions of {sample.run}, which are not the "
            f"{len(now)} of this run: the bound holds for those alone"
        )
    n, wrong = len(sample.records), whole.wrong + whole.unsure
    if whole.answered < n:
        said.append(f"no bound yet: {n - whole.answered} of {n} not answered")
        return [*rows, AuditRow(**(asdict(whole) | {"said": "; ".join(said), "sha256": sample.sha256}))]
    most = upper_count(wrong, n, sample.population)
    return [
        *rows,
        AuditRow(
            **asdict(whole)
            | {
                "upper_rate": most / sample.population,
                "upper_rate_endless": upper_rate(wrong, n),
                "upper_lost": most,
                "said": "; ".join(said),
                "sha256": sample.sha256,
            }
        ),
    ]


def _counted(name: str, size: int, drawn: Sequence[str], answers: Mapping[str, str]) -> AuditRow:
    given = Counter(answers.get(record, "") for record in drawn)
    return AuditRow(
        criterion=name,
        excluded=size,
        drawn=len(drawn),
        answered=len(drawn) - given[""],
        wrong=given["include"],
        unsure=given["unsure"],
        upper_rate=None,
        upper_rate_endless=None,
        upper_lost=None,
        said="" if drawn else "too few to be drawn from",
        sha256="",
    )


def in_words(rows: Sequence[AuditRow]) -> str:
    """The result as a sentence."""
    if not rows:
        return "No sample of the exclusions was audited."
    whole = rows[-1]
    counted = f"{whole.wrong + whole.unsure} of {whole.drawn} wrong"
    if whole.upper_lost is None or whole.upper_rate is None:
        return f"Audit of exclusions: {whole.said}."
    unsure = f" (of these {whole.unsure} unsure)" if whole.unsure else ""
    return (
        f"Audit of exclusions: {counted}{unsure}; with 95 % confidence at most {whole.upper_rate:.1%} of "
        f"{whole.excluded} exclusions are wrong, that is {whole.upper_lost} eligible records lost"
        + (f"; {whole.said}" if whole.said else "")
        + "."
    )


def bounded(rows: Sequence[AuditRow]) -> bool:
    """Whether an audit gives a bound: every record of its sample is answered."""
    return bool(rows) and rows[-1].upper_lost is not None


def validation(rows: Sequence[AuditRow]) -> str:
    """How the rules were validated, for PRISMA 2020 item 8: by an audit once it gives a bound, else not."""
    if not rows:
        return "The rules are not validated"
    told = f"{in_words(rows)} SHA-256 of the sample: {rows[-1].sha256}"
    return told if bounded(rows) else f"The rules are not validated. {told}"
