"""Which pages may be learnt from, and which judge: decided by the publisher alone.

`fold(url)` is the same in every run and for every set of pages. Whoever tunes or trains
on wcxb or trafilatura uses the pages with `not held_out(url)`, and also leaves out every
publisher of the sets that are held out whole (fundus, dates): `publisher(url)` names it.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

FOLDS = 5
HELD_OUT = 0

_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\w+/(?:https?://)?")
_SECOND_LEVEL = {"ac", "co", "com", "edu", "gob", "gov", "gouv", "gv", "ne", "net", "or", "org"}


def fold(url: str) -> int:
    """0 to 4; all pages of one publisher are in the same fold."""
    digest = hashlib.sha256(publisher(url).encode()).digest()
    return int.from_bytes(digest[:8]) % FOLDS


def held_out(url: str) -> bool:
    """Whether a page judges, so that nothing may be learnt from it."""
    return fold(url) == HELD_OUT


def publisher(url: str) -> str:
    """The name in a host without its endings: bbc for www.bbc.co.uk, news.bbc.com.

    A page of an archive belongs to whom it archives. An address without a host
    (`hard::elfaro.net-asamblea.html`) begins with one after its colons.
    """
    url = _ARCHIVED.sub("https://", url)
    host = urlsplit(url).hostname
    if not host:
        named = url.rpartition("::")[2].casefold()
        return re.split(r"[./-]", named.removeprefix("www."))[0]
    labels = host.casefold().split(".")
    labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    return labels[-1] if labels else host
