"""What PubMed itself made of a query, as a live run recorded it, and how to replay it.

ESearch answers with QueryTranslation, TranslationSet, ErrorList and WarningList. They decide what an
offline reading cannot know: how untagged words were mapped, and which phrases PubMed's phrase index
lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from resift.errors import QueryError
from resift.query import fields as f
from resift.query.nodes import And, Leaf, Node
from resift.query.syntax import parse
from resift.query.text import normalise_term


@dataclass(frozen=True)
class RecordedTranslation:
    """The parts of an ESearch answer that say how a query was read, verbatim.

    `translations` are the (From, To) pairs of TranslationSet.
    """

    query_translation: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    phrases_not_found: tuple[str, ...] = ()
    phrases_ignored: tuple[str, ...] = ()
    quoted_phrases_not_found: tuple[str, ...] = ()

    def drops(self, leaf: Leaf) -> bool:
        """Whether PubMed left this term out of the query (an ignored word, a phrase not in its index)."""
        return _key(leaf) in self._dropped

    def finds_nothing(self, leaf: Leaf) -> bool:
        """Whether PubMed found nothing for this term and so made its group empty (a tagged stop word)."""
        return _key(leaf) in self._not_found

    @cached_property
    def tree(self) -> Node | None:
        """QueryTranslation as a tree, None when there is none that can be read."""
        try:
            return parse(self.query_translation).root if self.query_translation else None
        except QueryError:
            return None

    @cached_property
    def _dropped(self) -> frozenset[str]:
        return frozenset(_quoted(text) for text in (*self.phrases_ignored, *self.quoted_phrases_not_found))

    @cached_property
    def _not_found(self) -> frozenset[str]:
        return frozenset(_quoted(text) for text in self.phrases_not_found)

    def mapped(self, leaf: Leaf) -> Node | None:
        """What PubMed searched for an untagged term, as a tree; None when the answer does not say."""
        if leaf.tagged or leaf.field is not f.ALL:
            return None
        parts = list(self._parts(normalise_term(leaf.text).split()))
        if not any(mapped for _, mapped in parts):
            return None
        nodes: list[Node] = []
        for words, mapped in parts:
            try:
                nodes.append(parse(mapped).root if mapped else Leaf(words, f.ALL, quoted=True))
            except QueryError:  # PubMed's own notation changes; then the term stays an approximation
                return None
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes), leaf.start, leaf.end)

    def _parts(self, words: list[str]) -> Iterator[tuple[str, str]]:
        """The words cut at the longest phrases that TranslationSet names, with what they became."""
        known = {normalise_term(source): target for source, target in self.translations}
        at = 0
        while at < len(words):
            for end in range(len(words), at, -1):
                phrase = " ".join(words[at:end])
                if phrase in known:
                    yield phrase, known[phrase]
                    at = end
                    break
            else:
                yield words[at], ""
                at += 1


def _key(leaf: Leaf) -> str:
    return normalise_term(leaf.text)


def _quoted(text: str) -> str:
    """`"body battery"[tiab]` as its words."""
    return normalise_term(text.partition("[")[0])
