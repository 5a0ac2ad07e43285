"""The searchable fields of an article, and its indexed form.

The engines' schemas, the query language's fields, the command line's choices and the
documentation are derived from `FIELDS`. `build_document` builds the indexed form of an article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.article import Article, EntityKind
from indexer.analysis import analyze
from indexer.function_words import FUNCTION_WORDS
from indexer.stemming import get_stemming_language, stem_accented_words, stem_tokens
from indexer.written_forms import list_written_forms

# Stored with every index: an index of another schema version is rebuilt.
SCHEMA_VERSION = 5


class FieldKind(StrEnum):
    """The way in which a field's values are converted to terms."""

    TEXT = "text"  # analyzed, not stemmed; `ALL_TEXT` has the stems of default fields
    NAMES = "names"  # analyzed, not stemmed; a value is a name, and phrases do not span names
    KEYWORD = "keyword"  # the analyzed value as a single term
    NUMBER = "number"  # a 64-bit integer
    DATE = "date"  # whole seconds since 1970 in UTC


@dataclass(frozen=True, slots=True)
class Field:
    """One searchable field.

    `boost` multiplies its scores. `default` fields are searched when a query names none.
    `spellings` are other names for it in queries. `facet` fields can be counted by value.
    """

    name: str
    kind: FieldKind
    help: str
    boost: float = 1.0
    default: bool = False
    spellings: tuple[str, ...] = ()
    facet: bool = False


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("title", FieldKind.TEXT, "the headline", 2.0, True, ("intitle", "headline")),
        Field("dek", FieldKind.TEXT, "the line under the headline", 1.0, True),
        Field("body", FieldKind.TEXT, "the text", 1.0, True, ("text",)),
        Field("lead", FieldKind.TEXT, "headline, dek and first paragraph"),
        Field("author", FieldKind.NAMES, "who wrote it", 1.0, True, ("authors", "byline"), True),
        Field("person", FieldKind.NAMES, "a person in it", spellings=("people",), facet=True),
        Field(
            "org", FieldKind.NAMES, "an organization in it", spellings=("organization",), facet=True
        ),
        Field("place", FieldKind.NAMES, "a place in it", spellings=("location",), facet=True),
        Field("source", FieldKind.KEYWORD, "publisher or domain", spellings=("site",), facet=True),
        Field("section", FieldKind.KEYWORD, "its section", facet=True),
        Field(
            "language",
            FieldKind.KEYWORD,
            "its language, such as en",
            spellings=("lang",),
            facet=True,
        ),
        Field("id", FieldKind.KEYWORD, "its id"),
        Field("date", FieldKind.DATE, "when it was published", spellings=("published", "when")),
        Field("updated", FieldKind.DATE, "when it was last changed"),
        Field("words", FieldKind.NUMBER, "length of the text in words"),
    )
}

# Names for several fields at once.
FIELD_GROUPS: dict[str, tuple[str, ...]] = {"entity": ("person", "org", "place")}

DEFAULT_FIELDS = tuple(field.name for field in FIELDS.values() if field.default)
FACET_FIELDS = tuple(field.name for field in FIELDS.values() if field.facet)

# The index field that words without a field are looked for in: the stems of headline, dek, text and
# authors, and of the headline again, which so counts twice. Its statistics are one, so that a
# common word in a headline does not outweigh a rare one in the text. Its last part are stems by the
# accents of words, where these differ.
ALL_TEXT = "all_text"
# The parts of a text are so many positions apart, so that no phrase spans two of them.
TEXT_GAP = 100

# The index field for the written forms of headline, dek and text, stemmed: single terms. They are
# no part of the joined field, whose lengths they would change.
WRITTEN_FORMS = "written_forms"

# The index field for completions. Its terms are, for each word that a user may begin a name
# with: the name from that word on (`ishiba`), the field and the name as shown, with separators.
COMPLETIONS = "completions"
COMPLETION_SEPARATOR = "\x1f"
# A longer value is no name, and nobody begins one with its ninth word, a later initial or `of`.
_MAX_NAME_CHARS = 100  # characters
_MAX_NAME_START_WORDS = 8  # words


def get_facet_field(field: str) -> str:
    """Return the name of the index field with the values of a facet field as shown."""
    return f"{field}_facet"


@dataclass(frozen=True, slots=True)
class Document:
    """The indexed form of one article, the same for every engine.

    `version_key` is the store's key of the version that was indexed. `texts` contains the parts of
    TEXT fields, `TEXT_GAP` positions apart: the analyzed text, and its stems if they are of another
    language than English; English ones are found by what the field's tokens have in common.
    `stems` are those of headline, dek and text; `all_text` the parts of `ALL_TEXT`, stemmed;
    `names` analyzed values of NAMES fields; `keywords`, `written_forms` and `completions` single
    terms; `numbers` NUMBER and DATE fields, absent where the article has none; `facets` values to
    count, as shown. `article` is its source, and `signature` that article's (`indexer.signatures`).
    """

    version_key: int
    id: str
    texts: dict[str, tuple[str, ...]]
    stems: dict[str, str]
    all_text: tuple[str, ...]
    written_forms: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    facets: dict[str, tuple[str, ...]]
    completions: tuple[str, ...]
    article: Article
    signature: bytes = b""


# The same names and sources occur in many articles.
_analyze_cached = lru_cache(maxsize=1 << 17)(analyze)


def normalize_keyword(value: str) -> str:
    """Join the tokens of a value with single spaces (`CNN (Web News)` → `cnn web news`)."""
    return " ".join(_analyze_cached(value).split())


def make_keyword_term(field: str, value: str) -> str:
    """Return the term for a value of a KEYWORD field: ids verbatim, languages in lower case."""
    if field == "id":
        return value
    return value.lower() if field == "language" else normalize_keyword(value)


def build_document(article: Article, version_key: int) -> Document:
    """Build the indexed form of an article."""
    names = {field: tuple(map(_analyze_cached, values)) for field, values in _list_names(article)}
    facets = {field: _remove_repeats(read(article)) for field, read in _FACET_READERS.items()}
    numbers = {"words": article.word_count}
    if article.published:
        numbers["date"] = article.published.epoch_seconds
    if article.updated:
        numbers["updated"] = article.updated.epoch_seconds
    language = get_stemming_language(article.language)
    texts = {field: _analyze_text(text, language) for field, text in _list_texts(article)}
    stems = {field: texts[field].stems for field in ("title", "dek", "body")}
    authors = (_stem_text(name, language) for name in names["author"])
    accented = " ".join(_remove_repeats(term for text in texts.values() for term in text.accented))
    return Document(
        version_key=version_key,
        id=article.id,
        texts={field: text.parts for field, text in texts.items()},
        stems=stems,
        all_text=tuple(filter(None, (*stems.values(), *authors, stems["title"], accented))),
        written_forms=_list_written_terms(article),
        names=names,
        keywords={
            "source": _remove_repeats(
                normalize_keyword(name) for name in (article.source, *_list_domains(article.domain))
            ),
            "section": _remove_repeats([normalize_keyword(article.section)]),
            "language": _remove_repeats(
                [article.language.lower(), article.language.lower().split("-")[0]]
            ),
            "id": (article.id,),
        },
        numbers=numbers,
        facets=facets,
        completions=_remove_repeats(
            term
            for field, values in facets.items()
            if field != "language"
            for value in values
            for term in _make_completions(field, value)
        ),
        article=article,
    )


@dataclass(frozen=True, slots=True)
class _AnalyzedText:
    """A text's tokens, and their stems in its language; other stems of words with accents."""

    tokens: str
    stems: str
    accented: tuple[str, ...]
    language: str

    @property
    def parts(self) -> tuple[str, ...]:
        if not self.language:
            return (self.tokens,)
        return tuple(filter(None, (self.tokens, self.stems, " ".join(self.accented))))


def _list_texts(article: Article) -> Iterable[tuple[str, str]]:
    return (
        ("title", article.title), ("dek", article.dek), ("body", article.body),
        ("lead", article.lead),
    )  # fmt: skip


def _analyze_text(text: str, language: str) -> _AnalyzedText:
    tokens = analyze(text)
    accented = dict.fromkeys(term for _, term in stem_accented_words(text, language))
    return _AnalyzedText(tokens, _stem_text(tokens, language), tuple(accented), language)


def _list_written_terms(article: Article) -> tuple[str, ...]:
    texts = (article.title, article.dek, article.body)
    return _remove_repeats(stem_tokens(form for text in texts for form in list_written_forms(text)))


def _stem_text(tokens: str, language: str) -> str:
    return " ".join(stem_tokens(tokens.split(), language))


def get_last_change_seconds(article: Article) -> int:
    """Return when an article was last changed, in seconds since 1970; the latest version counts.

    A day counts from its start, so that a version which also states its time is no older.
    """
    moments = (article.published, article.updated)
    return max(0, *(int(moment.at.timestamp()) for moment in moments if moment), 0)


def _list_entity_names(article: Article, kind: EntityKind) -> list[tuple[str, ...]]:
    return [entity.names for entity in article.entities if entity.kind is kind]


def _list_names(article: Article) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield "author", article.authors
    for kind in EntityKind:
        yield (
            kind.value,
            _remove_repeats(name for names in _list_entity_names(article, kind) for name in names),
        )


def _make_facet_reader(kind: EntityKind) -> Callable[[Article], Iterable[str]]:
    return lambda article: (
        entity.names[0] for entity in article.entities if entity.sure and entity.kind is kind
    )


_FACET_READERS: dict[str, Callable[[Article], Iterable[str]]] = {
    "source": lambda article: [article.source],
    "section": lambda article: [article.section],
    "author": lambda article: article.authors,
    "language": lambda article: [article.language],
    **{kind.value: _make_facet_reader(kind) for kind in EntityKind},
}


@lru_cache(maxsize=1 << 15)
def _make_completions(field: str, value: str) -> tuple[str, ...]:
    words = _analyze_cached(value).split() if len(value) <= _MAX_NAME_CHARS else []
    return tuple(
        COMPLETION_SEPARATOR.join((" ".join(words[start:]), field, value))
        for start, word in enumerate(words[:_MAX_NAME_START_WORDS])
        if start == 0 or not (word in FUNCTION_WORDS or _is_initial(word))
    )


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isascii()


def _list_domains(domain: str) -> Iterable[str]:
    """Return a domain and its parent domains: edition.cnn.com, cnn.com."""
    labels = domain.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))


def _remove_repeats(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
