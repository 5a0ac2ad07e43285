"""Parsers of single settings: each takes text and raises ValueError with what is allowed."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexer.analysis import tokens
from indexer.engines import ENGINES


def engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError("a name such as UTC, Asia/Tokyo or America/New_York") from err


AUTO = "auto"


def workers(text: str) -> int:
    if text == AUTO:
        return os.cpu_count() or 1
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise ValueError(f"a number from 1 to 999, or {AUTO} for one a core")
    return int(text)


def scheduler(text: str) -> str:
    if text == "none":
        return ""
    match = re.fullmatch(r"(?:tcp|tls)://(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})", text, re.ASCII)
    if not match or not 0 < int(match[1]) <= 65_535:
        raise ValueError("an address such as tcp://host:8786 or tls://host:8786, or none")
    return text


def selector(text: str) -> str:
    # Most are plain, and the parser for the others takes longer to load than a search takes.
    if re.fullmatch(r"[a-z][a-z\d]*|([a-z][a-z\d]*)?([.#][a-z][\w-]*)+", text, re.ASCII):
        return text
    from soupsieve import SelectorSyntaxError
    from soupsieve import compile as compile_selector

    try:
        compile_selector(text)
    except SelectorSyntaxError as err:
        reason = str(err).partition("\n")[0]
        raise ValueError(f"a CSS selector such as div.story ({reason})") from err
    return text


def alias(text: str) -> str:
    if not tokens(text):
        raise ValueError("names of letters or digits")
    return text


def path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("the path of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as err:
        raise ValueError("a path from a home that is known") from err


def address(text: str) -> str:
    from corpus.sources.web.addresses import AddressError, checked_address

    try:
        return checked_address(text, any_port=True)
    except AddressError as err:
        raise ValueError(f"a web address without a password ({err})") from err


def host(text: str) -> str:
    """Parse the address of a server of the cluster: without a password and without a path."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as https://search.example.org:9200")
    if parts.username or parts.password:
        raise ValueError("an address without a name and password; these are settings of their own")
    return text.rstrip("/")


def index(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z\d]{0,49}", text, re.ASCII):
        raise ValueError("a name of small letters and digits")
    return text


def period(text: str) -> str:
    if text not in {"month", "year"}:
        raise ValueError("month or year")
    return text


def shards(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        raise ValueError("a number from 1 to 99")
    return int(text)


def replicas(text: str) -> int:
    if not re.fullmatch(r"\d", text, re.ASCII):
        raise ValueError("a number from 0 to 9")
    return int(text)


def truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("true or false")
    return text == "true"


def contact(text: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]{0,200}", text):
        raise ValueError("a mail or web address in plain letters")
    return text


def count(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise ValueError("a number, 0 or more")
    return int(text)


def _number(text: str, allowed: str) -> float:
    try:
        number = float(text)
    except ValueError as err:
        raise ValueError(allowed) from err
    if not 0 <= number <= 1_000_000:
        raise ValueError(allowed)
    return number


def seconds(text: str) -> float:
    return _number(text, "a number of seconds, 0 or more")


def weight(text: str) -> float:
    return _number(text, "a number, 0 or more")


_UNITS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}
_LONGEST = timedelta(days=100 * 365)


def duration(text: str) -> timedelta | None:
    if text == "none":
        return None
    match = re.fullmatch(r"([1-9]\d{0,5})\s*([hdwy])", text, re.ASCII)
    length = timedelta(hours=int(match[1]) * _UNITS[match[2]]) if match else None
    if length is None or length > _LONGEST:
        raise ValueError("a length of time such as 12h, 30d, 8w or 2y, up to 100y, or none")
    return length
