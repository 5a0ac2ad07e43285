"""A cluster as both halves of the opensearch engine know it: names, settings, errors.

An index is one generation: indices of a publication period each (`news-3-2025-03`), behind an
alias of its own (`news-3`). The generation in use has the alias `news`, too. Beside them
`news-ingesters` keeps how far each store's changes have come into each generation.
"""

from __future__ import annotations

import base64
import logging
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import zstandard
from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,  # noqa: A004
    OpenSearchException,
    TransportError,
)

from corpus.article import Article
from corpus.article_codec import decode_article, encode_article
from indexer.engines import IndexUnreachableError
from indexer.engines.cluster_settings import ClusterPlace, ClusterSettings
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    FIELDS,
    SCHEMA_VERSION,
    FieldKind,
    get_exact_field,
    get_facet_field,
)

Json = dict[str, Any]

# Keys of the version in its store, of that store, and the store's last change that was there
# before the document came.
VERSION = "version"
STORE = "store"
AFTER = "after"
ARTICLE = "article"

# Hits from the first one that a cluster gives without searching after.
WINDOW = 10_000
# Names and words longer than this (characters) are no words; Lucene takes 32,766 bytes.
_LONGEST_TOKEN = 8_191

# What the client has to say is in its errors; without this it is on the terminal, too.
logging.getLogger("opensearch").addHandler(logging.NullHandler())

# The names stand in an address, which may be so long.
_NAMES_AT_ONCE = 40


@lru_cache(maxsize=8)
def connect(settings: ClusterSettings) -> OpenSearch:
    """Return a client, which threads may share. Nothing is asked yet.

    Raises IndexUnreachableError for a file of no use.
    """
    context = None
    if any(host.startswith("https:") for host in settings.hosts):
        try:
            context = ssl.create_default_context()
            if settings.ca:
                context.load_verify_locations(settings.ca)
        except (OSError, ssl.SSLError) as err:
            raise IndexUnreachableError(f"the certificates in {settings.ca}: {err}") from err
    return OpenSearch(
        list(settings.hosts),
        http_auth=(settings.user, settings.password) if settings.user else None,
        ssl_context=context,
        timeout=settings.timeout,
        max_retries=max(3, len(settings.hosts)),
        retry_on_timeout=True,
        http_compress=True,
    )


@contextmanager
def telling(settings: ClusterSettings) -> Iterator[None]:
    """Turn a client's errors into ours, which say what to do."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as err:
        raise IndexUnreachableError(
            f"the cluster at {_hosts(settings)} does not let {settings.user or 'anybody'!r} in;"
            " see DATELINE_OPENSEARCH_USER and DATELINE_OPENSEARCH_PASSWORD"
        ) from err
    except ConnectionError as err:
        raise IndexUnreachableError(
            f"the cluster at {_hosts(settings)} cannot be reached ({_reason(err)});"
            " see DATELINE_OPENSEARCH_HOSTS"
        ) from err
    except OpenSearchException as err:
        raise IndexUnreachableError(
            f"the cluster at {_hosts(settings)} cannot do it now: {_reason(err)}"
        ) from err


def _hosts(settings: ClusterSettings) -> str:
    return ", ".join(settings.hosts)


def _reason(err: OpenSearchException) -> str:
    """Return the message of a client's error, on one line."""
    if isinstance(err, ConnectionError):
        text = str(err.args[2] if len(err.args) > 2 else err)
    elif isinstance(err, TransportError):
        text = f"{err.status_code} {err.error}: {_cause(err.info)}"
    else:
        text = str(err)
    return " ".join(text.split())[:300]


def _cause(info: object) -> str:
    error = info.get("error") if isinstance(info, Mapping) else None
    return str(error.get("reason", "")) if isinstance(error, Mapping) else str(error or "")


def remove_indices(client: OpenSearch, names: Sequence[str]) -> None:
    """Remove indices; those that are gone already are left out."""
    for start in range(0, len(names), _NAMES_AT_ONCE):
        some = ",".join(names[start : start + _NAMES_AT_ONCE])
        client.indices.delete(index=some, params={"ignore_unavailable": "true"})


def packed(article: Article) -> str:
    """Return an article as documents carry it."""
    return base64.b64encode(zstandard.compress(encode_article(article), 3)).decode()


def unpacked(content: str) -> Article:
    return decode_article(zstandard.decompress(base64.b64decode(content)))


# -- what indices are made of


def template(place: ClusterPlace, *, in_use: bool) -> Json:
    """Return the template of a generation's indices, made from the schema's table."""
    settings = place.settings
    aliases: Json = {place.alias: {}}
    if in_use:
        aliases[settings.index] = {}
    words = {"type": "whitespace", "max_token_length": _LONGEST_TOKEN}
    return {
        "index_patterns": [f"{place.alias}-*"],
        "priority": 500,
        "template": {
            "aliases": aliases,
            "settings": {
                "index": {
                    "number_of_shards": settings.shards,
                    # On a cluster of fewer nodes there are fewer copies, and it is still green.
                    "auto_expand_replicas": f"0-{settings.replicas}",
                    # What is sent is seen when it is committed, not before.
                    "refresh_interval": "-1",
                    "max_result_window": WINDOW,
                    "gc_deletes": "0s",
                },
                "analysis": {
                    "tokenizer": {"words": words},
                    "analyzer": {"words": {"type": "custom", "tokenizer": "words"}},
                },
            },
            "mappings": {
                "dynamic": "strict",
                "_meta": {"schema": SCHEMA_VERSION, "store": place.store},
                "_source": {"includes": [ARTICLE]},
                "properties": dict(_properties()),
            },
        },
    }


def vocabulary(name: str) -> str:
    """Return the cluster's name for the single words of an index's field, as values to count."""
    return f"{name}_words"


def _properties() -> Iterator[tuple[str, Json]]:
    """Texts come analyzed and stemmed, so that the cluster only splits at spaces."""
    text = {"type": "text", "analyzer": "words"}
    for key in (VERSION, AFTER):
        yield key, {"type": "long"}
    yield STORE, {"type": "keyword"}
    yield ARTICLE, {"type": "binary"}
    yield COMPLETIONS, {"type": "keyword"}
    yield ALL_TEXT, {**text, "index_options": "freqs"}
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT:
                yield field.name, text
                yield get_exact_field(field.name), text
                if field.default:
                    yield (
                        vocabulary(get_exact_field(field.name)),
                        {"type": "keyword", "index": False},
                    )
            case FieldKind.NAMES:
                yield field.name, text
            case FieldKind.KEYWORD:
                yield field.name, {"type": "keyword"}
            case FieldKind.NUMBER | FieldKind.DATE:
                yield field.name, {"type": "long"}
        if field.facet:
            yield get_facet_field(field.name), {"type": "keyword"}
