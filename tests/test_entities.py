from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import EntityKind
from indexer.entities.gazetteer import PLACE_SYNONYMS
from indexer.entities.merging import extract_entities

CEREMONY = """\
On March 29, U.S. Defense Secretary Pete Hegseth affirmed the alliance with Japan on Iwoto \
Island, also known as Iwojima. It was Hegseth's first visit since President Donald Trump's \
second inauguration. Prime Minister Shigeru Ishiba and Defense Minister Gen Nakatani were there.

Ishiba spoke of peace in the Indo-Pacific. Iwoto lies south of Tokyo. Prime Minister Ishiba and \
Nakatani thanked the United States. The Pentagon may halt plans for U.S. Forces Japan (USFJ), \
the former Fox News host said. World War II ended in 1945.
"""


def found(body: str, title: str = "", dek: str = "") -> list[tuple[str, ...]]:
    return [(entity.kind.value, *entity.names) for entity in extract_entities(title, dek, body)]


def test_an_article_is_read_whole() -> None:
    expected = [
        ("person", "Pete Hegseth", "Hegseth"),
        ("person", "Donald Trump"),
        ("person", "Shigeru Ishiba", "Ishiba"),
        ("person", "Gen Nakatani", "Nakatani"),
        ("org", "Pentagon"),
        ("org", "U.S. Forces Japan", "USFJ"),
        ("org", "Fox News"),
        ("place", "United States", "U.S."),
        ("place", "Japan"),
        ("place", "Iwoto Island", "Iwojima", "Iwoto"),
        ("place", "Indo-Pacific"),
        ("place", "Tokyo"),
    ]
    assert expected == found(CEREMONY)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("then Mr. Sarkozy left", [("person", "Sarkozy")]),
        ("then Sen. Maria Cantwell left", [("person", "Maria Cantwell")]),
        ("met Secretary of State John Kerry", [("person", "John Kerry")]),
        ("met Bashar al-Assad; Assad left", [("person", "Bashar al-Assad", "Assad")]),
        ("met Ursula von der Leyen", [("person", "Ursula von der Leyen")]),
        ("met Xi Jinping, and Xi spoke", [("person", "Xi Jinping", "Xi")]),
        ("met John F. Kennedy's brother", [("person", "John F. Kennedy")]),
        ("Theresa May met Larry King", [("person", "Theresa May"), ("person", "Larry King")]),
        ("met Emmanuel Zürcher-Élan", [("person", "Emmanuel Zürcher-Élan")]),
        ("Chief Financial Officer Jane Roe", [("person", "Jane Roe")]),
        ("Chief Restructuring Officer Jane Roe", [("person", "Jane Roe")]),
        ("said Jane Roe (Reporting by John Doe; Editing by Jim Poe)", [("person", "Jane Roe")]),
        ("Rand Paul and Ron Paul", [("person", "Rand Paul"), ("person", "Ron Paul")]),
    ],
)
def test_people(body: str, expected: list[tuple[str, ...]]) -> None:
    assert expected == found(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("the Bank of Japan said", [("org", "Bank of Japan")]),
        ("the Chinese Foreign Ministry said", [("org", "Chinese Foreign Ministry")]),
        ("the U.S. Justice Department", [
            ("org", "U.S. Justice Department", "Justice Department"),
            ("place", "United States", "U.S."),
        ]),
        ("The U.S. Army said the Army is here", [("org", "U.S. Army", "Army")]),
        ("the Boston Red Sox beat the Yankees", [("org", "Boston Red Sox"), ("org", "Yankees")]),
        ("the Senate Energy and Natural Resources Committee met", [
            ("org", "Senate Energy and Natural Resources Committee"),
        ]),
        ("the National Oceanic and Atmospheric Administration (NOAA)", [
            ("org", "National Oceanic and Atmospheric Administration", "NOAA"),
        ]),
        ("Velmar Group Plc VLM.L said", [("org", "Velmar Group Plc")]),
        ("Yucaipa Corp. fell. Yucaipa sold", [("org", "Yucaipa Corp", "Yucaipa")]),
        ("General Motors Corp; GM rose", [("org", "General Motors Corp", "GM")]),
        ("Moody's cut it. Moody’s Inc", [("org", "Moody’s Inc", "Moody's")]),
        ("the NATO-led force", [("org", "NATO")]),
        (
            "the Department of Health and Human Services (HHS)",
            [("org", "Department of Health and Human Services", "HHS")],
        ),
        ("Zeta Bank ( ZB.N ) and Alpha Bank (XYZ)", [("org", "Zeta Bank"), ("org", "Alpha Bank")]),
    ],
)  # fmt: skip
def test_organizations(body: str, expected: list[tuple[str, ...]]) -> None:
    assert expected == found(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("from the US to the United States", [("place", "United States", "US")]),
        ("U.S.-Japan ties", [("place", "United States", "U.S."), ("place", "Japan")]),
        ("a Tokyo-based group", [("place", "Tokyo")]),
        ("the Gulf of Mexico", [("place", "Gulf of Mexico")]),
        ("in Southern California", [("place", "Southern California")]),
        ("the California Democrat said", [("place", "California")]),
        ("he said on Fifth Avenue in New York", [("place", "Fifth Avenue"), ("place", "New York")]),
        ("Mexico City, in Mexico", [("place", "Mexico City"), ("place", "Mexico")]),
        ("NEW YORK/LONDON (Reuters) - Oil fell", [
            ("org", "Reuters"), ("place", "New York"), ("place", "London"),
        ]),
        ("DUBUQUE, Iowa (AP) _ Corn fell", [
            ("org", "AP"), ("place", "Dubuque"), ("place", "Iowa"),
        ]),
        ("in the Philippines' north", [("place", "Philippines")]),
    ],
)  # fmt: skip
def test_places(body: str, expected: list[tuple[str, ...]]) -> None:
    assert expected == found(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Bill Clinton and Hillary Rodham Clinton. Clinton and Hillary Clinton spoke.", [
            ("person", "Bill Clinton"),
            ("person", "Hillary Rodham Clinton", "Hillary Clinton"),
            ("person", "Clinton"),
        ]),
        ("Dame Whitney Houston. Houston sang", [("person", "Whitney Houston", "Houston")]),
        ("Michael Jordan in Jordan", [("person", "Michael Jordan"), ("place", "Jordan")]),
        ("Toyota Motor Corp and Toyota Finance Corp", [
            ("org", "Toyota Motor Corp"), ("org", "Toyota Finance Corp"),
        ]),
    ],
)  # fmt: skip
def test_names_that_could_be_several_things(body: str, expected: list[tuple[str, ...]]) -> None:
    assert expected == found(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("He lives in Brindlemoor, near the sea.", [("place", "Brindlemoor")]),
        ("Tessa Vornik, 45, was there. Vornik left.", [("person", "Tessa Vornik", "Vornik")]),
        ("The Zorbian Workers' Party (ZWP) won.", [("org", "Zorbian Workers' Party", "ZWP")]),
        ("Washington said it would act. In Washington, he spoke.", [("place", "Washington")]),
        ("He met George Washington. Washington left.", [
            ("person", "George Washington", "Washington"),
        ]),
        ("Drivers said that drivers were angry. Drivers left.", []),
    ],
)  # fmt: skip
def test_unclear_names_are_judged_by_what_stands_around_them(
    body: str, expected: list[tuple[str, ...]]
) -> None:
    assert expected == found(body)


ALIASES = {"Zeta": "Zeta Works", "Zeta Works": "Zeta Works", "Ogasa": "Ogasa", "Oga Sa": "Ogasa"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It was Zeta’s.", [("Zeta Works", "Zeta")]),
        ("They went to Ogasa. In Oga Sa, it rained.", [("Ogasa", "Oga Sa")]),
        ("President Zeta Works", [("Zeta Works",)]),
        ("the zeta and the oga sa", []),
    ],
)
def test_names_that_it_is_told_of_are_names_and_groups_are_one_entity(
    body: str, expected: list[tuple[str, ...]]
) -> None:
    assert expected == [entity.names for entity in extract_entities("", "", body, known=ALIASES)]
    assert expected == [
        entity.names for entity in extract_entities("", "", body, known=ALIASES, language="de")
    ]


def test_a_group_is_what_the_lists_say_of_any_of_its_names() -> None:
    known = {"Iwoto": "Iwoto", "Iwo Jima": "Iwoto"}
    body = "Reporters asked Iwoto. Iwoto said nothing, and Iwoto was blamed."

    assert [EntityKind.PLACE] == [
        entity.kind for entity in extract_entities("", "", body, known=known)
    ]


def test_a_group_with_a_companys_name_is_an_organization() -> None:
    known = {"Zorbax Widgetry": "Zorbax Holdings", "Zorbax Holdings": "Zorbax Holdings"}
    body = "Anna Keller said that Zorbax Widgetry had asked her."
    kinds = {entity.names[0]: entity.kind for entity in extract_entities("", "", body, known=known)}
    assert EntityKind.ORG is kinds["Zorbax Holdings"]


GERMAN = """\
Der Präsident Donald Trump traf in Berlin die Vorsitzende Angela Merkel. Im Haus der Familie \
Bauer steht ein Klavier, und die NATO schweigt. Einer der Gäste kam aus Kenia.
"""


@pytest.mark.parametrize("language", ["de", "de-AT", "DE"])
def test_other_languages_give_what_is_on_the_lists(language: str) -> None:
    expected = [("Donald Trump",), ("Angela Merkel",), ("NATO",), ("Berlin",)]
    assert expected == [
        entity.names for entity in extract_entities("", "", GERMAN, language=language)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ruch Marine Le Pen we Francji", "Marine Le Pen"),
        ("a su colega Ahmad Abu Ali, que", "Ahmad Abu Ali"),
        ("sprach Vincent Van Peteghem gestern", "Vincent Van Peteghem"),
        ("mit Ursula von der Leyen", "Ursula von der Leyen"),
    ],
)
def test_surnames_of_other_languages_keep_their_particles(body: str, expected: str) -> None:
    assert [(expected,)] == [
        entity.names for entity in extract_entities("", "", body, language="pl")
    ]


def test_a_text_without_a_language_is_looked_at() -> None:
    assert extract_entities("", "", GERMAN * 2) == extract_entities(
        "", "", GERMAN * 2, language="de"
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Yesterday it rained. However, nobody minded on Monday.",
        "the President and the Prime Minister",
        "IRAN TALKS FAIL AGAIN\n\nnothing happened",
        "Minister Pete Smith Speaks At Iwojima Ceremony",
        "the iPhone and the eBay-like Thing",
        "the World War of the Ancients",
    ],
)
def test_nothing_is_made_up(body: str) -> None:
    assert not found(body)


def test_headlines_only_give_shorter_forms_of_what_the_body_names() -> None:
    expected = [("person", "Shigeru Ishiba", "Ishiba")]
    assert expected == found("They met Shigeru Ishiba.", "Ishiba Meets Fox News", "in Tokyo")
    assert not found("", "President Ishiba Meets Fox News", "in Tokyo")
    assert expected == found("They met Shigeru Ishiba.", "ISHIBA MEETS FOX NEWS")


WORDS = st.sampled_from(
    [
        "Pete", "Hegseth", "John", "Smith", "President", "U.S.", "US", "United", "States", "Tokyo",
        "Iwoto", "Island", "Bank", "of", "and", "the", "Corp", "Inc", "(AB)", ", also known as",
        "Kim", "van", "al-Assad", "Smith's", "NATO", "IRAN", "—", ".", "\n\n", "- ", "General",
    ]
)  # fmt: skip
TEXTS = st.text() | st.lists(WORDS, max_size=30).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_every_name_is_in_the_texts_and_no_name_comes_twice(
    title: str, dek: str, body: str
) -> None:
    entities = extract_entities(title, dek, body)
    names = [name for entity in entities for name in entity.names]
    text = f"{title}\n{dek}\n{body}".lower()
    usual = set(PLACE_SYNONYMS.values())
    assert all(name.lower() in text or name in usual for name in names)
    assert len(names) == len(set(names))
    assert all(entity.names for entity in entities)
    kinds = [entity.kind for entity in entities]
    assert sorted(kinds, key=list(EntityKind).index) == kinds
    for entity in entities:
        assert entity.names[0] == max(entity.names, key=len) or entity.names[0] in usual


@pytest.mark.parametrize(
    "text",
    [
        "A" * 300_000,
        "Al " * 100_000,
        "Zed, also known as Bank (AB) " * 5_000,
        "a " * 200_000,
        "John Smith and the Bank of " * 10_000,
    ],
)
def test_hostile_texts_end(text: str) -> None:
    assert len(extract_entities(text, text, text)) < 10


def test_a_text_of_names_alone_takes_linear_time() -> None:
    text = "".join(f"John Ab{chr(97 + at % 26) * (at % 29)} said. " for at in range(20_000))
    assert len(extract_entities("", "", text)) < 1_000
