"""Versions of our code and of the libraries that read pages: equal ones clean alike."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from indexer.entities.extractor import build_rule_extractor

_ROOT = Path(__file__).resolve().parents[2]
_FILES = ("corpus/**/*.py", "indexer/**/*.py", "indexer/**/*.json", "indexer/**/*.zst")
_LIBRARIES = ("beautifulsoup4", "lxml", "selectolax", "soupsieve", "trafilatura")


@cache
def read_versions() -> Mapping[str, str]:
    """Read the versions that this process cleans with, by name.

    The digest of our files distinguishes what lies between two releases.
    """
    extractor = build_rule_extractor()
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "dateline": f"{_read_version('dateline-search')} ({_digest_files()}, {extractor.version})",
        **{name: _read_version(name) for name in _LIBRARIES},
    }


def compare_versions(theirs: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """Return the differences, for people; none if both clean alike."""
    names = dict.fromkeys((*ours, *theirs))
    return [
        f"{name} {theirs.get(name, 'none')} instead of {ours.get(name, 'none')}"
        for name in names
        if theirs.get(name) != ours.get(name)
    ]


def _read_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _digest_files() -> str:
    digest = hashlib.blake2b(digest_size=4)
    for file in sorted(file for pattern in _FILES for file in _ROOT.glob(pattern)):
        digest.update(file.relative_to(_ROOT).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
