"""One database, one size: measures, prints one line of JSON. Run by `benchmarks.__main__`, a process for each.

A request goes through the real WSGI handler. Its cost is processor time: that of this process and, on PostgreSQL of the
same machine, that of the server's process which answers it. Each page is measured in turns with the two references, so
that what else the machine does weighs on all three alike.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
Call = Callable[[], Any]
HELLO, BARE = "/mesure/bonjour/", "/mesure/liste/"
_REPEATED_BELOW = 5.0  # Milliseconds under which a call is repeated: the clock of the processor is not that fine.
_LONG = 4000.0  # Milliseconds above which once is enough.
_MOST = 60


class Site:
    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.cookie = ""
        self.status = ""
        self.headers: dict[str, str] = {}
        self._clients = count()

    def get(self, address: str, **headers: str) -> bytes:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": self._client(), **headers,
        }  # fmt: skip

        def start(status: str, sent: list[tuple[str, str]], _error: Any = None) -> None:
            self.status, self.headers = status, dict(sent)

        parts = self.application(environ, start)
        body = b"".join(parts)
        parts.close()
        return body

    def _client(self) -> str:
        """Somebody else each time: the limits of one visitor must not be what is measured."""
        number = next(self._clients)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def expect(self, status: str, address: str, **headers: str) -> None:
        self.get(address, **headers)
        if not self.status.startswith(status):
            raise SystemExit(f"{address} : {self.status} au lieu de {status}")


class Meter:
    """Milliseconds of processor and of clock that a call takes."""

    def of(self, call: Call, repeat: int = 1) -> tuple[float, float]:
        server, began = _server(), (time.process_time(), time.perf_counter())
        for _ in range(repeat):
            call()
        used, clock = time.process_time() - began[0], time.perf_counter() - began[1]
        after = _server()
        # A connection that has had its time is opened again: its process is then a new one, counted from nought.
        used += after[1] - (server[1] if server[0] == after[0] else 0.0)
        return used * 1000 / repeat, clock * 1000 / repeat

    def in_turns(self, calls: list[Call], seconds: float) -> list[tuple[float, float]]:
        """Medians of each call, all called in turns until the time is up; a long one is called once."""
        first = [self.of(call) for call in calls]
        if max(processor for processor, _ in first) > _LONG:
            return first
        repeats = [20 if clock < _REPEATED_BELOW else 1 for _, clock in first]
        taken: list[list[tuple[float, float]]] = [[] for _ in calls]
        end = time.perf_counter() + seconds
        while len(taken[0]) < 5 or (time.perf_counter() < end and len(taken[0]) < _MOST):
            for call, repeat, kept in zip(calls, repeats, taken, strict=True):
                kept.append(self.of(call, repeat))
        return [(statistics.median(t[0] for t in kept), statistics.median(t[1] for t in kept)) for kept in taken]


def _server() -> tuple[int, float]:
    """The process of PostgreSQL that serves this connection, and the seconds it has used, when it is on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0, 0.0
    process = connection.connection.info.backend_pid
    try:
        return process, int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0, 0.0


def pages(site: Site, network: Any, seconds: float, only: list[str]) -> dict[str, list[float]]:
    """By name: processor, clock, and those of the two references measured in turns with it."""
    from django.conf import settings
    from django.test import Client

    from maillage.accounts.models import User
    from maillage.directory.models import Actor

    fresh = count()
    published = Actor.objects.filter(listings__network=network, listings__state="published", archived_at=None)
    slug = published.order_by("pk")[0].slug

    def made(address: str) -> Call:
        """An address never asked for before: the page is made."""
        site.expect("200", address)
        sign = "&" if "?" in address else "?"
        return lambda: site.get(f"{address}{sign}_={next(fresh)}")

    def kept(address: str, status: str = "200", **headers: str) -> Call:
        site.expect(status, address, **headers)
        return lambda: site.get(address, **headers)

    site.expect("200", "/acteurs/")
    etag = site.headers["ETag"]
    scenarios: dict[str, Callable[[], Call]] = {
        "page gardée": lambda: kept("/acteurs/"),
        "304": lambda: kept("/acteurs/", "304", HTTP_IF_NONE_MATCH=etag),
        "liste": lambda: made("/acteurs/"),
        "liste filtrée": lambda: made("/acteurs/?departement=34&departement=31"),
        "liste autour d'une commune": lambda: made("/acteurs/?pres=34172&rayon=20"),
        "liste cherchée « astronomie »": lambda: made("/acteurs/?q=astronomie"),
        "liste cherchée « médiathèque »": lambda: made("/acteurs/?q=m%C3%A9diath%C3%A8que"),
        "recherche « médiathèque »": lambda: made("/recherche/?q=m%C3%A9diath%C3%A8que"),
        "recherche « musée des sciences »": lambda: made("/recherche/?q=mus%C3%A9e+des+sciences"),
        "recherche corrigée « mediatheqe »": lambda: made("/recherche/?q=mediatheqe"),
        "recherche « association »": lambda: made("/recherche/?q=association"),
        "recherche filtrée « médiathèque »": lambda: made(
            "/recherche/?q=m%C3%A9diath%C3%A8que&departement=34&departement=31"
        ),
        "recherche « médiathèque » près de Foix": lambda: made("/recherche/?q=m%C3%A9diath%C3%A8que&pres=09122"),
        "recherche d'une question longue": lambda: made(
            "/recherche/?q=o%C3%B9+apprendre+l%27astronomie+avec+des+enfants+et+observer+le+ciel+pr%C3%A8s+de+Foix+%3F"
        ),
        "recherche de mots partout, en question": lambda: made(
            "/recherche/?q=quelle+association+propose+des+ateliers+scientifiques+pour+les+enfants+%3F"
        ),
        "suggestions « m »": lambda: made("/recherche/suggestions/?q=m"),
        "suggestions « mus »": lambda: made("/recherche/suggestions/?q=mus"),
        "suggestions « association d »": lambda: made("/recherche/suggestions/?q=association+d"),
        "suggestions « médiatrice »": lambda: made("/recherche/suggestions/?q=m%C3%A9diatrice"),
        "suggestions « astronmie »": lambda: made("/recherche/suggestions/?q=astronmie"),
        "fiche": lambda: made(f"/acteurs/{slug}/"),
        "carte": lambda: made("/acteurs/carte.json"),
        "API": lambda: made("/api/v1/actors"),
        "tableau": lambda: made("/travail/acteurs/"),
        "export CSV": lambda: made("/acteurs/donnees.csv"),
    }
    meter = Meter()
    visitor = Client()
    visitor.force_login(User.objects.get(email="animation@maillage.example"), settings.AUTHENTICATION_BACKENDS[0])
    session = f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}"

    found = {}
    for name, scenario in scenarios.items():
        if only and not name.startswith(tuple(only)):
            continue
        cookie = session if name == "tableau" else ""
        site.cookie = cookie
        page = scenario()
        references = [_without_cookie(site, HELLO, cookie), _without_cookie(site, BARE, cookie)]
        (processor, clock), (hello, _), (bare, _) = meter.in_turns([page, *references], seconds)
        found[name] = [processor, clock, hello, bare]
        print(f"{name} : {processor:.2f} ms", file=sys.stderr, flush=True)
        site.cookie = ""
    return found


def _without_cookie(site: Site, address: str, back: str) -> Call:
    def call() -> None:
        site.cookie = ""
        site.get(address)
        site.cookie = back

    return call


def references(site: Site, seconds: float) -> dict[str, float]:
    """The two references, and a hello by Django alone, without any middleware; processor time."""
    from django.test import override_settings

    with override_settings(MIDDLEWARE=[]):
        alone = Site()
    calls = [lambda: site.get(HELLO), lambda: site.get(BARE), lambda: alone.get(HELLO)]
    hello, bare, django = Meter().in_turns(calls, seconds)
    return {"hello": hello[0], "bare": bare[0], "django": django[0]}


def memory(*, with_export: bool) -> dict[str, int]:
    """Megabytes of a worker of the real server: once started, and after it has shown the main pages and a whole export."""
    from maillage.core.operations.supervise import web_command

    site = f"http://localhost:{os.environ['MAILLAGE_PORT']}"
    server = subprocess.Popen(web_command())
    try:
        _fetch(f"{site}/healthz")
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split() or [str(server.pid)]
        started = _resident(int(worker))
        addresses = [
            *["/", "/acteurs/", "/acteurs/?q=astronomie", "/acteurs/carte.json", "/recherche/?q=musee"] * 3,
            *["/recherche/suggestions/?q=mus", *["/acteurs/donnees.csv"] * with_export],
        ]
        for address in addresses:
            _fetch(site + address)
        return {"started": started, "used": _resident(int(worker))}
    finally:
        server.terminate()
        server.wait(20)


def _fetch(url: str, patience: float = 120.0) -> None:
    """Read an answer to its end; a server that starts is waited for."""
    over = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=600) as answer:
                while answer.read(1 << 20):
                    pass
                return
        except OSError as error:
            refused = isinstance(getattr(error, "reason", error), ConnectionError)
            if not refused or time.monotonic() > over:
                raise
            time.sleep(0.2)


def _resident(pid: int) -> int:
    """Megabytes in memory, without the pages of the SQLite file: they are the system's, which takes them back at will."""
    held, counted = 0, True
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "Rss":
            held += int(rest.split()[0]) if counted else 0
        elif "-" in name.split(" ", 1)[0]:
            counted = ".sqlite3" not in line
    return held // 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--libraries", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    import django

    django.setup()
    from maillage.core.operations.prepare import collect_static
    from maillage.networks.models import Network

    collect_static(lambda line: None)
    network = Network.objects.get(slug="occitanie")
    site = Site()
    site.expect("200", HELLO)
    first = Meter().of(lambda: site.get("/acteurs/"))
    figures: Figures = {
        "first": first[1],
        "references": references(site, chosen.seconds),
        "pages": pages(site, network, chosen.seconds, chosen.only),
        "memory": memory(with_export=not chosen.only),
    }
    if chosen.libraries:
        from benchmarks.recipes import import_one

        found = import_one(network, chosen.libraries)
        figures["libraries"] = {
            "counts": dict(found["counts"]),
            **{key: found[key] for key in ("preview", "wall", "cpu")},
        }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
