"""Seconds of CPU of each step of the demo: starting Python, being handed its files, importing, working.

Runs the demo once in a temporary folder, then every step again by itself, in a process of its own with
the object that Snakemake would hand to it. What the whole costs beyond the steps is Snakemake's share and
that of `resift run`.

    python benchmarks/steps.py
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from resift.project.yaml import load_yaml
from resift.runs.alone import handed, job_of, parsed

PROJECT = Path(__file__).resolve().parents[1]
STEPS = [
    ("start", ""),
    ("search", ""),
    ("fetch", ""),
    ("deduplicate", "databases"),
    ("screen", "databases"),
    ("follow_references", ""),
    ("deduplicate", "other"),
    ("screen", "other"),
    ("decide", ""),
    ("appraise", ""),
    ("compare", ""),
    ("report", ""),
]
# In the child what Snakemake puts before a script, the imports of the script, the rest; CPU seconds of each.
CHILD = """
import time; started = time.process_time()
import ast, json, pickle, sys
from pathlib import Path
script, given = map(Path, sys.argv[1:3])
tree = ast.parse(script.read_text(encoding="utf-8"))
imports = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
rest = [n for n in tree.body if n not in imports]
imports = [n for n in imports if getattr(n, "module", "") != "resift.runs.alone"]
names = {"__name__": "__main__", "__file__": str(script)}
def run(body):
    exec(compile(ast.Module(body, []), str(script), "exec"), names)
from snakemake.logging import logger
names["snakemake"] = pickle.loads(given.read_bytes()); handed = time.process_time() - started
before = time.process_time(); run(imports); imported = time.process_time() - before
before = time.process_time(); run(rest); worked = time.process_time() - before
print(json.dumps([started, handed, imported, worked]))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PROJECT / "config", folder / "config")
        os.chdir(folder)
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "resift", "run", "--config", "config/demo.yaml", "--cores", "2"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"whole demo: {cpu:.1f} s of CPU, {time.monotonic() - began:.1f} s")
        print(f"{'step':<32}{'start':>8}{'handed':>8}{'import':>8}{'work':>8}")
        workflow = parsed(load_yaml(Path("config/demo.yaml")))
        total = [0.0, 0.0, 0.0, 0.0]
        for step, lane in STEPS:
            given = folder / "given.pickle"
            given.write_bytes(pickle.dumps(handed(job_of(workflow, step, {"lane": lane} if lane else {}))))
            script = PROJECT / "scripts" / f"{step}.py"
            done = subprocess.run(
                [sys.executable, "-c", CHILD, str(script), str(given)],
                check=True,
                capture_output=True,
                text=True,
            )
            seconds = json.loads(done.stdout.splitlines()[-1])
            total = [a + b for a, b in zip(total, seconds, strict=True)]
            label = f"{step} {lane}".strip()
            print(f"{label:<32}" + "".join(f"{value:8.2f}" for value in seconds), flush=True)
        print(f"{'all steps':<32}" + "".join(f"{value:8.2f}" for value in total))


if __name__ == "__main__":
    main()
