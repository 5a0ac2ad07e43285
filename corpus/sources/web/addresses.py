"""Web addresses: which are taken as sources, and which hosts may be connected to.

Feeds and redirects come from strangers, who may name a router, a printer or the machine's own
services. So a host is looked up once, what it was looked up to is checked, and that is what
is connected to: a name that is answered differently the second time gains nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urldefrag, urlsplit, urlunsplit

from corpus.errors import SourceError

# The numeric addresses of a host and port. Raises OSError.
Resolver = Callable[[str, int], Sequence[str]]

_LONGEST = 2_000
_UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[\w.:-]+")
_PORTS = {80, 443}
_FIRST_FREE_PORT = 1024

_GLOBAL_IPV6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Clouds answer there from inside a virtual machine, and older Pythons take them for public.
_INSIDE = (IPv4Network("168.63.129.16"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))


class AddressError(SourceError):
    """An address that is not fetched; the message is the reason."""


def checked_address(text: str, *, any_port: bool = False) -> str:
    """A web address without its fragment. Raises AddressError if it is none we would fetch."""
    text = urldefrag(text.strip()).url
    if len(text) > _LONGEST or _UNSPEAKABLE.search(text):
        raise AddressError("not a web address")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as err:
        raise AddressError("not a web address") from err
    if host and not _HOST.fullmatch(host):
        raise AddressError("not a web address")
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise AddressError("only addresses that begin with http:// or https:// are fetched")
    if "@" in parts.netloc:
        raise AddressError("an address with a name or password in it is not fetched")
    if not (any_port or port is None or port in _PORTS or port >= _FIRST_FREE_PORT):
        raise AddressError(f"port {port} is not one of web servers")
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, "")
    )


def source_address(text: str, *, any_port: bool = False) -> str:
    """A web address that is to be a source. Raises SourceError, which shows no password."""
    try:
        return checked_address(text, any_port=any_port)
    except AddressError as err:
        shown = re.sub(r"//[^/?#]*@", "//…@", text)
        raise SourceError(f"{shown}: {err}") from err


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses(host: str, port: int, *, resolver: Resolver, allow_local: bool) -> Sequence[str]:
    """What may be connected to for a host. Raises AddressError if any of it is not public."""
    try:
        found = resolver(host, port)
    except (OSError, UnicodeError) as err:
        raise UnknownHostError(host) from err
    if not found:
        raise UnknownHostError(host)
    if not allow_local and not all(map(is_public, found)):
        raise AddressError(
            f"{host} is in the local network; to allow that, set fetch: {{allow_local: true}}"
        )
    return found


class UnknownHostError(AddressError):
    """The name of a host leads nowhere, now at least."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the host {host} is not known; check the address and the network")


def is_public(address: str) -> bool:
    """Whether a numeric address is anybody's on the internet, not of a network of our own."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is None:
            tunnel = found.sixtofour or found.teredo
            return found in _GLOBAL_IPV6 and found.is_global and not tunnel
        found = inner
    return (
        found.is_global
        and not (found.is_multicast or found.is_reserved or found.is_unspecified)
        and not any(found in network for network in _INSIDE)
    )


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
