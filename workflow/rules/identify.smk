# Identification: what is asked, what the source answers, one table of records, one report per group.


rule start:
    """Resolve the configuration once and freeze the protocol by hash, before the first fetch."""
    output:
        update(at(tables.RUN)),
    params:
        compare_with=PLAN.compare_with,
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
        run=at(tables.RUN),
        protocol=PLAN.protocol_files[0],
    output:
        answers=at(tables.ANSWERS),
        hits=at(tables.HITS),
    params:
        library=LIBRARY,
        given=GIVEN,
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
    """Fetch every id of the union that is not held or was revised, and read all into one table."""
    input:
        run=at(tables.RUN),
        hits=at(tables.HITS),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
    output:
        records=at(tables.RECORDS, lane="databases"),
        references=at(tables.REFERENCE_LISTS, lane="databases"),
        missing=at(tables.MISSES),
    params:
        library=LIBRARY,
        given=GIVEN,
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
        run=at(tables.RUN),
        answers=at(tables.ANSWERS),
        records=at(tables.RECORDS, lane="databases"),
        protocol=PLAN.protocol_files,
    output:
        SEARCHES,
    params:
        library=LIBRARY,
        given=GIVEN,
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
        records=at(tables.RECORDS),
        databases=branch(
            lambda wildcards: wildcards.lane == "other", then=at(tables.RECORDS, lane="databases"), otherwise=[]
        ),
        protocol=PLAN.protocol_files,
    output:
        duplicates=at(tables.DUPLICATES),
    params:
        library=LIBRARY,
        given=GIVEN,
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
        run=at(tables.RUN),
        records=at(tables.RECORDS, lane="databases"),
        references=at(tables.REFERENCE_LISTS, lane="databases"),
        duplicates=at(tables.DUPLICATES, lane="databases"),
        screening=at(tables.SCREENING, lane="databases"),
        protocol=PLAN.protocol_files,
    output:
        references=at(tables.REFERENCES),
        records=at(tables.RECORDS, lane="other"),
        cited=at(tables.REFERENCE_LISTS, lane="other"),
    params:
        library=LIBRARY,
        given=GIVEN,
    log:
        f"{LOGS}/follow_references.log",
    threads: 1
    resources:
        eutils=1,
    conda:
        "../../environment.yml"
    script:
        "../../scripts/follow_references.py"
