"""What is installed is what is locked; the rooms of the library depend downwards only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = PROJECT / "scripts" / "resift"
# Hosts of package registries, in two parts so that this file does not name them itself.
HOSTS = (("py", r"pi\.org"), ("python", "hosted"), ("registry", r"\.npm"), ("deb", r"\.debian"))
# conda-forge names a few packages otherwise than PyPI does.
CONDA_NAMES = {"python-isal": "isal"}


def locked(python: str) -> dict[str, str]:
    """Package -> version that the lock installs for a Python version, markers read."""
    versions: dict[str, str] = {}
    environment = {
        "python_full_version": f"{python}.7",
        "python_version": python,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    for line in (PROJECT / "requirements.lock").read_text().splitlines():
        if re.match(r"[a-z0-9]", line):
            requirement = Requirement(line.rstrip(" \\"))
            if requirement.marker is None or requirement.marker.evaluate(environment):
                (pin,) = requirement.specifier
                assert requirement.name not in versions, f"{requirement.name} is pinned twice for {python}"
                versions[requirement.name] = pin.version
    return versions


def declared() -> list[str]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return [Requirement(text).name for text in project["dependencies"]]


def test_environment_yml_has_the_locked_version_of_every_dependency() -> None:
    entries = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    pins = dict(entry.split("=") for entry in entries)
    lock = locked(pins.pop("python"))
    named = {CONDA_NAMES.get(name, name): version for name, version in pins.items()}
    assert named == {name: lock[name] for name in declared()}


def test_the_lock_holds_every_declared_dependency_for_newer_pythons_too() -> None:
    for python in ("3.11", "3.12", "3.13"):
        assert set(declared()) <= set(locked(python))


def test_the_lock_has_hashes_and_names_no_host() -> None:
    text = (PROJECT / "requirements.lock").read_text()
    assert "://" not in text
    assert "--index" not in text
    packages = re.findall(r"^[a-z0-9][^\n]*==", text, flags=re.M)
    assert text.count("--hash=sha256:") >= len(packages) > 50


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom resift.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'Bio', 'snakemake', 'lxml', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(','.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("run", "new", "search", "lint", "explain", "dedupe", "serve", "compare"):
        assert re.search(rf"^ +{command} ", done.stdout, flags=re.M), command


# From the top to the bottom: a room may import from its own level or below.
LEVELS = [
    {"__main__", "commands"},
    {"studies"},
    {"report", "doctor"},
    {"runs"},
    {"changes"},
    {"prisma"},
    {"identify"},
    {"screening", "dedupe"},
    {"frozen"},
    {"archive"},
    {"pubmed", "formats"},
    {"project"},
    {"query"},
    {"text"},
    {"tables"},
    {"documents"},
    {"records", "rows"},
    {"sorted_parquet"},
    {"arrow", "vocabulary", "files", "safe_xml", "signals", "progress", "intervals"},
    {"errors"},
]


def level(room: str) -> int:
    return next(n for n, rooms in enumerate(LEVELS) if room in rooms)


def imports(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("resift."):
            rooms.add(node.module.split(".")[1])
            private = [a.name for a in node.names if a.name.startswith("_") and not a.name.startswith("__")]
            own = path.relative_to(LIBRARY).parts[0].removesuffix(".py")
            assert not private or node.module.split(".")[1] == own, f"{path.name} imports {private}"
    return rooms


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda p: str(p.relative_to(LIBRARY)))
def test_imports_go_downwards_only(path: Path) -> None:
    room = path.relative_to(LIBRARY).parts[0].removesuffix(".py")
    if room == "__init__":
        return
    for other in imports(path):
        assert level(other) >= level(room), f"{room} imports {other}"


def test_query_knows_nothing_of_screening_nor_dedupe_of_pubmed() -> None:
    for path in (LIBRARY / "query").rglob("*.py"):
        assert not imports(path) & {"screening", "project", "pubmed", "dedupe"}, path
    for path in (LIBRARY / "dedupe").rglob("*.py"):
        assert not imports(path) & {"pubmed", "query", "screening"}, path


def test_nothing_names_a_machine_path_or_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if listed == [""]:
        pytest.skip("not a git checkout")
    places = [re.escape(f"{folder}/") for folder in (PROJECT, PROJECT.parent, Path.home()) if folder.name]
    wrong = re.compile("|".join([*places, *map("".join, HOSTS)]))
    for name in filter(None, listed):
        path = PROJECT / name
        if (
            path.suffix in (".gz", ".png", ".parquet")
            or not path.is_file()
            or name == "tests/test_packaging.py"
        ):
            continue
        assert not wrong.search(path.read_text(encoding="utf-8", errors="replace")), name


def test_every_module_of_commands_is_a_command() -> None:
    from resift.commands import COMMANDS

    files = {path.stem for path in (LIBRARY / "commands").glob("*.py")} - {"__init__"}
    assert {name.replace("-", "_") for name in COMMANDS} == files


def test_a_mistyped_command_is_answered_with_all_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "resift", "lnit"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "lint" in done.stderr and "serve" in done.stderr


def test_checking_a_query_imports_no_tables_and_needs_no_locks() -> None:
    """`resift lint` starts where there is no fcntl, and without the weight of numpy."""
    code = (
        "import sys\nsys.modules['fcntl'] = None\nfrom resift.__main__ import main\n"
        "status = main(['lint', 'asthma[tiabb]'])\n"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'Bio', 'snakemake', 'lxml', 'yaml'}\n"
        "heavy |= {'jsonschema_rs', 'msgspec'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or (0 if status == 1 else 'no finding'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
