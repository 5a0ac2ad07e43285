"""A new project: its settings file, and the sample corpus if that is wanted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from search.config import FILE_NAME

SAMPLES = "articles"

_SETTINGS = """\
# Settings of this dateline project. These lines show the defaults: to change one, remove
# its first "#" and write another value.

# engine: tantivy              # or whoosh: pure Python, for small corpora
# timezone: UTC                # the zone of dates in queries; a name such as Asia/Tokyo
# workers: auto                # processes that clean articles: a number, or one a core
# lock_timeout: 10             # seconds to wait for another command that writes

# With a half-life, such as 30d, new articles rank higher: up to recency_weight is added to
# the score, half of it after a half-life.
# ranking:
#   recency_half_life: none
#   recency_weight: 4

# Names of one thing. A query for one finds them all, and the answer says so.{aliases_are}
{aliases}

# Where articles come from, beside the paths given to `dateline add`. Paths are relative to
# this file. `fields` maps our fields to the names that a source's records have.{sources_are}
{sources}
"""

_ALIASES = """\
aliases:
  - [Iwojima, Iwo Jima, Iwoto]"""
_SOURCES = """\
sources:
  - path: archive
    publisher: The Harbor Courier
    timezone: America/New_York
    language: en
    fields: {title: head, body: story.text}"""


def make(folder: Path, *, samples: bool) -> Iterator[str]:
    """Make a project, and yield lines that say what was made. What is there is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / FILE_NAME
    here = "dateline" if folder == Path() else f"dateline -C {folder}"
    if settings.exists():
        yield f"{settings} is already there and stays as it is"
    else:
        settings.write_text(_settings(samples), "utf-8")
        yield f"made {settings}" if samples else f"made {settings}; next: {here} add PATH"
    if samples and not (folder / SAMPLES).exists():
        with as_file(files("corpus") / "samples") as source:
            shutil.copytree(source, folder / SAMPLES)
        yield f"put the sample corpus into {folder / SAMPLES}; next: {here} update"


def _settings(samples: bool) -> str:
    example = " For example:"
    return _SETTINGS.format(
        aliases_are="" if samples else example,
        aliases=_ALIASES if samples else _commented(_ALIASES),
        sources_are="" if samples else example,
        sources=f"sources:\n  - path: {SAMPLES}" if samples else _commented(_SOURCES),
    )


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())
