"""Store to index: bring an index up to date, or build a new one beside it and swap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.ledger import Ledger
from corpus.store import Store
from indexer.engines import Refusal, engine
from indexer.generations import Generation, Generations, NoIndexError
from indexer.schema import build_document

Report = Callable[[int], None]


def update(store: Store, index: Generations, *, report: Report = lambda done: None) -> int:
    """Put into the index what changed in the store since, making an index if there is none.

    Calls `report` with the number of changes done. Returns how many there were. One
    process at a time may do this for a store; the caller holds the lock.
    """
    try:
        generation = index.current()
    except NoIndexError:
        generation = index.create(store)
        index.use(generation)
    index.remove_unused(store, generation)
    done = 0
    while generation.followed(store) != store.read_last_change():
        done += _follow(store, generation, report)[0]
        # Where others have the index too, one of them may have built it anew meanwhile.
        followed, generation = generation, index.current()
        if generation == followed:
            break
    return done


def rebuild(
    store: Store,
    index: Generations,
    *,
    check: Callable[[Generation, int], None],
    report: Report = lambda done: None,
) -> None:
    """Build an index anew from the store, check it, and put it in the place of the old one.

    Nothing is cleaned again. `check` gets the new generation and how many articles it refused,
    and raises RebuildFailedError if something is wrong with it; then the old one stays.
    """
    generation = index.create(store)
    try:
        _, refused = _follow(store, generation, report)
        index.carry_over(generation)
        check(generation, refused)
    except BaseException:
        index.remove(store, generation)
        raise
    index.use(generation)
    index.remove_unused(store, generation)


def _follow(store: Store, generation: Generation, report: Report) -> tuple[int, int]:
    """Apply the changes that an index has not seen, as one commit.

    Returns how many there were, and how many of them were refused.
    """
    done = 0
    last = after = generation.followed(store)
    with engine(generation.engine).open_writer(generation.place) as writer:
        for change in store.read_changes(after):
            if change.article is not None and change.version_key is not None:
                writer.put(build_document(change.article, change.version_key))
            else:
                writer.delete(change.article_id)
            done += 1
            last = change.number
            if done % 1_000 == 0:
                report(done)
        refused = writer.commit()
        _note(store, refused)
        # Only now: a crash before this line has the same changes applied again. And here
        # already: searches need not wait for the merges that closing the writer waits for.
        generation.set_followed(store, last)
    report(done)
    return done, len(refused)


def _note(store: Store, refused: Sequence[Refusal]) -> None:
    """Keep what an engine would not take among the failures."""
    with store.transaction():
        ledger = Ledger(store)
        for each in refused:
            ledger.add_article_failure(each.article_id, f"the index refused it: {each.reason}")
