"""A small corpus in which each article is planted for what queries must find or leave out.

Words of one group of articles do not occur in another's, so a row of the conformance
suite says by itself which articles it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from corpus.article import Article, Entity, EntityKind, Moment

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_ISHIBA = Entity(_PERSON, ("Shigeru Ishiba", "Ishiba"))
_HEGSETH = Entity(_PERSON, ("Pete Hegseth", "Hegseth"))
_PENTAGON = Entity(_ORG, ("Pentagon", "Department of Defense"))
_IWO_JIMA = Entity(_PLACE, ("Iwo Jima", "Iwoto"))


def _at(text: str, *, day_only: bool = False) -> Moment:
    return Moment(datetime.fromisoformat(text), day_only)


def _long(word: str, words: int) -> str:
    """A body of so many words that begins with this one."""
    return " ".join([word, *["filler"] * (words - 1)])


def _article(number: int, title: str, body: str, dek: str = "") -> Article:
    return Article(id=f"a{number}", title=title, body=body, dek=dek)


# Boolean words, phrases, fields, entities.
_NEWS = (
    replace(
        _article(
            1,
            "Alliance marks anniversary on Iwo Jima",
            "Veterans of Japan and America met on Iwo Jima.\n\n"
            "Ishiba and Hegseth praised the alliance. The Pentagon sent an earthquake team.",
            "Old enemies pray together",
        ),
        authors=("Mari Yamaguchi",),
        source="AP News",
        url="https://apnews.com/article/iwo-jima",
        section="World",
        language="en",
        published=_at("2025-03-29T10:15:00+09:00"),
        entities=(_ISHIBA, _HEGSETH, _PENTAGON, _IWO_JIMA),
    ),
    replace(
        _article(2, "Pentagon reviews plan", "Hegseth declined to comment."),
        source="Reuters",
        url="https://www.reuters.com/world/pentagon",
        section="Politics",
        published=_at("2025-03-28T08:00:00-04:00"),
        entities=(_HEGSETH, _PENTAGON),
    ),
    replace(
        _article(3, "Opinion: Ishiba must act", "The Pentagon waits for Ishiba."),
        section="Opinion",
        published=_at("2025-03-27T00:00:00+00:00", day_only=True),
        entities=(_ISHIBA,),
    ),
    _article(4, "Baseball alliance formed", "Leagues join for youth baseball."),
    _article(5, "Jima, then Iwo", "Veterans read Jima before Iwo.", "An earthquake of names"),
    replace(
        _article(6, "Earthquake in the headline", "Sea walls held."),
        authors=("Ann Lee", "Bo Park"),
        entities=(
            Entity(_PERSON, ("John Smith",)),
            Entity(_PERSON, ("Mary Jones",)),
            Entity(_PERSON, ("Walls", "Sea Walls"), sure=False),
            Entity(_ORG, ("Harbor Board", "Quay Commission"), sure=False),
        ),
    ),
)

# Stems and exact forms.
_FORMS = (
    _article(7, "Running costs", "He runs daily. The expenses were running high."),
    _article(8, "Run", "A run on the bank. One expense was enough."),
    _article(9, "Runner", "The runner expensed it."),
    _article(10, "Generals", "The general spoke generously."),
)

# Phrases across short words.
_UNIONS = (
    _article(11, "Address", "the state of the union"),
    _article(12, "Merger", "state union"),
    _article(13, "League", "a state of union, of the state"),
)

# Words in exact distances.
_METALS = (
    _article(14, "Metal one", "zinc copper"),
    _article(15, "Metal two", "copper one two three four zinc"),
    _article(16, "Metal three", "zinc one two three four five copper"),
    _article(17, "Metal four", "zinc one copper two tin"),
    _article(18, "Zinc", "copper"),
)

# Beginnings and misspellings.
_SPELLINGS = (
    _article(19, "Security council", "securing secure secured"),
    _article(20, "Sekurity", "Hegesth is misspelt here"),
    _article(21, "Obscure", "insecure obscurity"),
    _article(22, "Goverment", "overnment"),
    _article(23, "Government", "governments"),
)


def _boundaries() -> Iterator[Article]:
    """First and last seconds of March 2025 in three zones."""
    instants = (
        "2025-03-01T00:00:00+00:00", "2025-02-28T23:59:59+00:00",
        "2025-03-31T23:59:59+00:00", "2025-04-01T00:00:00+00:00",
        "2025-03-01T00:00:00+09:00", "2025-02-28T23:59:59+09:00",
        "2025-03-31T23:59:59+09:00", "2025-04-01T00:00:00+09:00",
        "2025-03-01T00:00:00-05:00", "2025-02-28T23:59:59-05:00",
        "2025-03-31T23:59:59-04:00", "2025-04-01T00:00:00-04:00",
    )  # fmt: skip
    for number, instant in enumerate(instants, 24):
        yield replace(_article(number, "Edge", "edge"), published=_at(instant))


# Undated, day only, before 1970, leap day, yesterday, today.
_CHRONICLE = (
    replace(_article(36, "Undated", "chrono"), updated=_at("2025-03-15T12:00:00+00:00")),
    _article(37, "Undated too", "chrono"),
    replace(
        _article(38, "Day", "chrono"), published=_at("2025-03-29T00:00:00+09:00", day_only=True)
    ),
    replace(_article(39, "Moon", "chrono"), published=_at("1969-07-20T20:17:00+00:00")),
    replace(_article(40, "Leap", "chrono"), published=_at("2024-02-29T12:00:00+00:00")),
    replace(_article(41, "Yesterday", "chrono"), published=_at("2025-04-09T13:00:00+00:00")),
    replace(_article(42, "Today", "chrono"), published=_at("2025-04-10T09:00:00+00:00")),
)

# Keywords and numbers.
_OUTLETS = (
    replace(
        _article(43, "Desk one", _long("outlet", 600)),
        source="AP News",
        url="https://apnews.com/a",
        section="Sports",
        language="en",
        authors=("Nora Quist",),
    ),
    replace(
        _article(44, "Desk two", _long("outlet", 599)),
        source="CNN (Web News)",
        url="https://edition.cnn.com/b",
        section="World News",
        language="en-GB",
    ),
    replace(
        _article(45, "Desk three", _long("outlet", 300)),
        source="Kurier",
        section="Sports",
        language="de",
        authors=("Nora Quist", "Omar Reza"),
    ),
    replace(
        _article(46, "Desk four", "outlet"),
        source="The Asahi Shimbun",
        url="https://www.asahi.com/c",
        language="ja",
        entities=(Entity(_PLACE, ("Tokyo",)),),
    ),
)

# Scripts, accents, numbers, dots, apostrophes, hyphens.
_SCRIPTS = (
    _article(47, "Café in Zürich", "Die Straße nach München; naïve résumés"),
    _article(48, "Кремль", "Президент Ёлкин говорил; й"),
    _article(49, "東京で地震", "気象庁は津波のおそれはないと発表した。"),
    _article(50, "القاهرة", "مَدِينَة جديدة"),
    _article(51, "The mayor’s plan", "O’Neill’s view: they don't"),
    _article(52, "Circle", "Pi is 3.14, not 3,000; 14 people"),
    _article(53, "Troops", "The U.S. troops left the U.K."),
    _article(54, "Tell", "tell us more"),
    _article(55, "Hyphens", "a well-known state-of-the-art cease-fire"),
    _article(56, "Łódź", "Ørsted wrote an encyclopædia; ΟΔΥΣΣΕΥΣ"),
)

# Equal scores in different and equal dates, and undated.
_TIES = tuple(
    replace(_article(number, "Tie", "tie"), published=_at(date) if date else None)
    for number, date in enumerate(
        (
            "2025-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00", "2025-01-02T00:00:00+00:00",
            "", "", "2024-06-01T00:00:00+00:00", "2024-06-01T00:00:00+00:00",
        ),
        57,
    )
)  # fmt: skip

# A word in the headline, often in the text, once in it.
_RANKS = (
    _article(64, "Calm", "volcano " + "quiet hill " * 20),
    _article(65, "Volcano", "quiet hill"),
    _article(66, "Calm", "volcano volcano volcano volcano " + "quiet hill " * 20),
)

# A name with quotes of two kinds.
_QUOTED = (replace(_article(67, "Quotation", "quotation"), source='The "Grey" “Lady”'),)

# Around the hours that clocks in Berlin skip and repeat.
_CLOCKS = tuple(
    replace(_article(number, "Clocks", "clocks"), published=_at(instant))
    for number, instant in enumerate(
        (
            "2025-03-29T23:30:00+01:00", "2025-03-30T01:30:00+01:00", "2025-03-30T03:30:00+02:00",
            "2025-03-31T00:00:00+02:00", "2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00",
        ),
        68,
    )
)  # fmt: skip

# One story in three articles, the last of them twice, much later; others with some of its words.
_DUARTE = Entity(_PERSON, ("Ines Duarte",))
_MARLOW = Entity(_PLACE, ("Marlow",))
_REOPENED = "Passengers walk on the Marlow pier again, and the steering of every ferry is inspected"
_STORY = (
    replace(
        _article(
            74,
            "Ferry strikes pier in Marlow",
            "A ferry struck the Marlow pier on Monday. Captain Ines Duarte said its steering "
            "broke. Forty passengers were bruised.",
        ),
        published=_at("2025-02-10T09:00:00+00:00"),
        entities=(_DUARTE, _MARLOW),
    ),
    replace(
        _article(
            75,
            "Marlow captain blames steering",
            "Ines Duarte told inspectors that the steering of the ferry broke before it struck "
            "the pier.",
        ),
        published=_at("2025-02-12T09:00:00+00:00"),
        entities=(_DUARTE, _MARLOW),
    ),
    replace(_article(76, "Pier reopens", _REOPENED), published=_at("2025-02-24T09:00:00+00:00")),
    replace(_article(77, "Pier reopens", _REOPENED), published=_at("2026-02-24T09:00:00+00:00")),
    _article(78, "Steering committee", "A committee on dredging, with a captain of industry."),
    _article(79, "Dredging", "The committee paid for dredging."),
)

# Characters that stand for others.
_CHARACTERS = (
    _article(80, "Dolby™ sound", "Sold 2½ million. The shop opened.Police came to №5."),
    _article(81, "ﾊﾝｶｸのﾊﾞｽ", "ﾆｭｰｽ"),
    _article(82, "L'Ukraine et l’ONU", "Le sommet d’Ukraine à l’Élysée."),
    _article(83, 'צה"ל', 'צה״ל ב"הארץ"'),
    _article(84, "أحمد", "کتاب ایران ۱۴۰۲"),
    _article(85, "ﬁnance", "co\u00adoperate e\u0301lite"),
    _article(86, "Erdoğan'ın konuşması", "Ankara’da Sana'a aujourd'hui"),
    _article(87, "대통령이 서울에서 다리를 건넜다", "집으로"),
)

# Days without a time, of sources in zones far apart.
_CALENDAR = tuple(
    replace(
        _article(number, "Calendar", "calendar"),
        published=_at(day, day_only=True),
        updated=_at(updated, day_only=True) if updated else None,
    )
    for number, (day, updated) in enumerate(
        (
            ("2023-11-05T00:00:00+09:00", ""),
            ("2023-11-05T00:00:00-08:00", ""),
            ("2023-12-31T00:00:00+14:00", "2023-12-31T00:00:00+13:00"),
            ("2023-12-31T00:00:00-11:00", ""),
            ("2024-01-01T00:00:00+05:30", "2024-01-01T00:00:00-10:00"),
        ),
        88,
    )
)  # fmt: skip

# Symbols that are part of a name, and others.
_SYMBOLS = (
    _article(93, "C++ compilers", "Written in C++11, (C++) and C#. C++'s rules"),
    _article(94, "Vitamin C", "#harvest of orange box #6: net income, see example.net; C+"),
    _article(95, "Platforms", "F# on .NET, and ASP.NET."),
    _article(96, "AT&T", "R&D of AT & T; Yahoo! drives a 4x4"),
    _article(97, "Junction", "at the T, by the river R, in the d"),
)

# One word in several spellings, and other words that are written like one of them.
_VARIANTS = (
    _article(98, "Convoy one", "The UN convoy left."),
    _article(99, "Convoy two", "The U.N. convoy came."),
    _article(100, "Convoy three", "A convoy left un chef behind."),
    _article(101, "CONVOY PASSES UN BY", "At noon."),
    _article(102, "Theatre", "The theatre staged 12,500 shows by e-mail."),
    _article(103, "Theater", "The theater staged 12500 shows by email."),
    _article(104, "Aarhus", "A fair in Aarhus."),
    _article(105, "Århus", "A fair in Århus."),
    _article(106, "Michael", "A fair for Michael."),
)

# One story in traditional and in simplified characters.
_CHINESE = (
    _article(107, "習近平訪問臺北", "他參觀了中國的圖書館。"),
    _article(108, "习近平访问台北", "他参观了中国的图书馆。"),
)

ARTICLES = (
    *_NEWS, *_FORMS, *_UNIONS, *_METALS, *_SPELLINGS, *_boundaries(),
    *_CHRONICLE, *_OUTLETS, *_SCRIPTS, *_TIES, *_RANKS,
    *_QUOTED, *_CLOCKS, *_STORY, *_CHARACTERS, *_CALENDAR,
    *_SYMBOLS, *_VARIANTS, *_CHINESE,
)  # fmt: skip
