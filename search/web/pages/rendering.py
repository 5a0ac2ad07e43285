"""Rendering of pages: templates, static files, links, and responses of HTML."""

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
    """A file that pages load. `version` is a hash of its content."""

    content: bytes
    media_type: str
    version: str


@lru_cache(maxsize=1)
def statics() -> dict[str, Static]:
    """Load the files that pages load, by name."""
    loaded = {}
    for file in files(__package__).joinpath("static").iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in _TYPES:
            content = file.read_bytes()
            version = hashlib.blake2b(content, digest_size=8).hexdigest()
            loaded[file.name] = Static(content, _TYPES[suffix], version)
    return loaded


def static_response(static: Static, version: str) -> Response:
    """Return a file; clients may cache it forever if the request names its version."""
    headers = caching(f'"{static.version}"')
    if version == static.version:
        headers["Cache-Control"] = _FOREVER
    return Response(static.content, 200, headers, static.media_type)


@dataclass(frozen=True, slots=True)
class Site:
    """The links of pages to other pages of this server."""

    root: str = ""

    @classmethod
    def of(cls, http: HttpRequest) -> Site:
        return cls(http.scope.get("root_path", ""))

    def to(self, path: str, **parameters: str) -> str:
        """Link to a path, with those parameters that are not empty."""
        pairs = {name: value for name, value in parameters.items() if value}
        query = f"?{urlencode(pairs, quote_via=quote, errors='replace')}" if pairs else ""
        return f"{self.root}{path}{query}"

    def search(self, q: str = "", **parameters: str) -> str:
        """Link to the search page for a query; without a query, to the home page."""
        return self.to("/", q=q, **parameters)

    def article(self, article_id: str, q: str = "") -> str:
        """Link to the page of an article, with the matches of a query marked."""
        return self.to(article_path(article_id), q=q)

    def version(self, article_id: str, number: int, q: str = "") -> str:
        """Link to one version of an article, by its number from 1."""
        return self.to(article_path(article_id), version=str(number), q=q)

    def versions(
        self, article_id: str, old: int | None = None, new: int | None = None, q: str = ""
    ) -> str:
        """Link to the changes between two versions of an article found by a query."""
        numbers = {"old": str(old or ""), "new": str(new or "")}
        return self.to(f"{article_path(article_id)}/versions", **numbers, q=q)

    def static(self, name: str) -> str:
        return self.to(f"/static/{name}", v=statics()[name].version)


@lru_cache(maxsize=1)
def looks() -> str:
    """Return a digest of the templates and static files; it is part of the ETags of pages."""
    folder = files(__package__).joinpath("templates")
    templates = sorted(folder.iterdir(), key=lambda file: file.name)
    texts = [template.read_text("utf-8") for template in templates]
    versions = [static.version for _, static in sorted(statics().items())]
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
    """Render a page as HTML. Every template has `site`."""
    text = _templates().get_template(template).render(site=site, **values)
    # Lone surrogates cannot be encoded.
    return text.encode("utf-8", "replace").decode("utf-8")


def html_response(content: str, current: str = "", status: int = 200) -> Response:
    """Return a page, with the policy that lets browsers load only its own files."""
    headers = {**caching(current), "Content-Security-Policy": PAGE_POLICY}
    return Response(content, status, headers, HTML)
