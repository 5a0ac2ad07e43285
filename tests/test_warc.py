from __future__ import annotations

import gc
import gzip
import json
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.article import MediaType, RawArticle, Source
from corpus.ledger import Ledger
from corpus.sources import MAX_RECORD_BYTES, ReadFailure, list_files, read_item
from corpus.store import Store
from indexer.clean import clean
from indexer.ingest.run import ingest
from indexer.ingest.stats import IngestStats

NOW = datetime(2027, 1, 1, tzinfo=UTC)
FUNDUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages" / "fundus"
URL = "https://harbor.example/2025/ferry"
TEXT = "The ferry stayed in port at the café, and will sail at noon when the wind has gone."
PAGE = f"<html><head><title>Ferry</title></head><body><p>{TEXT}</p></body></html>"
HTML = PAGE.encode()

Header = tuple[str, str]
IS_HTML = ("Content-Type", "text/html; charset=utf-8")


def record(kind: str, block: bytes) -> bytes:
    head = f"WARC-Type: {kind}\r\nWARC-Target-URI: {URL}\r\nContent-Length: {len(block)}"
    return b"WARC/1.1\r\n%s\r\n\r\n%s\r\n\r\n" % (head.encode(), block)


def answer(body: bytes, headers: list[Header], status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def archive(
    *responses: tuple[bytes, list[Header]], status: str = "200 OK", packed: bool = False
) -> bytes:
    """A WARC file with responses, each after a request, and a record about the file."""
    records = [record("warcinfo", b"software: a test")]
    for body, headers in responses:
        records.append(record("request", b"GET /2025/ferry HTTP/1.1\r\n\r\n"))
        records.append(record("response", answer(body, headers, status)))
    return b"".join(map(gzip.compress, records) if packed else records)


def outcome(path: Path) -> list[RawArticle | ReadFailure]:
    place = Source("test", str(path))
    return [found for item in list_files(place) for found in read_item(place, item)]


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def chunked(body: bytes) -> bytes:
    middle = len(body) // 2
    pieces = (body[:middle], body[middle:])
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"


# Pages


@pytest.mark.parametrize("packed", [False, True])
def test_pages_are_numbered_by_response(tmp_path: Path, packed: bool) -> None:
    name = "x.warc.gz" if packed else "x.warc"
    image = (b"\x89PNG", [("Content-Type", "image/png")])
    path = write(
        tmp_path, name, archive((HTML, [IS_HTML]), image, (HTML, [IS_HTML]), packed=packed)
    )

    found = outcome(path)

    assert [f"{name}#1", f"{name}#3"] == [raw.path for raw in found]
    for raw in found:
        assert isinstance(raw, RawArticle)
        assert (MediaType.HTML, HTML, URL) == (raw.media_type, raw.content, raw.url)
        assert "utf-8" == raw.charset


def test_one_stream_of_gzip_is_read_too(tmp_path: Path) -> None:
    [raw] = outcome(write(tmp_path, "x.warc.gz", gzip.compress(archive((HTML, [IS_HTML])))))

    assert "x.warc.gz#1" == raw.path


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(HTML), {"Content-Encoding": "gzip"}),
        (gzip.compress(HTML), {"content-encoding": "X-GZIP"}),
        (zlib.compress(HTML), {"Content-Encoding": "deflate"}),
        (raw_deflate(HTML), {"Content-Encoding": "deflate"}),
        (brotli.compress(HTML), {"Content-Encoding": "br"}),
        (zstandard.compress(HTML), {"Content-Encoding": "zstd"}),
        (brotli.compress(gzip.compress(HTML)), {"Content-Encoding": "gzip, br"}),
        (chunked(HTML), {"Transfer-Encoding": "chunked"}),
        (
            chunked(gzip.compress(HTML)),
            {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"},
        ),
        # Archives undo encodings and keep the headers.
        (HTML, {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (HTML, {"Content-Encoding": "br"}),
        (HTML, {"Content-Encoding": "zstd"}),
        (HTML, {"Content-Encoding": "utf-8"}),
        (gzip.compress(HTML), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
    ],
)
def test_encodings_are_undone(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    path = write(tmp_path, "x.warc", archive((body, [IS_HTML, *headers.items()])))

    [raw] = outcome(path)

    assert isinstance(raw, RawArticle)
    assert HTML == raw.content


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([IS_HTML], "404 Not Found"),
        ([IS_HTML], "301 Moved"),
        ([IS_HTML], "2000 Odd"),
        ([], "404 Not Found"),
        ([("Content-Type", "text/plain")], "200 OK"),
        ([("Content-Type", "application/json")], "200 OK"),
        ([("Content-Type", "\xff\xfe")], "200 OK"),
    ],
)
def test_what_is_no_page_is_left_out(tmp_path: Path, headers: list[Header], status: str) -> None:
    assert [] == outcome(write(tmp_path, "x.warc", archive((HTML, headers), status=status)))


@pytest.mark.parametrize("block", [b"", b"no response", bytes(100), b"HTTP/1.1 200 OK"])
def test_what_is_no_response_is_left_out(tmp_path: Path, block: bytes) -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % len(block)
    path = write(tmp_path, "x.warc", head + block + b"\r\n\r\n" + archive((HTML, [IS_HTML])))

    assert ["x.warc#2"] == [raw.path for raw in outcome(path)]


@pytest.mark.parametrize("headers", [[], [("Content-Type", "")], [("Content-Type", "*/*")]])
@pytest.mark.parametrize(
    ("body", "is_page"),
    [
        (HTML, True),
        (b"\xef\xbb\xbf\n<!-- x --><HTML><p>Ferry", True),
        (b"<?xml version='1.0'?><!DOCTYPE html><html><p>Ferry", True),
        (b"<head><title>Ferry</title></head><p>Ferry", True),
        (b"<rss version='2.0'></rss>", False),
        (b"{}", False),
        (b"\x89PNG", False),
        (b"The <p> is an element.", False),
    ],
)
def test_without_a_type_the_content_decides(
    tmp_path: Path, headers: list[Header], body: bytes, is_page: bool
) -> None:
    found = outcome(write(tmp_path, "x.warc", archive((body, headers))))
    packed = [*headers, ("Content-Encoding", "gzip")]

    assert is_page == bool(found)
    content = archive((gzip.compress(body), packed))
    assert is_page == bool(outcome(write(tmp_path, "y.warc", content)))


@pytest.mark.parametrize("body", [b"<!-- -->" * 500, b" " * 4_096, b"<!-- " * 800])
def test_looking_at_content_ends_in_bounded_time(tmp_path: Path, body: bytes) -> None:
    assert [] == outcome(write(tmp_path, "x.warc", archive((body, []))))


def test_an_address_may_stand_in_brackets(tmp_path: Path) -> None:
    plain = archive((HTML, [IS_HTML]))
    content = plain.replace(f"URI: {URL}".encode(), f"URI: <{URL}>".encode())
    [raw] = outcome(write(tmp_path, "x.warc", content))

    assert content != plain
    assert isinstance(raw, RawArticle)
    assert URL == raw.url


# What reaches cleaning


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", URL),
        (
            '<link rel="canonical" href="/2025/harbor-ferry">',
            "https://harbor.example/2025/harbor-ferry",
        ),
        ('<link rel="canonical" href="ferry-2">', "https://harbor.example/2025/ferry-2"),
        ('<link rel="canonical" href="https://main.example/f">', "https://main.example/f"),
        ('<link rel="canonical" href="https://harbor.example/">', URL),
        ('<link rel="canonical" href="http://[">', URL),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        (
            '<meta property="og:url" content="https://harbor.example/og">',
            "https://harbor.example/og",
        ),
    ],
)
def test_the_address_is_the_articles_unless_the_page_names_another(
    tmp_path: Path, head: str, expected: str
) -> None:
    page = PAGE.replace("<head>", f"<head>{head}").encode()
    [raw] = outcome(write(tmp_path, "x.warc", archive((page, [IS_HTML]))))
    assert isinstance(raw, RawArticle)

    article = clean(raw, now=NOW)

    assert expected == article.url
    assert TEXT == article.body


@pytest.mark.parametrize(
    ("text", "encoding", "charset"),
    [
        ("Ρώμη, Αθήνα και Πάτρα", "iso8859-7", "ISO-8859-7"),
        ("東京の港で船が止まった", "shift_jis", "Shift_JIS"),
        ("“Quoted” text — in typographic marks", "cp1252", "iso-8859-1"),
        ("Москва и область", "koi8-r", '"koi8-r"'),
        ("Москва и область", "utf-8", "koi8-r"),
        ("café", "cp1252", "no-such-charset"),
        ("café", "cp1252", "hex"),
    ],
)
def test_the_servers_charset_is_believed_where_utf8_does_not_fit(
    tmp_path: Path, text: str, encoding: str, charset: str
) -> None:
    body = PAGE.replace(TEXT, text).encode(encoding)
    header = ("Content-Type", f"text/html; charset={charset}")
    [raw] = outcome(write(tmp_path, "x.warc", archive((body, [header]))))
    assert isinstance(raw, RawArticle)

    assert text == clean(raw, now=NOW).body


@pytest.mark.parametrize("charset", ["shift_jis", "Windows-31J"])
def test_a_text_is_decoded_by_its_charset_and_has_its_address(charset: str) -> None:
    text = "港の船\n\n東京の港で船が止まった。風が強い。"
    raw = RawArticle(Source("s", "/s"), "a.txt", MediaType.TEXT, text.encode("cp932"), URL, charset)

    article = clean(raw, now=NOW)

    assert ("港の船", URL) == (article.title, article.url)


# Damage


@pytest.mark.parametrize("left", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_pages_before_a_cut_are_read(tmp_path: Path, name: str, left: float) -> None:
    # Numbers that do not compress to nothing.
    pages = [HTML + b"%x" % (n**40 % 10**90) for n in range(100)]
    whole = archive(*((page, [IS_HTML]) for page in pages), packed=name.endswith("gz"))

    *found, failure = outcome(write(tmp_path, name, whole[: int(len(whole) * left)]))

    assert abs(100 * left - len(found)) <= 2
    assert [f"{name}#{n + 1}" for n in range(len(found))] == [raw.path for raw in found]
    assert isinstance(failure, ReadFailure)
    assert name == failure.path
    assert "cut off" in failure.reason


def test_a_cut_at_any_place_is_noticed_or_between_records(tmp_path: Path) -> None:
    whole = archive((HTML, [IS_HTML]), (HTML, [IS_HTML]))

    for cut in range(1, len(whole), 7):
        found = outcome(write(tmp_path, "x.warc", whole[:cut]))
        between = whole[cut:].strip()[:5] in {b"WARC/", b""} or not whole[:cut].strip()
        assert between or isinstance(found[-1], ReadFailure), cut


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\r\n", None),
        (b"", None),
        (b"hello\r\n", "no WARC record where one should begin, after 0 responses"),
        (bytes(100_000), "no WARC record where one should begin, after 0 responses"),
        (b"WARC/1.0\r\n\r\n", "a record without its length, after 0 responses"),
        (
            b"WARC/1.0\r\nContent-Length: -1\r\n\r\n",
            "a record without its length, after 0 responses",
        ),
        (
            b"WARC/1.0\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
            "a record without its length, after 0 responses",
        ),
        (
            b"WARC/1.0\r\nContent-Length: 9999999999\r\n\r\n",
            "the file is cut off, after 0 responses",
        ),
        (
            b"WARC/1.0\r\n" + b"a: b\r\n" * 5_000,
            "a record with too many headers, after 0 responses",
        ),
        (b"WARC/1.0\r\n" + b"a" * 1_000_000, "the file is cut off, after 0 responses"),
        (b"\n" * 100_000, "no WARC record where one should begin, after 0 responses"),
    ],
)
def test_what_is_no_archive_is_unreadable(
    tmp_path: Path, content: bytes, reason: str | None
) -> None:
    expected = [ReadFailure("x.warc", reason)] if reason else []

    assert expected == outcome(write(tmp_path, "x.warc", content))


def test_an_archive_that_goes_on_as_something_else(tmp_path: Path) -> None:
    path = write(tmp_path, "x.warc", archive((HTML, [IS_HTML])) + b"junk")

    _, failure = outcome(path)

    assert (
        ReadFailure("x.warc", "no WARC record where one should begin, after 1 responses") == failure
    )


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"\xff\xffjunk", "gzip", "the page is not encoded as it says (gzip)"),
        (b"\xff\xffjunk", "br", "the page is not encoded as it says (br)"),
        (b"\xff\xffjunk", "zstd", "the page is not encoded as it says (zstd)"),
        (
            gzip.compress(bytes(MAX_RECORD_BYTES + 1), 1),
            "gzip",
            "the page is longer than 50,000,000 bytes",
        ),
        (
            brotli.compress(bytes(MAX_RECORD_BYTES + 1), quality=1),
            "br",
            "the page is longer than 50,000,000 bytes",
        ),
    ],
)
def test_one_bad_page_stops_no_other(
    tmp_path: Path, body: bytes, encoding: str, reason: str
) -> None:
    bad = (body, [IS_HTML, ("Content-Encoding", encoding)])
    path = write(tmp_path, "x.warc", archive(bad, (HTML, [IS_HTML])))

    first, second = outcome(path)

    assert ReadFailure("x.warc#1", reason) == first
    assert "x.warc#2" == second.path


def test_a_record_beyond_the_limit_is_skipped(tmp_path: Path) -> None:
    long = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * MAX_RECORD_BYTES
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % len(long)
    content = gzip.compress(head + long + b"\r\n\r\n", 1) + archive((HTML, [IS_HTML]), packed=True)

    first, second = outcome(write(tmp_path, "x.warc.gz", content))

    assert ReadFailure("x.warc.gz#1", "the record is longer than 50,000,000 bytes") == first
    assert "x.warc.gz#2" == second.path


# Real pages


@pytest.mark.skipif(not FUNDUS.exists(), reason="the shared data is not here")
@pytest.mark.parametrize("packed", [False, True])
# What writes them leaves its temporary files to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_real_pages_that_another_program_archived(tmp_path: Path, packed: bool) -> None:
    files = sorted(FUNDUS.glob("*/*.html.gz"))[::12]
    pages = [gzip.decompress(file.read_bytes()) for file in files]
    headers = [IS_HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    file = BytesIO()
    writer = WARCWriter(file, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "a test"}))
    for page in pages:
        http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        body = BytesIO(chunked(gzip.compress(page)))
        writer.write_record(writer.create_warc_record(URL, "response", body, http_headers=http))
    path = write(tmp_path, "x.warc.gz" if packed else "x.warc", file.getvalue())
    gc.collect()

    found = outcome(path)

    assert pages == [raw.content for raw in found if isinstance(raw, RawArticle)]
    assert 15 <= len(pages)


@pytest.mark.skipif(not FUNDUS.exists(), reason="the shared data is not here")
def test_a_real_page_has_the_title_that_is_known_of_it(tmp_path: Path) -> None:
    file = sorted((FUNDUS / "us").glob("*.html.gz"))[0]
    known = json.loads((FUNDUS / "us" / f"{file.name.partition('_')[0]}.json").read_text())
    page = gzip.decompress(file.read_bytes())

    [raw] = outcome(write(tmp_path, "x.warc.gz", archive((page, [IS_HTML]), packed=True)))

    assert isinstance(raw, RawArticle)
    assert clean(raw, now=NOW).title in {each["title"] for each in known.values()}


# Resuming


@pytest.mark.parametrize("packed", [False, True])
def test_an_interrupted_archive_goes_on_without_cleaning_pages_again(
    tmp_path: Path, packed: bool
) -> None:
    # Half of them are more than is written at a time.
    pages = [
        f'<html><head><link rel="canonical" href="https://harbor.example/{number}">'
        f'<meta property="article:published_time" content="2025-03-12"><title>No. {number}</title>'
        f"<!-- {'x' * 300_000} --></head><body><p>{TEXT}</p></body></html>".encode()
        for number in range(60)
    ]
    content = archive(*((each, [IS_HTML]) for each in pages), packed=packed)
    source = Source("crawl", str(write(tmp_path, "x.warc.gz" if packed else "x.warc", content)))

    def interrupt(tally: IngestStats) -> None:
        if tally.added == 50:
            raise KeyboardInterrupt

    with Store(tmp_path / "corpus.sqlite") as store:
        Ledger(store).register_source("crawl", source.location)
        with pytest.raises(KeyboardInterrupt):
            ingest(store, [source], now=NOW, report=interrupt)
        kept = store.collect_stats().articles
        # By then, what is cleaned has a date of the future, which is not believed.
        before = datetime(2020, 1, 1, tzinfo=UTC)
        tally = ingest(store, [source], now=before)
        counts = store.collect_stats()

    assert 0 < kept < 50
    assert (60 - kept, kept) == (tally.added, tally.unchanged)
    assert (60, 60, 60 - kept) == (counts.articles, counts.versions, counts.undated)
