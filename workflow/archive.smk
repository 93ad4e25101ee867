# An archive of PubMed XML indexed by independent jobs of about fifty files, then one list of all files.
# Called by `resift archive add FOLDER --profile NAME`; by itself: --config archive=FOLDER.

from snakemake.utils import min_version
import sys

min_version("9.0")

sys.path.insert(0, str(workflow.current_basedir.join("../scripts")))
from pathlib import Path
from resift.archive.index import INDEX_VERSION
from resift.archive.jobs import FILES_PER_JOB, groups, lists_of
from resift.errors import ResiftError

if "archive" not in config:
    sys.exit("resift: name the folder of PubMed XML: --config archive=FOLDER")

CACHE = str(config.get("cache", ".cache/archive"))
try:
    GROUPS = groups(
        Path(str(config["archive"])), int(config.get("files_per_job", FILES_PER_JOB))
    )
except ResiftError as error:
    sys.exit(f"resift: {error}")

LISTS = str(lists_of(Path(str(config["archive"])), Path(CACHE)))


localrules:
    all,
    list_files,


rule all:
    input:
        f"{LISTS}/files.csv",


rule index_files:
    """Index a group of files: records, searchable text and words of each, in the cache that all jobs share."""
    input:
        lambda wildcards: GROUPS[int(wildcards.group)],
    output:
        f"{LISTS}/group.{{group}}.csv",
    log:
        f"{LISTS}/group.{{group}}.log",
    conda:
        "../environment.yml"
    threads: 2
    resources:
        mem_mb=1500,
        runtime=120,
    params:
        cache=lambda wildcards: CACHE,
        version=INDEX_VERSION,
    script:
        "../scripts/index_files.py"


rule list_files:
    """One row a file, in the order of the archive."""
    input:
        expand(f"{LISTS}/group.{{group}}.csv", group=range(len(GROUPS))),
    output:
        f"{LISTS}/files.csv",
    log:
        f"{LISTS}/files.log",
    conda:
        "../environment.yml"
    threads: 1
    script:
        "../scripts/list_files.py"
