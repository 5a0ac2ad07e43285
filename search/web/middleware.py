"""The middleware that checks every request and adds the security headers to every response."""

from __future__ import annotations

import ipaddress
import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.web.limits import ServerLimits
from search.web.problems import Problem, ProblemError, make_problem

_LOG = logging.getLogger("dateline")

# Pages may load and run nothing inline and nothing from other hosts.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_POLICY_HEADER = "Content-Security-Policy"
_SECURITY_HEADERS = {
    _POLICY_HEADER: "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:@/\s]+)(:\d{1,5})?")


class GuardMiddleware:
    """Middleware that rejects requests for other hosts and requests that are too large.

    It answers an unexpected error with a problem that discloses nothing, and a HEAD as a GET
    without its content.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], limits: ServerLimits) -> None:
        self._app = app
        self._hosts = hosts
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        outgoing = _SecuredSend(send, without_content=scope["method"] == "HEAD")
        if outgoing.without_content:
            scope = {**scope, "method": "GET"}
        try:
            self._check_request(scope)
            incoming = _LimitedReceive(receive, self._limits.max_body_bytes)
            await self._app(scope, incoming, outgoing)
        except ClientDisconnect:
            return
        except Exception as err:
            problem = make_problem(err)
            if problem.kind == "internal":
                _LOG.exception("%s %s", scope["method"], scope["path"])
            if not outgoing.has_begun:
                await problem.make_response()(scope, receive, outgoing)

    def _check_request(self, scope: Scope) -> None:
        """Raise ProblemError if the host is not served, or the target or content is too long."""
        headers = Headers(scope=scope)
        if not self._is_served_host(headers.getlist("host")):
            raise ProblemError("host", "serve with --allow-host to be asked under this name")
        target = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
        if target > self._limits.max_target_bytes:
            limit = f"{self._limits.max_target_bytes:,} bytes"
            raise ProblemError("target-too-long", f"path and parameters are longer than {limit}")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._limits.max_body_bytes:
            raise make_too_large_error(self._limits.max_body_bytes)

    def _is_served_host(self, hosts: list[str]) -> bool:
        """Whether the Host header is an IP address or a name that this server has.

        A page of another site can point a host name of its own to this server (DNS rebinding),
        but not an IP address.
        """
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        name = match[1].lower().rstrip(".")
        return name in self._hosts or _is_ip_address(name.strip("[]"))


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def make_too_large_error(max_bytes: int) -> ProblemError:
    return ProblemError("body-too-large", f"the content is larger than {max_bytes:,} bytes")


class _LimitedReceive:
    """The content of a request. Raises ProblemError once it is larger than allowed."""

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._received_bytes = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._received_bytes += len(message.get("body", b""))
        if self._received_bytes > self._max_bytes:
            raise make_too_large_error(self._max_bytes)
        return message


class _SecuredSend:
    """A response with the security headers, and whether it has begun."""

    def __init__(self, send: Send, *, without_content: bool) -> None:
        self._send = send
        self.without_content = without_content
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY_HEADERS.items():
                # The headers of a 304 replace those that the browser has stored.
                if name != _POLICY_HEADER or message["status"] != 304:
                    headers.setdefault(name, value)
        elif self.without_content:
            message = {**message, "body": b""}
        await self._send(message)


def make_not_found_problem(path: str) -> Problem:
    return Problem("not-found", f"there is nothing at {path}")
