# Identification: what is asked, what the source answers, one table of records, one report per group.


rule start:
    """Resolve the configuration once and freeze the protocol by hash, before the first fetch."""
    output:
        update(at(tables.RUN)),
    log:
        f"{LOGS}/start.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        compare_with=PLAN.compare_with,
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
    log:
        f"{LOGS}/search.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        eutils=1,
    params:
        library=LIBRARY,
        given=sha256_of(PLAN.asked_with),
    script:
        "../../scripts/search.py"


rule fetch:
    """Fetch what is not held or was revised, read all into one table, and count in it what each clause finds."""
    input:
        run=at(tables.RUN),
        answers=at(tables.ANSWERS),
        hits=at(tables.HITS),
        protocol=PLAN.protocol_files,
        earlier=ancient(PLAN.earlier),
    output:
        records=at(tables.RECORDS, lane="databases"),
        references=at(tables.REFERENCE_LISTS, lane="databases"),
        missing=at(tables.MISSES),
        taken_over=at(tables.TAKEN_OVER),
        search=SEARCHES,
    log:
        f"{LOGS}/fetch.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        eutils=1,
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/fetch.py"


rule deduplicate:
    """Group the records of one report; link versions and companions."""
    input:
        records=at(tables.RECORDS),
        databases=branch(
            lambda wildcards: wildcards.lane == "other",
            then=at(tables.RECORDS, lane="databases"),
            otherwise=[],
        ),
        protocol=PLAN.protocol_files,
    output:
        duplicates=at(tables.DUPLICATES),
    log:
        f"{LOGS}/deduplicate.{{lane}}.log",
    conda:
        "../../environment.yml"
    threads: 2
    params:
        library=LIBRARY,
        given=GIVEN,
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
    log:
        f"{LOGS}/follow_references.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        eutils=1,
    params:
        library=LIBRARY,
        given=GIVEN,
    script:
        "../../scripts/follow_references.py"
