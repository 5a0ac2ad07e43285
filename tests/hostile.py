"""Files that are built to stop, crash or blow up what reads them; of any size."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Make = Callable[[int], bytes]

SOUND = "Harbor reopens\n\nThe harbor of Springfield was opened again for ships on Monday.\n"

QUICK = 10_000
LARGE = 10_000_000
HUGE = 49_000_000


@dataclass(frozen=True, slots=True)
class Trap:
    """A file: its name, its content of about so many bytes, and its size at its worst.

    `quick` is what becomes of a small one: its title, or part of the reason why it has none.
    """

    name: str
    make: Make
    quick: str
    size: int = LARGE


def _repeated(unit: str, before: str = "", after: str = "") -> Make:
    return lambda size: (before + unit * (size // len(unit.encode())) + after).encode()


def _wrapped(opening: str, text: str, closing: str) -> Make:
    """A text within so many elements that they fill a file."""

    def make(size: int) -> bytes:
        depth = size // len(opening + closing)
        return (opening * depth + text + closing * depth).encode()

    return make


_HEAD = "<!doctype html><html><head><title>Quake hits coast</title>"
_BODY = f"{_HEAD}</head><body><article><h1>Quake hits coast</h1>"
_TEXT = "<p>The quake was felt in the whole of the region, the mayor said on Monday.</p>"
_END = f"{_TEXT}</article></body></html>"
_TITLE = "Quake hits coast"


def _page(unit: str) -> Make:
    return _repeated(unit, _BODY + _TEXT, _END)


def _nested(depth: int) -> Make:
    def make(size: int) -> bytes:
        del size
        return (_BODY + "<div>" * depth + _TEXT + "</div>" * depth + _END).encode()

    return make


def _laughs(root: str, text: str) -> Make:
    """Ten entities, each ten times the one before."""
    lines = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    dtd = "\n".join([f"<!DOCTYPE {root} [", '<!ENTITY l0 "haha">', *lines, "]>"])
    content = f'<?xml version="1.0"?>\n{dtd}\n{text}'.encode()
    return lambda size: content


def _same(content: bytes) -> Make:
    return lambda size: content


def _bomb(unit: bytes) -> Make:
    """A gzip file of a hundredth of what it unpacks to, or less."""

    def make(size: int) -> bytes:
        piece = unit * (min(size, LARGE) // len(unit))
        return gzip.compress(piece, mtime=0) * max(1, size // len(piece))

    return make


def _record(**fields: str) -> bytes:
    return json.dumps({"title": _TITLE, "body": "It was felt.", **fields}).encode() + b"\n"


def _field(name: str, unit: str) -> Make:
    return lambda size: _record(**{name: unit * (size // len(unit))})


def _cut_warc(size: int) -> bytes:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{_BODY}{_END}".encode()
    head = f"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    whole = head + page + b"\r\n\r\n"
    return whole * max(1, size // len(whole)) + whole[:-100]


_PAGES = (
    Trap("text", _page("<p>The mayor of Springfield said so on 3 March.</p>"), _TITLE, HUGE),
    Trap("one-word", _repeated("a", f"{_BODY}<p>", _END), _TITLE, HUGE),
    Trap("no-text", _page("<div><span></span></div>"), _TITLE, HUGE),
    Trap("unclosed-div", _page("<div>"), "", HUGE),
    Trap("unclosed-b", _page("<b>"), "", HUGE),
    Trap("unclosed-bp", _page("<b><p>x"), "", LARGE),
    Trap("unclosed-a", _page("<a href=x>"), "", HUGE),
    Trap("unclosed-tables", _page("<table><tr><td>"), "", HUGE),
    Trap("closed-never-opened", _page("</div></b></p>"), "", HUGE),
    Trap("misnested", _page("<b><i></b></i>"), "", LARGE),
    Trap("misnested-fewer", _page("<a><b><p>x</a></b>"), "", 300_000),
    Trap("attribute", _repeated("x ", f'{_BODY}<p class="', f'">x</p>{_END}'), _TITLE, HUGE),
    Trap("attributes", _repeated(" a1=b", f"{_BODY}<p", f">x</p>{_END}"), _TITLE),
    Trap("different-attributes", lambda size: (
        f"{_BODY}<p {' '.join(f'a{n}=b' for n in range(size // 8))}>x</p>{_END}".encode()
    ), _TITLE),
    Trap("classes", _page('<p class="a b c d e f g">x</p>'), _TITLE),
    Trap("less-than", _repeated("<", _BODY, _END), "", LARGE),
    Trap("ampersands", _repeated("&", f"{_BODY}<p>", _END), _TITLE),
    Trap("references", _repeated("&notin;", f"{_BODY}<p>", _END), _TITLE),
    Trap("comments", _repeated("<!--", _BODY, _END), ""),
    Trap("comments-closed", _page("<!---->"), _TITLE),
    Trap("breaks", _repeated("<br>", f"{_BODY}<p>", _END), _TITLE),
    Trap("breaks-text", _repeated("a<br>", f"{_BODY}<p>", _END), _TITLE),
    Trap("links", _page("<a href=/x>x</a> "), _TITLE),
    Trap("rel-links", _page("<a rel=author href=/x>Ann Lee</a> "), _TITLE),
    Trap("times", _page("<time datetime=2025-03-01>x</time>"), _TITLE),
    Trap("headings", _page("<h1>Quake</h1>"), "Quake"),
    Trap("list-items", _page("<li>x"), _TITLE),
    Trap("json-ld-deep", _repeated("[", f'{_HEAD}<script type="application/ld+json">',
         f"</script></head><body>{_END}"), _TITLE),
    Trap("json-ld-deep-objects", _repeated('{"a":', f'{_HEAD}<script type="application/ld+json">',
         f"</script></head><body>{_END}"), _TITLE),
    Trap("json-ld-wide", _repeated('{"@type":"NewsArticle","headline":"Q"},',
         f'{_HEAD}<script type="application/ld+json">[',
         f"{{}}]</script></head><body>{_END}"), ""),
    Trap("json-ld-many", _repeated('<script type="application/ld+json">{}</script>',
         _HEAD, f"</head><body>{_END}"), _TITLE),
    Trap("metas", _repeated('<meta name="author" content="Ann Lee">', _HEAD,
         f"</head><body>{_END}"), _TITLE),
    Trap("metas-date", _repeated('<meta name="date" content="31/31/31">', _HEAD,
         f"</head><body>{_END}"), _TITLE),
    Trap("title", _repeated("Quake ", "<html><head><title>", f"</title></head><body>{_END}"), ""),
    Trap("title-bars", _repeated(" | ", "<html><head><title>Q", f"Q</title></head><body>{_END}"),
         ""),
    Trap("heading", _repeated("Quake ", "<body><article><h1>", f"</h1>{_END}"), ""),
    Trap("nested-10k", _nested(10_000), _TITLE),
    Trap("nested-100k", _nested(100_000), "too many tags"),
    Trap("nested-p", _wrapped("<blockquote><p>x", "x", "</blockquote>"), "", HUGE),
    Trap("xhtml-bomb", _laughs("html", f"{_BODY}<p>&l9;</p>{_END}"), _TITLE),
    Trap("nulls", _repeated("\0", f"{_BODY}<p>", _END), "binary"),
    Trap("nulls-within", _page("<p>The mayor\0 said so on Monday.</p>"), _TITLE),
    Trap("script", _repeated("<script>x", _BODY, _END), ""),
    Trap("textarea", _repeated("<textarea>x", _BODY, _END), ""),
    Trap("svg", _repeated("<svg><p>", _BODY, _END), ""),
    Trap("templates", _repeated("<template>", _BODY, _END), ""),
    Trap("selects", _repeated("<select><option>x", _BODY, _END), ""),
    Trap("charset", _repeated("\xe9", '<meta charset="utf-16"><p>', _END), ""),
    Trap("iso-2022", _same(b"<p>\x1b$" + b"\xff" * 100), ""),
)  # fmt: skip

# Units that regular expressions for dates, names and lines go wrong over.
UNITS: Mapping[str, str] = {
    "spaces": " ",
    "tabs": "\t",
    "blank-lines": "\n",
    "blank-lines-spaces": " \n",
    "no-break": "\u00a0",
    "digits": "1",
    "dates": "1/1/11 ",
    "slashes": "1/",
    "colons": "1:",
    "commas": ",",
    "commas-digits": "1,",
    "dots": ".",
    "u-s": "U.S.",
    "hyphens": "-",
    "dashes": " - ",
    "bars": "|",
    "bars-spaces": " | ",
    "quotes": '"',
    "curly": "\u201c",
    "apostrophes": "a'",
    "brackets": "(",
    "brackets-names": "(A",
    "closing": ")",
    "squares": "[",
    "links": "[a](",
    "stars": "*",
    "underscores": "_",
    "hashes": "#",
    "angles": "<",
    "ampersands": "&",
    "tags": "<a ",
    "by": "By ",
    "by-lines": "By\n",
    "names": "Ann Lee ",
    "names-and": "Ann Lee and ",
    "names-comma": "Ann, ",
    "acronyms": "United Nations (UN) ",
    "initials": "A. ",
    "capitals": "AAAA ",
    "capital": "A",
    "new-names": "",
    "roles": "President ",
    "of": "Bank of ",
    "months": "January ",
    "months-days": "January 1 ",
    "letters": "a ",
    "lines": "a\n",
    "sentences": "He said. ",
    "paragraphs": "Tokyo\n\n",
    "colon-lines": "Date: ",
    "colon-fields": "Date: 1\n",
    "dateline": "TOKYO (Reuters) - ",
    "accents": "\u0301",
    "returns": "\r",
    "surrogates": "\U0001f600",
    "han": "\u6771",
    "at": "a@",
    "addresses": "http://a.",
    "marks": "\u200e",
}


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
    return letters


def unit_text(name: str, size: int) -> str:
    """So many characters of a unit; of names, each another one."""
    if unit := UNITS[name]:
        return unit * (size // len(unit))
    return " ".join(f"X{_letters(n)} Y{_letters(n)}" for n in range(size // 12))


def _text_trap(name: str) -> Trap:
    return Trap(f"{name}.txt", lambda size: unit_text(name, size).encode(), "")


def _lines_trap(name: str) -> Trap:
    """The unit as the second line of a story."""
    story = "Quake hits coast\n\n{}\n\nThe quake was felt in the whole of the region.\n"
    return Trap(f"{name}-within.txt", lambda size: story.format(unit_text(name, size)).encode(), "")


TEXTS = tuple(make(name) for name in UNITS for make in (_text_trap, _lines_trap))
PAGES = tuple(Trap(f"{trap.name}.html", trap.make, trap.quick, trap.size) for trap in _PAGES)
_NITF = "<nitf><body><body.head><hedline><hl1>&l9;</hl1></hedline></body.head></body></nitf>"
_RSS = "<rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>"
_NEWSML = (
    "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><headline>&l9;</headline></newsItem>"
)
_FIELD_UNITS = {"digits": "1", "spaces": " x", "by": "By ", "commas": ",", "slashes": "1/",
                "and": "A and "}  # fmt: skip
# One such character makes four bytes of each.
_EMOJI = _repeated("a", '{"title": "Emoji", "body": "\U0001f600', '"}')
FILES = (
    Trap("bomb.nitf", _laughs("nitf", _NITF), "defines XML entities"),
    Trap("bomb.rss", _laughs("rss", _RSS), "defines XML entities"),
    Trap("bomb.xml", _laughs("newsItem", _NEWSML), "defines XML entities"),
    Trap("nulls.txt", _repeated("\0"), "binary"),
    Trap("empty.html", _same(b""), "empty file"),
    Trap("empty.txt", _same(b""), "empty file"),
    Trap("blank.html", _repeated(" \n"), "empty file"),
    Trap("pdf.html", _same(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "looks like a PDF"),
    Trap("png.txt", _same(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "looks like an image"),
    Trap("zip.jsonl", _same(b"PK\x03\x04\x14\0\0\0\x08\0"), "not a JSON object"),
    Trap("page.rss", _same((_BODY + _END).encode()), "a web page, not a feed"),
    Trap("page.json", _same((_BODY + _END).encode()), "is not JSON"),
    Trap("cut.html.gz", lambda size: gzip.compress(_page("<p>x</p>")(size))[:-20], "is cut off"),
    Trap("cut.jsonl.gz", lambda size: gzip.compress(_record() * (size // 60))[:-20], "is cut off",
         QUICK),
    Trap("zeros.txt.gz", _bomb(b"\0"), "binary", 1_000_000_000),
    Trap("zeros.html.gz", _bomb(b"\0"), "binary", 1_000_000_000),
    Trap("zeros.jsonl.gz", _bomb(b"\0"), "not a JSON object", 1_000_000_000),
    Trap("zeros.json.gz", _bomb(b"\0"), "not JSON", 1_000_000_000),
    Trap("zeros.rss.gz", _bomb(b"\0"), "not XML", 1_000_000_000),
    Trap("zeros.warc.gz", _bomb(b"\0"), "no WARC record", 1_000_000_000),
    Trap("p.html.gz", _bomb(b"<p>"), "no text found", 1_000_000_000),
    Trap("lines.jsonl.gz", lambda size: _bomb(b"\n")(size) + gzip.compress(_record()), _TITLE,
         1_000_000_000),
    Trap("cut.warc", _cut_warc, "the file is cut off", QUICK),
    Trap("long.jsonl", _field("body", "a "), _TITLE, 60_000_000),
    Trap("long49.jsonl", _field("body", "a "), _TITLE, HUGE),
    Trap("deep.jsonl", _wrapped("[", "", "]"), "not a JSON object", 200_000),
    Trap("deep-field.jsonl", lambda size: b'{"title": ' + b"[" * size + b"]" * size + b"}", "",
         100_000),
    Trap("deep.json", _wrapped("[", "", "]"), "", 200_000),
    Trap("lists.json", _repeated("[],", "[", "[]]"), "", HUGE),
    Trap("objects.json", _repeated("{},", "[", "{}]"), "", HUGE),
    Trap("strings.json", _repeated('"ab",', "[", "0]"), "", HUGE),
    Trap("floats.json", _repeated("1.5,", "[", "0]"), "", HUGE),
    Trap("keyed.json", _repeated('{"a":1},', "[", "{}]"), "", HUGE),
    Trap("emoji.json", _EMOJI, "Emoji", HUGE),
    Trap("emoji.jsonl", _EMOJI, "Emoji", HUGE),
    Trap("emoji.txt", _repeated("a ", "Emoji\n\nIt is \U0001f600.\n"), "Emoji", HUGE),
    Trap("words.txt", _repeated("word "), "word", HUGE),
    Trap("cut-word.txt", _repeated("a", "Quake hits coast\n\n", " x-\ny"), "Quake hits coast",
         3_000_000),
    Trap("objects.jsonl", _repeated("{}\n"), "no text found", 100_000_000),
    Trap("lines.jsonl", _repeated("x\n"), "is not a JSON object", 100_000_000),
    Trap("lists.jsonl", _repeated("[],", '{"a":[', "0]}"), "", HUGE),
    Trap("spaces.rss", _repeated(" ", "<rss version='2.0'><channel><item><title>A &amp B",
         "</title></item></channel></rss>"), "A & B"),
    Trap("heads.json", _repeated("<head ", '{"uri": "heads.json", "headline": "Heads", '
         '"versioncreated": "2025-01-01T00:00:00Z", "body_xhtml": "<p>x</p>', '"}'), ""),
    Trap("stars-letter.txt", _repeated("*", "Quake hits coast\n\nIt was felt.\n\n", "x\n"),
         "Quake hits coast"),
    Trap("nan.jsonl", _same(b'{"title": "NaN", "body": NaN, "words": Infinity}\n'), "NaN"),
    Trap("surrogates.jsonl", _same(b'{"title": "\\ud800 A", "body": "\\udfff"}\n'), "A"),
    Trap("surrogates.html", _same(b"<title>\xed\xa0\x80 A</title><p>&#xd800; &#x110000;"), "A"),
    Trap("keys.jsonl", lambda size: json.dumps(
        {f"a{n}": n for n in range(size // 12)} | {"title": "Keys"}).encode(), "Keys"),
    Trap("html-div.jsonl", _field("body", "<div>"), _TITLE),
    Trap("html-b.jsonl", _field("body", "<b>x"), _TITLE),
    Trap("html-p.jsonl", _field("body", "<p>x</p>"), _TITLE),
    Trap("items.rss", _repeated("<item><title>A</title></item>", "<rss version='2.0'><channel>",
         "</channel></rss>"), "A", HUGE),
    Trap("unclosed.rss", _repeated("<item>", "<rss version='2.0'><channel>"), "", HUGE),
    *(Trap(f"{field}-{name}.jsonl", _field(field, unit), "")
      for field in ("date", "author", "title", "url", "dek", "language", "section")
      for name, unit in _FIELD_UNITS.items()),
    *(Trap(f"body-{name}.jsonl", _field("body", unit), "") for name, unit in UNITS.items() if unit),
)  # fmt: skip
TRAPS = (*PAGES, *FILES, *TEXTS)
