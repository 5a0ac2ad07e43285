"""Connections that keep a server waiting are closed, and there are never too many of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope
from uvicorn.server import ServerState

from search.web.connections import build_protocol
from search.web.limits import DEFAULT_LIMITS, ServerLimits

# No test waits for one of these to be over: an end that does not come fails it.
_SAFETY_SECONDS = 30
_LONG = replace(DEFAULT_LIMITS, head_timeout_seconds=300.0, idle_timeout_seconds=300.0)
_SHORT_HEAD = replace(_LONG, head_timeout_seconds=0.05)
_SHORT_IDLE = replace(_LONG, idle_timeout_seconds=0.05)
_GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
_POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
# More than the buffers of both ends hold.
_MANY_BYTES = 50_000_000

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Connect:
    """What connects to a server; `lost` is set when the server has lost a connection."""

    port: int
    lost: asyncio.Event
    clients: list[Client] = field(default_factory=list)

    async def __call__(self) -> Client:
        self.clients.append(await asyncio.open_connection("127.0.0.1", self.port))
        return self.clients[-1]


async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Read the whole request, and answer with a little; at /many with very much."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    body = b"a" * (_MANY_BYTES if scope["path"] == "/many" else 2)
    length = str(len(body)).encode()
    await send({
        "type": "http.response.start", "status": 200, "headers": [(b"content-length", length)],
        "trailers": False,
    })  # fmt: skip
    await send({"type": "http.response.body", "body": body, "more_body": False})


@asynccontextmanager
async def served(limits: ServerLimits, keep_alive: float = 300) -> AsyncIterator[Connect]:
    """A server with these limits; what connects to it."""
    config = uvicorn.Config(
        answer,
        timeout_keep_alive=keep_alive,  # type: ignore[arg-type]
        access_log=False,
    )
    config.load()
    state, lost = ServerState(), asyncio.Event()

    class Protocol(build_protocol(limits)):  # type: ignore[misc]
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.set()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Protocol(config, state, {}, loop), "127.0.0.1", 0)
    connect = Connect(server.sockets[0].getsockname()[1], lost)
    try:
        yield connect
    finally:
        for _, writer in connect.clients:
            writer.close()
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.gather(*state.tasks, return_exceptions=True)


async def read_rest(client: Client) -> bytes:
    """What a client receives until the server closes its connection."""
    try:
        return await asyncio.wait_for(client[0].read(), _SAFETY_SECONDS)
    except ConnectionResetError:
        return b""


async def read_answer(client: Client) -> bytes:
    return await asyncio.wait_for(client[0].readuntil(b"\r\n\r\naa"), _SAFETY_SECONDS)


@pytest.mark.parametrize(
    ("limits", "begun", "answers"),
    [
        (_SHORT_HEAD, b"", 0),
        (_SHORT_HEAD, b"GET / HTTP/1.1\r\nHost: loc", 0),
        (_SHORT_HEAD, _GET + b"GET /", 1),
        (_SHORT_IDLE, _POST, 0),
        (_SHORT_IDLE, _POST + b"half", 0),
        (_SHORT_IDLE, _POST + b"the whole." + _POST + b"half", 1),
        (_SHORT_IDLE, b"\x16\x03\x01 no request\r\n\r\n", 1),
    ],
)
def test_a_client_that_stops_is_left(limits: ServerLimits, begun: bytes, answers: int) -> None:
    async def run() -> bytes:
        async with served(limits) as connect:
            client = await connect()
            client[1].write(begun)
            return await read_rest(client)

    assert asyncio.run(run()).count(b"HTTP/1.1 ") == answers


@pytest.mark.parametrize("keep_alive", [0.05, 300])
def test_a_client_that_does_not_read_is_left(keep_alive: float) -> None:
    async def run() -> int:
        async with served(_SHORT_IDLE, keep_alive) as connect:
            client = await connect()
            client[1].write(_GET.replace(b"/ ", b"/many ", 1))
            head = await client[0].readuntil(b"\r\n\r\n")
            # What is not read does not fit into the buffers, and the server ends the connection.
            await asyncio.wait_for(connect.lost.wait(), _SAFETY_SECONDS)
            return len(head + await read_rest(client))

    assert asyncio.run(run()) < _MANY_BYTES


@pytest.mark.parametrize("keep_alive", [0.01, 300])
def test_a_client_that_reads_on_gets_all(keep_alive: float) -> None:
    async def run() -> int:
        async with served(replace(_LONG, idle_timeout_seconds=1.0), keep_alive) as connect:
            client = await connect()
            client[1].write(_GET.replace(b"/ ", b"/many ", 1))
            head = await client[0].readuntil(b"\r\n\r\n")
            return len(await client[0].readexactly(_MANY_BYTES)) if head else 0

    assert asyncio.run(run()) == _MANY_BYTES


def test_a_client_may_ask_again_later() -> None:
    async def run() -> None:
        async with served(replace(_LONG, head_timeout_seconds=0.5)) as connect:
            client = await connect()
            for _ in range(3):
                client[1].write(_GET)
                assert b"200" in await read_answer(client)

    asyncio.run(run())


def test_the_one_that_has_waited_longest_gives_way() -> None:
    async def run() -> list[bytes]:
        async with served(replace(_LONG, max_connections=3)) as connect:
            busy = await connect()
            busy[1].write(_POST)
            half_open = [await connect() for _ in range(20)]
            newest = await connect()
            newest[1].write(_GET)
            answers = [await read_answer(newest)]
            busy[1].write(b"the whole.")
            answers.append(await read_answer(busy))
            for client in half_open[:-1]:
                assert b"" == await read_rest(client)
            return answers

    assert all(b"200 OK" in found for found in asyncio.run(run()))


def test_two_hundred_half_open_connections_are_closed() -> None:
    async def run() -> None:
        async with served(_SHORT_HEAD) as connect:
            clients = [await connect() for _ in range(200)]
            for client in clients:
                client[1].write(b"GET / HTTP/1.1\r\n")
            assert [b""] * 200 == [await read_rest(client) for client in clients]

    asyncio.run(run())
