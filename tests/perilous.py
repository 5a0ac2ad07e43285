"""Cleanings that end badly, for other processes to import."""

from __future__ import annotations

import os
from datetime import datetime

from corpus.article import Article, RawArticle
from indexer.clean import CleanError


def perilous(raw: RawArticle, now: datetime) -> Article:
    """An article of the content; contents may also ask for trouble."""
    text = raw.content.decode()
    match text.split()[0]:
        case "die":
            os._exit(1)
        case "refuse":
            raise CleanError("no text found")
        case "stumble":
            raise RecursionError("too deep")
    return Article(id=raw.path, title=text, body=str(os.getpid()))
