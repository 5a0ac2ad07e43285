"""Validation of web addresses, and of the hosts that may be connected to.

Feeds and redirects come from strangers, who may name a router, a printer or the machine's own
services. Therefore a host is resolved once, the resulting IP addresses are checked, and the
connection is made to these: a name that resolves differently the second time has no effect.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urldefrag, urlsplit, urlunsplit

from corpus.errors import SourceError

# Resolves a host and port to IP addresses. Raises OSError.
Resolver = Callable[[str, int], Sequence[str]]

_MAX_ADDRESS_CHARS = 2_000
_FORBIDDEN_CHARACTER = re.compile(r"[\x00-\x20\x7f\\]")
_HOST_NAME = re.compile(r"[\w.:-]+")
_WEB_PORTS = {80, 443}
_FIRST_UNPRIVILEGED_PORT = 1024

_GLOBAL_IPV6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Clouds serve metadata to virtual machines there; older Pythons classify them as public.
_INTERNAL_NETWORKS = (
    IPv4Network("168.63.129.16"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
)


class AddressError(SourceError):
    """An address that must not be fetched; the message is the reason."""


def validate_address(text: str, *, any_port: bool = False) -> str:
    """Return a web address, normalized and without its fragment. Raises AddressError."""
    text = urldefrag(text.strip()).url
    if len(text) > _MAX_ADDRESS_CHARS or _FORBIDDEN_CHARACTER.search(text):
        raise AddressError("not a web address")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as err:
        raise AddressError("not a web address") from err
    if host and not _HOST_NAME.fullmatch(host):
        raise AddressError("not a web address")
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise AddressError("only addresses that begin with http:// or https:// are fetched")
    if "@" in parts.netloc:
        raise AddressError("an address with a name or password in it is not fetched")
    if not (any_port or port is None or port in _WEB_PORTS or port >= _FIRST_UNPRIVILEGED_PORT):
        raise AddressError(f"port {port} is not one of web servers")
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, "")
    )


def validate_source_address(text: str, *, any_port: bool = False) -> str:
    """Return the normalized address of a source. Raises SourceError, which shows no password."""
    try:
        return validate_address(text, any_port=any_port)
    except AddressError as err:
        address = re.sub(r"//[^/?#]*@", "//…@", text)
        raise SourceError(f"{address}: {err}") from err


def look_up_host(host: str, port: int) -> Sequence[str]:
    """Resolve a host to IP addresses with the system's resolver. Raises OSError."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in infos))


def resolve_host(host: str, port: int, *, resolver: Resolver, allow_local: bool) -> Sequence[str]:
    """Resolve a host to IP addresses. Raises AddressError if any of them is not public."""
    try:
        ips = resolver(host, port)
    except (OSError, UnicodeError) as err:
        raise UnknownHostError(host) from err
    if not ips:
        raise UnknownHostError(host)
    if not allow_local and not all(map(is_public, ips)):
        raise AddressError(
            f"{host} is in the local network; to allow that, set fetch: {{allow_local: true}}"
        )
    return ips


class UnknownHostError(AddressError):
    """A host name does not resolve, at least now."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the host {host} is not known; check the address and the network")


def is_public(address: str) -> bool:
    """Return whether an IP address is public on the internet, not local, reserved or internal."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = _extract_ipv4(ip)
        if inner is None:
            tunnel = ip.sixtofour or ip.teredo
            return ip in _GLOBAL_IPV6 and ip.is_global and not tunnel
        ip = inner
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not any(ip in network for network in _INTERNAL_NETWORKS)
    )


def _extract_ipv4(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address embedded in an IPv6 address (NAT64 or mapped), if any."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
