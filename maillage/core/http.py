"""The only door to other machines: short public reads over HTTP, aimed nowhere private.

Only http and https, ports 80 and 443; every address the name resolves to must be public; the connection is made to the
very address that was checked, so a name that changes its answer meanwhile gains nothing; each redirection is checked
again. What went wrong is logged, never told to the person who gave the address: the sentence is always the same.
"""

import contextlib
import http.client
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTIONS = {301, 302, 303, 307, 308}
_resolvers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


class Unreachable(Exception):
    """The address could not be read, for a reason that is not told."""

    sentence = _("Cette adresse n'a pas pu être lue.")

    def __init__(self, reason: str) -> None:
        super().__init__(str(self.sentence))
        self.reason = reason


def is_public(address: Address) -> bool:
    """Whether `address` belongs to the public Internet, looking through IPv6 forms that carry an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        carried: ipaddress.IPv4Address | None
        if address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        else:
            carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if carried is not None and not is_public(carried):
            return False
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def resolve(host: str, port: int) -> list[Address]:
    """Every address of `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


@dataclass(frozen=True)
class Policy:
    """The limits of a read; the defaults are those in service."""

    ports: frozenset[int] = frozenset({80, 443})
    seconds: float = 3.0
    max_bytes: int = 2_000_000
    redirections: int = 3
    resolve: Callable[[str, int], list[Address]] = resolve
    is_public: Callable[[Address], bool] = is_public


@dataclass(frozen=True)
class Fetched:
    url: str
    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


_DEFAULT = Policy()


def fetch(url: str, *, accept: str = "*/*", policy: Policy = _DEFAULT) -> Fetched:
    """GET `url` within `policy`; raises `Unreachable` whatever is wrong, a status of 400 or more included."""
    over = time.monotonic() + policy.seconds
    try:
        for _hop in range(policy.redirections + 1):
            fetched = _once(url, accept, policy, over)
            if fetched.status not in _REDIRECTIONS:
                if fetched.status >= 400:
                    raise Unreachable(f"status {fetched.status}")
                return fetched
            url = urljoin(url, fetched.headers.get("location", ""))
        raise Unreachable("too many redirections")
    except Unreachable as error:
        logger.info("fetch refused: %s", error.reason)
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        logger.info("fetch failed: %s", type(error).__name__)
        raise Unreachable(type(error).__name__) from error


def _once(url: str, accept: str, policy: Policy, over: float) -> Fetched:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable("scheme")
    if parts.username is not None or parts.password is not None:
        raise Unreachable("credentials")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in policy.ports:
        raise Unreachable("port")
    address = _checked_address(parts.hostname, port, policy, over)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "Maillage", "Accept": accept, "Accept-Encoding": "identity", "Connection": "close"}
    with contextlib.closing(http.client.HTTPConnection(parts.hostname, port)) as connection:
        connection.sock = _connected(address, port, parts.hostname if parts.scheme == "https" else "", over)
        # Timeouts of sockets are per read: a server that drips would last for ever without this.
        with _cut_at(connection.sock, over):
            connection.request("GET", path, headers=headers)
            with connection.getresponse() as response:
                body = response.read(policy.max_bytes + 1)
    if time.monotonic() > over:
        raise Unreachable("time")
    if len(body) > policy.max_bytes:
        raise Unreachable("size")
    found = {name.lower(): value for name, value in response.getheaders()}
    return Fetched(url, response.status, found.get("content-type", ""), body, found)


def _checked_address(host: str, port: int, policy: Policy, over: float) -> Address:
    """The first address of `host`, once all of them are known to be public."""
    try:
        addresses = _resolvers.submit(policy.resolve, host, port).result(timeout=max(0.01, over - time.monotonic()))
    except TooLong as error:
        raise Unreachable("time") from error
    if not addresses or not all(policy.is_public(address) for address in addresses):
        raise Unreachable("address")
    return addresses[0]


def _connected(address: Address, port: int, server_name: str, over: float) -> socket.socket:
    connected = socket.create_connection((str(address), port), timeout=max(0.01, over - time.monotonic()))
    if not server_name:
        return connected
    try:
        return ssl.create_default_context().wrap_socket(connected, server_hostname=server_name)
    except BaseException:
        connected.close()
        raise


@contextlib.contextmanager
def _cut_at(connected: socket.socket, over: float) -> Iterator[None]:
    """Shut the connection down when the time is over, whatever is being read."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.01, over - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
