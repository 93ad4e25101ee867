"""The words that a run's files use, each listed once.

States, answers, boxes, lanes and causes are enums: a file that holds another word is refused when it is
read, and a misspelt one in code is found by the type checker. `docs/` and the report use the same words.
"""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    """PRISMA's two ways of identification: databases and registers, or other methods."""

    DATABASES = "databases"
    OTHER = "other"


class Column(StrEnum):
    """Where a box of the flow stands: in one lane, for both together, or before this review."""

    DATABASES = "databases"
    OTHER = "other"
    BOTH = "both"
    PREVIOUS = "previous"


class Box(StrEnum):
    """The boxes of the PRISMA 2020 flow (Page et al., BMJ 2021;372:n71), in the order of the diagram.

    Those from `awaiting` on that the templates lack are drawn dashed: see `resift.report.boxes`.
    """

    IDENTIFIED_DATABASES = "identified_databases"
    IDENTIFIED_REGISTERS = "identified_registers"
    IDENTIFIED_OTHER = "identified_other"
    ALREADY_KNOWN = "already_known"
    DUPLICATES_REMOVED = "duplicates_removed"
    MARKED_INELIGIBLE = "marked_ineligible_by_automation"
    REMOVED_OTHERWISE = "removed_for_other_reasons"
    SCREENED = "screened"
    EXCLUDED = "excluded"
    EXCLUDED_BY_HUMAN = "excluded_by_human"
    EXCLUDED_BY_AUTOMATION = "excluded_by_automation"
    AWAITING = "awaiting"
    ELIGIBLE = "eligible"
    NOT_YET_SOUGHT = "not_yet_sought"
    SOUGHT = "sought"
    NOT_RETRIEVED = "not_retrieved"
    ASSESSED = "assessed"
    NOT_YET_ASSESSED = "not_yet_assessed"
    EXCLUDED_FULL_TEXT = "excluded_full_text"
    AWAITING_CLASSIFICATION = "awaiting_classification"
    INCLUDED_REPORTS = "included_reports"
    INCLUDED_STUDIES = "included_studies"
    PREVIOUS_STUDIES = "previous_studies"
    PREVIOUS_REPORTS = "previous_reports"
    TOTAL_STUDIES = "total_studies"
    TOTAL_REPORTS = "total_reports"


class State(StrEnum):
    """Where a record ends."""

    DUPLICATE = "duplicate"
    REMOVED = "removed"
    ALREADY_KNOWN = "already_known"
    EXCLUDED = "excluded"
    AWAITING = "awaiting"
    ELIGIBLE = "eligible"
    NOT_RETRIEVED = "not_retrieved"
    EXCLUDED_FULL_TEXT = "excluded_full_text"
    INCLUDED = "included"


class Unit(StrEnum):
    """What a box counts: hits, documents, or what documents are about. Never mixed."""

    RECORD = "record"
    REPORT = "report"
    STUDY = "study"


class Counted(StrEnum):
    """Whether a box has a number, and if not, why: never 0 for a step not done."""

    COUNTED = "counted"
    NOT_UNDERTAKEN = "not undertaken"
    NOT_REPORTED = "not reported"


class FullText(StrEnum):
    """Whether full texts were read."""

    ASSESSED = "assessed"
    NOT_UNDERTAKEN = "not undertaken"


class Answer(StrEnum):
    """What a criterion says of a record."""

    MET = "met"
    NOT_MET = "not met"
    UNCLEAR = "unclear"
    CONFLICT = "conflict"


class Relation(StrEnum):
    """What two records are to each other."""

    DUPLICATE = "duplicate"  # two entries of one report
    VERSION = "version"  # preprint and article, Cochrane update, translation: two reports of one work
    COMPANION = "companion"  # erratum, retraction notice, comment, reply, part II, meeting abstract
    REVIEW = "review"  # a person must say
    UNRELATED = ""


class Decider(StrEnum):
    """Who decided where no reviewer is named: no reviewer may bear these names."""

    RULES = "rules"
    PEOPLE = "people"


class GroupedBy(StrEnum):
    """What stands in place of a rule of deduplication where no rule grouped two records."""

    PERSON = "decided by a person"


class Retracted(StrEnum):
    """Whether a record is of a retracted publication; unknown where no record was returned."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Held(StrEnum):
    """Whether the source holds a known item, under the PMID that is given for it."""

    YES = "yes"
    NO = "no"
    NO_PMID = "no PMID known"
    OTHER_PAPER = "no: this PMID is of another paper"
    UNAVAILABLE = "unknown: service unavailable"  # stands for a reference list that elink did not give
    UNVERIFIED = "unverified: the source does not confirm this PMID for this citation"


class Within(StrEnum):
    """Whether a known item lies within a limit of the search; unknown where the source does not hold it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class How(StrEnum):
    """How an entry of a reference list came to its record."""

    PUBMED = "pubmed"
    CITATION_MATCH = "citation match"
    ARCHIVE_MATCH = "archive match"
    UNRESOLVED = "unresolved"
    UNAVAILABLE = "service unavailable"  # elink or citation matching did not answer; a later call asks again


class Change(StrEnum):
    """What happened to a record since the earlier run."""

    GAINED = "gained"
    LOST = "lost"
    REFOUND = "refound"  # the primary strategy finds it now and did not, or the other way round
    REVISED = "revised"
    RETRACTED = "retracted"
    CONCERN = "concern"
    RE_DECIDED = "re_decided"


class ChangedIn(StrEnum):
    """Where a change stands: in one of the lanes, or among the known items."""

    DATABASES = "databases"
    OTHER = "other"
    KNOWN_ITEMS = "known items"


class Cause(StrEnum):
    """Why a record changed between two runs: the first that holds, in this order.

    What we changed stands first. It holds where the earlier strategies, limits, criteria and files would
    not give today what this run gives; what happened at the source comes after.
    """

    STRATEGY_CHANGED = "strategy_changed"
    CRITERIA_CHANGED = "criteria_changed"
    WINDOW_CHANGED = "window_changed"
    FILE_CHANGED = "file_changed"
    PERSON_DECIDED = "person_decided"
    SEED_CHANGED = "seed_changed"
    DELETED_OR_MERGED = "deleted_or_merged"
    ARRIVED_LATE = "arrived_late"  # entered after the earlier run, published in what it had searched
    NEW = "new"
    MESH_ADDED_LATER = "mesh_added_later"
    REVISED = "revised"
    VOCABULARY_CHANGED = "vocabulary_changed"
    TRANSLATION_CHANGED = "translation_changed"
    CLIENT_ARTEFACT = "client_artefact"
    UNEXPLAINED = "unexplained"


class NoticeKind(StrEnum):
    """What a notice says of a report."""

    RETRACTED = "retracted"
    PARTLY_RETRACTED = "partly retracted"
    CONCERN = "expression of concern"


class Outcome(StrEnum):
    """What can be said of a rerun against the number of records that a review prints."""

    REPRODUCED = "Reproduced"
    DIFFERS = "Differs"
    NOT_ASSESSABLE = "Not assessable"


class Searched(StrEnum):
    """How a database of the review was searched here."""

    RERUN = "rerun"
    IMPORTED = "imported"
    NOT_SEARCHED = "not searched"


class Judged(StrEnum):
    """What a person judged of a review's reporting of a PRISMA-S item."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


class Inside(StrEnum):
    """Whether a date lies in the window; either where only its month or year is known."""

    IN = "in"
    OUT = "out"
    EITHER = "either"
    NONE = "no date"


class Status(StrEnum):
    """How an item of a checklist is answered by a run."""

    AUTO = "AUTO"
    DECLARED = "DECLARED"
    EXPLICIT_NONE = "EXPLICIT NONE"
    PARTIAL = "PARTIAL"
    MISSING = "MISSING"


class ExportPart(StrEnum):
    """The lists of records that a run exports."""

    ALL = "all"
    ELIGIBLE = "eligible"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    AWAITING = "awaiting"
    NEW = "new"


class ExportFormat(StrEnum):
    """The formats of exported records, by the ending of the file."""

    RIS = "ris"
    NBIB = "nbib"
    CSV = "csv"
    BIBTEX = "bib"
