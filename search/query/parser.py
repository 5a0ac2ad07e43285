"""Query text to a query tree.

    query   = any
    any     = all { "OR" all }
    all     = not { [ "AND" ] not }
    not     = ( "NOT" | "-" ) not | near
    near    = item { "w/" number item }
    item    = "(" query ")" | "*" | [ field ":" ] value
    value   = "(" query ")"                      text fields: the field holds for all inside
            | [ "=" ] '"' text '"' [ "~" number ]  phrase; = as written; ~ near
            | [ "=" ] word [ "*" | "~" [ number ] ]  = as written; * prefix; ~ typos
            | "=" ( word | '"' text '"' )        facet fields: a whole value, as facets show it
            | period | numbers                   fields of dates and numbers

AND, OR and NOT count in upper case only. A hyphen negates at the start of an item only.
Curly quotes and guillemets are quotes. A word is everything up to a space, quote or
parenthesis, without the punctuation around it; words of nothing but punctuation are left
out. Values of date fields may stand in single or double quotes or in brackets. In a whole
value, two quotes in a row stand for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches

from corpus.article import make_article_id
from indexer.analysis import tokenize
from indexer.schema import FIELD_GROUPS, FIELDS, FieldKind
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
    having,
    is_facet,
)
from search.query.query_errors import EmptyQueryError, QueryLimitError, UnknownFieldError
from search.query.ranges import SINCE, UNTIL, ValueProblemError, read_date, read_number
from search.query.scanner import Place, Scanner

MAX_LENGTH = 4_000
MAX_CLAUSES = 500
MAX_DEPTH = 30
MAX_DISTANCE = 1_000

_FIELD = re.compile(r"([^\W\d][\w-]*):")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()\"]|$)")
_MINUS = re.compile(r"-(?=[^\s)])")
_NEAR = re.compile(r"\s*(w/(\d+))(?=[\s()\"]|$)", re.I)
_JOINING = re.compile(r"(?:AND|OR|(?i:w)/\d+)(?=[\s()\"]|$)")
_TILDE = re.compile(r"~(\d*)")
_TYPOS = re.compile(r"(.*\w)~(\d*)\Z", re.S)
_URL = re.compile(r"https?://\S+", re.I)

_LINK = "url"
_SPELLINGS = {spelling: field.name for field in FIELDS.values() for spelling in field.spellings}
FIELD_NAMES = (*FIELDS, *FIELD_GROUPS, *_SPELLINGS, SINCE, UNTIL, _LINK)


def parse(text: str, *, now: datetime, zone: tzinfo) -> Query:
    """Read a query. Dates are in `zone`, and relative to `now`. Raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise QueryLimitError(
            f"the query is longer than {MAX_LENGTH:,} characters", text, MAX_LENGTH, MAX_LENGTH
        )
    return _Parser(text, now, zone).parse()


@dataclass(frozen=True, slots=True)
class Placed:
    """One of the things that a query asks for together, and the text that stands for it."""

    clause: Query
    text: str


def placed(text: str, *, now: datetime, zone: tzinfo) -> tuple[Placed, ...]:
    """What a query asks for together, in order; their texts side by side ask for the same.

    A query of alternatives is one such thing. Raises QueryError.
    """
    parser = _Parser(text, now, zone)
    query = parser.parse()
    found = [(clause, place) for clause, place in parser.placed if not isinstance(clause, All)]
    if isinstance(query, Or) and len(parser.placed) > 1:
        whole = text[parser.placed[0][1][0] : parser.placed[-1][1][1]]
        return (Placed(query, f"({whole})"),)
    return tuple(Placed(clause, _alone(clause, text[slice(*place)])) for clause, place in found)


def _alone(clause: Query, text: str) -> str:
    """A clause's text; a word that joins two things where it stands elsewhere is put in quotes."""
    return str(clause) if _JOINING.match(text) else text


@dataclass(frozen=True, slots=True)
class _Here:
    """What holds at a place in the query: the field in force and the depth of parentheses."""

    field: str = ""
    depth: int = 0


class _Parser(Scanner):
    """One method a rule of the grammar; None stands for a part without words, which is left out."""

    def __init__(self, text: str, now: datetime, zone: tzinfo) -> None:
        super().__init__(text)
        self._now = now
        self._zone = zone
        self._clauses = 0
        self.placed: list[tuple[Query, Place]] = []

    def parse(self) -> Query:
        query = self._any(_Here())
        self.skip_space()
        if not self.ended:
            raise self.problem("this parenthesis closes nothing", (self.at, self.at + 1))
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

    def _any(self, here: _Here) -> Query | None:
        clauses = [self._all(here)]
        while place := self._operator("OR"):
            if clauses[-1] is None:
                raise self.problem("OR stands between two things", place)
            clauses.append(self._all(here))
            if clauses[-1] is None:
                raise self.problem("nothing follows OR", place)
        return _joined(Or, [clause for clause in clauses if clause])

    def _all(self, here: _Here) -> Query | None:
        clauses: list[Query] = []
        empty = True
        while True:
            place = self._operator("AND")
            if place and empty:
                raise self.problem("AND stands between two things", place)
            if self._at_end_of_clause():
                if place:
                    raise self.problem("nothing follows AND", place)
                break
            empty, start = False, self.at
            if clause := self._not(here):
                clauses.append(clause)
                if not here.depth:
                    self.placed.append((clause, (start, self.at)))
        if clauses and all(isinstance(clause, Not) for clause in clauses):
            clauses.insert(0, All())
        return _joined(And, clauses)

    def _at_end_of_clause(self) -> bool:
        self.skip_space()
        operator = _OPERATOR.match(self.text, self.at)
        return self.ended or self.stands(")") or (operator is not None and operator[1] == "OR")

    def _operator(self, name: str) -> Place | None:
        """Step over an operator if it stands here, and give its place."""
        self.skip_space()
        operator = _OPERATOR.match(self.text, self.at)
        if operator is None or operator[1] != name:
            return None
        self.at = operator.end()
        return operator.span()

    def _not(self, here: _Here) -> Query | None:
        negations = 0
        while True:
            if place := self._operator("NOT"):
                if self._at_end_of_clause():
                    raise self.problem("nothing follows NOT", place)
            elif not self.match(_MINUS):
                break
            negations += 1
        clause = self._near(here)
        return Not(clause) if clause and negations % 2 else clause

    def _near(self, here: _Here) -> Query | None:
        start = self.at
        words, distance = [self._item(here)], 0
        while operator := self.match(_NEAR):
            place = operator.span(1)
            if distance and int(operator[2]) != distance:
                raise self.problem("use one distance in a row of w/", place)
            distance = self._distance(operator[2], place)
            if self._at_end_of_clause():
                raise self.problem("nothing follows w/", place)
            words.append(self._item(here))
        return self._near_query(words, distance, start) if distance else words[0]

    def _near_query(self, words: list[Query | None], distance: int, start: int) -> Query:
        terms = [word for word in words if isinstance(word, Term) and not word.exact]
        if len(terms) < len(words) or any(len(tokenize(term.text)) != 1 for term in terms):
            raise self.problem("w/ stands between two single words", self.since(start))
        fields = {term.field for term in terms if term.field}
        if len(fields) > 1 or not all(map(_takes_near, fields)):
            raise self.problem("words near each other are in one field of text", self.since(start))
        found = [token for term in terms for token in tokenize(term.text)]
        return _near_or_term(found, distance, fields.pop() if fields else "")

    # -- items

    def _item(self, here: _Here) -> Query | None:
        self._count(1, self.at)
        self.skip_space()
        if self.stands("("):
            return self._group(here)
        if _URL.match(self.text, self.at):
            return self._link()
        field = _FIELD.match(self.text, self.at)
        if field and self._names_a_field(field):
            self.at = field.end()
            return self._fielded(field[1], field.start(), here)
        if not here.field and self.peek_word() == "*":
            self.at += 1
            return All()
        return self._text_value(here.field)

    def _names_a_field(self, match: re.Match[str]) -> bool:
        """Whether a word with a colon is meant as a field: not in `riots: woman hurt`."""
        following = self.text[match.end() : match.end() + 1].strip()
        return match[1].lower() in FIELD_NAMES or (bool(following) and following not in ")/")

    def _group(self, here: _Here) -> Query | None:
        place = self.at, self.at + 1
        if here.depth >= MAX_DEPTH:
            message = f"parentheses are more than {MAX_DEPTH} deep"
            raise QueryLimitError(message, self.original, *place)
        self.at += 1
        query = self._any(replace(here, depth=here.depth + 1))
        self.skip_space()
        if not self.stands(")"):
            raise self.problem("this parenthesis is never closed", place)
        self.at += 1
        return query

    def _fielded(self, written: str, start: int, here: _Here) -> Query | None:
        name = written.lower()
        if name not in FIELD_NAMES:
            near = get_close_matches(name, FIELD_NAMES, 1, 0.6)
            known = ", ".join((*FIELDS, *FIELD_GROUPS, SINCE, UNTIL))
            raise UnknownFieldError(written, self.original, start, near[0] if near else "", known)
        if self.ended or self.text[self.at].isspace() or self.stands(")"):
            hint = f"write {written}:word, without a space"
            raise self.problem(f"nothing follows {written}:", self.since(start), hint)
        if name == _LINK:
            return self._link()
        field = _SPELLINGS.get(name, name)
        kind = FIELDS[field].kind if field in FIELDS else None
        if name in {SINCE, UNTIL} or kind in {FieldKind.DATE, FieldKind.NUMBER}:
            return self._range(name, field)
        if self.stands("("):
            return self._group(replace(here, field=field))
        return self._text_value(field)

    def _range(self, name: str, field: str) -> Query:
        start, text = self.at, self.value()
        try:
            if field in FIELDS and FIELDS[field].kind is FieldKind.NUMBER:
                return read_number(field, text)
            date_field = field if field in FIELDS else "date"
            return read_date(name, date_field, text, now=self._now, zone=self._zone)
        except ValueProblemError as err:
            raise self.bad_value(str(err), self.since(start), err.expected) from err

    def _link(self) -> Query:
        """An article by its address: its id is the address's digest."""
        start, url = self.at, self.word()
        found = make_article_id(url=url, external_id="", source="", path="")
        if found == "/":
            place = self.since(start)
            raise self.bad_value("this is not a web address", place, "https://…")
        return Term(found, "id")

    def _text_value(self, field: str) -> Query | None:
        exact = self.stands("=")
        self.at += exact
        if exact and is_facet(field):
            return self._whole_value(field)
        return self._phrase(field, exact) if self.stands('"') else self._word(field, exact)

    def _whole_value(self, field: str) -> Query | None:
        text = self.quoted_as_written() if self.stands('"') else self.word()
        return having(field, text) if text else None

    def _phrase(self, field: str, exact: bool) -> Query | None:
        start, text = self.at, self.quoted()
        found = tokenize(text)
        tilde = self.match(_TILDE)
        if tilde:
            distance = self._distance(tilde[1], tilde.span())
            if exact or not _takes_near(field):
                raise self.problem("~ does not go with this phrase", tilde.span())
        if not found:
            return None
        if tilde:
            return _near_or_term(found, distance, field)
        self._count(len(found), start)
        return Phrase(" ".join(text.split()), field, exact)

    def _word(self, field: str, exact: bool) -> Query | None:
        start, written = self.at, self.word()
        if not written and self.stands(")"):
            raise self.problem("a word is missing here", (start, start + 1))
        if "*" in written:
            return self._prefix(written, start, field)
        if fuzzy := _TYPOS.match(written):
            return self._fuzzy(fuzzy[1], fuzzy[2], start, field)
        text = _without_punctuation(written)
        if not tokenize(text):
            return None
        # What would be syntax if it stood alone is a phrase, so that it can be written down.
        means_more = any(syntax.match(text) for syntax in (_FIELD, _OPERATOR, _NEAR, _TYPOS, _URL))
        return Phrase(text, field, exact) if means_more else Term(text, field, exact)

    def _prefix(self, written: str, start: int, field: str) -> Query:
        if written.find("*") != len(written) - 1:
            place = self.since(start)
            raise self.problem("a star stands at the end of a word", place, "such as secur*")
        return Prefix(self._single_token(written[:-1], start, field), field)

    def _fuzzy(self, text: str, typos: str, start: int, field: str) -> Query:
        if typos not in {"", "1", "2"}:
            raise self.problem("a word may have 1 or 2 typos", self.since(start), "such as word~2")
        return Fuzzy(self._single_token(text, start, field), int(typos or 1), field)

    def _single_token(self, text: str, start: int, field: str) -> str:
        if field in FIELDS and FIELDS[field].kind is FieldKind.KEYWORD:
            raise self.problem(f"{field}: takes whole values", self.since(start))
        found = tokenize(text)
        if len(found) != 1:
            raise self.problem("a star or tilde follows one single word", self.since(start))
        return found[0]

    # -- limits

    def _distance(self, digits: str, place: Place) -> int:
        if not digits or len(digits) > 4 or not 1 <= int(digits) <= MAX_DISTANCE:
            raise self.problem(f"a distance is a number from 1 to {MAX_DISTANCE:,}", place)
        return int(digits)

    def _count(self, words: int, place: int) -> None:
        self._clauses += words
        if self._clauses > MAX_CLAUSES:
            message = f"the query has more than {MAX_CLAUSES} words"
            raise QueryLimitError(message, self.original, place, place + 1)


def _joined(kind: type[And] | type[Or], clauses: list[Query]) -> Query | None:
    """One And or Or of clauses, those of its own kind dissolved; a single one as it is."""
    flat: list[Query] = []
    for clause in clauses:
        flat += clause.clauses if isinstance(clause, kind) else (clause,)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _takes_near(field: str) -> bool:
    return not field or (field in FIELDS and FIELDS[field].kind is FieldKind.TEXT)


def _near_or_term(words: Sequence[str], distance: int, field: str) -> Query:
    distinct = tuple(dict.fromkeys(words))
    return Near(distinct, distance, field) if len(distinct) > 1 else Term(distinct[0], field)


def _without_punctuation(word: str) -> str:
    inside = [index for index, char in enumerate(word) if unicodedata.category(char)[0] in "LMN"]
    return word[inside[0] : inside[-1] + 1] if inside else ""
