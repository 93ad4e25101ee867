# Screening: one answer per record and criterion, one decision per record, both lanes by the same rules.


rule screen:
    """Answer every criterion for every record, with the words that decide."""
    input:
        run=f"{RUN}/run.yaml",
        records=f"{RUN}/records/{{lane}}.parquet",
        protocol=PLAN.protocol_files,
    output:
        answers=f"{RUN}/screening/{{lane}}.csv",
        evidence=f"{RUN}/screening/{{lane}}.evidence.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/screen.{{lane}}.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/screen.py"


rule decide:
    """Bring rules and people together: one state per record, with its reason."""
    input:
        run=f"{RUN}/run.yaml",
        hits=f"{RUN}/search/hits.csv",
        records=expand(f"{RUN}/records/{{lane}}.parquet", lane=LANES),
        duplicates=expand(f"{RUN}/duplicates/{{lane}}.csv", lane=LANES),
        screening=expand(f"{RUN}/screening/{{lane}}.csv", lane=LANES),
        evidence=expand(f"{RUN}/screening/{{lane}}.evidence.csv", lane=LANES),
        missing=f"{RUN}/search/not-returned.csv",
        references=f"{RUN}/references.csv",
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
    output:
        decisions=f"{RUN}/decisions.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/decide.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/decide.py"


rule match_known_items:
    """Ask of each known item: was it found, by which strategy, and if not, which clause misses it."""
    input:
        run=f"{RUN}/run.yaml",
        hits=f"{RUN}/search/hits.csv",
        records=f"{RUN}/records/databases.parquet",
        decisions=f"{RUN}/decisions.csv",
        protocol=PLAN.protocol_files,
    output:
        known=f"{RUN}/known-items.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/match_known_items.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/match_known_items.py"


rule compare:
    """List what was gained, lost, revised or retracted since the earlier run."""
    input:
        run=f"{RUN}/run.yaml",
        decisions=f"{RUN}/decisions.csv",
        records=f"{RUN}/records/databases.parquet",
        earlier=ancient(PLAN.earlier),
    output:
        changes=f"{RUN}/changes.csv",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/compare.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/compare.py"
