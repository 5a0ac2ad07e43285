"""The sums of a database's tables: damage to any row is noticed, whatever SQLite thinks of it.

A table's sum is that of the CRC-32 of its rows, kept by triggers. One changed bit changes the sum
of one row, and so the table's.
"""

# Statements are made of names in the schema only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.database import Database

_TABLE = "sums"


def install_sums(database: Database) -> None:
    """Sum up each table as it is now, and follow its changes. Call it inside a transaction."""
    database.execute(f"CREATE TABLE IF NOT EXISTS {_TABLE} (name TEXT PRIMARY KEY, sum INTEGER)")
    database.execute(f"DELETE FROM {_TABLE}")
    for table in _list_tables(database):
        database.execute(f"INSERT INTO {_TABLE} VALUES (?, {_build_sum(database, table)})", table)
        for statement in _build_triggers(database, table):
            database.execute(statement)


def find_wrong_tables(database: Database) -> list[str]:
    """Return the tables whose rows do not have the sum that was kept."""
    kept: dict[str, int] = dict(database.execute(f"SELECT name, sum FROM {_TABLE}"))
    wrong = set(kept) - set(_list_tables(database))
    for table in _list_tables(database):
        ((total,),) = database.execute(f"SELECT {_build_sum(database, table)}")
        if total != kept.get(table):
            wrong.add(table)
    return sorted(wrong)


def _list_tables(database: Database) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> ?"
        " AND name NOT LIKE 'sqlite_%'",
        _TABLE,
    )
    return [name for (name,) in rows]


def _build_sum(database: Database, table: str) -> str:
    rows = _sum_columns(database, table, "")
    return f"(SELECT coalesce(sum({rows}), 0) FROM {table} NOT INDEXED)"


def _sum_columns(database: Database, table: str, prefix: str) -> str:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    return f"row_sum({', '.join(f'CAST({prefix}{column} AS BLOB)' for column in columns)})"


def _build_triggers(database: Database, table: str) -> Iterator[str]:
    added = f"+ {_sum_columns(database, table, 'NEW.')}"
    removed = f"- {_sum_columns(database, table, 'OLD.')}"
    for event, change in (
        ("INSERT", added),
        ("DELETE", removed),
        ("UPDATE", f"{added} {removed}"),
    ):
        name = f"{table}_{event.lower()}_sum"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN"
            f" UPDATE {_TABLE} SET sum = sum {change} WHERE name = '{table}'; END"
        )
