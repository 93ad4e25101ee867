# Reporting: PRISMA boxes as record sets, exports, checklist, one page, and a hash for every file.


rule build_flow:
    """Draw the PRISMA 2020 flow from record sets, and check every identity between boxes."""
    input:
        run=f"{RUN}/run.yaml",
        hits=f"{RUN}/search/hits.csv",
        decisions=f"{RUN}/decisions.csv",
        references=f"{RUN}/references.csv",
        protocol=PLAN.protocol_files,
    output:
        flow=f"{RUN}/flow.json",
        diagram=report(f"{RUN}/flow.svg", caption="../report/flow.rst", category="PRISMA 2020"),
        strict=f"{RUN}/flow-strict.svg",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/build_flow.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/build_flow.py"


rule export:
    """Write all, eligible, included, excluded and awaiting records for reference managers."""
    input:
        records=expand(f"{RUN}/records/{{lane}}.parquet", lane=LANES),
        decisions=f"{RUN}/decisions.csv",
    output:
        expand(f"{RUN}/exports/{{part}}.{{format}}", part=EXPORTS, format=EXPORT_FORMATS),
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/export.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/export.py"


rule fill_checklist:
    """Fill PRISMA-S item by item: what the review reported, what this run did."""
    input:
        run=f"{RUN}/run.yaml",
        search=expand(f"{RUN}/search/{{strategy}}.json", strategy=PLAN.strategies),
        flow=f"{RUN}/flow.json",
        protocol=PLAN.protocol_files,
    output:
        checklist=report(f"{RUN}/prisma-s.csv", caption="../report/prisma-s.rst", category="PRISMA-S"),
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/fill_checklist.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/fill_checklist.py"


rule report:
    """Put everything on one self-contained page."""
    input:
        run=f"{RUN}/run.yaml",
        search=expand(f"{RUN}/search/{{strategy}}.json", strategy=PLAN.strategies),
        missing=f"{RUN}/search/not-returned.csv",
        records=expand(f"{RUN}/records/{{lane}}.parquet", lane=LANES),
        duplicates=expand(f"{RUN}/duplicates/{{lane}}.csv", lane=LANES),
        answers=expand(f"{RUN}/screening/{{lane}}.csv", lane=LANES),
        evidence=expand(f"{RUN}/screening/{{lane}}.evidence.csv", lane=LANES),
        decisions=f"{RUN}/decisions.csv",
        references=f"{RUN}/references.csv",
        known=f"{RUN}/known-items.csv",
        flow=f"{RUN}/flow.json",
        diagram=f"{RUN}/flow.svg",
        changes=f"{RUN}/changes.csv",
        checklist=f"{RUN}/prisma-s.csv",
        exports=expand(f"{RUN}/exports/{{part}}.{{format}}", part=EXPORTS, format=EXPORT_FORMATS),
        protocol=PLAN.protocol_files,
    output:
        page=report(f"{RUN}/report.html", caption="../report/page.rst", category="Report"),
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/report.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/report.py"


rule finish:
    """Sum up for schedulers, and record the SHA-256 of every file."""
    input:
        run=f"{RUN}/run.yaml",
        search=expand(f"{RUN}/search/{{strategy}}.json", strategy=PLAN.strategies),
        flow=f"{RUN}/flow.json",
        changes=f"{RUN}/changes.csv",
        page=f"{RUN}/report.html",
    output:
        summary=f"{RUN}/summary.json",
        manifest=f"{RUN}/manifest.json",
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/finish.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/finish.py"
