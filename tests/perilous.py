"""Cleanings that end badly, for other processes to import."""

from __future__ import annotations

import os
import re
import signal
from datetime import datetime

from corpus.article import Article, RawArticle
from indexer.clean import CleanError


def perilous(raw: RawArticle, *, now: datetime, careful: bool) -> Article:
    """An article of the content; contents may also ask for trouble."""
    text = raw.content.decode()
    match text.split()[0]:
        case "leave":
            os._exit(1)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "dare" if not careful:
            os._exit(1)
        case "loop":
            re.fullmatch("(a|a)*b", "a" * 64)
        case "wait":
            signal.pause()
        case "hoard":
            bytearray(1 << 40)
        case "print":
            os.write(1, b"no answer")
        case "refuse":
            raise CleanError("no text found")
        case "stumble":
            raise RecursionError("too deep")
    return Article(id=raw.path, title=text, body=str(os.getpid()))
