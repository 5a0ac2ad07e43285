"""Store to index: update an index, or build a new one beside it and swap."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from corpus.ledger import Ledger
from corpus.store import Store
from indexer.engines import Rejection, load_engine
from indexer.generations import Generation, Generations, NoIndexError
from indexer.schema import build_document
from indexer.signature_store import SignatureStore
from indexer.signing import Signer

ProgressReport = Callable[[int], None]


def update_index(
    store: Store,
    index: Generations,
    signatures: SignatureStore,
    *,
    report: ProgressReport = lambda done: None,
) -> int:
    """Apply the store's new changes to the index, which is created if there is none.

    Signatures that are missing or of another version are made anew.

    Calls `report` with the number of changes done. Returns their total. One process at a time
    may do this for a store; the caller holds the lock. Raises StoreMismatchError.
    """
    try:
        generation = index.read_current()
        generation.check_store(store)
    except NoIndexError:
        generation = index.create(store)
        index.use(generation)
    index.remove_unused(store, generation)
    signer = Signer(signatures)
    if generation.read_indexed_change(store) and signer.is_new:
        _sign_all(store, signatures)
    done = 0
    while generation.read_indexed_change(store) != store.read_last_change():
        done += _apply_changes(store, generation, report, signer)[0]
        # Another store that shares the index may have rebuilt it meanwhile.
        followed, generation = generation, index.read_current()
        if generation == followed:
            break
    return done


def rebuild_index(
    store: Store,
    index: Generations,
    signatures: SignatureStore,
    *,
    check: Callable[[Generation, int], None],
    report: ProgressReport = lambda done: None,
) -> None:
    """Build an index anew from the store, check it, and replace the old one with it.

    No article is cleaned again. `check` is called with the new generation and the number of
    articles that it rejected, and raises RebuildFailedError if it is wrong; the old one stays then.
    """
    generation = index.create(store)
    try:
        _, refused = _apply_changes(store, generation, report, Signer(signatures, recount=True))
        index.carry_over(generation)
        check(generation, refused)
    except BaseException:
        index.remove(store, generation)
        raise
    index.use(generation)
    index.remove_unused(store, generation)


def _apply_changes(
    store: Store, generation: Generation, report: ProgressReport, signer: Signer
) -> tuple[int, int]:
    """Apply the changes that an index does not contain yet, as one commit.

    Returns the number of changes, and the number of those that were rejected.
    """
    done = 0
    damaged: list[Rejection] = []
    last = after = generation.read_indexed_change(store)
    with load_engine(generation.engine).open_writer(generation.place) as writer:
        for change in store.read_changes(after):
            if change.article is not None and change.version_key is not None:
                document = build_document(change.article, change.version_key)
                for signed in signer.add(document):
                    writer.put(signed)
            else:
                writer.delete(change.article_id)
            if change.damage:
                damaged.append(Rejection(change.article_id, _describe_damage(change.damage)))
            done += 1
            last = change.number
            if done % 1_000 == 0:
                report(done)
        for signed in signer.flush():
            writer.put(signed)
        generation.announce_change(store, last)
        refused = [*damaged, *map(_explain_rejection, writer.commit())]
        _record_failures(store, refused)
        # After the commit: a crash before this line applies the same changes again. But before
        # the writer is closed: searches need not wait for its merges.
        generation.set_indexed_change(store, last)
    report(done)
    return done, len(refused)


def _sign_all(store: Store, signatures: SignatureStore) -> None:
    """Sign every article of the store anew."""
    signatures.clear()
    signer = Signer(signatures, recount=True)
    for change in store.read_changes(0):
        if change.article is not None and change.version_key is not None:
            deque(signer.add(build_document(change.article, change.version_key)), maxlen=0)
    deque(signer.flush(), maxlen=0)


def _record_failures(store: Store, refused: Sequence[Rejection]) -> None:
    """Record the articles that are not in the index among the failures."""
    with store.transaction():
        ledger = Ledger(store)
        for document in refused:
            ledger.add_article_failure(document.article_id, document.reason)


def _explain_rejection(rejection: Rejection) -> Rejection:
    return Rejection(rejection.article_id, f"the index refused it: {rejection.reason}")


def _describe_damage(reason: str) -> str:
    return f"it is damaged in the corpus: {reason}; run: dateline verify --repair"
