"""Profiles: every key is an option that exists, and every rule that they name is a rule of a workflow."""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[1]
PROFILES = PROJECT / "workflow" / "profiles"
NAMES = sorted(folder.name for folder in PROFILES.iterdir())
# What a profile may set for a rule: `threads` apart, these are what both executors ask their cluster for.
RESOURCES = {"mem_mb", "runtime", "disk_mb", "slurm_account", "slurm_partition", "eutils"}


def profile(name: str) -> dict[str, object]:
    content = yaml.safe_load((PROFILES / name / "config.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def settings_of(executor: str) -> set[str]:
    """The options that an executor's plugin adds to Snakemake, read off its source."""
    module = f"snakemake_executor_plugin_{executor}"
    places = [PROJECT / ".cache" / "executors" / executor / module]
    if (spec := find_spec(module)) and spec.origin:
        places.append(Path(spec.origin).parent)
    for place in places:
        if (place / "__init__.py").is_file():
            source = ast.parse((place / "__init__.py").read_text(encoding="utf-8"))
            (settings,) = (
                node
                for node in source.body
                if isinstance(node, ast.ClassDef) and node.name == "ExecutorSettings"
            )
            return {
                f"{executor}-{line.target.id.replace('_', '-')}"
                for line in settings.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            }
    pytest.skip(f"needs {module} (tests/executors/{executor}.txt)")


def rules() -> set[str]:
    workflow = PROJECT / "workflow"
    text = "\n".join(path.read_text() for path in [workflow / "Snakefile", *workflow.rglob("*.smk")])
    return set(re.findall(r"^rule (\w+):", text, re.MULTILINE)) - {"all"}


def test_the_profiles_are_those_that_the_documentation_names() -> None:
    assert NAMES == ["default", "kubernetes", "slurm"]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_an_option_of_snakemake(name: str) -> None:
    from snakemake.cli import get_argument_parser  # takes a second, which collecting need not

    options = {option.removeprefix("--") for option in get_argument_parser()._option_string_actions}
    keys = set(profile(name))
    executor = str(profile(name).get("executor", "local"))
    own = {key for key in keys if key.startswith(f"{executor}-")}
    assert keys - own <= options
    if own:
        assert own <= settings_of(executor)


@pytest.mark.parametrize("name", NAMES)
def test_rules_and_resources_that_a_profile_names_exist(name: str) -> None:
    content = profile(name)
    set_for = content.get("set-resources", {})
    assert isinstance(set_for, dict)
    assert set(set_for) <= rules()
    named = {key for wanted in set_for.values() for key in wanted}
    for key in ("resources", "default-resources"):
        listed = content.get(key, [])
        assert isinstance(listed, list)
        named |= {text.split("=")[0] for text in listed}
    assert named <= RESOURCES
    groups = content.get("groups", [])
    assert isinstance(groups, list)
    assert {text.split("=")[0] for text in groups} <= rules()


def test_under_slurm_all_steps_of_a_review_are_one_job() -> None:
    groups = profile("slurm")["groups"]
    assert isinstance(groups, list)
    of_a_study_or_an_archive = {"rerun_batch", "report_study", "index_files", "list_files"}
    assert {text.split("=")[0] for text in groups} == rules() - of_a_study_or_an_archive
    assert {text.split("=")[1] for text in groups} == {"review"}
