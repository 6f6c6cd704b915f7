"""core.http: outgoing reads reach public addresses only, within their limits (trust.md, case 14)."""

import ipaddress
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from maillage.core.http import Policy, Unreachable, fetch, is_public

SENTENCE = "Cette adresse n'a pas pu être lue."


class Site(BaseHTTPRequestHandler):
    """A site of this machine: pages, redirections, a drip, a flood."""

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["Host"]))
        if self.path == "/page":
            self._answer(200, b"bonjour")
        elif self.path.startswith("/loop"):
            self._answer(302, b"", Location=f"/loop{len(self.server.seen)}")
        elif self.path == "/away":
            self._answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
        elif self.path == "/two":
            self._answer(302, b"", Location="/one")
        elif self.path == "/one":
            self._answer(301, b"", Location="/page")
        elif self.path == "/flood":
            self._answer(200, b"x" * 5000)
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(50):
                try:
                    self.wfile.write(b".")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)
        else:
            self._answer(500, b"secret of the inside")

    def _answer(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Silent."""


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def local(site, **limits):
    """The service's policy, widened to one port and to the address of the test's own site."""
    return Policy(
        ports=frozenset({80, 443, site.server_port}),
        is_public=lambda address: is_public(address) or str(address) == "127.0.0.1",
        **limits,
    )


def at(site, path):
    return f"http://127.0.0.1:{site.server_port}{path}"


def test_a_page_is_read(site):
    fetched = fetch(at(site, "/page"), policy=local(site))
    assert (fetched.status, fetched.content_type, fetched.body) == (200, "text/plain", b"bonjour")


def test_redirections_are_followed_up_to_three(site):
    fetched = fetch(at(site, "/two"), policy=local(site))
    assert (fetched.body, fetched.url) == (b"bonjour", at(site, "/page"))


def test_a_fourth_redirection_is_refused(site):
    with pytest.raises(Unreachable):
        fetch(at(site, "/loop"), policy=local(site))
    assert len(site.seen) == 4


def test_a_redirection_to_a_private_address_is_refused(site):
    with pytest.raises(Unreachable) as refused:
        fetch(at(site, "/away"), policy=local(site))
    assert (refused.value.reason, str(refused.value)) == ("address", SENTENCE)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
    ],
)
def test_private_addresses_are_refused_in_every_form(url):
    with pytest.raises(Unreachable) as refused:
        fetch(url)
    assert (refused.value.reason, str(refused.value)) == ("address", SENTENCE)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("//example.org/", "scheme"),
        ("http:///path", "scheme"),
        ("http://user:secret@example.org/", "credentials"),
        ("http://example.org:22/", "port"),
        ("http://example.org:8080/", "port"),
        ("http://example.org:99999/", "ValueError"),
        ("http://[bad/", "ValueError"),
    ],
)
def test_other_schemes_ports_and_credentials_are_refused(url, reason):
    with pytest.raises(Unreachable) as refused:
        fetch(url)
    assert refused.value.reason == reason


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    answers = [ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("10.0.0.1")]
    with pytest.raises(Unreachable):
        fetch("http://mixed.example/", policy=Policy(resolve=lambda host, port: answers))


def test_the_connection_goes_to_the_address_that_was_checked(site):
    """A name that answers something else the second time gains nothing: it is asked once."""
    asked = []

    def resolve(host, port):
        asked.append(host)
        return [ipaddress.ip_address("127.0.0.1" if len(asked) == 1 else "10.0.0.1")]

    policy = Policy(ports=frozenset({site.server_port}), resolve=resolve, is_public=lambda a: str(a) == "127.0.0.1")
    fetched = fetch(f"http://rebinding.example:{site.server_port}/page", policy=policy)
    assert (fetched.body, asked) == (b"bonjour", ["rebinding.example"])
    assert site.seen == [("/page", f"rebinding.example:{site.server_port}")]


def test_too_much_is_refused(site):
    with pytest.raises(Unreachable) as refused:
        fetch(at(site, "/flood"), policy=local(site, max_bytes=4999))
    assert refused.value.reason == "size"
    assert len(fetch(at(site, "/flood"), policy=local(site, max_bytes=5000)).body) == 5000


def test_a_server_that_drips_is_cut(site):
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        fetch(at(site, "/drip"), policy=local(site, seconds=0.5))
    assert time.monotonic() - begun < 1.5


def test_a_resolver_that_never_answers_is_left(site):
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        fetch("http://slow.example/", policy=Policy(seconds=0.3, resolve=lambda host, port: time.sleep(1) or []))
    assert time.monotonic() - begun < 0.9


def test_an_error_of_the_site_says_nothing_of_what_it_answered(site):
    with pytest.raises(Unreachable) as refused:
        fetch(at(site, "/inside"), policy=local(site))
    assert str(refused.value) == SENTENCE
