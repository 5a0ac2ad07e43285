"""Pages: templates, the files that belong to them, and responses that browsers may show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.web.guard import PAGE_POLICY
from search.web.responses import article_path, caching

HTML = "text/html; charset=utf-8"

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """A file that pages load. `version` is of its content."""

    content: bytes
    media_type: str
    version: str


@lru_cache(maxsize=1)
def statics() -> dict[str, Static]:
    """The files that pages load, by name."""
    found = {}
    for each in files(__package__).joinpath("static").iterdir():
        suffix = each.name[each.name.rfind(".") :]
        if suffix in _TYPES:
            content = each.read_bytes()
            version = hashlib.blake2b(content, digest_size=8).hexdigest()
            found[each.name] = Static(content, _TYPES[suffix], version)
    return found


def static_response(static: Static, version: str) -> Response:
    """A file; one that is asked for by its version never changes."""
    headers = caching(f'"{static.version}"')
    if version == static.version:
        headers["Cache-Control"] = _FOREVER
    return Response(static.content, 200, headers, static.media_type)


@dataclass(frozen=True, slots=True)
class Site:
    """Addresses on this server, as pages link to them."""

    root: str = ""

    @classmethod
    def of(cls, http: HttpRequest) -> Site:
        return cls(http.scope.get("root_path", ""))

    def to(self, path: str, **parameters: str) -> str:
        """A path with those parameters that are not empty."""
        given = {name: value for name, value in parameters.items() if value}
        query = f"?{urlencode(given, quote_via=quote, errors='replace')}" if given else ""
        return f"{self.root}{path}{query}"

    def search(self, q: str = "", **parameters: str) -> str:
        """The search page for a query; without one, what stands there before a search."""
        return self.to("/", q=q, **parameters)

    def article(self, article_id: str, q: str = "") -> str:
        """An article's page, where the words of a query are marked."""
        return self.to(article_path(article_id), q=q)

    def version(self, article_id: str, number: int, q: str = "") -> str:
        """One version of an article, by its place among all."""
        return self.to(article_path(article_id), version=str(number), q=q)

    def versions(
        self, article_id: str, old: int | None = None, new: int | None = None, q: str = ""
    ) -> str:
        """What changed between two versions of an article, which was come to by a query."""
        places = {"old": str(old or ""), "new": str(new or "")}
        return self.to(f"{article_path(article_id)}/versions", **places, q=q)

    def static(self, name: str) -> str:
        return self.to(f"/static/{name}", v=statics()[name].version)


@lru_cache(maxsize=1)
def looks() -> str:
    """What tells one state of templates and their files from another: part of pages' ETags."""
    folder = files(__package__).joinpath("templates")
    texts = [each.read_text("utf-8") for each in sorted(folder.iterdir(), key=lambda one: one.name)]
    versions = [each.version for _, each in sorted(statics().items())]
    return hashlib.blake2b("".join((*texts, *versions)).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def rendered(site: Site, template: str, **values: object) -> str:
    """A page's HTML. Every template has `site`."""
    text = _templates().get_template(template).render(site=site, **values)
    # Halves of pairs have no encoding.
    return text.encode("utf-8", "replace").decode("utf-8")


def html_response(content: str, current: str = "", status: int = 200) -> Response:
    """A page with the policy that lets browsers load what belongs to it, and nothing else."""
    headers = {**caching(current), "Content-Security-Policy": PAGE_POLICY}
    return Response(content, status, headers, HTML)
