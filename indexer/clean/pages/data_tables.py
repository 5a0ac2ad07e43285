"""The tables of an article: data in rows of short cells, each row a paragraph."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.clean.pages.dom_tree import PageTree

_CELL_TAGS = frozenset(("td", "th"))
_MAX_CELL_LEVELS = 6  # levels of elements in a cell around its text
_MAX_WRAPPER_LEVELS = 3  # levels of elements around a table that contain nothing else
_MAX_MEAN_CELL_CHARS = 80  # characters; the cells of a layout have whole texts
_MAX_LINKED_SHARE = 0.5
_MIN_ROWS = 2


@dataclass(slots=True)
class DataTable:
    """A table of a page: the indexes of the blocks in each row, by the element of the row."""

    element: int
    rows: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def blocks(self) -> list[int]:
        """The indexes of its blocks, in order."""
        return [at for row in self.rows.values() for at in row]


def find_data_tables(tree: PageTree, candidates: Sequence[int]) -> list[DataTable]:
    """Return the tables of data among the blocks with these indexes, in order."""
    tables: dict[int, DataTable] = {}
    for at in candidates:
        place = _find_cell(tree, tree.blocks[at].element)
        if place is not None:
            row, table = place
            tables.setdefault(table, DataTable(table)).rows[row].append(at)
    return [table for table in tables.values() if _is_data(tree, table)]


def is_in_text(tree: PageTree, table: DataTable, kept: Sequence[int]) -> bool:
    """Return whether a table is in one element with the kept blocks (in order), and after one."""
    first, last = table.blocks[0], table.blocks[-1]
    before_at, after_at = bisect_left(kept, first), bisect_right(kept, last)
    if not before_at:
        return False
    before, after = kept[before_at - 1], kept[after_at] if after_at < len(kept) else None
    levels = _MAX_WRAPPER_LEVELS if after is not None else 1
    around = set(_list_containers(tree, table.element, levels))
    beside = (at for at in (before, after) if at is not None)
    return any(tree.elements[tree.blocks[at].element].parent in around for at in beside)


def join_rows(tree: PageTree, tables: Sequence[DataTable]) -> Mapping[int, str]:
    """Return the text of each row of some tables, by the index of its first block."""
    return {
        row[0]: " | ".join(" ".join(tree.blocks[at].text.split()) for at in row)
        for table in tables
        for row in table.rows.values()
    }


def _find_cell(tree: PageTree, element: int) -> tuple[int, int] | None:
    """Return the row and the table of the cell around an element, or None outside of tables."""
    elements, in_cell = tree.elements, False
    row = -1
    for _ in range(_MAX_CELL_LEVELS):
        tag = elements[element].tag
        in_cell = in_cell or tag in _CELL_TAGS
        if tag == "tr" and in_cell:
            row = element
        elif tag == "table":
            return (row, element) if row >= 0 else None
        element = elements[element].parent
        if element < 0:
            break
    return None


def _is_data(tree: PageTree, table: DataTable) -> bool:
    blocks = [tree.blocks[at] for at in table.blocks]
    chars = sum(len(block.text.strip()) for block in blocks)
    linked = sum(block.linked_chars for block in blocks)
    wide = sum(len(row) > 1 for row in table.rows.values())
    return (
        wide >= _MIN_ROWS
        and chars <= _MAX_MEAN_CELL_CHARS * len(blocks)
        and linked <= _MAX_LINKED_SHARE * chars
    )


def _list_containers(tree: PageTree, element: int, levels: int) -> Iterator[int]:
    """Yield the elements around a table, the innermost first."""
    for _ in range(levels):
        element = tree.elements[element].parent
        if element < 0:
            return
        yield element
