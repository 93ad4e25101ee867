"""The wheel, installed into an empty environment: every command works from any folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
RIS = "TY  - JOUR\nTI  - {title}\nAU  - Rossi, A\nPY  - 2010\nDO  - 10.1000/{doi}\nER  - \n\n"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    made = folder / "env" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(made), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, "--quiet", str(wheel)], check=True)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    # Libraries only: a path file read from here would bring the checkout back.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n")
    return made


def resift(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder, with nothing of the checkout in sight."""
    folder.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(python.with_name("resift")), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**environment, "PYTHONWARNINGS": "ignore"},
    )


def test_the_library_is_the_wheels(python: Path, tmp_path: Path) -> None:
    code = (
        "import resift\n"
        "from resift.project.shipped import shipped\n"
        "print(resift.__file__, shipped('workflow'))"
    )
    done = subprocess.run(
        [str(python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env={}
    )
    for path in done.stdout.split():
        assert Path(path).is_relative_to(python.parents[1]), path


def test_lint(python: Path, tmp_path: Path) -> None:
    done = resift(python, tmp_path, "lint", "asthma[tiabb]")
    assert done.returncode == 1
    assert "FLD001" in done.stdout, done.stderr


def test_dedupe(python: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ris").write_text(
            RIS.format(title="Pancreatic tumours and somatostatin", doi="a1")
        )
    done = resift(python, tmp_path, "dedupe", "one.ris", "two.ris", "-o", "groups.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 records, 1 reports\nmerged: 1 duplicates")
    assert (tmp_path / "groups.csv").is_file()


@pytest.mark.slow
def test_new_then_search_then_run(python: Path, tmp_path: Path) -> None:
    """A review of one's own, from its skeleton to its report, in a folder that held nothing."""
    done = resift(python, tmp_path, "new", "smith-2020")
    assert done.returncode == 0, done.stderr
    shutil.copytree(PROJECT / "config" / "demo" / "corpus", tmp_path / "xml")
    config = tmp_path / "config" / "reviews" / "smith-2020" / "config.yaml"
    config.write_text(
        "run: first\nprotocol: config/reviews/smith-2020/protocol.yaml\nsource: archive\narchive: xml\n"
    )
    protocol = config.with_name("protocol.yaml")
    protocol.write_text(
        protocol.read_text().replace("'\"Neoplasms\"[mh]'", "insulinoma[tiab] OR insulinomas[tiab]")
    )
    name = "config/reviews/smith-2020/config.yaml"
    counted = resift(python, tmp_path, "search", "--config", name, "--json")
    assert counted.returncode == 0, counted.stderr
    ran = resift(python, tmp_path, "run", "--config", name, "--cores", "2")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    run = tmp_path / "results" / "first"
    assert (run / "report.html").is_file()
    flow = json.loads((run / "flow.json").read_text())
    assert flow
    assert {path.name for path in tmp_path.iterdir()} >= {"config", "results", "logs"}
    package = python.parents[1] / "lib"
    assert not list(package.rglob("results")) and not list(package.rglob(".snakemake"))


def test_search_in_a_folder_of_xml(python: Path, tmp_path: Path) -> None:
    done = resift(
        python,
        tmp_path,
        "search",
        "insulinoma[tiab]",
        "--archive",
        str(PROJECT / "config" / "demo" / "corpus"),
        "--json",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["searched"] > 100


def test_what_the_demo_needs_travels_too(python: Path, tmp_path: Path) -> None:
    """Copied into a folder, the demo's configuration is ready to count and to run."""
    code = (
        "import shutil\n"
        "from resift.project.shipped import shipped\n"
        "shutil.copytree(shipped('config'), 'config')\n"
    )
    subprocess.run([str(python), "-c", code], cwd=tmp_path, capture_output=True, check=True, env={})
    for path in (PROJECT / "config" / "demo" / "corpus").iterdir():
        assert (tmp_path / "config" / "demo" / "corpus" / path.name).read_bytes() == path.read_bytes()
    done = resift(python, tmp_path, "run", "--config", "config/demo.yaml", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "results/demo/report.html" in done.stdout + done.stderr
