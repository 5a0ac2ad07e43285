"""Query text to a query tree.

    query   = any
    any     = all { "OR" all }
    all     = not { [ "AND" ] not }
    not     = ( "NOT" | "-" ) not | near
    near    = item { "w/" number item }
    item    = "(" query ")" | "*" | [ field ":" ] value
    value   = "(" query ")"                      text fields: the field applies to all inside
            | [ "=" ] '"' text '"' [ "~" number ]  phrase; = as written; ~ near
            | [ "=" ] word [ "*" | "~" [ number ] ]  = as written; * prefix; ~ typos
            | "=" ( word | '"' text '"' )        facet fields: a whole value, as facets show it
            | period | numbers                   fields of dates and numbers

AND, OR and NOT are operators in upper case only. A hyphen negates at the start of an item only.
Curly quotes and guillemets are quotes. A word is everything up to a space, quote or
parenthesis, without the punctuation around it but for symbols of a name (`C++`, `.NET`); words of
punctuation alone are ignored, but `AT & T` is a phrase. Values
of date fields may be in single or double quotes or in brackets. In a whole value, two quotes
in a row are one quote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches

from corpus.article import make_article_id
from indexer.analysis import GERSHAYIM, tokenize, tokenize_word
from indexer.schema import FIELD_GROUPS, FIELDS, FieldKind
from search.query.foreign_syntax import ADDRESS, find_foreign_operator, split_marked_word
from search.query.nodes import (
    All,
    And,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    is_facet_field,
    make_value_query,
)
from search.query.query_errors import EmptyQueryError, QueryLimitError, UnknownFieldError
from search.query.ranges import (
    SINCE,
    UNTIL,
    ValueProblemError,
    parse_date_value,
    parse_number_value,
)
from search.query.scanner import Scanner, TextSpan

MAX_QUERY_CHARS = 4_000
MAX_CLAUSES = 500
MAX_DEPTH = 30
MAX_DISTANCE_WORDS = 1_000

_FIELD = re.compile(r"([^\W\d][\w-]*):")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()\"]|$)")
_MINUS = re.compile(r"-(?=[^\s)])")
_NEAR = re.compile(r"\s*(w/(\d+))(?=[\s()\"]|$)", re.I)
_JOINING_OPERATOR = re.compile(r"(?:AND|OR|(?i:w)/\d+)(?=[\s()\"]|$)")
_TILDE = re.compile(r"~(\d*)")
_TYPOS = re.compile(r"(.*\w(?:\+\+|#)?)~(\d*)\Z", re.S)
# A name such as `AT & T` or `R & D`, which is a phrase without spaces too.
_INITIALS = re.compile(r"[^\W\d_]{1,2}")
_AND_INITIAL = re.compile(r"\s+&\s+[^\W\d_](?=[\s()\"]|$)")
# Symbols that may be part of a name.
_NAME_END = re.compile("[+＋]{2}|[#＃♯]")
_URL = re.compile(r"https?://\S+", re.I)

_STAR_IN_PHRASE = re.compile(r"\w\*")

_URL_FIELD = "url"
_FIELD_SPELLINGS = {
    spelling: field.name for field in FIELDS.values() for spelling in field.spellings
}
FIELD_NAMES = (*FIELDS, *FIELD_GROUPS, *_FIELD_SPELLINGS, SINCE, UNTIL, _URL_FIELD)


def parse_query(text: str, *, now: datetime, zone: tzinfo) -> Query:
    """Parse a query. Dates are in `zone`, and relative to `now`. Raises QueryError."""
    if len(text) > MAX_QUERY_CHARS:
        raise QueryLimitError(
            f"the query is longer than {MAX_QUERY_CHARS:,} characters",
            text,
            MAX_QUERY_CHARS,
            MAX_QUERY_CHARS,
        )
    return _Parser(text, now, zone).parse()


@dataclass(frozen=True, slots=True)
class TopLevelClause:
    """A clause at the top level of a query, and its text."""

    clause: Query
    text: str


def split_query(text: str, *, now: datetime, zone: tzinfo) -> tuple[TopLevelClause, ...]:
    """Split a query into its top-level clauses, in order; their joined texts are the same query.

    A query of alternatives is one clause. Raises QueryError.
    """
    parser = _Parser(text, now, zone)
    query = parser.parse()
    spans = [(clause, span) for clause, span in parser.top_level if not isinstance(clause, All)]
    if isinstance(query, Or) and len(parser.top_level) > 1:
        whole = text[parser.top_level[0][1][0] : parser.top_level[-1][1][1]]
        return (TopLevelClause(query, f"({whole})"),)
    return tuple(
        TopLevelClause(clause, _format_standalone(clause, text[slice(*span)]))
        for clause, span in spans
    )


def _format_standalone(clause: Query, text: str) -> str:
    """Return a clause's text; a word that is an operator between two clauses is quoted."""
    return str(clause) if _JOINING_OPERATOR.match(text) else text


@dataclass(frozen=True, slots=True)
class _Context:
    """The context of a position in the query: the current field and the depth of parentheses."""

    field: str = ""
    depth: int = 0


class _Parser(Scanner):
    """One method for each rule of the grammar; None is a part without words, which is ignored."""

    def __init__(self, text: str, now: datetime, zone: tzinfo) -> None:
        # A quotation mark within a Hebrew acronym begins no phrase.
        super().__init__(GERSHAYIM.sub("\u05f4", text))
        self._now = now
        self._zone = zone
        self._clause_count = 0
        self._links: list[Query] = []
        self.top_level: list[tuple[Query, TextSpan]] = []

    def parse(self) -> Query:
        query = self._parse_any(_Context())
        self.skip_space()
        if not self.is_at_end:
            raise self.make_syntax_error(
                "this parenthesis closes nothing", (self.position, self.position + 1)
            )
        if query is None and self._links:
            return _join_clauses(Or, self._links) or All()
        if query is None:
            raise EmptyQueryError(
                "there is nothing to search for",
                self.original,
                0,
                len(self.original),
                "type a word, or * for all articles",
            )
        return query

    # -- operators

    def _parse_any(self, context: _Context) -> Query | None:
        clauses = [self._parse_all(context)]
        while place := self._match_operator("OR"):
            if clauses[-1] is None:
                raise self.make_syntax_error("OR stands between two things", place)
            clauses.append(self._parse_all(context))
            if clauses[-1] is None:
                raise self.make_syntax_error("nothing follows OR", place)
        return _join_clauses(Or, [clause for clause in clauses if clause])

    def _parse_all(self, context: _Context) -> Query | None:
        clauses: list[Query] = []
        empty = True
        while True:
            place = self._match_operator("AND")
            if place and empty:
                raise self.make_syntax_error("AND stands between two things", place)
            if self._is_at_clause_end():
                if place:
                    raise self.make_syntax_error("nothing follows AND", place)
                break
            empty, start = False, self.position
            if clause := self._parse_not(context):
                clauses.append(clause)
                if not context.depth:
                    self.top_level.append((clause, (start, self.position)))
        if clauses and all(isinstance(clause, Not) for clause in clauses):
            clauses.insert(0, All())
        return _join_clauses(And, clauses)

    def _is_at_clause_end(self) -> bool:
        self.skip_space()
        operator = _OPERATOR.match(self.text, self.position)
        return (
            self.is_at_end or self.has_next(")") or (operator is not None and operator[1] == "OR")
        )

    def _match_operator(self, name: str) -> TextSpan | None:
        """Return the span of an operator at this position, and move past it."""
        self.skip_space()
        operator = _OPERATOR.match(self.text, self.position)
        if operator is None or operator[1] != name:
            return None
        self.position = operator.end()
        return operator.span()

    def _parse_not(self, context: _Context) -> Query | None:
        negations = 0
        while True:
            if place := self._match_operator("NOT"):
                if self._is_at_clause_end():
                    raise self.make_syntax_error("nothing follows NOT", place)
            elif not self.match_pattern(_MINUS):
                break
            negations += 1
        clause = self._parse_near(context)
        return Not(clause) if clause and negations % 2 else clause

    def _parse_near(self, context: _Context) -> Query | None:
        start = self.position
        words, distance = [self._parse_item(context)], 0
        while operator := self.match_pattern(_NEAR):
            place = operator.span(1)
            if distance and int(operator[2]) != distance:
                raise self.make_syntax_error("use one distance in a row of w/", place)
            distance = self._parse_distance(operator[2], place)
            if self._is_at_clause_end():
                raise self.make_syntax_error("nothing follows w/", place)
            words.append(self._parse_item(context))
        return self._combine_near_words(words, distance, start) if distance else words[0]

    def _combine_near_words(self, words: list[Query | None], distance: int, start: int) -> Query:
        terms = [word for word in words if isinstance(word, Term) and not word.exact]
        tokens = [tokenize_word(term.text) for term in terms]
        if len(terms) < len(words) or any(len(parts) != 1 for parts in tokens):
            raise self.make_syntax_error(
                "w/ stands between two single words", self.get_span_from(start)
            )
        fields = {term.field for term in terms if term.field}
        if len(fields) > 1 or not all(map(_can_use_near, fields)):
            raise self.make_syntax_error(
                "words near each other are in one field of text", self.get_span_from(start)
            )
        singles = [token for (token,) in tokens]
        return _make_near_or_term(singles, distance, fields.pop() if fields else "")

    # -- items

    def _parse_item(self, context: _Context) -> Query | None:
        self._count_clauses(1, self.position)
        self.skip_space()
        if self.has_next("("):
            return self._parse_group(context)
        if address := ADDRESS.match(self.text, self.position):
            return self._address(address)
        field = _FIELD.match(self.text, self.position)
        if field and self._is_field_name(field):
            self.position = field.end()
            return self._parse_field(field[1], field.start(), context)
        if not context.field and self.peek_word() == "*":
            self.position += 1
            return All()
        return self._parse_text_value(context.field)

    def _address(self, address: re.Match[str]) -> Query | None:
        """Read a web address: an article where it is the whole query, else nothing.

        In pasted text it stands beside what is looked for. Text that only looks like an address
        is words where it stands alone.
        """
        if self.original.strip() == address[0]:
            return (
                self._parse_link() if _URL.match(address[0]) else self._parse_word("", exact=False)
            )
        if _URL.match(address[0]):
            self._links.append(self._parse_link())
        self.position = address.end()
        return None

    def _is_field_name(self, match: re.Match[str]) -> bool:
        """Whether a word with a colon is a field: not in `riots: woman hurt`."""
        following = self.text[match.end() : match.end() + 1].strip()
        return match[1].lower() in FIELD_NAMES or (bool(following) and following not in ")/")

    def _parse_group(self, context: _Context) -> Query | None:
        place = self.position, self.position + 1
        if context.depth >= MAX_DEPTH:
            message = f"parentheses are more than {MAX_DEPTH} deep"
            raise QueryLimitError(message, self.original, *place)
        self.position += 1
        query = self._parse_any(replace(context, depth=context.depth + 1))
        self.skip_space()
        if not self.has_next(")"):
            raise self.make_syntax_error("this parenthesis is never closed", place)
        self.position += 1
        return query

    def _parse_field(self, written: str, start: int, context: _Context) -> Query | None:
        name = written.lower()
        if name not in FIELD_NAMES:
            near = get_close_matches(name, FIELD_NAMES, 1, 0.6)
            known = ", ".join((*FIELDS, *FIELD_GROUPS, SINCE, UNTIL))
            raise UnknownFieldError(written, self.original, start, near[0] if near else "", known)
        if self.is_at_end or self.text[self.position].isspace() or self.has_next(")"):
            hint = f"write {written}:word, without a space"
            raise self.make_syntax_error(
                f"nothing follows {written}:", self.get_span_from(start), hint
            )
        if name == _URL_FIELD:
            return self._parse_link()
        field = _FIELD_SPELLINGS.get(name, name)
        kind = FIELDS[field].kind if field in FIELDS else None
        if name in {SINCE, UNTIL} or kind in {FieldKind.DATE, FieldKind.NUMBER}:
            return self._parse_range(name, field)
        if self.has_next("("):
            return self._parse_group(replace(context, field=field))
        return self._parse_text_value(field)

    def _parse_range(self, name: str, field: str) -> Query:
        start, text = self.position, self.read_value()
        try:
            if field in FIELDS and FIELDS[field].kind is FieldKind.NUMBER:
                return parse_number_value(field, text)
            date_field = field if field in FIELDS else "date"
            return parse_date_value(name, date_field, text, now=self._now, zone=self._zone)
        except ValueProblemError as err:
            raise self.make_value_error(str(err), self.get_span_from(start), err.expected) from err

    def _parse_link(self) -> Query:
        """Return a query for an article by its address: its id is the address's digest."""
        start, url = self.position, self.read_word()
        article_id = make_article_id(url=url, external_id="", source="", path="")
        if article_id == "/":
            place = self.get_span_from(start)
            raise self.make_value_error("this is not a web address", place, "https://…")
        return Term(article_id, "id")

    def _parse_text_value(self, field: str) -> Query | None:
        exact = self.has_next("=")
        self.position += exact
        if exact and is_facet_field(field):
            return self._parse_whole_value(field)
        return (
            self._parse_phrase(field, exact)
            if self.has_next('"')
            else self._parse_word(field, exact)
        )

    def _parse_whole_value(self, field: str) -> Query | None:
        text = self.read_verbatim_quoted() if self.has_next('"') else self.read_word()
        return make_value_query(field, text) if text else None

    def _parse_phrase(self, field: str, exact: bool) -> Query | None:
        start, text = self.position, self.read_quoted()
        tokens = tokenize(text)
        if star := _STAR_IN_PHRASE.search(text):
            place = start + 1 + star.start(), start + 1 + star.end()
            raise self.make_syntax_error(
                "a star cannot stand in a phrase", place, "such as secur*, unquoted"
            )
        tilde = self.match_pattern(_TILDE)
        if tilde:
            distance = self._parse_distance(tilde[1], tilde.span())
            if exact or not _can_use_near(field):
                raise self.make_syntax_error("~ does not go with this phrase", tilde.span())
        if not tokens:
            return None
        if tilde:
            return _make_near_or_term(tokens, distance, field)
        self._count_clauses(len(tokens), start)
        return Phrase(" ".join(text.split()), field, exact)

    def _parse_word(self, field: str, exact: bool) -> Query | None:
        start, written = self.position, self.read_word()
        if _INITIALS.fullmatch(written) and self.match_pattern(_AND_INITIAL):
            return Phrase(self.text[start : self.position], field, exact)
        if not written and self.has_next(")"):
            raise self.make_syntax_error("a word is missing here", (start, start + 1))
        if "*" in written:
            return self._parse_prefix(written, start, field)
        if fuzzy := _TYPOS.match(written):
            return self._parse_fuzzy(fuzzy[1], fuzzy[2], start, field)
        if foreign := find_foreign_operator(written, opens_parenthesis=self.has_next("(")):
            raise self.make_syntax_error(foreign[0], self.get_span_from(start), foreign[1])
        if not field and not exact and (parts := split_marked_word(written)):
            return self._marked_word(written, parts)
        text = _strip_punctuation(written)
        if not tokenize(text):
            return None
        # Text that alone would be syntax becomes a phrase, so that its text parses to the same.
        means_more = any(syntax.match(text) for syntax in (_FIELD, _OPERATOR, _NEAR, _TYPOS, _URL))
        return Phrase(text, field, exact) if means_more else Term(text, field, exact)

    def _marked_word(self, written: str, parts: list[str]) -> Query:
        """Read a handle or hashtag: by itself as it is, in pasted text as the words in it."""
        whole = Term(written[1:])
        if self.original.strip() != written:
            return _join_clauses(And, [Term(part) for part in parts]) or whole
        return Or((whole, Phrase(" ".join(parts)))) if len(parts) > 1 else whole

    def _parse_prefix(self, written: str, start: int, field: str) -> Query:
        if written.find("*") != len(written) - 1:
            place = self.get_span_from(start)
            raise self.make_syntax_error(
                "a star stands at the end of a word", place, "such as secur*"
            )
        return Prefix(self._parse_single_token(written[:-1], start, field), field)

    def _parse_fuzzy(self, text: str, typos: str, start: int, field: str) -> Query:
        if typos not in {"", "1", "2"}:
            raise self.make_syntax_error(
                "a word may have 1 or 2 typos", self.get_span_from(start), "such as word~2"
            )
        return Fuzzy(self._parse_single_token(text, start, field), int(typos or 1), field)

    def _parse_single_token(self, text: str, start: int, field: str) -> str:
        if field in FIELDS and FIELDS[field].kind is FieldKind.KEYWORD:
            raise self.make_syntax_error(f"{field}: takes whole values", self.get_span_from(start))
        tokens = tokenize_word(text)
        if len(tokens) != 1:
            raise self.make_syntax_error(
                "a star or tilde follows one single word", self.get_span_from(start)
            )
        return tokens[0]

    # -- limits

    def _parse_distance(self, digits: str, place: TextSpan) -> int:
        if not digits or len(digits) > 4 or not 1 <= int(digits) <= MAX_DISTANCE_WORDS:
            raise self.make_syntax_error(
                f"a distance is a number from 1 to {MAX_DISTANCE_WORDS:,}", place
            )
        return int(digits)

    def _count_clauses(self, words: int, place: int) -> None:
        self._clause_count += words
        if self._clause_count > MAX_CLAUSES:
            message = f"the query has more than {MAX_CLAUSES} words"
            raise QueryLimitError(message, self.original, place, place + 1)


def _join_clauses(kind: type[And] | type[Or], clauses: list[Query]) -> Query | None:
    """Return one And or Or of clauses, with nested ones of its kind flattened; one clause alone."""
    flat: list[Query] = []
    for clause in clauses:
        flat += clause.clauses if isinstance(clause, kind) else (clause,)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _can_use_near(field: str) -> bool:
    return not field or (field in FIELDS and FIELDS[field].kind is FieldKind.TEXT)


def _make_near_or_term(words: Sequence[str], distance: int, field: str) -> Query:
    distinct = tuple(dict.fromkeys(words))
    return Near(distinct, distance, field) if len(distinct) > 1 else Term(distinct[0], field)


def _strip_punctuation(word: str) -> str:
    """Return a word without the punctuation around it, but with symbols of its name (`C++`)."""
    inside = [index for index, char in enumerate(word) if unicodedata.category(char)[0] in "LMN"]
    if not inside:
        return ""
    first, last = inside[0], inside[-1] + 1
    stripped = wider = word[first:last]
    if symbols := _NAME_END.match(word, last):
        wider = word[first : symbols.end()]
    elif word[:first].endswith("."):
        wider = f".{stripped}"
    tokens = tokenize(word)
    return wider if tokenize(stripped) != tokens == tokenize(wider) else stripped
