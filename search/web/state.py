"""The state that request handlers share: the project, the thread pools, and the token."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from search.project.project import Project
from search.results.snapshot import Snapshot
from search.web.caching import LruCache, QueryCounts
from search.web.limits import ServerLimits
from search.web.problems import ProblemError
from search.web.thread_pool import BoundedThreadPool

Result = TypeVar("Result")

_MAX_CACHED_VALUES = 64


@dataclass(frozen=True, slots=True)
class ServerState:
    """An open project behind a server. `writer` is the same project for the thread that writes.

    Without a token nothing can be written.
    """

    project: Project
    writer: Project
    read_pool: BoundedThreadPool
    write_pool: BoundedThreadPool
    token: str
    limits: ServerLimits
    home_pages: LruCache[str]
    query_counts: LruCache[QueryCounts]

    @classmethod
    def of(cls, project: Project, token: str, limits: ServerLimits) -> ServerState:
        return cls(
            project=project,
            writer=project.reopen(),
            read_pool=BoundedThreadPool(
                limits.read_threads, limits.max_waiting_requests, limits.read_timeout_seconds
            ),
            write_pool=BoundedThreadPool(
                1, limits.max_waiting_requests, limits.write_timeout_seconds
            ),
            token=token,
            limits=limits,
            home_pages=LruCache(_MAX_CACHED_VALUES),
            query_counts=LruCache(_MAX_CACHED_VALUES),
        )

    async def run_on_snapshot(self, work: Callable[[Snapshot], Result]) -> Result:
        """Run work on one snapshot in a thread. Raises ProblemError, and the errors of the work."""

        def run() -> Result:
            snapshot = self.project.snapshot()
            result = work(snapshot)
            if snapshot.searcher.is_partial and isinstance(result, Response):
                # A complete answer has the same ETag.
                del result.headers["ETag"]
                result.headers["Cache-Control"] = "no-store"
            return result

        return await self.read_pool.run(run)

    async def run_on_project(self, work: Callable[[Project], Result]) -> Result:
        """Run work on the corpus in a thread."""
        return await self.read_pool.run(lambda: work(self.project))

    async def run_write(self, work: Callable[[Project], Result]) -> Result:
        """Run work that writes, for one request at a time."""
        return await self.write_pool.run(lambda: work(self.writer))

    def close(self) -> None:
        self.read_pool.close()
        self.write_pool.close()
        self.writer.close()


async def get_state(request: Request) -> ServerState:
    return cast(ServerState, request.app.state.server_state)


StateDependency = Annotated[ServerState, Depends(get_state)]

_bearer = HTTPBearer(auto_error=False, description="The token that the server was started with.")


async def require_token(
    state: StateDependency,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> None:
    """Raise ProblemError if the request lacks the token, or the server has none."""
    if not state.token:
        raise ProblemError("read-only", "start the server with a token to write")
    token = credentials.credentials if credentials else ""
    if not hmac.compare_digest(token.encode("utf-8", "replace"), state.token.encode()):
        raise ProblemError("unauthorized", "send the server's token: Authorization: Bearer TOKEN")
