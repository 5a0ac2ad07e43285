"""What hypothesis makes up for tests: queries that people and cats might type."""

from __future__ import annotations

from hypothesis import strategies as st

_SYNTAX = st.sampled_from(
    ["a", "Iwojima", '"', "“", "(", ")", "OR", "AND", "NOT", "-", "=", "~2", "~", "*", "title:",
     "date:", "2025-03", "'last month'", "w/3", " ", "  ", "words:", ">=", "600", "[1 TO 2}",
     "source:", "person:", "é", "硫黄島", "U.S.", "'", ":", "x:y", "none", "..", "url:http://a.b/c",
     "after:", "before:", "x's", "\u0301", "C++", "C#", ".NET", "+", "#", "R & D", "\ufdd0",
     "\x00", "ß", "İ"]
)  # fmt: skip
QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(_SYNTAX, max_size=14).map("".join),
    st.lists(_SYNTAX, max_size=14).map(" ".join),
)
