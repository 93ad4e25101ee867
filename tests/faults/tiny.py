"""A review of a dozen records that asks every service of PubMed, run as one command in this process.

Trials by the thousand need a run that takes a second: the server remembers its answers, pauses are counted
in no clock, and a trial begins where a kill just before the answer in question would have left it.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from unittest import mock

from command_line import run_here
from tests.faults.proxy import Proxy, serving
from tests.faults.small import PROJECT, differences

from resift.frozen.pubmed import open_frozen
from resift.pubmed.citmatch import CitationMatcher
from resift.pubmed.transport import HttpTransport, Patience
from resift.runs import together

NAME = "tiny"
CONFIG = """\
run: tiny
protocol: config/protocol.yaml
source: pubmed
eutils: {eutils}
citation_matcher: {matcher}
requests_per_second: 1000
contact: {{email: test@example.org}}
compare_with: none
"""
PROTOCOL = """\
id: tiny
databases: [PubMed]
window: {from: 1995-01-01, until: 2012-12-31, field: dp}
languages: [english]
strategies:
  main:
    {primary: true, provenance: stated, quote: both, query: "evidence[ti] AND pancrea*[ti] AND review[ti]"}
  liver: {reason: wider than the main one, query: "hepatectomy[ti]"}
other_methods:
  references: {rounds: 1, seeds: eligible, list: []}
  handsearched: handsearched.txt
screening: screening.yaml
known_items: [known-items.csv]
decisions: decisions.csv
full_text: assessed
"""
SCREENING = """\
version: "1"
criteria:
  - {id: kind, label: A report of data, stage: title_abstract, exclude_if: "debulking[ti]"}
topics: {surgery: "surgical[tiab]"}
"""
HANDSEARCHED = """\
Velmor AB, Takrin IC. Octreotide in functioning islet tumors. Synth Arch Pancreatol. 1998;18:55-61.
Somebody else. A work that nobody holds. Synth Hepatol Lett. 2002;22:9.
"""
KNOWN = """\
item,set,use,citation,pmid,pmid_verified,doi
one,independent,test,"Evidence to 2006, a review",90003141,no,
two,independent,build,"Somewhere else",90000051,no,
"""
DECISIONS = """\
decided_at,reviewer,role,record,stage,outcome,reason,other_record,note,blind,text_sha256,criteria_version
2026-02-03T10:00:00Z,a,reviewer,pubmed:90003142,title_abstract,exclude,No data of its own,,,yes,,
2026-02-10T09:00:00Z,a,reviewer,pubmed:90003143,retrieval,not_retrieved,Not held,,,no,,
2026-02-17T11:00:00Z,a,reviewer,pubmed:90003144,full_text,include,,,,no,,
"""
FILES = {
    "protocol.yaml": PROTOCOL,
    "screening.yaml": SCREENING,
    "handsearched.txt": HANDSEARCHED,
    "known-items.csv": KNOWN,
    "decisions.csv": DECISIONS,
}


class KilledError(BaseException):
    """Stands for a kill: no step catches it."""


@dataclass(frozen=True)
class World:
    """A server, an undisturbed run, and how many answers that run got."""

    proxy: Proxy
    folder: Path
    answers: int

    @property
    def whole(self) -> Path:
        return self.folder / "whole" / "results" / NAME

    def begun(self, project: Path, answered: int) -> Path:
        """A project whose run has so many answers, as a kill just before the next one leaves it."""
        seed = self.folder / f"seed{answered}"
        if not seed.exists():
            part = self.project(self.folder / f"seed{answered}.part")
            self.proxy.plan = None
            with contextlib.suppress(KilledError), killed_after(answered):
                command(part)
            part.rename(seed)
        return Path(shutil.copytree(seed, project))

    def project(self, folder: Path) -> Path:
        """A new project that asks the world's server."""
        (folder / "config").mkdir(parents=True)
        for name, text in FILES.items():
            (folder / "config" / name).write_text(text, encoding="utf-8")
        matcher = self.proxy.url.replace("entrez/eutils/", "api/citmatch/")
        config = CONFIG.format(eutils=self.proxy.url, matcher=matcher)
        (folder / "config" / "config.yaml").write_text(config, encoding="utf-8")
        return folder

    def differences(self, project: Path) -> list[str]:
        """What differs from the undisturbed run, but for how the server was asked."""
        found = differences(self.whole, project / "results" / NAME)
        return [line for line in found if not line.startswith("raw/")]


@contextlib.contextmanager
def world(folder: Path) -> Iterator[World]:
    """The server, and the run that nothing disturbs."""
    archive = PROJECT / "config" / "demo" / "corpus"
    frozen = open_frozen(archive, cache=folder / "cache")
    with serving(frozen) as proxy:
        made = World(proxy, folder, 0)
        shutil.rmtree(folder / "whole", ignore_errors=True)
        done = command(made.project(folder / "whole"))
        if done.returncode:
            raise RuntimeError(f"the undisturbed run ended with {done.returncode}: {done.stderr}")
        yield World(proxy, folder, len(proxy.asked))


def command(project: Path) -> CompletedProcess[str]:
    """`resift run`, its pauses cut short."""
    quick = {
        "sleep": lambda seconds: time.sleep(min(seconds, 0.001)),
        "patience": Patience(read=0.25, answer=0.6, first_pause=0.001),
        "chance": random.Random(3),
    }
    sooner = {"per_second": 100_000.0, "patience": quick["patience"]}
    with (
        mock.patch.dict(HttpTransport.__init__.__kwdefaults__, quick),
        mock.patch.dict(CitationMatcher.__init__.__kwdefaults__, sooner),
    ):
        return run_here(project, "config/config.yaml")


@contextlib.contextmanager
def killed_after(answered: int) -> Iterator[None]:
    """The process ends before it asks again."""
    left = iter(range(answered))
    asked = HttpTransport._exchange

    def exchange(self: HttpTransport, *given: object) -> object:
        if next(left, None) is None:
            raise KilledError
        return asked(self, *given)  # type: ignore[arg-type]

    with mock.patch.object(HttpTransport, "_exchange", exchange):
        yield


def missing_steps(project: Path) -> CompletedProcess[str]:
    """`resift run` where only those steps run whose files are not there, and those that rest on them."""

    def only(workflow: Any) -> Iterator[Any]:
        anew: set[str] = set()
        for job in ordered(workflow):
            files = {str(file) for file in job.output}
            if anew.intersection(map(str, job.input)) or not all(Path(file).exists() for file in files):
                anew |= files
                yield job

    ordered = together._ordered
    with mock.patch.object(together, "_ordered", only):
        return command(project)
