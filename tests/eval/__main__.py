"""`python -m tests.eval`: measure cleaning and entities against gold, and hold the floors.

`python -m tests.eval relevance` measures only the order of hits, beside peers that are installed;
`python -m tests.eval words` only whether the forms of a word are found, in many languages.

Prints tables. Exit code 1 if a figure is below its floor in `floors.yaml`, which only
`--raise-floors` writes. With `--compare`, other extractors are measured on the same pages; with
`--spacy`, spaCy alone, on the names.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from itertools import islice, repeat
from multiprocessing import get_context

from indexer.entities.merging import extract_entities
from tests.eval import beside_spacy, floors, gum, pages, relevance, report, tags, words
from tests.eval.collections import load_collections
from tests.eval.figures import Figure, page_figures, share
from tests.eval.metrics import Overlap
from tests.eval.pages import DATA, Page
from tests.eval.systems import OURS, PEERS, Extracted, Run, System, run
from tests.reuters import articles

SETS: dict[str, Callable[[], Iterator[Page]]] = {
    "fundus": pages.fundus,
    "dates": pages.dates,
    "wcxb": pages.wcxb,
    "trafilatura": pages.trafilatura,
}
_GUM = DATA / "entities" / "gum-news"
_REUTERS = DATA / "reuters21578" / "reuters21578.tar.xz"
_EVERY = 3  # of Reuters' articles


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=("relevance", "words"), help="only these figures"
    )
    parser.add_argument("--raise-floors", action="store_true", help="write floors.yaml")
    parser.add_argument("--compare", action="store_true", help="measure other extractors too")
    parser.add_argument("--spacy", action="store_true", help="measure spaCy's names too")
    options = parser.parse_args(argv)
    held = floors.load()
    if options.part == "words":
        ours = _words()
    elif not DATA.exists():
        print(f"skipped: no data in {DATA}")
        return 0
    elif options.part == "relevance":
        ours = _relevance(peers=True)
    else:
        systems = (OURS, *PEERS) if options.compare else (OURS,)
        ours = _words() + _pages(systems) + _entities() + _relevance(peers=options.compare)
        if (options.compare or options.spacy) and _GUM.exists():
            print(beside_spacy.table(_GUM))
    print(report.figures(ours, held))
    if options.raise_floors:
        floors.save(floors.raised(held, ours))
    wrong = floors.below(held, ours)
    for each in wrong:
        print(f"BELOW: {each}")
    return 1 if wrong else 0


def _words() -> list[Figure]:
    """Measure whether the forms of words are found, and print a table."""
    figures = words.measure_words()
    print(words.make_table(figures), end="\n\n")
    # One of 0 has no floor to fall below.
    return [figure for figure in figures if figure.value]


def _relevance(*, peers: bool) -> list[Figure]:
    """Measure the order of hits on judged collections, and print a table."""
    measured: list[relevance.Measured] = []
    for collection in load_collections():
        if peers:
            measured += relevance.measure_peers(collection)
        measured += relevance.measure_dateline(collection)
    print(relevance.make_table(measured), end="\n\n")
    return relevance.list_figures(measured)


def _pages(systems: Sequence[System]) -> list[Figure]:
    """Our figures of all sets of pages; of other systems, a table is printed."""
    given = {name: list(read()) for name, read in SETS.items() if _present(name)}
    figures: dict[str, list[Figure]] = {}
    costs = []
    for system in systems:
        runs = {name: _run(system, each) for name, each in given.items()}
        costs.append(report.cost(system.name, [one for each in runs.values() for one in each]))
        figures[system.name] = [
            figure
            for name, each in given.items()
            for figure in page_figures(name, _pairs(each, runs[name]), system.gives)
        ]
    if len(systems) > 1:
        print(report.comparison(figures))
    print("\n".join(costs), end="\n\n")
    return figures[OURS.name]


def _present(name: str) -> bool:
    there = any((DATA / "pages").glob(f"{name}*"))
    if not there:
        print(f"skipped: no {name} in {DATA / 'pages'}")
    return there


def _run(system: System, given: Sequence[Page]) -> list[Run]:
    with _pool() as pool:
        return list(pool.map(partial(run, system), given, chunksize=8))


def _pairs(given: Sequence[Page], runs: Sequence[Run]) -> list[tuple[Page, Extracted]]:
    return [(page, one.extracted) for page, one in zip(given, runs, strict=True)]


def _pool() -> Executor:
    # Fresh processes, so that memory is that of cleaning alone. The others log what they make
    # of broken pages, which is no news here.
    return ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=logging.disable
    )


def _entities() -> list[Figure]:
    found: list[Figure] = []
    for path, figures in ((_GUM, _gum_figures), (_REUTERS, _reuters_figures)):
        if path.exists():
            found += figures()
        else:
            print(f"skipped: no {path}")
    return found


def _gum_figures() -> Iterator[Figure]:
    documents = [(each, extract_entities(each.title, "", each.body)) for each in gum.read(_GUM)]
    for name, typed in (("typed", True), ("untyped", False)):
        overlaps = [gum.overlap(each, found, typed=typed) for each, found in documents]
        whole = Overlap(
            sum(each.right for each in overlaps),
            sum(each.wrong for each in overlaps),
            sum(each.missed for each in overlaps),
        )
        wanted = whole.right + whole.missed
        wrong, missed = f"{whole.wrong} wrong", f"{whole.missed} missed"
        yield Figure("gum", f"{name}_precision", whole.score.precision, wanted, wrong)
        yield Figure("gum", f"{name}_recall", whole.score.recall, wanted, missed)
        yield Figure("gum", f"{name}_f1", whole.score.f1, wanted)


def _reuters_figures() -> Iterator[Figure]:
    given = list(islice(articles(_REUTERS), 0, None, _EVERY))
    with _pool() as pool:
        titles, bodies = ([str(each[name]) for each in given] for name in ("title", "body"))
        found = list(pool.map(extract_entities, titles, repeat(""), bodies, chunksize=100))
    for name, kind in tags.LISTS.items():
        rights = [
            right
            for article, entities in zip(given, found, strict=True)
            for tag in _tags(article, name)
            if (right := tags.found(tag, kind, str(article["body"]), entities)) is not None
        ]
        yield from share("reuters", name, rights)


def _tags(article: dict[str, object], name: str) -> list[str]:
    given = article.get(name)
    return list(map(str, given)) if isinstance(given, list) else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
