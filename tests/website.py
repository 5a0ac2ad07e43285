"""A web site on this machine that tests fetch from: real requests, no other host."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HOST = "127.0.0.1"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """What the site answers; a `cut` one ends after so many bytes of its body."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


# A path has one reply, or one made of the request's headers.
Replier = Reply | Callable[[Mapping[str, str]], Reply]


@dataclass
class Site:
    """The site: what it has at its paths, and what was asked of it."""

    port: int = 0
    replies: dict[str, Replier] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def url(self, path: str = "") -> str:
        return f"http://{HOST}:{self.port}{path}"

    def put(self, path: str, body: str | bytes, content_type: str = "", **more: str) -> None:
        """Have something at a path. `{site}` in a text is the site's address."""
        content_type = content_type or (HTML if body[:1] in {"<", b"<"} else TEXT)
        if isinstance(body, str):
            body = body.replace("{site}", self.url()).encode()
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        self.replies[path] = Reply(body, headers={"Content-Type": content_type, **headers})

    def take_asked(self) -> list[str]:
        """The paths that were asked for since the last time, but robots.txt."""
        asked = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return asked

    def reply(self, path: str, headers: Mapping[str, str]) -> Reply:
        self.asked.append(path)
        self.headers.append(headers)
        found = self.replies.get(path, Reply(status=404))
        return found(headers) if callable(found) else found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that do not trust us hang up in the midst of it."""


@contextmanager
def website(secure: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that answers until the end of the block."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = site.reply(self.path, dict(self.headers))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            # Whoever has seen enough hangs up.
            with suppress(ConnectionError):
                self.wfile.write(reply.body[: reply.cut])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with _Server((HOST, 0), Handler) as server:
        if secure is not None:
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        site.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
