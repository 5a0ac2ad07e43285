"""Articles that callers submit one by one, from no file: clean, store and withdraw them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from corpus.article import Article, RawArticle, Source
from corpus.extractions import NameGroups
from corpus.ledger import Fingerprint, Ledger
from corpus.store import Store
from indexer.clean import clean
from indexer.entities.extractor import build_rule_extractor, index_known_names
from indexer.indexer_errors import SubmissionError
from indexer.workers.cleaner import Cleaned, Cleaner


class FromFilesError(SubmissionError):
    """An article comes from files, and changes with them only."""

    kind = "from-files"

    def __init__(self, article_id: str) -> None:
        super().__init__(f"article {article_id!r} comes from files; change or remove it there")


class OtherIdError(SubmissionError):
    """An article has a web address or number of its own, which make another id."""

    kind = "other-id"

    def __init__(self, asked: str, own: str) -> None:
        super().__init__(f"by its web address or own number this article is {own!r}, not {asked!r}")
        self.own = own


@dataclass(frozen=True, slots=True)
class SubmittedArticle:
    """The result of a submission: an id and whether the article changed, or why it failed."""

    id: str = ""
    changed: bool = False
    failure: str = ""


def clean_submitted(
    source: Source, raws: Sequence[RawArticle], *, now: datetime, groups: NameGroups = ()
) -> list[tuple[RawArticle, Cleaned]]:
    """Clean raw articles as articles of a source, and return both in order.

    Pages are cleaned in another process, so that a hostile one ends only that.
    """
    names = index_known_names(groups)
    with Cleaner(workers=1, now=now, clean=partial(clean, names=names)) as cleaner:
        return list(cleaner.clean_each((_set_path(source, raw) for raw in raws), lambda raw: raw))


def _set_path(source: Source, raw: RawArticle) -> RawArticle:
    # Without an address or a number, the same text is the same article.
    digest = hashlib.blake2b(raw.content, digest_size=8).hexdigest()
    return replace(raw, source=source, path=digest)


def submit_articles(
    store: Store,
    source: Source,
    articles: Sequence[tuple[RawArticle, Cleaned]],
    *,
    now: datetime,
    own_id: str = "",
) -> list[SubmittedArticle]:
    """Store cleaned articles in one transaction. `own_id` is the id for a single one.

    An article from files cannot be changed: it fails, and if it is the single one, raises
    FromFilesError. Raises OtherIdError.
    """
    submission = _Submission(Ledger(store), source, now, own_id)
    with store.transaction():
        return [submission.submit(raw, article) for raw, article in articles]


@dataclass(frozen=True, slots=True)
class _Submission:
    """Articles that are submitted together. `own_id` is "" unless it is a single one."""

    ledger: Ledger
    source: Source
    now: datetime
    own_id: str

    def submit(self, raw: RawArticle, article: Cleaned) -> SubmittedArticle:
        if not isinstance(article, Article):
            return SubmittedArticle(failure=article or "")
        try:
            return self._store(raw, self._set_id(article, raw))
        except FromFilesError as err:
            if self.own_id:
                raise
            return SubmittedArticle(failure=str(err))

    def _set_id(self, article: Article, raw: RawArticle) -> Article:
        """Return the article with its own id, or a free one. Raises SubmissionError."""
        source = self.source.name
        if self.own_id:
            if article.id not in {f"{source}/{raw.path}", self.own_id}:
                raise OtherIdError(self.own_id, article.id)
            _check_not_from_files(self.ledger, self.source, self.own_id)
            return replace(article, id=self.own_id)
        if not article.url and self.ledger.is_in_other_source(article.id, source):
            # The same number in a file is the number of another article.
            return replace(article, id=f"{source}/{article.id}")
        _check_not_from_files(self.ledger, self.source, article.id)
        return article

    def _store(self, raw: RawArticle, article: Article) -> SubmittedArticle:
        digest = hashlib.blake2b(raw.content, digest_size=16)
        item = self.ledger.open_item(self.source.name, article.id)
        changed = self.ledger.put_article(
            article, item, article.id, digest.digest(), self.now, build_rule_extractor().version
        )
        self.ledger.close_item(item, Fingerprint(len(raw.content), 0, digest.hexdigest()))
        return SubmittedArticle(article.id, changed)


def withdraw_article(store: Store, source: Source, article_id: str) -> bool:
    """Remove a submitted article. Returns whether there was one.

    If files have the article too, their version becomes current. Raises FromFilesError.
    """
    ledger = Ledger(store)
    with store.transaction():
        _check_not_from_files(ledger, source, article_id)
        if not ledger.has_item(source.name, article_id):
            return False
        ledger.remove_item(source.name, article_id)
        return True


def _check_not_from_files(ledger: Ledger, source: Source, article_id: str) -> None:
    """Raise FromFilesError for an article that only files have."""
    from_files = ledger.is_in_other_source(article_id, source.name)
    if from_files and not ledger.has_item(source.name, article_id):
        raise FromFilesError(article_id)
