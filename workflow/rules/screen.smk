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
    params:
        library=LIBRARY,
        given=GIVEN,
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
    output:
        decisions=at(tables.DECISIONS),
        odd=at(tables.ODD_DECISIONS),
        reread=at(tables.TO_REREAD),
    params:
        library=LIBRARY,
        given=GIVEN,
    log:
        f"{LOGS}/decide.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/decide.py"


rule appraise:
    """Appraise the screening: agreement, audit, what hangs on each criterion, near misses, order of reading."""
    input:
        run=at(tables.RUN),
        records=lanes(tables.RECORDS),
        duplicates=lanes(tables.DUPLICATES),
        screening=lanes(tables.SCREENING),
        decisions=at(tables.DECISIONS),
        protocol=PLAN.protocol_files,
        appraisal=PLAN.appraisal_files,
    output:
        agreement=at(tables.AGREEMENT),
        audit=at(tables.AUDIT),
        criteria=at(tables.WEIGHTS),
        near_misses=at(tables.NEAR_MISSES),
        full_text=at(tables.FULL_TEXT),
        reading_order=at(tables.TO_READ),
        challenges=at(tables.CHALLENGES),
    params:
        library=LIBRARY,
        given=GIVEN,
        appraised=sha256_of(PLAN.appraisal_files),
    log:
        f"{LOGS}/appraise.log",
    threads: 1
    conda:
        "../../environment.yml"
    script:
        "../../scripts/appraise.py"


rule match_known_items:
    """Ask of each known item: was it found, by which strategy, and if not, which clause misses it."""
    input:
        run=at(tables.RUN),
        hits=at(tables.HITS),
        decisions=at(tables.DECISIONS),
        protocol=PLAN.protocol_files,
    output:
        known=at(tables.KNOWN_ITEMS),
    params:
        library=LIBRARY,
        given=GIVEN,
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
    params:
        library=LIBRARY,
        given=GIVEN,
    log:
        f"{LOGS}/compare.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/compare.py"
