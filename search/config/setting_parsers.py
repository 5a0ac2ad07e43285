"""Parsers of single settings: each takes text and raises ValueError with what is allowed."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexer.analysis import tokenize
from indexer.engines import ENGINES


def parse_engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def parse_time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError("a name such as UTC, Asia/Tokyo or America/New_York") from err


AUTO_WORKERS = "auto"


def parse_worker_count(text: str) -> int:
    if text == AUTO_WORKERS:
        return os.cpu_count() or 1
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise ValueError(f"a number from 1 to 999, or {AUTO_WORKERS} for one a core")
    return int(text)


def parse_scheduler_address(text: str) -> str:
    if text == "none":
        return ""
    match = re.fullmatch(r"(?:tcp|tls)://(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})", text, re.ASCII)
    if not match or not 0 < int(match[1]) <= 65_535:
        raise ValueError("an address such as tcp://host:8786 or tls://host:8786, or none")
    return text


def parse_selector(text: str) -> str:
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


def parse_alias(text: str) -> str:
    if not tokenize(text):
        raise ValueError("names of letters or digits")
    return text


def parse_path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("the path of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as err:
        raise ValueError("a path from a home that is known") from err


def parse_web_address(text: str) -> str:
    from corpus.sources.web.addresses import AddressError, validate_address

    try:
        return validate_address(text, any_port=True)
    except AddressError as err:
        raise ValueError(f"a web address without a password ({err})") from err


def parse_server_address(text: str) -> str:
    """Parse the address of a server of the cluster: without a password and without a path."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("an address such as https://search.example.org:9200")
    if parts.username or parts.password:
        raise ValueError("an address without a name and password; these are settings of their own")
    return text.rstrip("/")


def parse_index_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z\d]{0,49}", text, re.ASCII):
        raise ValueError("a name of small letters and digits")
    return text


def parse_index_period(text: str) -> str:
    if text not in {"month", "year"}:
        raise ValueError("month or year")
    return text


def parse_shard_count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        raise ValueError("a number from 1 to 99")
    return int(text)


def parse_replica_count(text: str) -> int:
    if not re.fullmatch(r"\d", text, re.ASCII):
        raise ValueError("a number from 0 to 9")
    return int(text)


def parse_boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("true or false")
    return text == "true"


def parse_contact(text: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]{0,200}", text):
        raise ValueError("a mail or web address in plain letters")
    return text


def parse_count(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise ValueError("a number, 0 or more")
    return int(text)


def _parse_bounded_number(text: str, allowed: str) -> float:
    try:
        number = float(text)
    except ValueError as err:
        raise ValueError(allowed) from err
    if not 0 <= number <= 1_000_000:
        raise ValueError(allowed)
    return number


def parse_seconds(text: str) -> float:
    return _parse_bounded_number(text, "a number of seconds, 0 or more")


def parse_weight(text: str) -> float:
    return _parse_bounded_number(text, "a number, 0 or more")


_UNIT_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}
_MAX_DURATION = timedelta(days=100 * 365)


def parse_duration(text: str) -> timedelta | None:
    if text == "none":
        return None
    match = re.fullmatch(r"([1-9]\d{0,5})\s*([hdwy])", text, re.ASCII)
    length = timedelta(hours=int(match[1]) * _UNIT_HOURS[match[2]]) if match else None
    if length is None or length > _MAX_DURATION:
        raise ValueError("a length of time such as 12h, 30d, 8w or 2y, up to 100y, or none")
    return length
