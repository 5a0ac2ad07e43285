"""The PEOPLE, PLACES and ORGS that Reuters' editors gave its articles of 1987, for recall.

Editors tag what an article is about, by a lower-case key, and often where it only says
Tokyo or Japanese. A tag therefore counts only where the body has the name itself:

- people: the last word of the key (`james-baker`: Baker); found if a person has all the
  words of the key in one name, or is called by that last word alone;
- places: the key's words (`west-germany`), and for a few keys the names in `_PLACES`;
- orgs: the names in `_ORGS`; keys that are not there are their own acronym (`opec`).

Nothing is said of precision: the tags are few, and far from all names in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from corpus.article import Entity, EntityKind
from tests.eval.gum import key as same

LISTS = {"people": EntityKind.PERSON, "places": EntityKind.PLACE, "orgs": EntityKind.ORG}

_PLACES = {
    "usa": ("U.S.", "U.S", "US", "USA", "U.S.A.", "United States", "America"),
    "uk": ("U.K.", "U.K", "UK", "United Kingdom", "Britain", "Great Britain"),
    "ussr": ("Soviet Union", "USSR", "U.S.S.R."),
    "uae": ("United Arab Emirates", "UAE"),
}
_ORGS = {
    "adb-africa": ("African Development Bank",),
    "adb-asia": ("Asian Development Bank", "ADB"),
    "bis": ("Bank for International Settlements", "BIS"),
    "ec": ("European Community", "European Communities", "EC", "European Economic Community"),
    "eib": ("European Investment Bank", "EIB"),
    "fao": ("Food and Agriculture Organisation", "Food and Agriculture Organization", "FAO"),
    "gatt": ("General Agreement on Tariffs and Trade", "GATT"),
    "gcc": ("Gulf Cooperation Council", "Gulf Co-operation Council", "GCC"),
    "icco": ("International Cocoa Organization", "International Cocoa Organisation", "ICCO"),
    "ico-coffee": (
        "International Coffee Organization", "International Coffee Organisation", "ICO",
    ),
    "iea": ("International Energy Agency", "IEA"),
    "imf": ("International Monetary Fund", "IMF"),
    "inro": ("International Natural Rubber Organisation", "INRO"),
    "itc": ("International Tin Council", "ITC"),
    "iwc-wheat": ("International Wheat Council", "IWC"),
    "oecd": ("Organisation for Economic Cooperation and Development", "OECD"),
    "opec": ("Organization of Petroleum Exporting Countries", "OPEC"),
    "un": ("United Nations", "U.N.", "UN"),
    "worldbank": ("World Bank",),
}  # fmt: skip


def found(tag: str, kind: EntityKind, body: str, entities: Iterable[Entity]) -> bool | None:
    """Whether the entities have what a tag names; None if the body does not name it."""
    if not _written(tag, kind).search(body):
        return None
    names = [same(name) for entity in entities if entity.kind is kind for name in entity.names]
    if kind is not EntityKind.PERSON:
        return not {same(name) for name in _names(tag, kind)}.isdisjoint(names)
    words = tag.split("-")
    return any(set(words) <= set(re.split(r"[\s-]", name)) or name == words[-1] for name in names)


@cache
def _written(tag: str, kind: EntityKind) -> re.Pattern[str]:
    named = "|".join(map(re.escape, _names(tag, kind)))
    return re.compile(rf"(?<!\w)(?:{named})(?!\w)")


@cache
def _names(tag: str, kind: EntityKind) -> tuple[str, ...]:
    """The names as they are written."""
    match kind:
        case EntityKind.PERSON:
            return (tag.rpartition("-")[2].title(),)
        case EntityKind.PLACE:
            return _PLACES.get(tag, (tag.replace("-", " ").title(),))
        case EntityKind.ORG:
            return _ORGS.get(tag, (tag.upper(),))
