"""Handing a workflow to Snakemake: which profile, and what to tell when it stops.

Nothing here schedules: Snakemake's executors do, on this machine or on a cluster.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from resift.errors import ConfigError, ResiftError, RunError, nearest, printable
from resift.project.shipped import shipped

PROFILES = "workflow/profiles"
HASHED_UP_TO = 50_000
"""Bytes of an input that Snakemake hashes; a larger one that is newer is taken for changed."""
# Our own line, an error of Snakemake's with its words, or what an executor says of a job that failed.
_SAID = re.compile(
    r"^[ \t]*(?:message: (?!None$))?(resift: .+|\w*(?:Error|Exception)\w*:[ \t]*\S.*|SLURM-job .+)",
    re.MULTILINE,
)


def profile_folder(name: str) -> Path:
    """The folder of a profile: one of `workflow/profiles/` by its name, or any folder by its path.

    Raises `ConfigError` when there is none.
    """
    for folder in (shipped(PROFILES) / name, Path(name)):
        if any(folder.glob("config*.yaml")):
            return folder
    known = sorted(folder.name for folder in shipped(PROFILES).iterdir())
    like = nearest(name, known)
    raise ConfigError(
        f"there is no profile '{name}'" + (f"; did you mean '{like}'?" if like else ""),
        where="--profile",
        fix=f"name one of {', '.join(known)}, or a folder that holds a config.yaml",
    )


def engine(profile: str | None, cores: int | None) -> list[str]:
    """Snakemake's options for where to run.

    Without a profile: this machine, on all its cores unless fewer are asked for. With one: as the profile
    says, since `--cores` of a cluster are those that all jobs together may hold.
    """
    if profile is None:
        own = ["--workflow-profile", "none", "--cores", str(cores or os.cpu_count() or 1)]
        # What to run next of a dozen steps needs no solver of linear programs, a process at every choice. Of
        # inputs Snakemake keeps a hash for every output, to see that a newer file says the same. That saves
        # steps where a protocol or criteria were copied or saved again; a larger file that was (an import)
        # has its steps run again, to the same result.
        return [*own, "--scheduler", "greedy", "--max-checksum-file-size", str(HASHED_UP_TO)]
    options = ["--workflow-profile", str(profile_folder(profile))]
    return [*options, "--cores", str(cores)] if cores else options


def environment() -> dict[str, str]:
    """This environment, with Snakemake's copy of the workflow's sources kept in the project.

    It keeps them in the user's cache, which a scheduled job may not have.
    """
    return {"XDG_CACHE_HOME": str(Path(".cache").absolute()), **os.environ}


def run_workflow(
    snakefile: str,
    config: Mapping[str, object],
    *,
    profile: str | None,
    cores: int | None,
    log: Path,
    options: Sequence[str] = (),
) -> None:
    """Run one of the shipped workflows to its end; all that Snakemake says goes into `log`.

    Raises `RunError` with its last error when it stops.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(shipped(snakefile))]
    command += [*engine(profile, cores), "--nolock", "--rerun-incomplete", "--show-failed-logs", *options]
    # Quotation marks keep Snakemake from reading a name such as 2021 as a number.
    command += ["--config", *(f'{key}="{value}"' for key, value in config.items())]
    with log.open("wb") as out:
        status = subprocess.run(command, stderr=out, stdout=out, env=environment(), check=False).returncode
    if status:
        reason = why_it_stopped(log.read_text(encoding="utf-8", errors="replace"))
        raise RunError(f"the workflow stopped: {reason}", where=str(log), fix="run the same command again")


def why_it_stopped(log: str) -> str:
    """One line of what Snakemake printed: a step's own, else its last error or an executor's of a job."""
    said = [match[1] for match in _SAID.finditer(log)]
    ours = [line.removeprefix("resift: ") for line in said if line.startswith("resift: ")]
    return printable([*(said or ["Snakemake did not say why"]), *ours][-1][:300])


@contextmanager
def told_in(log: Path) -> Iterator[None]:
    """End a step by the one line of its error, put into its log too: a cluster keeps what it prints."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    try:
        yield
    except ResiftError as error:
        line = f"resift: {error}"
        log.write_text(line + "\n", encoding="utf-8")
        sys.exit(line)
