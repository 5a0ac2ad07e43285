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

from search.web.middleware import PAGE_POLICY
from search.web.responses import make_article_path, make_cache_headers

HTML_MEDIA_TYPE = "text/html; charset=utf-8"

_STATIC_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_CACHE_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that pages load. `version` is a hash of its content."""

    content: bytes
    media_type: str
    version: str


@lru_cache(maxsize=1)
def load_static_files() -> dict[str, StaticFile]:
    """Load the files that pages load, by name."""
    loaded = {}
    for file in files(__package__).joinpath("static").iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in _STATIC_MEDIA_TYPES:
            content = file.read_bytes()
            version = hashlib.blake2b(content, digest_size=8).hexdigest()
            loaded[file.name] = StaticFile(content, _STATIC_MEDIA_TYPES[suffix], version)
    return loaded


def make_static_response(static: StaticFile, version: str) -> Response:
    """Return a file; clients may cache it forever if the request names its version."""
    headers = make_cache_headers(f'"{static.version}"')
    if version == static.version:
        headers["Cache-Control"] = _CACHE_FOREVER
    return Response(static.content, 200, headers, static.media_type)


@dataclass(frozen=True, slots=True)
class Site:
    """The links of pages to other pages of this server."""

    root: str = ""

    @classmethod
    def of(cls, http: HttpRequest) -> Site:
        return cls(http.scope.get("root_path", ""))

    def link_to_path(self, path: str, **parameters: str) -> str:
        """Link to a path, with those parameters that are not empty."""
        pairs = {name: value for name, value in parameters.items() if value}
        query = f"?{urlencode(pairs, quote_via=quote, errors='replace')}" if pairs else ""
        return f"{self.root}{path}{query}"

    def link_to_search(self, q: str = "", **parameters: str) -> str:
        """Link to the search page for a query; without a query, to the home page."""
        return self.link_to_path("/", q=q, **parameters)

    def link_to_article(self, article_id: str, q: str = "") -> str:
        """Link to the page of an article, with the matches of a query marked."""
        return self.link_to_path(make_article_path(article_id), q=q)

    def link_to_version(self, article_id: str, number: int, q: str = "") -> str:
        """Link to one version of an article, by its number from 1."""
        return self.link_to_path(make_article_path(article_id), version=str(number), q=q)

    def link_to_versions(
        self, article_id: str, old: int | None = None, new: int | None = None, q: str = ""
    ) -> str:
        """Link to the changes between two versions of an article found by a query."""
        numbers = {"old": str(old or ""), "new": str(new or "")}
        return self.link_to_path(f"{make_article_path(article_id)}/versions", **numbers, q=q)

    def link_to_static(self, name: str) -> str:
        return self.link_to_path(f"/static/{name}", v=load_static_files()[name].version)


@lru_cache(maxsize=1)
def digest_templates() -> str:
    """Return a digest of the templates and static files; it is part of the ETags of pages."""
    folder = files(__package__).joinpath("templates")
    templates = sorted(folder.iterdir(), key=lambda file: file.name)
    texts = [template.read_text("utf-8") for template in templates]
    versions = [static.version for _, static in sorted(load_static_files().items())]
    return hashlib.blake2b("".join((*texts, *versions)).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _load_templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render_page(site: Site, template: str, **values: object) -> str:
    """Render a page as HTML. Every template has `site`."""
    text = _load_templates().get_template(template).render(site=site, **values)
    # Lone surrogates cannot be encoded.
    return text.encode("utf-8", "replace").decode("utf-8")


def make_html_response(content: str, etag: str = "", status: int = 200) -> Response:
    """Return a page, with the policy that lets browsers load only its own files."""
    headers = {**make_cache_headers(etag), "Content-Security-Policy": PAGE_POLICY}
    return Response(content, status, headers, HTML_MEDIA_TYPE)
