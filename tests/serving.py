"""Clients of real applications over real projects, for tests of the HTTP faces."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from search.project.project import Project
from search.web.app import create_app
from search.web.limits import DEFAULT_LIMITS, ServerLimits
from tests.places import AVAILABLE, cluster_yaml
from tests.planted import ARTICLES

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)
TOKEN = "a-token-of-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Web:
    """Asks an application over ASGI, in a loop of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, http: httpx.AsyncClient) -> None:
        self._loop = loop
        self._http = http

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._loop.run_until_complete(self._http.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def at_once(self, path: str, number: int) -> list[httpx.Response]:
        """The answers to one question that many clients ask together."""

        async def ask() -> list[httpx.Response]:
            return await asyncio.gather(*(self._http.get(path) for _ in range(number)))

        return self._loop.run_until_complete(ask())


@contextmanager
def client(
    folder: Path,
    *,
    now: datetime = NOW,
    token: str = "",
    limits: ServerLimits = DEFAULT_LIMITS,
    **flags: str,
) -> Iterator[Web]:
    """A client of the application over a project's folder."""
    with Project.open(folder, now=now, **flags) as project, asyncio.Runner() as runner:
        app = create_app(project, token=token, hosts=["news.example"], limits=limits)
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        yield Web(runner.get_loop(), http)
        runner.run(http.aclose())
        runner.run(lifespan.__aexit__(None, None, None))


def conformance(folder: Path, *, now: datetime) -> Path:
    """A project that holds the articles of the engines' conformance suite, on every engine."""
    folder.mkdir()
    (folder / "dateline.yaml").write_text(cluster_yaml())
    for engine in AVAILABLE:
        with Project.open(folder, now=now, engine=engine) as project:
            with project.store.transaction():
                for article in ARTICLES:
                    version, _ = project.store.add_version(article, now)
                    project.store.set_current_version(article.id, version)
            project.rebuild()
    return folder
