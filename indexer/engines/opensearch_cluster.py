"""The cluster, for both halves of the opensearch engine: names, mappings, errors, the client.

An index is one generation: indices of a publication period each (`news-3-2025-03`), behind an
alias of its own (`news-3`). The generation in use has the alias `news`, too. Beside them
`news-ingesters` records each store's last change in each generation.
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
    TEXT_GAP,
    WRITTEN_FORMS,
    FieldKind,
    get_facet_field,
)

Json = dict[str, Any]

# Fields of the version's key in its store, of that store, and of the store's last change that
# was indexed before the document.
VERSION_FIELD = "version"
STORE_FIELD = "store"
AFTER_FIELD = "after"
ARTICLE_FIELD = "article"
SIGNATURE_FIELD = "signature"

# The highest number of hits that a cluster returns without `search_after`.
MAX_WINDOW_HITS = 10_000
# Longer tokens (characters) are split; Lucene's limit is 32,766 bytes.
_MAX_TOKEN_CHARS = 8_191

# The client's errors contain its messages; without this they are on the terminal, too.
logging.getLogger("opensearch").addHandler(logging.NullHandler())

# The names are part of a URL, whose length is limited.
_MAX_NAMES_PER_REQUEST = 40


@lru_cache(maxsize=8)
def connect_cluster(settings: ClusterSettings) -> OpenSearch:
    """Return a client, which threads may share, without a request.

    Raises IndexUnreachableError for an unusable file of certificates.
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
def translate_errors(settings: ClusterSettings) -> Iterator[None]:
    """Raise a client's errors as IndexUnreachableError, whose message says what to do."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as err:
        raise IndexUnreachableError(
            f"the cluster at {_format_hosts(settings)}"
            f" does not let {settings.user or 'anybody'!r} in;"
            " see DATELINE_OPENSEARCH_USER and DATELINE_OPENSEARCH_PASSWORD"
        ) from err
    except ConnectionError as err:
        raise IndexUnreachableError(
            f"the cluster at {_format_hosts(settings)} cannot be reached ({_format_error(err)});"
            " see DATELINE_OPENSEARCH_HOSTS"
        ) from err
    except OpenSearchException as err:
        raise IndexUnreachableError(
            f"the cluster at {_format_hosts(settings)} cannot do it now: {_format_error(err)}"
        ) from err


def _format_hosts(settings: ClusterSettings) -> str:
    return ", ".join(settings.hosts)


def _format_error(err: OpenSearchException) -> str:
    """Return the message of a client's error, on one line."""
    if isinstance(err, ConnectionError):
        text = str(err.args[2] if len(err.args) > 2 else err)
    elif isinstance(err, TransportError):
        text = f"{err.status_code} {err.error}: {_find_cause(err.info)}"
    else:
        text = str(err)
    return " ".join(text.split())[:300]


def _find_cause(info: object) -> str:
    error = info.get("error") if isinstance(info, Mapping) else None
    return str(error.get("reason", "")) if isinstance(error, Mapping) else str(error or "")


def remove_indices(client: OpenSearch, names: Sequence[str]) -> None:
    """Remove indices; those that do not exist are ignored."""
    for start in range(0, len(names), _MAX_NAMES_PER_REQUEST):
        batch = ",".join(names[start : start + _MAX_NAMES_PER_REQUEST])
        client.indices.delete(index=batch, params={"ignore_unavailable": "true"})


def pack_article(article: Article) -> str:
    """Return an article as text for a document's binary field."""
    return base64.b64encode(zstandard.compress(encode_article(article), 3)).decode()


def unpack_article(content: str) -> Article:
    return decode_article(zstandard.decompress(base64.b64decode(content)))


# -- mappings


def build_index_template(place: ClusterPlace, *, in_use: bool) -> Json:
    """Return the template of a generation's indices, made from the schema's table."""
    settings = place.settings
    aliases: Json = {place.alias: {}}
    if in_use:
        aliases[settings.index] = {}
    words = {"type": "whitespace", "max_token_length": _MAX_TOKEN_CHARS}
    return {
        "index_patterns": [f"{place.alias}-*"],
        "priority": 500,
        "template": {
            "aliases": aliases,
            "settings": {
                "index": {
                    "number_of_shards": settings.shards,
                    # On a cluster of fewer nodes there are fewer replicas, and it is still green.
                    "auto_expand_replicas": f"0-{settings.replicas}",
                    # Documents become visible when they are committed, not before.
                    "refresh_interval": "-1",
                    "max_result_window": MAX_WINDOW_HITS,
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
                "_source": {"includes": [ARTICLE_FIELD, SIGNATURE_FIELD]},
                "properties": dict(_iterate_properties()),
            },
        },
    }


def get_stem_field(name: str) -> str:
    """Return the name of the field with the stems of a TEXT field."""
    return f"{name}_stems"


def get_vocabulary_field(name: str) -> str:
    """Return the name of the field with the single words of a field, as values to count."""
    return f"{name}_words"


def _iterate_properties() -> Iterator[tuple[str, Json]]:
    """Yield the mapping of each field. Texts are analyzed already: the cluster splits at spaces."""
    text = {"type": "text", "analyzer": "words", "position_increment_gap": TEXT_GAP}
    for key in (VERSION_FIELD, AFTER_FIELD):
        yield key, {"type": "long"}
    yield STORE_FIELD, {"type": "keyword"}
    yield ARTICLE_FIELD, {"type": "binary"}
    yield SIGNATURE_FIELD, {"type": "binary"}
    yield COMPLETIONS, {"type": "keyword"}
    yield WRITTEN_FORMS, {"type": "keyword"}
    yield ALL_TEXT, text
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT:
                yield field.name, text
                yield get_stem_field(field.name), text
                if field.default:
                    yield get_vocabulary_field(field.name), {"type": "keyword", "index": False}
            case FieldKind.NAMES:
                yield field.name, text
            case FieldKind.KEYWORD:
                yield field.name, {"type": "keyword"}
            case FieldKind.NUMBER | FieldKind.DATE:
                yield field.name, {"type": "long"}
        if field.facet:
            yield get_facet_field(field.name), {"type": "keyword"}
