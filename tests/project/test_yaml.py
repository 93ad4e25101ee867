"""YAML of a project: what a person wrote is what is read, and a mistake is one line with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.errors import ConfigError
from resift.project.yaml import check_date, inside, load_yaml, neighbours, validate


def test_values_are_those_of_json_also_where_yaml_reads_more(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(
        b"\xef\xbb\xbfday: 2012-12-31\r\nat: 2012-12-31T10:00:00\r\n2012: x\r\nno: [1, 2.5, ~]\r\n"
    )
    assert load_yaml(path) == {
        "day": "2012-12-31",
        "at": "2012-12-31T10:00:00",
        "2012": "x",
        "False": [1, 2.5, None],  # YAML 1.1: a bare `no` is a truth value, as a key too
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: {c: 1, c: 2}\n", "line 2: not valid YAML: key 'c' is given twice"),
        (b"a: [1, 2\n", "not valid YAML"),
        (b"a: \xe9\n", "is not UTF-8 text"),
        (b"a: 12345678901234567890123\n", "a number of more than 19 digits"),
        (b"a: [.nan]\n", "a number that is not finite (nan)"),
        (b"a: -.inf\n", "a number that is not finite (-inf)"),
        (b"a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        (b"a: &a [*a]\n", "when its aliases are written out"),
        (b"---\na: 1\n---\nb: 2\n", "but found another document"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_names_the_file(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_yaml(path)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_an_alias_that_is_used_twice_is_written_out(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: &shared {x: [1]}\nb: *shared\nc: *shared\n")
    assert load_yaml(path) == {name: {"x": [1]} for name in "abc"}


def test_a_file_that_is_not_there_is_looked_for_beside_it(tmp_path: Path) -> None:
    (tmp_path / "protocol.yaml").write_text("id: x\n")
    with pytest.raises(ConfigError, match="no such file") as caught:
        load_yaml(tmp_path / "protocl.yaml")
    assert caught.value.fix == f"did you mean {tmp_path / 'protocol.yaml'}?"
    assert neighbours(tmp_path / "zzz") == ""
    assert "does not exist either" in neighbours(tmp_path / "no" / "protocol.yaml")


BASE = {"protocol": "protocol.yaml", "source": "pubmed"}


@pytest.mark.parametrize(
    ("data", "said", "fix"),
    [
        (BASE | {"untill": "2012"}, "unknown key 'untill'", "did you mean 'until'?"),
        (
            BASE | {"contact": {"emial": "a@b.example"}},
            "unknown key 'contact.emial'",
            "did you mean 'email'?",
        ),
        (BASE | {"source": "pubmet"}, "key 'source' cannot be 'pubmet'", "did you mean 'pubmed'?"),
        (BASE | {"protocol": ["p"]}, "key 'protocol' must be string, not list", ""),
        ([], "the file must be object, not list", ""),
        ({"source": "pubmed"}, "key 'protocol' is missing", ""),
        ({"protocl": "p.yaml", "source": "pubmed"}, "unknown key 'protocl'", "did you mean 'protocol'?"),
    ],
)
def test_the_first_mistake_names_key_and_nearest_name(data: object, said: str, fix: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validate(data, "config", where="config.yaml")
    assert said in caught.value.what and caught.value.where == "config.yaml"
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    ("schema", "wrong", "meant"),
    [
        ("config", "protocl", "protocol"),
        ("protocol", "strategys", "strategies"),
        ("screening", "criterias", "criteria"),
        ("study", "qestion", "question"),
    ],
)
def test_a_slip_in_a_key_is_told_before_the_key_that_is_missing_for_it(
    schema: str, wrong: str, meant: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        validate({wrong: "x"}, schema, where="")
    assert caught.value.what == f"unknown key '{wrong}'" and caught.value.fix == f"did you mean '{meant}'?"


@pytest.mark.parametrize(
    ("changes", "what", "fix"),
    [
        (
            {"window": {"until": "12/2012"}},
            "key 'window.until' cannot be '12/2012'",
            "(2012-12-31, 2012-12 or '2012') or use one of: today, open",
        ),
        ({"window": {"until": 2012}}, "key 'window.until' must be null or string, not int 2012", ""),
        ({"window": {"from": ["2012"]}}, "key 'window.from' must be null or string, not list ['2012']", ""),
        (
            {"reported": {"records_identified": -1}},
            "key 'reported.records_identified': -1 is less than the minimum of 0",
            "",
        ),
        ({"window": {"until": ["2012"]}}, "key 'window.until' must be null or string, not list ['2012']", ""),
        ({"known_items": {"fil": []}}, "unknown key 'known_items.fil'", "did you mean 'files'?"),
        ({"known_items": ["1", 2]}, "key 'known_items.1' must be string, not int 2", ""),
        ({"known_items": True}, "key 'known_items' must be null or array or object, not bool True", ""),
        (
            {"reported": {"prisma_s": {"3": {"judged": "yess"}}}},
            "key 'reported.prisma_s.3.judged' cannot be 'yess'",
            "did you mean 'yes'?",
        ),
    ],
)
def test_a_value_of_none_of_several_forms_is_told_by_the_form_that_was_meant(
    changes: dict[str, object], what: str, fix: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        validate({"id": "x", "strategies": {"a": {"query": "x"}}} | changes, "protocol", where="")
    assert caught.value.what == what and caught.value.fix.endswith(fix)


def test_a_name_that_may_not_be_is_told_without_the_mapping_that_holds_it() -> None:
    protocol = {
        "id": "x",
        "strategies": {"a": {"query": "x"}},
        "declared": {"prisma_s": {"1": "x", "17": ""}},
    }
    with pytest.raises(ConfigError) as caught:
        validate(protocol, "protocol", where="")
    assert caught.value.what == "key 'declared.prisma_s' cannot be '17'"


@pytest.mark.parametrize("text", ["2012", "2012-02", "2012-02-29"])
def test_a_day_of_the_calendar_passes(text: str) -> None:
    check_date(text, where="")


@pytest.mark.parametrize("text", ["2013-02-29", "2012-13", "0000"])
def test_a_day_that_never_was_does_not(text: str) -> None:
    with pytest.raises(ConfigError, match=f"'{text}' is not a date"):
        check_date(text, where="x")


def test_a_link_that_leads_out_is_not_inside(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (tmp_path / "project" / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert inside(tmp_path / "project" / "a.csv", tmp_path / "project")
    assert not inside(tmp_path / "project" / "link.csv", tmp_path / "project")
    assert not inside(tmp_path / "project" / ".." / "secret.csv", tmp_path / "project")
    assert not inside(tmp_path / "project-2" / "a.csv", tmp_path / "project")
