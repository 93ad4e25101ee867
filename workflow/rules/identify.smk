# Identification: what is asked, what the source answers, one table of records, one report per group.


rule start:
    """Resolve the configuration once and freeze the protocol by hash, before the first fetch."""
    output:
        update(f"{RUN}/run.yaml"),
    log:
        f"{LOGS}/start.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/start.py"


rule search:
    """Ask the source for the ids of every strategy."""
    input:
        run=f"{RUN}/run.yaml",
        protocol=PLAN.protocol_files[0],
    output:
        hits=f"{RUN}/search/hits.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/search.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/search.py"


rule fetch:
    """Fetch every id of the union once, and read the answers into one table."""
    input:
        run=f"{RUN}/run.yaml",
        hits=f"{RUN}/search/hits.csv",
        protocol=PLAN.protocol_files,
    output:
        records=f"{RUN}/records/databases.parquet",
        references=f"{RUN}/records/databases.references.parquet",
        missing=f"{RUN}/search/not-returned.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/fetch.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/fetch.py"


rule count_clauses:
    """Write down each strategy as written, sent and translated, with a count for every clause."""
    input:
        run=f"{RUN}/run.yaml",
        hits=f"{RUN}/search/hits.csv",
        records=f"{RUN}/records/databases.parquet",
        protocol=PLAN.protocol_files,
    output:
        expand(f"{RUN}/search/{{strategy}}.json", strategy=PLAN.strategies),
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/count_clauses.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/count_clauses.py"


rule deduplicate:
    """Group the records of one report; link versions and companions."""
    input:
        records=f"{RUN}/records/{{lane}}.parquet",
        databases=branch(
            lambda wildcards: wildcards.lane == "other", then=f"{RUN}/records/databases.parquet", otherwise=[]
        ),
        protocol=PLAN.protocol_files,
    output:
        duplicates=f"{RUN}/duplicates/{{lane}}.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/deduplicate.{{lane}}.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/deduplicate.py"


rule follow_references:
    """Search the reference lists of the seeds, and read hand-searched citations."""
    input:
        run=f"{RUN}/run.yaml",
        records=f"{RUN}/records/databases.parquet",
        references=f"{RUN}/records/databases.references.parquet",
        duplicates=f"{RUN}/duplicates/databases.csv",
        screening=f"{RUN}/screening/databases.csv",
        protocol=PLAN.protocol_files,
    output:
        references=f"{RUN}/references.csv",
        records=f"{RUN}/records/other.parquet",
        cited=f"{RUN}/records/other.references.parquet",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/follow_references.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/follow_references.py"
