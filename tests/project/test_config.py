"""Bad configuration is one line: file, key, what is wrong, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.errors import ConfigError
from resift.project.config import Config, config_from, load_config
from resift.project.yaml import load_yaml


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NCBI_EMAIL", raising=False)
    (tmp_path / "protocol.yaml").write_text("id: x\nstrategies: {a: {query: b}}\n")
    (tmp_path / "xml").mkdir()
    return tmp_path


def load(project: Path, text: str) -> Config:
    path = project / "config.yaml"
    path.write_text(text)
    return load_config(path)


GOOD = "protocol: protocol.yaml\nsource: archive\narchive: xml\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "untill: 2020\n", "unknown key 'untill'; did you mean 'until'?"),
        (GOOD + "contact: {mail: a@b.org}\n", "unknown key 'contact.mail'; did you mean 'email'?"),
        (
            GOOD.replace("archive\narch", "archiv\narch"),
            "key 'source' cannot be 'archiv'; did you mean 'archive'?",
        ),
        (GOOD + "run: ../elsewhere\n", "key 'run' cannot be '../elsewhere'"),
        (GOOD + "run: Demo\n", "key 'run' cannot be 'Demo'"),
        (GOOD + "until: 2021-02-31x\n", "key 'until' cannot be"),
        (GOOD + "until: '2021-02-30'\n", "'2021-02-30' is not a date"),
        (GOOD + "source: pubmed\n", "line 4: not valid YAML: key 'source' is given twice"),
        ("protocol: protocol.yaml\nsource: archive\n", "key 'archive' is missing"),
        ("protocol: protocol.yaml\nsource: archive\narchive: xlm\n", "no such folder: xlm"),
        ("protocol: protocl.yaml\nsource: archive\narchive: xml\n", "did you mean protocol.yaml?"),
        ("protocol: protocol.yaml\nsource: pubmed\n", "there is no contact address; set contact.email"),
        ("source: archive\narchive: xml\n", "key 'protocol' is missing"),
        ("protocol: [\n", "not valid YAML"),
        ("", "holds no settings"),
        (
            "protocol: protocol.yaml\nsource: archive\narchive: xml\nmesh: tree.bin\n",
            "key 'mesh': no such file",
        ),
    ],
)
def test_a_mistake_is_one_line_naming_file_and_key(project: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(project, text)
    line = str(caught.value)
    assert said in line
    assert line.startswith(str(project / "config.yaml"))
    assert "\n" not in line


def test_unquoted_dates_are_read_as_dates(project: Path) -> None:
    assert load(project, GOOD + "until: 2021-12-31\n").until == "2021-12-31"


def test_a_run_may_be_named_by_a_number(project: Path) -> None:
    assert load(project, GOOD + "run: 2021\n").run == "2021"


def test_a_missing_file_names_its_neighbour(project: Path) -> None:
    (project / "config.yaml").write_text(GOOD)
    with pytest.raises(ConfigError, match=r"no such file; did you mean .*config\.yaml\?"):
        load_yaml(project / "confg.yaml")


def test_the_contact_address_may_come_from_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCBI_EMAIL", "someone@example.org")
    config = config_from({"protocol": "protocol.yaml", "source": "pubmed"}, where="config")
    assert config.email == "someone@example.org"


def test_the_api_key_is_never_part_of_the_configuration(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "secret-key")
    assert "secret-key" not in repr(load(project, GOOD).as_dict())
    with pytest.raises(ConfigError, match="unknown key 'api_key'"):
        load(project, GOOD + "api_key: secret-key\n")


@pytest.mark.parametrize(
    "address", ["https://u:sesame@host/", "https://host/?api_key=sesame", "https://host/#sesame"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ConfigError, match="eutils") as caught:
        config_from({"protocol": "p.yaml", "source": "pubmed", "eutils": address}, where="config.yaml")
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(("number", "said"), [(float("nan"), "not finite"), (10**30, "more than 19 digits")])
def test_a_number_from_elsewhere_that_json_has_not_is_one_line(number: float, said: str) -> None:
    """Snakemake reads its own configuration."""
    given = {"protocol": "p.yaml", "source": "pubmed", "requests_per_second": number}
    with pytest.raises(ConfigError, match=f"^Snakemake: holds a number .*{said}"):
        config_from(given, where="Snakemake")
