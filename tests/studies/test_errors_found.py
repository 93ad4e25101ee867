"""Every finding of the linter is of one of ten kinds."""

from __future__ import annotations

from resift.query import findings
from resift.query.findings import Rule
from resift.query.lint import lint
from resift.studies.errors_found import KIND_OF, OF_NO_KIND, ErrorKind, by_kind


def test_every_code_has_its_kind_and_there_are_ten() -> None:
    codes = {rule.code for rule in vars(findings).values() if isinstance(rule, Rule)}
    assert codes == set(KIND_OF) | OF_NO_KIND
    assert not OF_NO_KIND & set(KIND_OF)
    assert len(ErrorKind) == 10 and set(KIND_OF.values()) == set(ErrorKind)


def test_a_strategy_is_counted_by_kind() -> None:
    counted = by_kind(f.code for f in lint("“asthma”[tiabb] AND child[tiab] OR wheeze[tiab]"))
    assert counted[ErrorKind.FIELDS] and counted[ErrorKind.PHRASES] and counted[ErrorKind.OPERATORS]
    assert set(counted) == set(ErrorKind)
