"""Builds `indexer/simplified.zst`: traditional Chinese characters and the simplified ones for them.

usage: python -m tests.train.simplified WHEEL    that of opencc-python-reimplemented 0.1.7

Its table may list several simplified characters for one; the first is taken. It also writes
`indexer/simplified.NOTICE`, which names the source, its licence and what was changed.
"""

from __future__ import annotations

import sys
from typing import Final
from zipfile import ZipFile

import zstandard

from indexer.analysis import SIMPLIFIED_PATH

TABLE: Final = "opencc/dictionary/TSCharacters.txt"
LICENSE: Final = "opencc_python_reimplemented-0.1.7.dist-info/LICENSE.txt"
NOTICE: Final = """\
simplified.zst was built by tests/train/simplified.py from the table TSCharacters of OpenCC
(https://github.com/BYVoid/OpenCC), (c) Carbo Kuo and contributors, Apache License 2.0, as it is in
opencc-python-reimplemented 0.1.7 (https://github.com/yichen0831/opencc-python).

Changed: of several simplified characters the first is taken, characters that stay are left out,
and a simplified character that is itself in the table is replaced by its own.

"""


def main() -> None:
    with ZipFile(sys.argv[1]) as wheel:
        rows = [line.split() for line in wheel.read(TABLE).decode().splitlines()]
        terms = wheel.read(LICENSE).decode()
    pairs = resolve_chains({row[0]: row[1] for row in rows if row[0] != row[1]})
    text = "\n".join(("".join(pairs), "".join(pairs.values())))
    SIMPLIFIED_PATH.write_bytes(zstandard.compress(text.encode(), 22))
    SIMPLIFIED_PATH.with_suffix(".NOTICE").write_text(NOTICE + terms.strip("\n") + "\n", "utf-8")
    print(len(pairs), "characters,", SIMPLIFIED_PATH.stat().st_size, "bytes")


def resolve_chains(pairs: dict[str, str]) -> dict[str, str]:
    """Return pairs whose second characters are no pair's first one."""
    resolved = {}
    for char, simplified in pairs.items():
        while simplified in pairs:
            simplified = pairs[simplified]
        resolved[char] = simplified
    return resolved


if __name__ == "__main__":
    main()
