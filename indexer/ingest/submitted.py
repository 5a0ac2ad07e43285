"""Articles that come one by one, from no file: cleaned, kept, and withdrawn again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from corpus.article import Article, RawArticle, Source
from corpus.extractions import Groups
from corpus.ledger import Fingerprint, Ledger
from corpus.store import Store
from indexer.clean import clean
from indexer.entities.extractor import known_names, rules
from indexer.indexer_errors import SubmissionError
from indexer.workers.cleaner import Cleaned, Cleaner


class FromFilesError(SubmissionError):
    """An article that comes from files, and changes with them only."""

    kind = "from-files"

    def __init__(self, article_id: str) -> None:
        super().__init__(f"article {article_id!r} comes from files; change or remove it there")


class OtherIdError(SubmissionError):
    """An article with a web address or number of its own, which make another id."""

    kind = "other-id"

    def __init__(self, asked: str, own: str) -> None:
        super().__init__(f"by its web address or own number this article is {own!r}, not {asked!r}")
        self.own = own


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of an article: its id and whether it changed anything, or why it failed."""

    id: str = ""
    changed: bool = False
    failure: str = ""


def cleaned(
    source: Source, raws: Sequence[RawArticle], *, now: datetime, groups: Groups = ()
) -> list[tuple[RawArticle, Cleaned]]:
    """What becomes of raw articles, in order, as articles of a source.

    Pages are cleaned in another process, which ends alone if one is hostile.
    """
    names = known_names(groups)
    with Cleaner(workers=1, now=now, clean=partial(clean, names=names)) as cleaner:
        return list(cleaner.clean_each((_placed(source, raw) for raw in raws), lambda raw: raw))


def _placed(source: Source, raw: RawArticle) -> RawArticle:
    # Without an address or a number, the same text is the same article.
    name = hashlib.blake2b(raw.content, digest_size=8).hexdigest()
    return replace(raw, source=source, path=name)


def post(
    store: Store,
    source: Source,
    found: Sequence[tuple[RawArticle, Cleaned]],
    *,
    now: datetime,
    own_id: str = "",
) -> list[Posted]:
    """Keep articles that were cleaned, in one transaction. `own_id` is asked for a single one.

    What comes from files is not changed from elsewhere: among several it fails, and the single
    one that is asked for raises FromFilesError. Raises OtherIdError.
    """
    ledger = Ledger(store)
    with store.transaction():
        return [_posted(ledger, source, raw, article, now, own_id) for raw, article in found]


def _posted(
    ledger: Ledger,
    source: Source,
    raw: RawArticle,
    article: Cleaned,
    now: datetime,
    own_id: str,
) -> Posted:
    if not isinstance(article, Article):
        return Posted(failure=article or "")
    try:
        named = _named(ledger, source, article, raw, own_id)
    except FromFilesError as err:
        if own_id:
            raise
        return Posted(failure=str(err))
    return _keep(ledger, source, named, raw, now)


def _named(
    ledger: Ledger, source: Source, article: Article, raw: RawArticle, own_id: str
) -> Article:
    unnamed = article.id == f"{source.name}/{raw.path}"
    if own_id:
        if not unnamed and article.id != own_id:
            raise OtherIdError(own_id, article.id)
        _check_ours(ledger, source, own_id)
        return replace(article, id=own_id)
    if not article.url and ledger.given_elsewhere(article.id, source.name):
        # A number that a file's article has too is another one's.
        return replace(article, id=f"{source.name}/{article.id}")
    _check_ours(ledger, source, article.id)
    return article


def _keep(
    ledger: Ledger, source: Source, article: Article, raw: RawArticle, now: datetime
) -> Posted:
    digest = hashlib.blake2b(raw.content, digest_size=16)
    item = ledger.open_item(source.name, article.id)
    changed = ledger.put(article, item, article.id, digest.digest(), now, rules().version)
    ledger.close_item(item, Fingerprint(len(raw.content), 0, digest.hexdigest()))
    return Posted(article.id, changed)


def withdraw(store: Store, source: Source, article_id: str) -> bool:
    """Remove an article. Returns whether it was held; what files give of it comes back.

    Raises FromFilesError.
    """
    ledger = Ledger(store)
    with store.transaction():
        _check_ours(ledger, source, article_id)
        if not ledger.has_item(source.name, article_id):
            return False
        ledger.remove_item(source.name, article_id)
        return True


def _check_ours(ledger: Ledger, source: Source, article_id: str) -> None:
    given = ledger.given_elsewhere(article_id, source.name)
    if given and not ledger.has_item(source.name, article_id):
        raise FromFilesError(article_id)
