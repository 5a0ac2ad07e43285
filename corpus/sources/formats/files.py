"""Sources that are files and folders: list their files, and read each with its reader."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus.article import MediaType, RawArticle, Source
from corpus.errors import SourceError
from corpus.sources.formats.file_access import escape_path, is_inside, open_file
from corpus.sources.formats.json_files import read_json, read_json_lines
from corpus.sources.formats.warc import read_warc
from corpus.sources.formats.xml_files import read_xml
from corpus.sources.item import MAX_RECORD_BYTES, Item, ReadFailure, SkipReason

SkipCallback = Callable[[str, SkipReason], None]
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


def list_files(
    source: Source, note_skipped: SkipCallback = lambda path, reason: None
) -> Iterator[Item]:
    """List the files of a source that can be read, sorted by path, without opening them.

    Subfolders are entered, links to folders are not. Names that begin with a dot and names
    without a known suffix are skipped. `note_skipped` is called for a file that is skipped
    although its name is one to read. A folder that cannot be listed is returned as an item,
    so that reading it reports the reason. Raises SourceError when called, not when iterated.
    """
    location = Path(source.location)
    try:
        status = location.stat()
    except OSError as err:
        raise SourceError(f"{location} cannot be read ({err.strerror}); check its path") from err
    if stat.S_ISDIR(status.st_mode):
        return _list_folder(source, note_skipped)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{location} is a pipe or a device; give a file or a folder")
    if _find_suffix(location.name) is None:
        known = " ".join(_READERS)
        raise SourceError(f"{location} has no known suffix: name it {known}, or one of them + .gz")
    return iter([Item(escape_path(location.name), status.st_size, _get_change_time(status))])


def _list_folder(source: Source, note_skipped: SkipCallback) -> Iterator[Item]:
    folder = Path(source.location)
    try:
        waiting = _scan_folder(folder)
    except OSError as err:
        raise SourceError(f"{folder} cannot be listed ({err.strerror})") from err
    return _walk_folder(source, waiting, note_skipped)


def _walk_folder(
    source: Source, pending: list[os.DirEntry[str]], note_skipped: SkipCallback
) -> Iterator[Item]:
    start = len(os.path.join(source.location, ""))  # noqa: PTH118
    while pending:
        entry = pending.pop()
        path = escape_path(entry.path[start:].replace(os.sep, "/"))
        try:
            if entry.is_dir(follow_symlinks=False):
                pending += _scan_folder(entry)
                continue
            status = entry.stat()
            reason = _find_skip_reason(source, entry, status)
        except OSError:
            yield Item(path, 0, 0)
            continue
        if reason:
            note_skipped(path, reason)
        elif stat.S_ISREG(status.st_mode):
            yield Item(path, status.st_size, _get_change_time(status))


def _find_skip_reason(
    source: Source, entry: os.DirEntry[str], status: os.stat_result
) -> SkipReason | None:
    """Return why a file is not to be read, if so. Links to folders have no reason: none is."""
    if stat.S_ISDIR(status.st_mode):
        return None
    if not stat.S_ISREG(status.st_mode):
        return SkipReason.NO_REGULAR_FILE
    if entry.is_symlink() and not is_inside(source, entry.path):
        return SkipReason.LEADS_OUT
    return None


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
        with open_file(source, item) as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def read_item(source: Source, item: Item) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of a file, and a ReadFailure for each part that cannot be read."""
    # A folder that cannot be listed may have no suffix; opening it raises the reason.
    reader = READERS_BY_SUFFIX[_find_suffix(item.path) or ".txt"]
    try:
        with _open_stream(source, item) as stream:
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

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__()
        self._compressed = file
        self._file = gzip.GzipFile(fileobj=file, mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read1(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        self._compressed.close()
        super().close()


def _open_stream(source: Source, item: Item) -> io.BufferedReader:
    file = open_file(source, item)
    if item.path.lower().endswith(".gz"):
        return io.BufferedReader(_GzipStream(file), 1 << 16)
    return file


def _get_change_time(status: os.stat_result) -> int:
    """Return when a file was last changed or put in its place, in nanoseconds.

    A file that replaces another keeps its own time of modification, but not that of its inode.
    """
    return max(status.st_mtime_ns, status.st_ctime_ns)
