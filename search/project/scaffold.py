"""Creation of a project: its settings file, and the sample corpus on request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from shlex import quote

from search.config.config import CONFIG_FILE_NAME

SAMPLES_FOLDER = "articles"

_SETTINGS_TEMPLATE = """\
# Settings of this dateline project. These lines show the defaults: to change one, remove
# its first "#" and write another value.

# engine: tantivy              # or whoosh: pure Python, for small corpora; or opensearch
# timezone: UTC                # the zone of dates in queries; a name such as Asia/Tokyo
# workers: auto                # processes that clean articles: a number, or one a core
# scheduler: none              # or tcp://host:8786: a Dask scheduler whose workers clean instead
# lock_timeout: 10             # seconds to wait for another command that writes

# With a half-life, such as 30d, new articles rank higher: up to recency_weight is added to
# the score, half of it after a half-life.
# ranking:
#   recency_half_life: none
#   recency_weight: 4
#   smoothing: true            # whether articles rank higher whose likes do

# Sources on the web: seconds between two requests to a host; an address where its owners can
# reach you; the most linked pages that a source has fetched in one update; whether addresses
# of this machine and its network may be fetched, on any port.
# fetch:
#   pace: 1
#   contact: ""
#   pages: 1000
#   allow_local: false

# Rules find people, organizations and places. spaCy finds more of them in English texts, and
# takes its time; it needs: pip install 'dateline-search[spacy]'
# entities:
#   spacy: false

# Where an index of the opensearch engine lies; it needs: pip install
# 'dateline-search[opensearch]'. Name and password are better given as DATELINE_OPENSEARCH_USER
# and DATELINE_OPENSEARCH_PASSWORD. `ca` is a file of certificates to trust beside the system's.
# `index` is what the names of all indices begin with; `period` is a year or a month of articles;
# `shards` and `replicas` are each period's; `timeout` is in seconds.
# opensearch:
#   hosts: [http://localhost:9200]
#   index: news
#   period: year
#   shards: 1
#   replicas: 1
#   user: ""
#   password: ""
#   ca:
#   timeout: 30

# Names of one thing. A query for one finds them all, and the answer says so.{aliases_are}
{aliases}

# Where articles come from, beside what is given to `dateline add`. Paths are relative to this
# file; a feed, sitemap or page on the web has a `url` in place of a `path`. `fields` maps our
# fields to the names that a source's records have. With `follow_links: true`, links to files
# outside of its folder are read; with `allow_removals: true`, its articles go when most of them
# are gone from it.{sources_are}
{sources}
"""

_ALIASES_EXAMPLE = """\
aliases:
  - [Iwojima, Iwo Jima, Iwoto]"""
_SOURCES_EXAMPLE = """\
sources:
  - path: archive
    publisher: The Harbor Courier
    timezone: America/New_York
    language: en
    fields: {title: head, body: story.text}"""


def create_project(folder: Path, *, samples: bool) -> Iterator[str]:
    """Create a project; yield lines that report it. Existing files are not changed."""
    folder.mkdir(parents=True, exist_ok=True)
    settings, articles = folder / CONFIG_FILE_NAME, folder / SAMPLES_FOLDER
    here = "dateline" if folder == Path() else f"dateline -C {quote(str(folder))}"
    is_new = not settings.exists()
    if samples and not articles.exists():
        _copy_samples(articles)
        next_command = "update" if is_new else f"add {quote(str(articles))}"
        yield f"put the sample corpus into {articles}; next: {here} {next_command}"
    if not is_new:
        yield f"{settings} is already there and stays as it is"
        return
    settings.write_text(_render_settings(samples), "utf-8")
    yield f"made {settings}" if samples else f"made {settings}; next: {here} add PATH"


def _copy_samples(folder: Path) -> None:
    """Copy the samples in one step, so that an interrupted command leaves all or none."""
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    with as_file(files("corpus") / "samples") as source:
        shutil.copytree(source, draft)
    draft.rename(folder)


def _render_settings(samples: bool) -> str:
    example = " For example:"
    return _SETTINGS_TEMPLATE.format(
        aliases_are="" if samples else example,
        aliases=_ALIASES_EXAMPLE if samples else _comment_out(_ALIASES_EXAMPLE),
        sources_are="" if samples else example,
        sources=f"sources:\n  - path: {SAMPLES_FOLDER}"
        if samples
        else _comment_out(_SOURCES_EXAMPLE),
    )


def _comment_out(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())
