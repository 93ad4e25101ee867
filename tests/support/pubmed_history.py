"""A made-up PubMed that changes month by month, with the true cause of every change written down.

`write_history(folder, steps, size)` leaves

    step-00.xml, step-01.xml, ...  PubMed XML: first the whole archive, then each month's update in NLM's own
                                   form (new and changed records whole, a DeleteCitation for what went)
    tree-00.bin, tree-01.bin, ...  the MeSH tree of each month, in the format of mtreesYYYY.bin
    log.csv                        step, pmid, change, cause, also

The archive of month n is the files step-00 to step-n. `log.csv` has one row for each change that a run of
`QUERY` in month n must list against month n - 1: `change` is a `Change`, `cause` the `Cause` of what was
done to the record that month, `also` a second thing done to it in the same month that stands later in the
order of causes. What a run finds is told here by plain words and sets, without the query engine.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from resift.vocabulary import Cause, Change

FIRST = dt.date(2020, 1, 1)
TERM, HEADING, BELOW = "gliomatosis", "Glioma", "Astrocytoma"
QUERY = f'{TERM}[tiab] OR "{HEADING}"[mh]'
LANGUAGE = "english"
# Headings without a bearing on the search.
ASIDE = ("Humans", "Adult", "Prognosis", "Liver")
COLUMNS = ("step", "pmid", "change", "cause", "also")
WORDS = ("outcome", "resection", "series", "cohort", "registry", "survival", "imaging", "biopsy", "relapse",
         "dosage", "quality", "elderly", "regional", "nursing", "pathway")  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """One record of the made-up archive."""

    pmid: int
    title: str
    entered: dt.date
    published: dt.date
    revised: dt.date
    language: str = "eng"
    mesh: tuple[str, ...] = ()
    mesh_date: dt.date | None = None
    types: tuple[str, ...] = ("Journal Article",)
    links: tuple[tuple[str, int], ...] = ()
    citation: str = ""


@dataclass(frozen=True)
class Truth:
    """One row of the log."""

    step: int
    pmid: int
    change: Change
    cause: Cause
    also: Cause | None = None


@dataclass
class Tree:
    """Heading -> tree numbers."""

    numbers: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            HEADING: ("C04.557.380",), BELOW: ("C04.557.380.080",), "Ependymoma": ("C04.557.380.290",),
            "Neurocytoma": ("C04.557.470",), "Humans": ("B01.050",), "Adult": ("M01.060",),
            "Prognosis": ("E01.789",), "Liver": ("A03.620",),
        }
    )  # fmt: skip

    def below(self) -> set[str]:
        """The headings that `HEADING` is exploded to."""
        (top,) = self.numbers[HEADING]
        return {
            name for name, all_ in self.numbers.items() if any(f"{n}.".startswith(f"{top}.") for n in all_)
        }


@dataclass
class History:
    """The archive as it stands, and what was done to it. `dice` alone decides."""

    dice: random.Random
    papers: dict[int, Paper] = field(default_factory=dict)
    tree: Tree = field(default_factory=Tree)
    next_pmid: int = 30_000_000
    log: list[Truth] = field(default_factory=list)

    def found(self, paper: Paper, tree: Tree) -> bool:
        """Whether the search finds a paper: the word in its title or a heading, and English."""
        return paper.language == "eng" and (
            TERM in paper.title.lower() or bool(set(paper.mesh) & tree.below())
        )

    def title(self, *, with_term: bool) -> str:
        words = " ".join(self.dice.sample(WORDS, 4)).capitalize()
        return f"{words} {'in ' + TERM if with_term else 'in tumours'} number {self.next_pmid}"

    def make(self, entered: dt.date, published: dt.date, *, term: bool, language: str = "eng") -> Paper:
        """A paper not yet indexed, under the next PMID."""
        self.next_pmid += self.dice.randint(1, 40)
        return Paper(self.next_pmid, self.title(with_term=term), entered, published, entered, language)

    def day(self, step: int) -> dt.date:
        """Some day of a month; month 0 is the one that the first archive ends with."""
        return month(step) + dt.timedelta(days=self.dice.randint(0, 27))

    def pick(self, papers: Iterable[Paper], share: float) -> list[Paper]:
        """At least one of the papers, `share` of them on average."""
        there = sorted(papers, key=lambda p: p.pmid)
        chosen = [p for p in there if self.dice.random() < share]
        return chosen or ([self.dice.choice(there)] if there else [])


def month(step: int) -> dt.date:
    """The first day of a month of the history."""
    years, months = divmod(step, 12)
    return dt.date(FIRST.year + years, 1 + months, 1)


def indexed(history: History, paper: Paper, step: int, *, topic: bool) -> Paper:
    day = history.day(step)
    own = history.dice.choice([HEADING, BELOW, "Ependymoma"]) if topic else "Neurocytoma"
    mesh = tuple(sorted({own, *history.dice.sample(ASIDE, 2)} & history.tree.numbers.keys()))
    return replace(paper, mesh=mesh or ("Humans",), mesh_date=day, revised=day)


def start(size: int, seed: int) -> History:
    """The archive of the first month: found by word, by heading alone, not at all; indexed or not yet."""
    history = History(random.Random(seed))
    for n in range(size):
        published = FIRST - dt.timedelta(days=history.dice.randint(40, 3000))
        paper = history.make(
            published + dt.timedelta(days=20),
            published,
            term=n % 3 == 0,
            language="fre" if n % 11 == 0 else "eng",
        )
        if n % 4:
            day = paper.entered + dt.timedelta(days=12)
            topic = n % 3 != 2 and n % 2 == 1
            paper = replace(indexed(history, paper, 0, topic=topic), mesh_date=day, revised=day)
        history.papers[paper.pmid] = paper
    # The newest record is of the last day, so that the archive shows the whole month.
    last = history.make(month(1) - dt.timedelta(days=1), month(0), term=False)
    history.papers[last.pmid] = last
    return history


def advance(history: History, step: int) -> tuple[list[Paper], list[int]]:
    """One month: what NLM's update holds (papers whole, PMIDs deleted), and the truth into the log."""
    before, tree_before = dict(history.papers), Tree(dict(history.tree.numbers))
    after, tree = dict(before), history.tree
    done: dict[int, list[Cause]] = {}
    deleted: list[int] = []
    dice = history.dice

    def change(paper: Paper, cause: Cause) -> None:
        after[paper.pmid] = paper
        done.setdefault(paper.pmid, []).append(cause)

    for n in range(6):
        entered = history.day(step)
        if n % 2:
            published = entered - dt.timedelta(days=dice.randint(70, 1500))
        else:
            published = month(step) + dt.timedelta(days=dice.randint(0, (entered - month(step)).days))
        paper = history.make(entered, published, term=dice.random() < 0.7)
        if dice.random() < 0.1:  # indexed in the month that it came in
            paper = indexed(history, paper, step, topic=True)
        change(paper, Cause.ARRIVED_LATE if n % 2 else Cause.NEW)
    last = history.make(month(step + 1) - dt.timedelta(days=1), month(step), term=False)
    change(last, Cause.NEW)

    untouched = list(before.values())
    for paper in history.pick((p for p in untouched if not p.mesh), 0.15):
        change(indexed(history, paper, step, topic=dice.random() < 0.6), Cause.MESH_ADDED_LATER)

    def now(p: Paper) -> Paper:
        return after[p.pmid]

    for paper in history.pick(untouched, 0.02):
        current = now(paper)
        has = TERM in current.title.lower()
        if has and dice.random() < 0.5:
            title = current.title.replace(f"in {TERM}", "in tumours")
        elif not has and dice.random() < 0.6:
            title = current.title.replace("in tumours", f"in {TERM}")
        else:
            title = current.title.replace(" number", ", corrected, number")
        if title != current.title:
            change(replace(current, title=title, revised=history.day(step)), Cause.REVISED)
    for paper in history.pick((p for p in untouched if now(p).language == "fre"), 0.06):
        change(replace(now(paper), language="eng", revised=history.day(step)), Cause.REVISED)
    for paper in history.pick((p for p in untouched if now(p).language == "eng"), 0.006):
        change(replace(now(paper), language="fre", revised=history.day(step)), Cause.REVISED)
    for kind, link in (("Retracted Publication", "RetractionIn"), ("", "ExpressionOfConcernIn")):
        sound = [
            p for p in untouched
            if history.found(now(p), tree) and link not in {name for name, _ in now(p).links}
        ]  # fmt: skip
        for paper in history.pick(sound, 0.004):
            notice = history.make(history.day(step), month(step), term=False)
            change(replace(notice, title=f"{link} number {notice.pmid}"), Cause.NEW)
            current = now(paper)
            types = (*current.types, kind) if kind else current.types
            change(
                replace(
                    current,
                    types=types,
                    links=(*current.links, (link, notice.pmid)),
                    revised=history.day(step),
                ),
                Cause.REVISED,
            )
    # A tenth of what changed has a second thing done to it in the same month.
    for pmid in sorted(done):
        current = after[pmid]
        if len(done[pmid]) == 1 and dice.random() < 0.3:
            if done[pmid] == [Cause.REVISED] and not current.mesh:
                change(indexed(history, current, step, topic=dice.random() < 0.5), Cause.MESH_ADDED_LATER)
            elif done[pmid] != [Cause.REVISED]:
                title = current.title.replace(" number", ", amended, number")
                change(replace(current, title=title, revised=history.day(step)), Cause.REVISED)
    # Half of what goes is deleted, half merged into the record next to it: a client sees no difference.
    for paper in history.pick((p for p in untouched if history.found(p, tree_before)), 0.01):
        if paper.pmid not in done or dice.random() < 0.5:
            after.pop(paper.pmid)
            deleted.append(paper.pmid)
            done.setdefault(paper.pmid, []).append(Cause.DELETED_OR_MERGED)
    # MeSH changes once a year, in the tree and in all records at once.
    if step % 12 == 3:
        old = next(name for name in tree.numbers if name.startswith(BELOW))
        new = f"{BELOW}, Grade {step}"
        tree.numbers[new] = tree.numbers.pop(old)
        for paper in list(after.values()):
            if old in paper.mesh:
                mesh = tuple(sorted(new if name == old else name for name in paper.mesh))
                change(replace(paper, mesh=mesh, revised=history.day(step)), Cause.VOCABULARY_CHANGED)
    if step % 12 == 5:  # a heading moves in below the one searched, another one out
        tree.numbers["Neurocytoma"], tree.numbers["Ependymoma"] = (
            ("C04.557.380.500", "C04.557.470") if step < 12 else ("C04.557.470",),
            ("C04.557.600",) if step < 12 else ("C04.557.380.290",),
        )
        for pmid, paper in after.items():
            if pmid in before and {"Neurocytoma", "Ependymoma"} & set(paper.mesh):
                done.setdefault(pmid, []).append(Cause.VOCABULARY_CHANGED)
    history.papers = after
    for pmid in sorted(done):
        history.log += truths(history, step, pmid, before.get(pmid), after.get(pmid), tree_before, done[pmid])
    return [
        after[pmid] for pmid in sorted(done) if pmid in after and after[pmid] != before.get(pmid)
    ], deleted


def truths(
    history: History,
    step: int,
    pmid: int,
    was: Paper | None,
    is_: Paper | None,
    tree_before: Tree,
    done: list[Cause],
) -> list[Truth]:
    """The rows that a run must list for one record of the month, by what was done to it."""
    order = list(Cause)
    causes = sorted(set(done), key=order.index)
    found_before = was is not None and history.found(was, tree_before)
    found_now = is_ is not None and history.found(is_, history.tree)

    def rows(change: Change, holding: list[Cause]) -> list[Truth]:
        also = next(
            (c for c in causes if c is not holding[0] and order.index(c) > order.index(holding[0])), None
        )
        return [Truth(step, pmid, change, holding[0], also)]

    if found_before != found_now:
        return rows(
            Change.GAINED if found_now else Change.LOST, mattering(history, was, is_, tree_before, causes)
        )
    if not found_now or was is None or is_ is None:
        return []
    log = []
    if (was.title, was.language, was.mesh, was.types) != (is_.title, is_.language, is_.mesh, is_.types):
        log += rows(
            Change.REVISED, [c for c in causes if c is not Cause.VOCABULARY_CHANGED or was.mesh != is_.mesh]
        )
    for kind, change in (("RetractionIn", Change.RETRACTED), ("ExpressionOfConcernIn", Change.CONCERN)):
        if kind in {name for name, _ in is_.links} - {name for name, _ in was.links}:
            log.append(Truth(step, pmid, change, Cause.REVISED))
    return log


def mattering(
    history: History, was: Paper | None, is_: Paper | None, tree_before: Tree, causes: list[Cause]
) -> list[Cause]:
    """Of what was done to a record, that without which it would be found as before; all that was done where
    nothing alone turns it, but headings only where the record is found through nothing else."""
    if was is None or is_ is None:
        return causes
    found_now = history.found(is_, history.tree)
    undone = {
        Cause.MESH_ADDED_LATER: (replace(is_, mesh=was.mesh), history.tree),
        Cause.REVISED: (replace(is_, title=was.title, language=was.language), history.tree),
        Cause.VOCABULARY_CHANGED: (is_, tree_before),
    }
    turning = [c for c in causes if c in undone and history.found(*undone[c]) != found_now]
    bare = found_now and history.found(replace(is_, mesh=()), history.tree)
    return turning or [c for c in causes if not (bare and c is Cause.MESH_ADDED_LATER)]


def write_history(folder: Path, *, steps: int, size: int, seed: int = 19) -> list[Truth]:
    """Write the files; the truth as in `log.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    history = start(size, seed)
    write_step(folder, 0, list(history.papers.values()), [], history.tree)
    for step in range(1, steps):
        changed, deleted = advance(history, step)
        write_step(folder, step, changed, deleted, history.tree)
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([t.step, t.pmid, t.change, t.cause, t.also or ""] for t in history.log)
    return history.log


def write_step(folder: Path, step: int, papers: list[Paper], deleted: list[int], tree: Tree) -> None:
    """One month's file of records and its tree."""
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    parts = [article(paper) for paper in papers]
    if gone:
        parts.append(f"<DeleteCitation>{gone}</DeleteCitation>")
    text = "<PubmedArticleSet>\n" + "\n".join(parts) + "\n</PubmedArticleSet>\n"
    (folder / f"step-{step:02}.xml").write_text(text, encoding="utf-8")
    lines = sorted(f"{name};{number}" for name, numbers in tree.numbers.items() for number in numbers)
    (folder / f"tree-{step:02}.bin").write_text("\n".join(lines) + "\n", encoding="utf-8")


def article(paper: Paper) -> str:
    """A paper as PubMed writes it."""

    def day(date: dt.date) -> str:
        return f"<Year>{date.year}</Year><Month>{date.month:02}</Month><Day>{date.day:02}</Day>"

    mesh = "".join(
        f'<MeshHeading><DescriptorName MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
        for name in paper.mesh
    )
    types = "".join(f"<PublicationType>{kind}</PublicationType>" for kind in paper.types)
    links = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Made. {FIRST.year}</RefSource>'
        f'<PMID Version="1">{pmid}</PMID></CommentsCorrections>'
        for kind, pmid in paper.links
    )
    history = [
        ("entrez", paper.entered),
        ("pubmed", paper.entered),
        ("medline", paper.mesh_date or paper.entered),
    ]
    stamps = "".join(
        f'<PubMedPubDate PubStatus="{name}">{day(date)}</PubMedPubDate>' for name, date in history
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="{"MEDLINE" if paper.mesh else "In-Process"}" Owner="NLM">'
        f'<PMID Version="1">{paper.pmid}</PMID><DateRevised>{day(paper.revised)}</DateRevised>'
        f'<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print">'
        f"<Volume>{paper.pmid % 90}</Volume><PubDate>{day(paper.published)}</PubDate></JournalIssue>"
        "<Title>Journal of made-up records</Title><ISOAbbreviation>J Made</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{paper.title}.</ArticleTitle><Pagination><MedlinePgn>{paper.pmid % 900}</MedlinePgn>"
        f"</Pagination><Language>{paper.language}</Language><PublicationTypeList>{types}</PublicationTypeList>"
        f"</Article><MedlineJournalInfo><MedlineTA>J Made</MedlineTA></MedlineJournalInfo>"
        f"{f'<CommentsCorrectionsList>{links}</CommentsCorrectionsList>' if links else ''}"
        f"{f'<MeshHeadingList>{mesh}</MeshHeadingList>' if mesh else ''}</MedlineCitation>"
        f"<PubmedData><History>{stamps}</History><PublicationStatus>ppublish</PublicationStatus>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{paper.pmid}</ArticleId></ArticleIdList></PubmedData>'
        "</PubmedArticle>"
    )
