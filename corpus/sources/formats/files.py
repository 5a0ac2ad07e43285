"""Sources that are files and folders: list their files, and read each with its reader."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus.article import MediaType, RawArticle, Source
from corpus.errors import SourceError
from corpus.sources.formats.json_files import read_json, read_json_lines
from corpus.sources.formats.warc import read_warc
from corpus.sources.formats.xml_files import read_xml
from corpus.sources.item import MAX_RECORD_BYTES, Item, ReadFailure

FormatReader = Callable[[Source, str, io.BufferedReader], Iterator[RawArticle | ReadFailure]]


def _make_page_reader(media_type: MediaType) -> FormatReader:
    """Return a reader of files that contain one article each."""

    def read_page(
        source: Source, path: str, stream: io.BufferedReader
    ) -> Iterator[RawArticle | ReadFailure]:
        content = stream.read(MAX_RECORD_BYTES + 1)
        if len(content) > MAX_RECORD_BYTES:
            yield ReadFailure(path, f"the file is longer than {MAX_RECORD_BYTES:,} bytes")
        else:
            yield RawArticle(source, path, media_type, content)

    return read_page


_READERS: dict[str, FormatReader] = {
    ".html": _make_page_reader(MediaType.HTML),
    ".htm": _make_page_reader(MediaType.HTML),
    ".txt": _make_page_reader(MediaType.TEXT),
    ".md": _make_page_reader(MediaType.TEXT),
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".rss": read_xml,
    ".atom": read_xml,
    ".rdf": read_xml,
    ".nitf": read_xml,
    ".xml": read_xml,
    ".warc": read_warc,
}

# The reader of each suffix, in lower case; the case of names is ignored.
READERS_BY_SUFFIX: Mapping[str, FormatReader] = _READERS | {
    f"{suffix}.gz": reader for suffix, reader in _READERS.items()
}


def list_files(source: Source) -> Iterator[Item]:
    """List the files of a source that can be read, sorted by path, without opening them.

    Subfolders are entered, links to folders are not. Names that begin with a dot and names
    without a known suffix are skipped. A folder that cannot be listed is returned as an item,
    so that reading it reports the reason. Raises SourceError when called, not when iterated.
    """
    location = Path(source.location)
    try:
        status = location.stat()
    except OSError as err:
        raise SourceError(f"{location} cannot be read ({err.strerror}); check its path") from err
    if stat.S_ISDIR(status.st_mode):
        return _list_folder(location)
    if _find_suffix(location.name) is None:
        known = " ".join(_READERS)
        raise SourceError(f"{location} has no known suffix: name it {known}, or one of them + .gz")
    return iter([Item(_escape_path(location.name), status.st_size, _get_change_time(status))])


def _list_folder(folder: Path) -> Iterator[Item]:
    try:
        waiting = _scan_folder(folder)
    except OSError as err:
        raise SourceError(f"{folder} cannot be listed ({err.strerror})") from err
    return _walk_folder(folder, waiting)


def _walk_folder(folder: Path, pending: list[os.DirEntry[str]]) -> Iterator[Item]:
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    while pending:
        entry = pending.pop()
        path = _escape_path(entry.path[start:].replace(os.sep, "/"))
        try:
            if entry.is_dir(follow_symlinks=False):
                pending += _scan_folder(entry)
                continue
            status = entry.stat()
        except OSError:
            yield Item(path, 0, 0)
            continue
        if stat.S_ISREG(status.st_mode):
            yield Item(path, status.st_size, _get_change_time(status))


def _scan_folder(folder: os.PathLike[str]) -> list[os.DirEntry[str]]:
    """Return the subfolders and readable files of a folder, in descending order.

    A folder is sorted by its name with a slash, so that its files are in the order of their
    whole paths.
    """

    def sort_key(entry: os.DirEntry[str]) -> str:
        return entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name

    with os.scandir(folder) as entries:
        readable = [
            entry
            for entry in entries
            if not entry.name.startswith(".")
            and (_find_suffix(entry.name) or entry.is_dir(follow_symlinks=False))
        ]
    return sorted(readable, key=sort_key, reverse=True)


def _find_suffix(name: str) -> str | None:
    """Return the known suffix of a file's name, in lower case; None if there is none."""
    root, dot, last = name.lower().rpartition(".")
    if last == "gz":
        last = root.rpartition(".")[2] + ".gz"
    suffix = dot + last
    return suffix if suffix in READERS_BY_SUFFIX else None


def calculate_digest(source: Source, item: Item) -> str:
    """Calculate BLAKE2b (128 bits) of a file's bytes as stored, in hexadecimal.

    Returns "" if it cannot be read; a file that becomes readable thereby counts as changed.
    """
    try:
        with _locate_file(source, item).open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def read_item(source: Source, item: Item) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of a file, and a ReadFailure for each part that cannot be read."""
    # A folder that cannot be listed may have no suffix; opening it raises the reason.
    reader = READERS_BY_SUFFIX[_find_suffix(item.path) or ".txt"]
    try:
        with _open_file(
            _locate_file(source, item), compressed=item.path.lower().endswith(".gz")
        ) as stream:
            yield from reader(source, item.path, stream)
    except EOFError:
        yield ReadFailure(item.path, "the compressed file is cut off")
    except (gzip.BadGzipFile, zlib.error) as err:
        yield ReadFailure(item.path, f"the compressed file is damaged: {err}")
    except OSError as err:
        yield ReadFailure(item.path, f"the file cannot be read: {err.strerror or err}")


class _GzipStream(io.RawIOBase):
    """The decompressed bytes of a gzip file, up to where it is damaged.

    GzipFile.read, in contrast, collects chunks and drops them when a later one is damaged.
    """

    def __init__(self, file: gzip.GzipFile) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read1(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open_file(path: Path, *, compressed: bool) -> io.BufferedReader:
    if compressed:
        return io.BufferedReader(_GzipStream(gzip.GzipFile(path)), 1 << 16)
    return path.open("rb")


def _locate_file(source: Source, item: Item) -> Path:
    """Return the path of an item's file."""
    location = Path(source.location)
    if not location.is_dir():
        return location
    path = location / item.path
    if not path.exists() and "\\x" in item.path:
        return location / os.fsdecode(_ESCAPED_BYTE.sub(_unescape_byte, os.fsencode(item.path)))
    return path


_ESCAPED_BYTE = re.compile(rb"\\x([89a-f][0-9a-f])")


def _unescape_byte(escaped: re.Match[bytes]) -> bytes:
    return bytes([int(escaped[1], 16)])


def _get_change_time(status: os.stat_result) -> int:
    """Return when a file was last changed or put in its place, in nanoseconds.

    A file that replaces another keeps its own time of modification, but not that of its inode.
    """
    return max(status.st_mtime_ns, status.st_ctime_ns)


def _escape_path(path: str) -> str:
    """Escape the bytes of a path that are not UTF-8, so that it can be stored and printed."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")
