# Reporting: PRISMA boxes as record sets, exports, checklist, one page, and a hash for every file.


rule build_flow:
    """Draw the PRISMA 2020 flow from record sets, and check every identity between boxes."""
    input:
        run=at(tables.RUN),
        records=lanes(tables.RECORDS),
        decisions=at(tables.DECISIONS),
        references=at(tables.REFERENCES),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
        base=ancient(PLAN.base),
    output:
        flow=at(tables.FLOW),
        diagram=report(at(tables.DIAGRAM), caption="../report/flow.rst", category="PRISMA 2020"),
        strict=at(tables.STRICT_DIAGRAM),
        latest=at(tables.UPDATE_DIAGRAM),
        living=at(tables.LIVING_DIAGRAM),
    params:
        library=LIBRARY,
        given=GIVEN,
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
        records=lanes(tables.RECORDS),
        decisions=at(tables.DECISIONS),
        changes=at(tables.CHANGES),
    output:
        EXPORTS,
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
        run=at(tables.RUN),
        search=SEARCHES,
        flow=at(tables.FLOW),
        protocol=PLAN.protocol_files,
    output:
        checklist=report(at(tables.CHECKLIST), caption="../report/prisma-s.rst", category="PRISMA-S"),
    params:
        library=LIBRARY,
        given=GIVEN,
    log:
        f"{LOGS}/fill_checklist.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/fill_checklist.py"


rule judge:
    """Hold the review's numbers against this search: the verdict per database and over all."""
    input:
        run=at(tables.RUN),
        search=SEARCHES,
        records=lanes(tables.RECORDS)[0],
        known=at(tables.KNOWN_ITEMS),
        flow=at(tables.FLOW),
        protocol=PLAN.protocol_files,
    output:
        verdict=at(tables.VERDICT),
        boundary=at(tables.BOUNDARY),
    params:
        library=LIBRARY,
        given=GIVEN,
    log:
        f"{LOGS}/judge.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/judge.py"


rule report:
    """Put everything on one self-contained page."""
    input:
        run=at(tables.RUN),
        search=SEARCHES,
        hits=at(tables.HITS),
        missing=at(tables.MISSES),
        records=lanes(tables.RECORDS),
        lists=lanes(tables.REFERENCE_LISTS),
        duplicates=lanes(tables.DUPLICATES),
        answers=lanes(tables.SCREENING),
        evidence=lanes(tables.EVIDENCE),
        decisions=at(tables.DECISIONS),
        references=at(tables.REFERENCES),
        known=at(tables.KNOWN_ITEMS),
        flow=at(tables.FLOW),
        diagrams=[
            at(tables.DIAGRAM),
            at(tables.STRICT_DIAGRAM),
            at(tables.UPDATE_DIAGRAM),
            at(tables.LIVING_DIAGRAM),
        ],
        changes=at(tables.CHANGES),
        anomalies=at(tables.ANOMALIES),
        notices=at(tables.NOTICES),
        as_of=at(tables.AS_OF),
        checklist=at(tables.CHECKLIST),
        odd=at(tables.ODD_DECISIONS),
        reread=at(tables.TO_REREAD),
        appraisal=APPRAISAL,
        verdict=at(tables.VERDICT),
        boundary=at(tables.BOUNDARY),
        exports=EXPORTS,
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
    output:
        page=report(at(tables.REPORT), caption="../report/page.rst", category="Report"),
    params:
        library=LIBRARY,
        given=GIVEN,
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
        run=at(tables.RUN),
        search=SEARCHES,
        flow=at(tables.FLOW),
        changes=at(tables.CHANGES),
        anomalies=at(tables.ANOMALIES),
        notices=at(tables.NOTICES),
        decisions=at(tables.DECISIONS),
        earlier=ancient(PLAN.earlier),
        known=at(tables.KNOWN_ITEMS),
        missing=at(tables.MISSES),
        verdict=at(tables.VERDICT),
        odd=at(tables.ODD_DECISIONS),
        reread=at(tables.TO_REREAD),
        every=RESULTS,
    output:
        summary=at(tables.SUMMARY),
        history=at(tables.HISTORY),
        manifest=at(tables.MANIFEST),
    params:
        library=LIBRARY,
    log:
        f"{LOGS}/finish.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/finish.py"
