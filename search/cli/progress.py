"""The progress line of a long command on the terminal."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats

_BAR_COLUMNS = 24
_REDRAW_SECONDS = 0.1
_EXTRACTION_NOUN = "articles read again for entities"


class Progress:
    """Count, rate, bar and time left, on stderr; nothing if stderr is not a terminal."""

    def __init__(self, noun: str = "articles") -> None:
        self._noun = noun
        self._is_shown = sys.stderr.isatty()
        self._start_seconds = time.monotonic()
        self._last_shown_seconds = 0.0

    def show_count(self, count: int, share: float) -> None:
        """Show that `count` articles are done, `share` (0 to 1) of all."""
        now = time.monotonic()
        if not self._is_shown or now - self._last_shown_seconds < _REDRAW_SECONDS:
            return
        self._last_shown_seconds = now
        elapsed = max(now - self._start_seconds, 0.001)
        share = min(share, 1.0)
        bar = "#" * round(share * _BAR_COLUMNS)
        left = _format_duration(elapsed / share - elapsed) if share > 0.01 else "…"
        rate = f"{count / elapsed:>7,.0f}/s"
        line = f"{count:>9,} {self._noun}  {rate}  [{bar:<{_BAR_COLUMNS}}] {share:>4.0%}"
        # A line that wraps could not be overwritten.
        columns = shutil.get_terminal_size().columns - 1
        self._write(f"\r{f'{line}  {left} left'[:columns]}\x1b[K")

    def show_ingest(self, tally: IngestStats) -> None:
        """Show the progress of an ingest."""
        if not tally.to_extract:
            self.show_count(tally.articles, tally.done / max(tally.total, 1))
            return
        if self._noun != _EXTRACTION_NOUN:
            self._noun, self._start_seconds = _EXTRACTION_NOUN, time.monotonic()
        self.show_count(tally.extracted, tally.extracted / tally.to_extract)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._is_shown and self._last_shown_seconds:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _format_duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
