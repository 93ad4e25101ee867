"""Findings on MeSH headings, and on concepts that lack headings or text words."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from resift.query import fields as f
from resift.query import findings as rule
from resift.query.fields import Kind
from resift.query.findings import Finding
from resift.query.mesh import (
    ALL_QUALIFIERS,
    QUALIFIER_CODES,
    MeshTree,
    heading_term,
    normalise_heading,
)
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, walk
from resift.query.publication_types import is_type, known_names
from resift.query.syntax import Query
from resift.query.terms import joined_parts
from resift.query.text import nearest_of

_SUGGESTIONS = 12  # comparing with 30,000 headings takes time; so many wrong ones are not misspellings


def headings_findings(query: Query, mesh: MeshTree | None) -> Iterator[Finding]:
    """Headings against the tree, then the balance of headings and text words in each concept."""
    unknown = 0
    for line in query.lines:
        for node, _ in walk(line.root):
            if isinstance(node, Leaf):
                for finding in _heading(node, mesh, suggest=unknown < _SUGGESTIONS):
                    unknown += finding.code == rule.NOT_A_HEADING.code
                    yield finding
            elif isinstance(node, Or) and mesh is not None:
                yield from _covered(node, mesh)
    for concept in _concepts(query):
        yield from _balance(concept)


def _heading(leaf: Leaf, mesh: MeshTree | None, *, suggest: bool) -> Iterator[Finding]:
    if leaf.field is f.SUBHEADING:
        name = normalise_heading(leaf.text)
        if name not in ALL_QUALIFIERS and name not in QUALIFIER_CODES:
            close = nearest_of(name, sorted(ALL_QUALIFIERS))
            yield rule.NOT_A_SUBHEADING.at(
                leaf.start,
                leaf.end,
                f"{leaf.text!r} is not a MeSH subheading",
                f"did you mean {close}[sh]?" if close else "look it up in the MeSH browser",
            )
    if leaf.field is f.PUBLICATION_TYPE and "*" not in leaf.text:
        yield from _type(leaf, mesh)
    if joined_parts(leaf) and not leaf.quoted:
        yield rule.JOINED_HEADING.at(
            leaf.start,
            leaf.end,
            f"the and of {leaf.text!r} is read as part of the name where there is such a name, else as AND",
            f'write "{leaf.text}"[{leaf.field.tag}]',
        )
    if leaf.field not in (f.MESH_TERMS, f.MESH_MAJOR):
        return
    if not leaf.explode and mesh is not None:
        narrower = len(mesh.explode(heading_term(leaf.text).descriptor)) - 1
        if narrower > 0:
            yield rule.NOT_EXPLODED.at(
                leaf.start,
                leaf.end,
                f"{leaf.text!r} is not exploded: {narrower} headings below it are left out",
                "drop :noexp, or add the narrower headings that belong to the question",
            )
    if "*" in leaf.text:
        yield rule.TRUNCATED_HEADING.at(
            leaf.start, leaf.end, "PubMed does not explode a truncated heading", "write the heading out"
        )
        return
    if "&" in leaf.text:
        yield rule.AMPERSAND.at(
            leaf.start, leaf.end, "& in a heading or subheading is read as AND", 'write "and"'
        )
    base, slash, rest = leaf.text.rpartition("/")
    qualifier = normalise_heading(rest)
    known = qualifier in ALL_QUALIFIERS or qualifier in QUALIFIER_CODES
    if slash and base and not known and (mesh is None or mesh.heading(leaf.text) is None):
        close = nearest_of(qualifier, sorted(ALL_QUALIFIERS))
        yield rule.NOT_A_SUBHEADING.at(
            leaf.start,
            leaf.end,
            f"{rest!r} is not a MeSH subheading",
            f"did you mean {base}/{close}?" if close else "look it up in the MeSH browser",
        )
        return
    descriptor = heading_term(leaf.text).descriptor
    if mesh is not None and mesh.heading(descriptor) is None:
        near = get_close_matches(descriptor, _alike(descriptor, mesh), n=1, cutoff=0.8) if suggest else []
        close = near[0] if near else ""
        yield rule.NOT_A_HEADING.at(
            leaf.start,
            leaf.end,
            f"{leaf.text!r} is not a heading in the MeSH tree{f' of {mesh.year}' if mesh.year else ''}",
            f"did you mean {close!r}?" if close else "look it up in the MeSH browser",
        )


def _alike(descriptor: str, mesh: MeshTree) -> list[str]:
    """Headings worth comparing with a misspelt one: those that share its beginning or a word."""
    words = {word for word in descriptor.split() if len(word) > 3}
    return [
        name
        for name in mesh.positions
        if name[:3] == descriptor[:3] or (words and not words.isdisjoint(name.split()))
    ]


def _type(leaf: Leaf, mesh: MeshTree | None) -> Iterator[Finding]:
    """A publication type that neither the list of types nor the tree knows."""
    if is_type(leaf.text) or (mesh is not None and mesh.heading(leaf.text) is not None):
        return
    close = nearest_of(normalise_heading(leaf.text), known_names())
    yield rule.NOT_A_TYPE.at(
        leaf.start,
        leaf.end,
        f"{leaf.text!r} is not a publication type: it finds nothing",
        f'did you mean "{close}"[pt]?' if close else "look it up in the MeSH browser",
    )


def _covered(group: Or, mesh: MeshTree) -> Iterator[Finding]:
    """Headings that a broader heading of the same OR brings already."""
    terms = [
        (child, mesh.heading(child.text))
        for child in group.children
        if isinstance(child, Leaf) and child.field is f.MESH_TERMS and "/" not in child.text
    ]
    broader: dict[str, Leaf] = {}
    for leaf, name in terms:
        if name and leaf.explode:
            for below in mesh.explode(name):
                if below != name:
                    broader.setdefault(below, leaf)
    for leaf, name in terms:
        if name in broader and broader[name] is not leaf:
            yield rule.REDUNDANT.at(
                leaf.start,
                leaf.end,
                f"{leaf.text!r} lies below {broader[name].text!r}, which is exploded",
                "delete it or keep it for clarity",
            )


def _concepts(query: Query) -> Iterator[Node]:
    """The operands of the outermost AND, through line numbers: the concepts of the strategy."""
    lines = {line.number: line.root for line in query.lines}
    stack: list[Node] = [query.root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, LineRef):
            stack.append(lines[node.line])
        elif isinstance(node, And):
            stack.extend(reversed(node.children))
        elif isinstance(node, Not):
            stack.append(node.children[0])
        else:
            yield node


def _balance(concept: Node) -> Iterator[Finding]:
    headings = text = other = 0
    for node, _ in walk(concept):
        if isinstance(node, LineRef):
            return
        if isinstance(node, Leaf) and node.field in (f.MESH_TERMS, f.MESH_MAJOR):
            headings += 1
        elif (
            isinstance(node, Leaf | Proximity)
            and node.field.kind is Kind.TEXT
            and node.field is not f.AFFILIATION
        ):
            text += 1
            other += isinstance(node, Leaf) and not node.tagged  # mapped to headings by PubMed itself
        elif not isinstance(node, And | Or | Not):
            other += 1
    if headings and not text and not other:
        name = {"animals", "humans"}
        if all(n.text.lower() in name for n, _ in walk(concept) if isinstance(n, Leaf)):
            return
        yield rule.HEADINGS_ONLY.at(
            concept.start,
            concept.end,
            "a concept with headings only misses records that are not indexed yet",
            "add text words",
        )
    elif text and not headings and not other:
        yield rule.TEXT_ONLY.at(
            concept.start,
            concept.end,
            "a concept with text words only misses records that name it by its heading alone",
            "add the heading, or say that there is none",
        )
