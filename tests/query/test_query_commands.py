"""`resift lint`, `explain` and `search` as people call them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import called

from resift.query.mesh import MeshTree
from resift.query.syntax import parse

PROJECT = Path(__file__).resolve().parents[2]
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal>
<JournalIssue CitedMedium="Print"><PubDate><Year>2010</Year></PubDate></JournalIssue>
<Title>Some Journal</Title></Journal><ArticleTitle>{title}</ArticleTitle><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
</Article></MedlineCitation></PubmedArticle>"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    titles = {1: "Liver metastases", 2: "Liver tumours", 3: "Pancreas"}
    articles = "".join(ARTICLE.format(pmid=n, title=title) for n, title in titles.items())
    (folder / "a.xml").write_text(f"<PubmedArticleSet>{articles}</PubmedArticleSet>", encoding="utf-8")
    return folder


@pytest.fixture
def resift(tmp_path: Path) -> Run:
    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return called(cwd, *arguments)

    return run


def test_search_prints_counts_by_clause_and_a_link(resift: Run, archive: Path) -> None:
    done = resift("search", "liver[ti] AND (metastases[ti] OR x1[ti])", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "1 of 3 records match" in done.stdout
    assert "2    liver[ti]" in done.stdout
    assert "https://pubmed.ncbi.nlm.nih.gov/?term=liver" in done.stdout
    assert "\x1b[" not in done.stdout


def test_search_prints_ids_alone_and_json(resift: Run, archive: Path) -> None:
    assert resift("search", "liver[ti]", "--archive", str(archive), "--ids").stdout == "1\n2\n"
    found = json.loads(resift("search", "liver[ti]", "--archive", str(archive), "--json", "--ids").stdout)
    assert (found["count"], found["searched"], found["ids"]) == (2, 3, ["1", "2"])
    assert found["clauses"][0]["text"] == "liver[ti]"


def test_search_reads_a_file_and_standard_input(resift: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "strategy.txt").write_text("#1 liver[ti]\n#2 tumours[ti]\n#3 #1 AND #2\n")
    done = resift("search", "strategy.txt", "--archive", str(archive), "--ids")
    assert done.stdout == "2\n"
    done = resift("search", "someone x[ir]", "--archive", str(archive), "--ids")
    assert not done.stdout
    assert "3 more are not evaluable" in done.stderr and "[ir]" in done.stderr


@pytest.mark.parametrize(
    "command", [["search", "--archive", "archive"], ["explain", "1", "--archive", "archive"]]
)
def test_an_unreadable_query_shows_the_place_and_gives_1(
    resift: Run, archive: Path, command: list[str]
) -> None:
    name, *rest = command
    done = resift(name, "liver[ti] AND ((", *rest)
    assert done.returncode == 1 or "never closed" in done.stdout
    done = resift(name, "[tiab]", *rest)
    assert done.returncode == 1
    assert "has no term before it" in done.stderr
    assert "»[tiab]«" in done.stderr
    assert "Traceback" not in done.stderr


def test_search_says_what_pubmed_drops_and_refuses_another_platforms_syntax(
    resift: Run, archive: Path
) -> None:
    done = resift("search", "liver[tiabb]", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "fault: [tiabb] is not a PubMed field tag" in done.stdout
    ids = resift("search", "liver[tiabb]", "--archive", str(archive), "--ids")
    assert "[tiabb] is not a PubMed field tag" in ids.stderr
    ovid = "1. exp Liver/\n2. tumo?r$.ti,ab.\n3. 1 and 2"
    done = resift("search", ovid, "--archive", str(archive))
    assert done.returncode == 1
    assert "this is Ovid syntax: 3 lines" in done.stderr
    assert resift("search", ovid, "--archive", str(archive), "--as-pubmed").returncode == 0


def test_search_counts_numbered_lines_beside_what_was_printed(resift: Run, archive: Path) -> None:
    text = "1. liver[ti] (12)\n2. tumo*[ti] (1,234)\n3. 1 AND 2 (7)"
    done = resift("search", text, "--archive", str(archive), "--json")
    found = json.loads(done.stdout)
    assert found["sent"] == "(liver[ti]) AND (tumo*[ti])"
    assert [line["printed"] for line in found["lines"]] == [12, 1234, 7]
    assert found["lines"][2]["expansion"] == found["sent"]
    assert found["lines"][2]["n"] == found["count"]


def test_explain_says_yes_no_and_not_held(resift: Run, archive: Path) -> None:
    done = resift("explain", "liver[ti] AND tumors[ti]", "1", "2", "99", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "pubmed:2: no" in done.stdout
    assert "block 2 would match with tumours[ti]" in done.stdout
    assert "pubmed:99: not evaluable: not in the archive" in done.stdout


def test_explain_reads_a_file_of_records_and_gives_json(resift: Run, archive: Path) -> None:
    done = resift("explain", "liver[ti]", str(archive / "a.xml"), "--json")
    records = json.loads(done.stdout)["records"]
    assert [r["answer"] for r in records] == ["yes", "yes", "no"]
    assert records[0]["evidence"][0]["quote"] == "Liver"


def test_explain_reads_a_query_as_search_does(resift: Run, archive: Path) -> None:
    done = resift("explain", "exp Liver/", "1", "--archive", str(archive))
    assert (done.returncode, done.stdout) == (1, "") and "Ovid" in done.stderr
    done = resift("explain", "exp Liver/", "1", "--archive", str(archive), "--as-pubmed")
    assert done.returncode == 0, done.stderr
    done = resift("explain", "liver[zz]", "1", "--archive", str(archive), "--json")
    (fault,) = json.loads(done.stdout)["faults"]
    assert "[zz]" in fault


def test_lint_gives_1_on_errors_only(resift: Run) -> None:
    assert resift("lint", "asthma[tiabb]").returncode == 1
    done = resift("lint", "asthma[tiab] OR asthma[mh]")
    assert (done.returncode, done.stdout) == (0, "0 errors, 0 warnings, 0 info\n")


def test_lint_json_holds_code_place_and_press_domain(resift: Run) -> None:
    found = json.loads(resift("lint", "the[tiab] AND asthma[mh]", "--json").stdout)["findings"][0]
    assert (found["code"], found["severity"], found["start"], found["end"]) == ("FLD004", "error", 0, 9)
    assert found["press"] == "text word searching"


def test_lint_reads_every_strategy_of_a_protocol(resift: Run) -> None:
    done = resift("lint", "config/demo/protocol.yaml", "--json", cwd=PROJECT)
    assert isinstance(json.loads(done.stdout), list)
    assert done.returncode == 0, done.stdout


def test_lint_tells_which_known_items_a_not_loses(resift: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("item,pmid\na,1\nb,3\nc,99\nd,\n")
    rest = ["--known-items", "known.csv", "--archive", str(archive)]
    done = resift("lint", "liver[ti] NOT metastases[ti]", *rest)
    assert done.returncode == 1
    assert "removes 1 known item: pubmed:1" in done.stdout
    assert f"not in {archive}: 1 of 3 known items (99)" in done.stderr
    (tmp_path / "known.csv").write_text("item,PubMed\na,1\n")
    done = resift("lint", "liver[ti] NOT metastases[ti]", *rest)
    assert done.returncode == 1 and "pmid" in done.stderr and not done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search"], "give a query or --config"),
        (["search", "x1[ti]"], "--archive"),
        (["search", "--config", "any.yaml", "--ids"], "--ids: goes with a query"),
        (["search", "--config", "any.yaml", "--dialect", "2012-01-01"], "--dialect: goes with a query"),
        (["explain", "x1[ti]", "1"], "--archive"),
        (["explain", "x1[ti]", "no-such-file"], "neither a PMID nor a file"),
        (["lint", "x1[ti]", "--mesh", "absent.bin"], "no such file"),
        (["lint", "x1[ti]", "--dialect", "2012"], "2012-12-31"),
        (["lint", "x1[ti]", "--known-items", "k.csv"], "--archive"),
    ],
)
def test_wrong_use_is_one_clear_line(resift: Run, arguments: list[str], said: str) -> None:
    done = resift(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_configuration_is_counted_within_its_limits(resift: Run) -> None:
    done = resift("search", "--config", "config/demo.yaml", "--json", cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    strategies = json.loads(done.stdout)["strategies"]
    assert strategies
    for strategy in strategies:
        root = strategy["clauses"][0]
        assert strategy["count"] == root["n"] <= strategy["searched"]
        assert strategy["link"].startswith("https://pubmed.ncbi.nlm.nih.gov/?term=")


def test_a_terminal_gets_colour_unless_no_color_is_set() -> None:
    import io

    from resift.query.findings import CURLY
    from resift.query.terminal import console

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TERM", "xterm-256color")
            patch.delenv("NO_COLOR", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            file = Terminal()
            console(file).print(CURLY.label, style="red")
            assert ("\x1b[31m" in file.getvalue()) is coloured


def test_help_stays_light() -> None:
    code = (
        "import sys, contextlib, io\nfrom resift.__main__ import build_parser\nbuild_parser()\n"
        "print([m for m in ('pandas', 'pyarrow', 'numpy', 'lxml', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_parser_needs_no_table_library() -> None:
    code = "import sys, resift.query.syntax as s\nprint({'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert parse("x1[ti]").lines
    assert MeshTree(None, "", {}).explode("x") == frozenset()
