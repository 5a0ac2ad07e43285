"""The progress line of a long command on the terminal."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats

_WIDTH = 24
_EVERY_SECONDS = 0.1
_EXTRACTED = "articles read again for entities"


class Progress:
    """Count, rate, bar and time left, on stderr; nothing if stderr is not a terminal."""

    def __init__(self, noun: str = "articles") -> None:
        self._noun = noun
        self._shown = sys.stderr.isatty()
        self._began = time.monotonic()
        self._last = 0.0

    def show(self, count: int, share: float) -> None:
        """Show that `count` articles are done, `share` (0 to 1) of all."""
        now = time.monotonic()
        if not self._shown or now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        elapsed = max(now - self._began, 0.001)
        share = min(share, 1.0)
        bar = "#" * round(share * _WIDTH)
        left = _clock(elapsed / share - elapsed) if share > 0.01 else "…"
        line = (
            f"{count:>9,} {self._noun}  {count / elapsed:>7,.0f}/s  [{bar:<{_WIDTH}}] {share:>4.0%}"
        )
        # A line that wraps could not be overwritten.
        columns = shutil.get_terminal_size().columns - 1
        self._write(f"\r{f'{line}  {left} left'[:columns]}\x1b[K")

    def follow(self, tally: IngestStats) -> None:
        """Show the progress of an ingest."""
        if not tally.to_extract:
            self.show(tally.articles, tally.done / max(tally.total, 1))
            return
        if self._noun != _EXTRACTED:
            self._noun, self._began = _EXTRACTED, time.monotonic()
        self.show(tally.extracted, tally.extracted / tally.to_extract)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._shown and self._last:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
