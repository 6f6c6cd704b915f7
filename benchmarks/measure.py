"""One database, one size: builds, measures, prints one line of JSON. Run by `benchmarks.__main__`, one process for each.

A request goes through the real WSGI handler. Its cost is the processor time of this process: what PostgreSQL itself
uses is only in the time by the clock.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

LIBRARIES = "bibliotheques_france_2025.csv"
Figures = dict[str, Any]


class Site:
    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        self.cookie = ""
        self.answer: tuple[str, dict[str, str]] = ("", {})

    def get(self, address: str, **headers: str) -> bytes:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_COOKIE": self.cookie, **headers,
        }  # fmt: skip

        def start(status: str, sent: list[tuple[str, str]], _error: Any = None) -> None:
            self.answer = (status, dict(sent))

        parts = self.application(environ, start)
        body = b"".join(parts)
        parts.close()
        return body


def timed(call: Callable[[], Any], seconds: float, least: int = 3) -> tuple[float, float]:
    """(processor ms, clock ms): medians over groups, after one call that does not count."""
    call()
    processor, clock = [], []
    end = time.perf_counter() + seconds
    while len(clock) < least or time.perf_counter() < end:
        before = time.process_time(), time.perf_counter()
        repeat = 5 if clock and clock[-1] < 5 else 1
        for _ in range(repeat):
            call()
        processor.append((time.process_time() - before[0]) * 1000 / repeat)
        clock.append((time.perf_counter() - before[1]) * 1000 / repeat)
    return statistics.median(processor), statistics.median(clock)


def pages(site: Site, network: Any, seconds: float) -> dict[str, tuple[float, float]]:
    from django.conf import settings
    from django.test import Client

    from maillage.accounts.models import User
    from maillage.directory.models import Actor

    fresh = count()
    slug = Actor.objects.filter(listings__network=network, listings__state="published", archived_at=None).first().slug

    def check(address: str, status: str = "200") -> None:
        site.get(address)
        if not site.answer[0].startswith(status):
            raise SystemExit(f"{address} : {site.answer[0]}")

    def once(address: str) -> Callable[[], Any]:
        """An address never asked for before: the page is made."""
        check(address)
        sign = "&" if "?" in address else "?"
        return lambda: site.get(f"{address}{sign}_={next(fresh)}")

    def same(address: str, **headers: str) -> Callable[[], Any]:
        return lambda: site.get(address, **headers)

    site.get("/acteurs/")
    etag = site.answer[1].get("ETag", "")
    scenarios = {
        "bonjour": same("/mesure/bonjour/"),
        "liste nue": same("/mesure/liste/"),
        "page gardée": same("/acteurs/"),
        "304": same("/acteurs/", HTTP_IF_NONE_MATCH=etag),
        "liste": once("/acteurs/"),
        "liste filtrée": once("/acteurs/?departement=34&departement=31"),
        "liste cherchée": once("/acteurs/?q=astronomie"),
        "recherche": once("/recherche/?q=m%C3%A9diath%C3%A8que"),
        "recherche corrigée": once("/recherche/?q=mediatheqe"),
        "suggestions": once("/recherche/suggestions/?q=mus"),
        "fiche": once(f"/acteurs/{slug}/"),
        "carte": once("/acteurs/carte.json"),
        "API": same("/api/v1/actors"),
        "export CSV": once("/acteurs/donnees.csv"),
    }
    found = {}
    for name, call in scenarios.items():
        if name == "API":
            from django.core.cache import caches

            def call(ask: Callable[[], Any] = call) -> None:  # Its limits must not be what is measured.
                caches["default"].clear()
                ask()

        found[name] = timed(call, seconds)
    visitor = Client()
    visitor.force_login(User.objects.get(email="animation@maillage.example"), settings.AUTHENTICATION_BACKENDS[0])
    site.cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}"
    found["tableau"] = timed(once("/travail/acteurs/"), seconds)
    site.cookie = ""
    return found


def memory(port: int) -> int:
    """Megabytes of a worker of the real server after it has shown the main pages."""
    command = [
        *[sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"],
        *["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"],
    ]
    server = subprocess.Popen(command)  # Its settings are those of this process.
    try:
        addresses = ["/acteurs/", "/acteurs/?q=astronomie", "/acteurs/carte.json", "/recherche/?q=musee"] * 3
        for address in addresses:
            _fetch(f"http://localhost:{port}{address}")
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        return max(_resident(int(pid)) for pid in children or [server.pid])
    finally:
        server.terminate()
        server.wait(20)


def _fetch(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                answer.read()
                return
        except ConnectionError:
            time.sleep(0.2)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(0.2)
    raise SystemExit(f"{url} ne répond pas")


def _resident(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--port", type=int, default=8130)
    parser.add_argument("--libraries", type=Path)
    chosen = parser.parse_args()
    os.environ.setdefault("MAILLAGE_VAR", tempfile.mkdtemp())
    import django

    django.setup()
    from django.conf import settings

    from maillage.core.operations.prepare import prepare

    settings.DEMO, demo = False, settings.DEMO  # The demonstration is built here, at the size asked for.
    prepare(lambda line: None)
    settings.DEMO = demo
    from django.db import connection

    from benchmarks.actors import build

    began = time.perf_counter()
    network = build(chosen.size)
    built = time.perf_counter() - began
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    figures: Figures = {"built": built, "pages": pages(Site(), network, chosen.seconds), "memory": memory(chosen.port)}
    if chosen.libraries and chosen.libraries.exists():
        from benchmarks.recipes import import_one

        found = import_one(network, chosen.libraries)
        figures["libraries"] = {
            "counts": dict(found["counts"]),
            **{key: found[key] for key in ("preview", "wall", "cpu")},
        }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
