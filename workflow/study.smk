# A study of many reviews: batches of reruns side by side, then the study's tables and its page.
# Called by `resift study run ID`, which writes the plan.

from snakemake.utils import min_version
import sys

min_version("9.0")

sys.path.insert(0, str(workflow.current_basedir.join("../scripts")))
from pathlib import Path
from resift.runs.plan import library_sha256, sha256_of
from resift.studies.plan import load_plan
from resift.studies.results import RESULT_FILES

PLAN = load_plan(Path(config["plan"]))
FOLDER = str(Path(config["plan"]).parent)
LIBRARY = library_sha256()
BATCHES = [f"{FOLDER}/batches/{n}.json" for n in range(len(PLAN.batches))]


localrules:
    all,
    report_study,


rule all:
    input:
        [f"{FOLDER}/{name}" for name in RESULT_FILES.values()],


rule rerun_batch:
    """Rerun a batch of searches in one process, each as a full run of its own."""
    input:
        plan=config["plan"],
    output:
        f"{FOLDER}/batches/{{batch}}.json",
    log:
        f"{FOLDER}/logs/batch.{{batch}}.log",
    conda:
        "../environment.yml"
    threads: 1
    resources:
        eutils=1 if config.get("live") else 0,
    params:
        library=LIBRARY,
    script:
        "../scripts/rerun_batch.py"


rule report_study:
    """One row a search, one row a review, the shares with their intervals, and one page."""
    input:
        batches=BATCHES,
        plan=config["plan"],
        settings=f"{PLAN.study}/study.yaml",
        table=config["table"],
    output:
        **{key: f"{FOLDER}/{name}" for key, name in RESULT_FILES.items()},
    log:
        f"{FOLDER}/logs/report.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        library=LIBRARY,
        given=sha256_of([f"{PLAN.study}/study.yaml", config["table"]]),
        study=PLAN.study,
    script:
        "../scripts/report_study.py"
