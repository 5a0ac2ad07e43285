"""A small town's newspapers, for tests of the page: years, sources, scripts of several kinds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from corpus.article import Article, Entity, EntityKind, Moment
from search.project.project import Project
from tests.demo import planted

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)

_KEEL, _ROSS, _ODUYA = "Mara Keel", "Tom Ross", "Ngozi Oduya"
_COURIER, _WIRE, _SENTINEL = "Harbor Courier", "Northern Wire", "Valley Sentinel"

# Day, source, section, author, title, the first sentence: a story about the ferry each.
_FERRY = (
    ("2016-03-14", _COURIER, "City", _KEEL, "Council votes to keep the island ferry",
     "The council voted 7 to 2 on Monday to keep the ferry to Gull Island."),
    ("2016-06-02", _COURIER, "Business", _ROSS, "Ferry fares to rise by a tenth",
     "A ticket for the ferry will cost a tenth more from July."),
    ("2016-11-21", _WIRE, "City", _ODUYA, "Storm stops the ferry for two days",
     "Waves of six metres kept the ferry in harbor until Wednesday."),
    ("2017-01-09", _SENTINEL, "Opinion", _KEEL, "A ferry is a road, and roads are free",
     "Nobody pays to cross a bridge, so why should islanders pay for the ferry?"),
    ("2017-04-18", _COURIER, "City", _ROSS, "New captain takes the ferry's wheel",
     "Captain Helen Brandt took the wheel of the ferry on Tuesday."),
    ("2017-08-30", _WIRE, "Business", _ODUYA, "Shipyard wins order for an electric ferry",
     "The yard at Northport will build an electric ferry for 31 million dollars."),
    ("2018-02-12", _COURIER, "City", _KEEL, "Ice closes the ferry's channel",
     "For the first time in 22 years the ferry could not leave for the ice."),
    ("2018-05-25", _SENTINEL, "Sport", _ROSS, "Swimmers race the ferry, and lose by an hour",
     "Forty swimmers set out beside the ferry on Friday morning."),
    ("2018-09-03", _COURIER, "Business", _ODUYA, "Ferry company reports a small profit",
     "The company that runs the ferry earned 240,000 dollars last year."),
    ("2019-01-15", _WIRE, "City", _KEEL, "Keel is laid for the electric ferry",
     "Governor Paul Whitaker laid the first plate of the new ferry."),
    ("2019-03-22", _COURIER, "City", _ROSS, "Harbor wall is raised for the new ferry",
     "Workers began to raise the wall where the ferry will charge its batteries."),
    ("2019-07-04", _COURIER, "City", _KEEL, "Record crowd takes the ferry on the holiday",
     "More than 9,000 people took the ferry on Thursday."),
    ("2019-12-11", _SENTINEL, "Opinion", _ODUYA, "What the ferry's delay tells about us",
     "The new ferry is a year late, and nobody is to blame."),
    ("2020-03-19", _WIRE, "City", _ROSS, "Ferry carries only those who must travel",
     "The ferry sails twice a day until further notice."),
    ("2020-06-29", _COURIER, "City", _KEEL, "Passengers come back to the ferry",
     "The ferry was half full on Monday, for the first time since March."),
    ("2020-10-08", _COURIER, "Business", _ODUYA, "Batteries for the ferry arrive from Sweden",
     "Sixteen containers with batteries for the ferry stood on the quay."),
    ("2021-02-17", _WIRE, "City", _ROSS, "Electric ferry passes its first trial",
     "The electric ferry crossed the bay in 31 minutes on Wednesday."),
    ("2021-05-05", _COURIER, "City", _KEEL, "The old ferry makes its last trip",
     "After 44 years the old ferry tied up for the last time."),
    ("2021-05-06", _SENTINEL, "City", _ODUYA, "Electric ferry begins its service",
     "The new ferry left at six, with a brass band on its deck."),
    ("2022-01-24", _COURIER, "Business", _ROSS, "Ferry uses less power than was feared",
     "The ferry needs a fifth less power than its builders had said."),
    ("2022-06-13", _WIRE, "Sport", _KEEL, "Rowers beat the ferry across the bay",
     "Eight rowers reached the island before the ferry on Monday."),
    ("2022-11-02", _COURIER, "City", _ODUYA, "Whale follows the ferry for an hour",
     "A young humpback swam beside the ferry on Wednesday."),
    ("2023-03-27", _COURIER, "City", _ROSS, "Ferry to sail every half hour",
     "From May the ferry will sail twice as often as now."),
    ("2023-09-14", _WIRE, "Business", _KEEL, "Second electric ferry is ordered",
     "The company ordered another ferry from the yard at Northport."),
    ("2024-02-08", _COURIER, "Opinion", _ODUYA, "Two ferries need two crews",
     "A second ferry without a second crew is a monument."),
    ("2024-07-19", _SENTINEL, "City", _ROSS, "Fog keeps the ferry waiting, and a wedding too",
     "A bride waited four hours for the ferry on Friday."),
    ("2024-12-30", _COURIER, "City", _KEEL, "The year of the ferry, in pictures",
     "No year had as many passengers on the ferry as this one."),
    ("2025-03-28", _WIRE, "City", _ODUYA, "Ferry collides with a sailing boat; nobody is hurt",
     "The ferry touched a sailing boat in the fog on Friday."),
)  # fmt: skip
_MORE = """
Mayor Elena Marsh said that the island's 3,100 people depend on it. Helen Brandt, who has been its
captain since 2017, said the crew were ready for whatever the sea brings.

The Gull Island Association asked for evening trips in winter. The harbor office in Northport will
answer by the end of the month.
"""

HOSTILE, ARABIC, HEBREW, CHANGED, LONG, PLAIN = (
    "hostile", "arabic", "hebrew", "changed",
    f"https://wire.example/{'a-very-long-path-' * 12}", "undated",
)  # fmt: skip
_LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
_OTHERS: tuple[dict[str, object], ...] = (
    {"id": ARABIC, "language": "ar", "source": "مرفأ اليوم", "date": "2022-08-15T09:30:00Z",
     "title": "عودة السفن إلى المرفأ بعد العاصفة",
     "body": "عادت السفن إلى المرفأ صباح الاثنين بعد عاصفة استمرت ثلاثة أيام.\n\n"
     "وقال مدير المرفأ إن السفن الكبيرة ستبحر يوم الأربعاء."},
    {"id": HEBREW, "language": "he", "source": "קול הנמל", "date": "2021-09-01T07:00:00Z",
     "title": "המעבורת החשמלית יצאה לדרך",
     "body": "המעבורת החשמלית יצאה מן הנמל בשעה שש בבוקר.\n\nהקברניט אמר שהים היה שקט."},
    {"url": LONG, "title": f"{_LONG_WORD}: " + "the longest name on any quay and why it stays " * 3,
     "body": f"{_LONG_WORD} has a sign of eleven metres on the granary quay.\n\n"
     + "The granary stood empty for years before the lighters came back to it.\n\n" * 12,
     "date": "2013-05-20", "source": _WIRE, "section": "Business", "authors": [_ROSS]},
    {"id": PLAIN, "title": "Tide tables", "body": "High water at the granary is at nine."},
    {"id": "chess", "title": "Chess club draws with the lighthouse keepers", "section": "Sport",
     "body": "Six boards were drawn. Viktor Lindqvist lost to the keeper of the light.",
     "date": "2014-04-02", "source": _SENTINEL, "authors": [_ROSS]},
    {"title": "Marsh is elected mayor by 41 votes", "section": "City",
     "body": "Elena Marsh was elected mayor of Northport. Paul Whitaker congratulated her.",
     "dek": "The closest count since 1962", "date": "2014-11-05T22:10:00-05:00",
     "source": _COURIER, "authors": [_KEEL, _ODUYA], "url": "https://courier.example/mayor"},
    {"id": "bank", "title": "Fishermen's Bank opens a branch in Northport", "section": "Business",
     "body": "The Fishermen's Bank opened on Main Street. Its head, Viktor Lindqvist, spoke.",
     "date": "2015-02-10", "source": _COURIER, "authors": [_ODUYA]},
    {"id": "school", "title": "Island school gets a second teacher", "section": "City",
     "body": "Gull Island's school has 14 pupils and, from Monday, two teachers.",
     "date": "2020-09-07", "source": _SENTINEL, "authors": [_KEEL]},
    {"id": "whisky", "title": "Cask from 1911 is found in a cellar", "section": "Business",
     "body": "The cask held 200 litres of whisky, and nobody knows whose it was.",
     "date": "2023-12-01", "source": _WIRE, "authors": [_ROSS]},
)  # fmt: skip
_CHANGED: dict[str, object] = {
    "id": CHANGED, "source": _COURIER, "section": "City", "authors": [_KEEL],
    "date": "2025-03-30T08:00:00Z",
}  # fmt: skip
# The versions of one article, as they became known.
VERSIONS = (
    {"title": "Breakwater cracks", "body": "A crack was found in the breakwater on Sunday.\n\n"
     "Nobody knows how deep it is."},
    {"title": "Breakwater cracks in two places",
     "body": "Two cracks were found in the breakwater on Sunday.\n\n"
     "Nobody knows how deep they are."},
    {"title": "Breakwater cracks in two places, and is closed",
     "body": "Two cracks were found in the breakwater on Sunday.\n\n"
     "Divers measured them: they are four metres deep.\n\nThe breakwater is closed to walkers."},
)  # fmt: skip

# None of it may run. It goes into the store as it is here: cleaning would take out half of it.
_INTRUDE = "window.intruded=1;alert(1)"
_HOSTILE_TEXT = (
    f"The wreckers' lantern </p></article><script>{_INTRUDE}</script> burned all night.\n\n"
    f'A keeper wrote "><svg onload={_INTRUDE}> and <a href="javascript:{_INTRUDE}">a link</a>'
    f" into the log, with {{{{ 7 * 7 }}}} and <mark>marks</mark> beside the lantern."
)
_HOSTILE = Article(
    id=HOSTILE,
    title=f"<script>{_INTRUDE}</script><img src=x onerror={_INTRUDE}> Wreckers' lantern",
    dek=f"</h1><iframe srcdoc='<script>parent.intruded=1</script>'></iframe>{_LONG_WORD}",
    body=_HOSTILE_TEXT,
    authors=(f"<script>{_INTRUDE}</script>", '" onmouseover="window.intruded=1'),
    section=f'"><script>{_INTRUDE}</script>',
    source="' onfocus=window.intruded=1 autofocus x='",
    url=f"javascript:{_INTRUDE}",
    language='en" onload="window.intruded=1',
    published=Moment(datetime(2015, 10, 31, tzinfo=UTC), day_only=True),
    entities=(Entity(EntityKind.PERSON, (f"</a><script>{_INTRUDE}</script>",)),),
)

FERRIES = len(_FERRY)
HELD = FERRIES + len(_OTHERS) + 2

_SETTINGS = """
aliases:
  - [Gull Island, Isle of Gulls]
"""


def archive(folder: Path) -> Path:
    """A project with these articles, one of them in three versions."""
    planted(folder, _records(0), _SETTINGS)
    for number in range(1, len(VERSIONS)):
        lines = (json.dumps(record) + "\n" for record in _records(number))
        (folder / "planted.jsonl").write_text("".join(lines), "utf-8")
        with Project.open(folder) as project:
            project.update()
    with Project.open(folder) as project:
        with project.store.transaction():
            version, _ = project.store.add_version(_HOSTILE, NOW)
            project.store.set_current_version(HOSTILE, version)
        project.rebuild()
    return folder


def _records(version: int) -> list[dict[str, object]]:
    ferries: list[dict[str, object]] = [
        {
            "date": day,
            "source": source,
            "section": section,
            "authors": [author],
            "title": title,
            "body": f"{sentence}\n{_MORE}",
            "url": f"https://{source.split()[1].lower()}.example/{day}",
            "language": "en",
        }
        for day, source, section, author, title, sentence in _FERRY
    ]
    return [*ferries, *_OTHERS, {**_CHANGED, **VERSIONS[version]}]
