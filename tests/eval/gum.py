"""GUM's news: 24 Wikinews articles with the people, organizations and places in them.

A gold entity is a group of mentions that are one (coreference) of the type person,
organization or place, with at least one mention by name; groups of one type that share a
name are one.

- An organization or place is mentioned by name if the head of its minimal span is a proper
  noun; the words of the span around the head, without a leading `the`, are the name.
- A person's name is the proper nouns of the span that belong to its head as parts of a
  name, also to a common noun (`director` in director Suleiman al-Amr). Plural ones
  (Afghans) name a people and are left out.

A found entity is right if one of its names is one of the gold's; each gold entity counts
once, so an entity found in two pieces has one wrong. What stands before a person's name
may be left out: Trump is President Donald Trump.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Entity, EntityKind
from tests.eval.metrics import Overlap, same_line

_KINDS = {
    "person": EntityKind.PERSON,
    "organization": EntityKind.ORG,
    "place": EntityKind.PLACE,
}
_PROPER = {"NNP", "NNPS"}
_JOINING = {"of", "the", "'s", "’s", "-", "&", "and", "for", "on"}
_MARK = re.compile(r"\((?P<opened>[^()]+)(?P<alone>\)?)|(?P<closed>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its gold entities; the names of one are ready for comparison."""

    title: str
    body: str
    entities: tuple[tuple[EntityKind, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """`head` is where its head stands among the words, or -1 at the root."""

    text: str
    space: str
    tag: str  # NNP, NNPS and so on
    head: int
    relation: str
    marks: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """`least` is where the words of its minimal span stand."""

    group: str
    kind: EntityKind | None
    least: tuple[int, ...]


def read(folder: Path) -> Iterator[Document]:
    for file in sorted(folder.glob("*.conllu")):
        yield parse(file.read_text("utf-8"))


def parse(text: str) -> Document:
    """One document in CoNLL-U."""
    title = _after("# meta::title = ", text)[0]
    parts = [_after("# text = ", part) for part in text.split("# newpar\n")]
    paragraphs = [" ".join(sentences) for sentences in parts if sentences]
    body = [paragraph for paragraph in paragraphs if paragraph != title]
    return Document(title, "\n\n".join(body), tuple(_entities(_words(text))))


def _after(label: str, text: str) -> list[str]:
    return [line.removeprefix(label) for line in text.split("\n") if line.startswith(label)]


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for sentence in text.split("\n\n"):
        start = len(words)
        rows = (line.split("\t") for line in sentence.split("\n") if line[:1].isdigit())
        # A range such as 3-4 is written as one word and read as two.
        words += [_word(row, start) for row in rows if row[0].isdigit()]
    return words


def _word(row: list[str], start: int) -> _Word:
    notes = row[9].split("|")
    return _Word(
        text=row[1],
        space="" if "SpaceAfter=No" in notes else " ",
        tag=row[4],
        head=start + int(row[6]) - 1 if row[6] != "0" else -1,
        relation=row[7],
        marks="".join(note[7:] for note in notes if note.startswith("Entity=")),
    )


def _entities(words: Sequence[_Word]) -> Iterator[tuple[EntityKind, frozenset[str]]]:
    groups: dict[tuple[EntityKind, str], set[str]] = {}
    for mention in _mentions(words):
        name = key(_name(mention, words))
        if name and mention.kind:
            groups.setdefault((mention.kind, mention.group), set()).add(name)
    for kind in EntityKind:
        merged: list[set[str]] = []
        for names in (names for (each, _), names in groups.items() if each is kind):
            apart = [other for other in merged if not other & names]
            merged = [*apart, names.union(*(other for other in merged if other & names))]
        for names in merged:
            forms = names if kind is not EntityKind.PERSON else set(_shorter(names))
            yield kind, frozenset(forms)


def _mentions(words: Sequence[_Word]) -> Iterator[_Mention]:
    """Where each mention opens; the minimal span makes its end unnecessary."""
    for start, word in enumerate(words):
        for mark in _MARK.finditer(word.marks):
            if mark["opened"]:
                group, kind, _, _, _, least, *_ = mark["opened"].split("-")
                span = tuple(start + int(number) - 1 for number in least.split(","))
                yield _Mention(group, _KINDS.get(kind), span)


def _name(mention: _Mention, words: Sequence[_Word]) -> str:
    """The name by which a mention goes, or nothing if it is none."""
    span = set(mention.least)
    head = min(mention.least, key=lambda at: _depth(at, words))
    if mention.kind is EntityKind.PERSON:
        parts = _persons_name(head, mention.least, words)
    elif words[head].tag in _PROPER:
        parts = _run_around(head, span, words)
    else:
        parts = []
    return "".join(words[at].text + words[at].space for at in parts).strip()


def _depth(at: int, words: Sequence[_Word]) -> int:
    depth = 0
    while (at := words[at].head) >= 0:
        depth += 1
    return depth


def _persons_name(head: int, span: Sequence[int], words: Sequence[_Word]) -> list[int]:
    relations = {"flat", "compound", "nmod:desc"} if words[head].tag == "NNP" else {"flat"}
    parts = {head}
    for at in span:
        if words[at].head in parts and words[at].relation in relations:
            parts.add(at)
    named = [at for at in parts if words[at].tag == "NNP"]
    # The hyphen of al-Amr is no part of the tree's name.
    between = [at + 1 for at in named if at + 2 in named and words[at + 1].tag == "HYPH"]
    return sorted(named + between)


def _run_around(head: int, span: set[int], words: Sequence[_Word]) -> list[int]:
    first = last = head
    while first - 1 in span or (words[first - 1].text in _JOINING and first - 2 in span):
        first -= 1
    while last + 1 in span or (last + 2 in span and words[last + 1].text in _JOINING):
        last += 1
    return list(range(first, last + 1)) if words[first].text[:1].isupper() else []


def _shorter(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        parts = name.split(" ")
        yield from (" ".join(parts[start:]) for start in range(len(parts)))


def key(name: str) -> str:
    """A name for comparison."""
    return same_line(name).casefold().removeprefix("the ").replace(" - ", "-").replace(" 's", "'s")


def overlap(document: Document, found: Iterable[Entity], *, typed: bool) -> Overlap:
    """Found against gold, one to one; with `typed`, the kinds must agree."""
    left = list(document.entities)
    right = wrong = 0
    for entity in found:
        names = {key(name) for name in entity.names}
        shared = [
            len(names & gold) if kind is entity.kind or not typed else 0 for kind, gold in left
        ]
        if any(shared):
            left.pop(shared.index(max(shared)))
            right += 1
        else:
            wrong += 1
    return Overlap(right, wrong, len(left))
