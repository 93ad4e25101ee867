# Screening: one answer per record and criterion, one decision per record, both lanes by the same rules.


rule screen:
    """Answer every criterion for every record, with the words that decide."""
    input:
        run=at(tables.RUN),
        records=at(tables.RECORDS),
        protocol=PLAN.protocol_files,
    output:
        answers=at(tables.SCREENING),
        evidence=at(tables.EVIDENCE),
    log:
        f"{LOGS}/screen.{{lane}}.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/screen.py"


rule decide:
    """Bring rules and people together: one state per record with its reason, and the flow that the states make."""
    input:
        run=at(tables.RUN),
        hits=at(tables.HITS),
        records=lanes(tables.RECORDS),
        duplicates=lanes(tables.DUPLICATES),
        screening=lanes(tables.SCREENING),
        evidence=lanes(tables.EVIDENCE),
        missing=at(tables.MISSES),
        references=at(tables.REFERENCES),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
        base=ancient(PLAN.base),
    output:
        decisions=at(tables.DECISIONS),
        odd=at(tables.ODD_DECISIONS),
        reread=at(tables.TO_REREAD),
        flow=at(tables.FLOW),
        diagram=report(
            at(tables.DIAGRAM), caption="../report/flow.rst", category="PRISMA 2020"
        ),
        strict=at(tables.STRICT_DIAGRAM),
        latest=at(tables.UPDATE_DIAGRAM),
        living=at(tables.LIVING_DIAGRAM),
    log:
        f"{LOGS}/decide.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/decide.py"
