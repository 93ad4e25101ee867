# Reporting: how far the run holds, what changed, exports, one page, and a hash for every file.


rule appraise:
    """Appraise the run: known items, the review's numbers, PRISMA-S, and how far the screening holds."""
    input:
        run=at(tables.RUN),
        search=SEARCHES,
        hits=at(tables.HITS),
        records=lanes(tables.RECORDS),
        duplicates=lanes(tables.DUPLICATES),
        screening=lanes(tables.SCREENING),
        decisions=at(tables.DECISIONS),
        flow=at(tables.FLOW),
        protocol=PLAN.protocol_files,
        appraisal=PLAN.appraisal_files,
    output:
        known=at(tables.KNOWN_ITEMS),
        boundary=at(tables.BOUNDARY),
        verdict=at(tables.VERDICT),
        checklist=report(
            at(tables.CHECKLIST), caption="../report/prisma-s.rst", category="PRISMA-S"
        ),
        screening=APPRAISAL,
    log:
        f"{LOGS}/appraise.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        eutils=1,
    params:
        library=LIBRARY,
        given=GIVEN,
        appraised=sha256_of(PLAN.appraisal_files),
    script:
        "../../scripts/appraise.py"


rule compare:
    """Name one cause for every record gained, lost, revised or decided otherwise since the earlier run."""
    input:
        run=at(tables.RUN),
        answers=at(tables.ANSWERS),
        hits=at(tables.HITS),
        records=lanes(tables.RECORDS),
        screening=lanes(tables.SCREENING),
        decisions=at(tables.DECISIONS),
        references=at(tables.REFERENCES),
        known=at(tables.KNOWN_ITEMS),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
        chain=ancient(PLAN.chain),
    output:
        applied=at(tables.APPLIED),
        changes=at(tables.CHANGES),
        anomalies=at(tables.ANOMALIES),
        notices=at(tables.NOTICES),
        as_of=at(tables.AS_OF),
    log:
        f"{LOGS}/compare.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        eutils=1,
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/compare.py"


rule report:
    """Hand over the run: exports for reference managers, one self-contained page, the summary, every hash."""
    input:
        EVERY_STEP,
        run=at(tables.RUN),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
    output:
        exports=EXPORTS,
        living=at(tables.LIVING_ITEMS),
        page=report(at(tables.REPORT), caption="../report/page.rst", category="Report"),
        summary=at(tables.SUMMARY),
        history=at(tables.HISTORY),
        manifest=at(tables.MANIFEST),
    log:
        f"{LOGS}/report.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/report.py"
