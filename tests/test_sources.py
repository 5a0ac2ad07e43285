from __future__ import annotations

import gzip
import io
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.article import MediaType, RawArticle, Source
from corpus.sources import (
    MAX_RECORD_BYTES,
    READERS_BY_SUFFIX,
    Item,
    ReadFailure,
    SkipReason,
    SourceError,
    calculate_digest,
    list_files,
    read_item,
)
from corpus.sources.formats.json_files import read_json_lines

EXTRA_DATA = (
    "line 2 is not JSON: Extra data at column 1; a file with one record a line is named .jsonl"
)
RECORD = b'{"title": "Flood", "body": "Water."}'
FEED = b"<rss version='2.0'><channel><item><title>Flood</title></item></channel></rss>"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Flood</h1>"
ARCHIVE = (
    b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % len(RESPONSE) + RESPONSE
)
# One article in each format, where it is no feed.
WHOLE = {
    **dict.fromkeys((".html", ".htm", ".txt", ".md", ".json", ".jsonl", ".ndjson"), RECORD),
    ".nitf": b"<nitf><head><title>Flood</title></head></nitf>",
    ".warc": ARCHIVE,
}


def source(location: Path) -> Source:
    return Source("test", str(location))


def read_all(location: Path) -> list[RawArticle | ReadFailure]:
    place = source(location)
    return [found for item in list_files(place) for found in read_item(place, item)]


def outcome(location: Path) -> list[tuple[str, bytes | str]]:
    """Pairs of a path and either an article's content or the reason why there is none."""
    return [
        (found.path, found.content if isinstance(found, RawArticle) else found.reason)
        for found in read_all(location)
    ]


def list_and_skip(place: Source) -> tuple[list[Item], list[tuple[str, SkipReason]]]:
    """The items of a source, and what is skipped with its reason, by path."""
    skipped: list[tuple[str, SkipReason]] = []
    items = list(list_files(place, lambda path, reason: skipped.append((path, reason))))
    return items, sorted(skipped, key=lambda pair: pair[0])


def write(path: Path, content: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# Which files


def test_items_of_a_folder_are_sorted_by_path(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.html", "a.html", "a-b/c.md", "a/b/c/d.json.gz", "B.TXT", "a/y.jsonl"]
    for name in names:
        write(tmp_path / name)

    assert sorted(names) == [item.path for item in list_files(source(tmp_path))]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.txt",
        ".git/page.html",
        "a/.b/c.md",
        "notes.pdf",
        "README",
        "txt",
        "x.gz",
        "x.html.xz",
    ],
)
def test_hidden_and_unknown_files_are_left_out(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    write(tmp_path / "page.html")

    assert ["page.html"] == [item.path for item in list_files(source(tmp_path))]


def test_an_item_has_the_size_and_time_of_its_file(tmp_path: Path) -> None:
    page = write(tmp_path / "page.html", b"12345")
    os.utime(page, ns=(1_000, 1_743_206_400_000_000_123))

    # It was written, or put in its place, after what it says of itself.
    assert [Item("page.html", 5, page.stat().st_ctime_ns)] == list(list_files(source(tmp_path)))


@pytest.mark.parametrize("suffix", sorted(READERS_BY_SUFFIX))
def test_a_location_may_be_a_file_of_any_known_suffix(tmp_path: Path, suffix: str) -> None:
    plain = suffix.removesuffix(".gz")
    content = WHOLE.get(plain, FEED)
    file = write(
        tmp_path / f"story{suffix}", content if suffix == plain else gzip.compress(content)
    )

    assert [f"story{suffix}"] == [item.path for item in list_files(source(file))]
    assert [True] == [
        b"Flood" in found.content for found in read_all(file) if isinstance(found, RawArticle)
    ]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.html", MediaType.HTML),
        ("a.HTM", MediaType.HTML),
        ("a.txt", MediaType.TEXT),
        ("a.b.md", MediaType.TEXT),
        ("a.json", MediaType.RECORD),
        ("a.ndjson", MediaType.RECORD),
    ],
)
def test_the_suffix_tells_the_media_type(tmp_path: Path, name: str, media_type: MediaType) -> None:
    file = write(tmp_path / name, RECORD)

    assert [media_type] == [
        found.media_type for found in read_all(file) if isinstance(found, RawArticle)
    ]


def test_a_location_with_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    file = write(tmp_path / "notes.pdf")

    with pytest.raises(SourceError, match=r"notes\.pdf has no known suffix.*\.html .*\.jsonl"):
        list_files(source(file))


def test_a_missing_location_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone cannot be read .*; check its path"):
        list_files(source(tmp_path / "gone"))


def test_links_are_read_that_stay_in_the_folder_and_none_to_folders(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    write(folder / "sub" / "page.html", b"<p>")
    (folder / "linked.html").symlink_to(folder / "sub" / "page.html")
    (folder / "loop").symlink_to(folder)

    assert [("linked.html", b"<p>"), ("sub/page.html", b"<p>")] == outcome(folder)


@pytest.mark.parametrize("link", ["absolute", "relative", "by a link"])
def test_a_link_that_leads_out_is_skipped_unless_it_is_allowed(tmp_path: Path, link: str) -> None:
    target = write(tmp_path / "outside" / "secret.txt", b"secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "door").symlink_to(tmp_path / "outside")
    ways = {
        "absolute": str(target),
        "relative": "../outside/secret.txt",
        "by a link": "door/secret.txt",
    }
    (folder / "page.txt").symlink_to(ways[link])

    assert ([], [("page.txt", SkipReason.LEADS_OUT)]) == list_and_skip(source(folder))
    [found] = read_item(source(folder), Item("page.txt", 6, 0))
    assert isinstance(found, ReadFailure)
    assert "leads out of the source's folder" in found.reason
    assert "" == calculate_digest(source(folder), Item("page.txt", 6, 0))

    allowed = Source("test", str(folder), follow_links=True)
    assert ([Item("page.txt", 6, target.stat().st_ctime_ns)], []) == list_and_skip(allowed)


def test_a_location_may_itself_be_a_link(tmp_path: Path) -> None:
    target = write(tmp_path / "outside" / "page.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "linked.txt").symlink_to(target)

    assert [("page.txt", b"text")] == outcome(tmp_path / "folder")
    assert [("linked.txt", b"text")] == outcome(tmp_path / "linked.txt")


def test_a_dangling_link_is_reported(tmp_path: Path) -> None:
    (tmp_path / "page.html").symlink_to(tmp_path / "gone.html")

    [(path, reason)] = outcome(tmp_path)

    assert "page.html" == path
    assert "the file cannot be read: No such file or directory" == reason


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_pipes_and_sockets_are_skipped_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.html"))

    names = ["pipe.txt", "socket.html", "zero.jsonl"]
    assert ([], [(name, SkipReason.NO_REGULAR_FILE) for name in names]) == list_and_skip(
        source(tmp_path)
    )
    for name in names:
        # A file may be replaced by one after it was listed.
        assert "" == calculate_digest(source(tmp_path), Item(name, 1, 1))
        [found] = read_item(Source("test", str(tmp_path), follow_links=True), Item(name, 1, 1))
        assert isinstance(found, ReadFailure)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_no_location(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")

    with pytest.raises(SourceError, match=r"pipe\.jsonl is a pipe or a device"):
        list_files(source(tmp_path / "pipe.jsonl"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows any bytes in names")
def test_names_that_are_not_utf8_are_escaped_and_still_readable(tmp_path: Path) -> None:
    for name in (b"\xe8.txt", b"\xe9.txt", "é.txt".encode()):
        write(tmp_path / os.fsdecode(b"caf\xe9/" + name), name)

    found = outcome(tmp_path)

    assert [
        ("caf\\xe9/é.txt", "é.txt".encode()),
        ("caf\\xe9/\\xe8.txt", b"\xe8.txt"),
        ("caf\\xe9/\\xe9.txt", b"\xe9.txt"),
    ] == found


@pytest.mark.skipif(sys.platform == "win32", reason="a backslash is no part of a name there")
def test_a_name_may_look_escaped(tmp_path: Path) -> None:
    write(tmp_path / "a\\xe9.txt", b"plain")

    assert [b"plain"] == [content for _, content in outcome(tmp_path)]


# Digests


def test_a_digest_follows_the_bytes_as_stored(tmp_path: Path) -> None:
    place = source(tmp_path)
    write(tmp_path / "a.txt", b"same")
    write(tmp_path / "b.md", b"same")
    write(tmp_path / "c.txt.gz", gzip.compress(b"same", mtime=0))

    a, b, c = (calculate_digest(place, item) for item in list_files(place))

    assert 32 == len(a)
    assert a == b
    assert a != c


def test_the_digest_of_a_vanished_file_is_empty(tmp_path: Path) -> None:
    assert "" == calculate_digest(source(tmp_path), Item("gone.txt", 1, 1))


# Pages


@pytest.mark.parametrize("name", ["page.html", "page.html.gz", "sub/page.txt"])
def test_a_page_is_one_article_with_its_bytes(tmp_path: Path, name: str) -> None:
    text = "\ufeffcaf\u00e9\r\n".encode() + b"\xff"
    write(tmp_path / name, gzip.compress(text) if name.endswith(".gz") else text)

    assert [(name, text)] == outcome(tmp_path)


@pytest.mark.parametrize("name", ["page.html.gz", "record.json.gz", "lines.jsonl.gz"])
def test_what_unpacks_beyond_the_limit_is_refused(tmp_path: Path, name: str) -> None:
    bomb = gzip.compress(b"0" * (MAX_RECORD_BYTES + 1), compresslevel=1)
    write(tmp_path / name, bomb)

    [(path, reason)] = outcome(tmp_path)

    assert path in {name, f"{name}#1"}
    assert isinstance(reason, str)
    assert "longer than 50,000,000 bytes" in reason


def test_a_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    gone = Item("gone.txt", 1, 1)

    assert [ReadFailure("gone.txt", "the file cannot be read: No such file or directory")] == list(
        read_item(source(tmp_path), gone)
    )


def test_a_folder_that_could_not_be_listed_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()

    [found] = read_item(source(tmp_path), Item("private", 0, 0))

    assert isinstance(found, ReadFailure)
    assert "private" == found.path


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is open to this user"
)
def test_files_and_folders_without_permission_are_unreadable(tmp_path: Path) -> None:
    write(tmp_path / "closed" / "page.html")
    secret = write(tmp_path / "secret.txt")
    write(tmp_path / "zero.txt", b"open")
    (tmp_path / "closed").chmod(0)
    secret.chmod(0)

    found = outcome(tmp_path)
    (tmp_path / "closed").chmod(0o700)

    denied = "the file cannot be read: Permission denied"
    assert [("closed", denied), ("secret.txt", denied), ("zero.txt", b"open")] == found


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda packed: packed[:-12], "cut off"),
        (lambda packed: packed[:5], "cut off"),
        (lambda _: b"<p>not packed</p>", "Not a gzipped file"),
        (lambda packed: packed[:-8] + bytes(8), "CRC check failed"),
        (lambda packed: packed[:12] + b"\xff" * 9, "damaged"),
    ],
)
def test_a_damaged_compressed_page_is_unreadable(
    tmp_path: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    write(tmp_path / "page.html.gz", damage(gzip.compress(b"<p>" + bytes(range(256)))))

    [(path, found)] = outcome(tmp_path)

    assert "page.html.gz" == path
    assert isinstance(found, str)
    assert reason in found


# JSON Lines


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b'{"a": 1}\n{"b": 2}\n', [("#1", b'{"a": 1}'), ("#2", b'{"b": 2}')]),
        (b'{"a": 1}\r\n\r\n  \n {"b": 2}', [("#1", b'{"a": 1}'), ("#4", b'{"b": 2}')]),
        (b'\xef\xbb\xbf{"a": 1}\n', [("#1", b'{"a": 1}')]),
        (b'{"a":"\xff"}\n', [("#1", b'{"a":"\xff"}')]),
        ('{"a":"x\u2028y"}\n'.encode(), [("#1", '{"a":"x\u2028y"}'.encode())]),
        (
            b'[1]\n{"a": 1\n"x"\n{"b": 2}\n',
            [
                ("#1", "line 1 is not a JSON object"),
                ("#2", "line 2 is not a JSON object"),
                ("#3", "line 3 is not a JSON object"),
                ("#4", b'{"b": 2}'),
            ],
        ),
        ('{"a": 1}\n'.encode("utf-16"), [("", "the file is UTF-16; save it as UTF-8")]),
    ],
)
@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson", "x.jsonl.gz"])
def test_lines_are_records_numbered_by_line(
    tmp_path: Path, name: str, content: bytes, expected: list[tuple[str, bytes | str]]
) -> None:
    write(tmp_path / name, gzip.compress(content) if name.endswith(".gz") else content)

    assert [(name + number, found) for number, found in expected] == outcome(tmp_path)


def test_a_line_beyond_the_limit_is_skipped(tmp_path: Path) -> None:
    long = b"{" + b"0" * MAX_RECORD_BYTES + b"}\n"
    write(tmp_path / "x.jsonl", RECORD + b"\n" + long + RECORD)

    assert [
        ("x.jsonl#1", RECORD),
        ("x.jsonl#2", "line 2 is longer than 50,000,000 bytes"),
        ("x.jsonl#3", RECORD),
    ] == outcome(tmp_path)


class Endless(io.RawIOBase):
    """A line that never ends, such as a decompression bomb has."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        buffer[:] = bytes(len(buffer))
        return len(buffer)


def test_a_line_that_does_not_end_ends_the_file() -> None:
    stream: io.BufferedReader = io.BufferedReader(Endless(), 1 << 20)

    found = list(read_json_lines(source(Path("bomb")), "x.jsonl", stream))

    assert [
        ReadFailure("x.jsonl#1", "line 1 is longer than 50,000,000 bytes"),
        ReadFailure("x.jsonl", "line 1 does not end; what follows it is not read"),
    ] == found


def numbered(count: int) -> Iterator[bytes]:
    """Records that do not compress to nothing."""
    return (b'{"id": "%d", "body": "%x"}' % (n, n**40 % 10**90) for n in range(count))


def test_records_before_a_cut_are_read(tmp_path: Path) -> None:
    records = list(numbered(5_000))
    packed = gzip.compress(b"\n".join(records))
    write(tmp_path / "x.jsonl.gz", packed[: len(packed) // 2])

    *contents, (path, reason) = outcome(tmp_path)

    assert ("x.jsonl.gz", "the compressed file is cut off") == (path, reason)
    assert 2_000 < len(contents) < 3_000
    assert records[: len(contents)] == [content for _, content in contents]


def test_records_before_damage_are_read(tmp_path: Path) -> None:
    members = [gzip.compress(record + b"\n") for record in numbered(100)]
    write(tmp_path / "x.jsonl.gz", b"".join(members) + b"<html>")

    *contents, (path, reason) = outcome(tmp_path)

    assert list(numbered(100)) == [content for _, content in contents]
    assert "x.jsonl.gz" == path
    assert str(reason).startswith("the compressed file is damaged: ")


# JSON


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 1}', [("", b'{"a": 1}')]),
        (b'[{"a": 1},\n{"b": 2}]', [("#1", b'{"a": 1}'), ("#2", b'{"b": 2}')]),
        (b"[]", []),
        (b'{"articles": [{"a": 1}]}', [("#1", b'{"a": 1}')]),
        (b'{"status": "ok", "items": [{"a": 1}]}', [("#1", b'{"a": 1}')]),
        (b'{"docs": [{"a": 1}], "total": 1}', [("#1", b'{"a": 1}')]),
        (b'{"results": [{"a": 1}], "items": 7}', [("#1", b'{"a": 1}')]),
        # Neither of these is a list of articles, so they are records themselves.
        (b'{"items": ["a"]}', [("", b'{"items": ["a"]}')]),
        (b'{"items": []}', [("", b'{"items": []}')]),
        (
            b'{"items": [{"a": 1}], "docs": [{"a": 1}]}',
            [("", b'{"items": [{"a": 1}], "docs": [{"a": 1}]}')],
        ),
        (
            b'[{"a": 1}, 7]',
            [("#1", b'{"a": 1}'), ("#2", "not a JSON object, so not an article")],
        ),
        (b"7", [("", "not a JSON object, so not an article")]),
        (b'\xef\xbb\xbf{"a": 1}', [("", b'{"a": 1}')]),
        ('{"a": "é"}'.encode("utf-16"), [("", b'{"a": "\\u00e9"}')]),
        (b'{"a": "\\ud800"}', [("", b'{"a": "\\ud800"}')]),
        (b"", [("", "line 1 is not JSON: Expecting value at column 1")]),
        (b'{"a": "b', [("", "line 1 is not JSON: Unterminated string starting at column 7")]),
        (b'{"a"\n 1}', [("", "line 2 is not JSON: Expecting ':' delimiter at column 2")]),
        (
            b'{"a": 1}\n{"b": 2}',
            [("", EXTRA_DATA)],
        ),
        (b"[" * 100_000, [("", "the file is nested too deeply")]),
    ],
)
def test_a_json_file_is_one_record_or_a_list(
    tmp_path: Path, content: bytes, expected: list[tuple[str, bytes | str]]
) -> None:
    write(tmp_path / "x.json", content)

    assert [("x.json" + number, found) for number, found in expected] == outcome(tmp_path)


@pytest.mark.parametrize("content", [b'{"a": "\xff"}', b'{"a": ' + b"9" * 5_000 + b"}"])
def test_json_that_python_refuses_is_unreadable(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "x.json", content)

    [(path, reason)] = outcome(tmp_path)

    assert "x.json" == path
    assert str(reason).startswith("the file is not JSON: ")
