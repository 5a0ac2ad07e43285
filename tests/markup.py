"""Pages as tests read them: parsed, their links followed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.serving import Web


@dataclass(frozen=True)
class Page:
    """A page that was asked for: its status, headers and elements."""

    status: int
    headers: dict[str, str]
    html: LexborHTMLParser

    def all(self, selector: str) -> list[LexborNode]:
        return self.html.css(selector)

    def texts(self, selector: str) -> list[str]:
        """What elements say, with single spaces."""
        return [" ".join(each.text().split()) for each in self.all(selector)]

    def hrefs(self, selector: str) -> list[str]:
        return [each.attributes["href"] or "" for each in self.all(selector)]

    @property
    def ids(self) -> list[str]:
        """The ids of the articles that are listed."""
        paths = [urlsplit(href).path for href in self.hrefs(".hit-title a")]
        return [unquote(path.removeprefix("/articles/")) for path in paths]

    @property
    def total(self) -> int:
        """How many articles the page says there are."""
        said = self.texts("h1")[0].split()[0].rstrip(",")
        return 0 if said == "No" else int(said.replace(",", ""))


def page(web: Web, address: str, **parameters: str) -> Page:
    """A page by its address, or by its path and parameters."""
    accept = {"Accept": "text/html,*/*;q=0.8"}
    response = web.get(address, params=parameters or None, headers=accept)
    return Page(response.status_code, dict(response.headers), LexborHTMLParser(response.text))


def query_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["q"][0]
