"""Whether a search finds the forms of a word, in many languages: `tests.word_forms` by an index.

Each form stands in a sentence, and each sentence is an article that states no language.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from search import Project, Request
from search.results.request import MatchMode
from tests.demo import planted
from tests.eval.figures import Figure
from tests.word_forms import WORD_FORMS, WordForms

_MANY = 1_000
Finder = Callable[[str], frozenset[str]]


def measure_words() -> list[Figure]:
    """For each language, the share of groups that meet and of pairs that do not."""
    with tempfile.TemporaryDirectory() as folder:
        project = planted(Path(folder) / "words", list(_iterate_articles()))
        with Project.open(project) as opened:
            snapshot = opened.snapshot()

            def find(word: str) -> frozenset[str]:
                request = Request(word, match=MatchMode.ALL, limit=_MANY, highlight=False)
                hits = opened.search(request, on=snapshot).hits
                return frozenset(hit.article.id for hit in hits)

            return [figure for forms in WORD_FORMS for figure in _measure_language(forms, find)]


def make_table(figures: list[Figure]) -> str:
    """A row a language, for `docs/languages.md`."""
    shares = {(figure.data, figure.name): round(figure.value * figure.of) for figure in figures}
    lines = ["| language | groups of 10 that meet | pairs of 5 that differ |", "|---|---:|---:|"]
    lines += [
        f"| {forms.language} | {shares[_name(forms), 'meet']} | {shares[_name(forms), 'differ']} |"
        for forms in WORD_FORMS
    ]
    return "\n".join(lines)


def _iterate_articles() -> Iterator[dict[str, object]]:
    for forms in WORD_FORMS:
        for group in (*forms.meet, *forms.differ):
            for word in group:
                yield {"id": _key(forms, word), "title": "", "body": forms.sentence.format(word)}


def _key(forms: WordForms, word: str) -> str:
    return f"{forms.language} {word}"


def _name(forms: WordForms) -> str:
    return f"words_{forms.language}"


def _measure_language(forms: WordForms, find: Finder) -> Iterator[Figure]:
    found = {word: find(word) for group in (*forms.meet, *forms.differ) for word in group}
    meet = [
        all(_key(forms, other) in found[word] for word in group for other in group)
        for group in forms.meet
    ]
    differ = [
        _key(forms, other) not in found[word] and _key(forms, word) not in found[other]
        for word, other in forms.differ
    ]
    for name, right in (("meet", meet), ("differ", differ)):
        yield Figure(_name(forms), name, sum(right) / len(right), len(right))
