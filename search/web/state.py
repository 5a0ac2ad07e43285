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
from search.web.limits import Limits
from search.web.problems import ProblemError
from search.web.thread_pool import Pool

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Desk:
    """An open project behind a server. `writer` is the same project for the thread that writes.

    Without a token nothing can be written.
    """

    project: Project
    writer: Project
    reading: Pool
    writing: Pool
    token: str
    limits: Limits

    @classmethod
    def of(cls, project: Project, token: str, limits: Limits) -> Desk:
        return cls(
            project=project,
            writer=project.again(),
            reading=Pool(limits.threads, limits.waiting, limits.seconds),
            writing=Pool(1, limits.waiting, limits.writing_seconds),
            token=token,
            limits=limits,
        )

    async def ask(self, work: Callable[[Snapshot], Result]) -> Result:
        """Run work on one snapshot in a thread. Raises ProblemError, and the errors of the work."""

        def run() -> Result:
            snapshot = self.project.snapshot()
            result = work(snapshot)
            if snapshot.searcher.partial and isinstance(result, Response):
                # A complete answer has the same ETag.
                del result.headers["ETag"]
                result.headers["Cache-Control"] = "no-store"
            return result

        return await self.reading.run(run)

    async def look_up(self, work: Callable[[Project], Result]) -> Result:
        """Run work on the corpus in a thread."""
        return await self.reading.run(lambda: work(self.project))

    async def write(self, work: Callable[[Project], Result]) -> Result:
        """Run work that writes, for one request at a time."""
        return await self.writing.run(lambda: work(self.writer))

    def close(self) -> None:
        self.reading.close()
        self.writing.close()
        self.writer.close()


async def desk_of(request: Request) -> Desk:
    return cast(Desk, request.app.state.server_state)


DeskOf = Annotated[Desk, Depends(desk_of)]

_bearer = HTTPBearer(auto_error=False, description="The token that the server was started with.")


async def may_write(
    desk: DeskOf, given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> None:
    """Raise ProblemError if the request lacks the token, or the server has none."""
    if not desk.token:
        raise ProblemError("read-only", "start the server with a token to write")
    token = given.credentials if given else ""
    if not hmac.compare_digest(token.encode("utf-8", "replace"), desk.token.encode()):
        raise ProblemError("unauthorized", "send the server's token: Authorization: Bearer TOKEN")
