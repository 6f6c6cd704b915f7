"""What years of contents cost: the frame of `benchmarks.agenda`, `benchmarks.publications` and `benchmarks.catalogue`, in the ratios
of `benchmarks`.

    python3 run.py bench --only agenda publications catalogue [--years 1 10 100]

A copy of a network of 1,400 actors is filled with so many years of contents, put in its search; the first year is that around
today, the others are before it. One content in ten is another network's, told in this one too (decision 0027). A module says what
it measures: `KIND` for the search and `SHARED` among what may be shared, `make` for a year, `pages` (addresses, or functions for what
is no page), `counts`.
"""

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from benchmarks import stock
from benchmarks.report import SMALL

MEASURED = ("agenda", "publications", "catalogue")
_FROM_ELSEWHERE = 10  # One in so many.


@dataclass(frozen=True)
class Year:
    """What contents of a year are made over; `number` years before today, 0 for the first."""

    number: int
    now: datetime
    random: Random
    south: Any
    north: Any
    hosts: list[Any]
    terms: list[int]

    def home(self, rank: int) -> Any:
        """The network of one of its contents."""
        return self.south if rank % _FROM_ELSEWHERE else self.north


def told(name: str, years: int, server: str, seconds: float) -> dict[str, Any]:
    """Figures of `measured`, from a process of its own; `server` as for `stock.lent`."""
    with stock.lent(SMALL, server) as environment:
        command = [sys.executable, "-m", "benchmarks.years", name, "--years", str(years), "--seconds", str(seconds)]
        done = subprocess.run(command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def fill(module: Any, years: int) -> None:
    """The same each time."""
    from django.db import connection, transaction
    from django.utils import timezone

    from maillage.core.jobs import gather_statistics
    from maillage.directory.models import Actor
    from maillage.networks.models import Network
    from maillage.search.actions import rebuild
    from maillage.topics.models import Term

    south, north = Network.objects.get(slug="occitanie"), Network.objects.exclude(slug="occitanie").order_by("pk")[0]
    listed = Actor.objects.filter(listings__network=south).exclude(commune=None).select_related("commune")
    hosts = list(listed.order_by("pk")[:SMALL])
    terms = Term.objects.filter(vocabulary__in=["theme", "audience", "action_kind"]).order_by("pk")
    keys, now = list(terms.values_list("pk", flat=True)), timezone.now()
    for number in range(years):
        year = Year(number, now, Random(number), south, north, hosts, keys)
        with transaction.atomic():
            _share(module.SHARED, year, module.make(year))
    Network.objects.filter(pk=south.pk).update(has_guests=True)
    rebuild([module.KIND])
    south.touch()
    gather_statistics()  # As each night.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _share(kind: str, year: Year, contents: list[Any]) -> None:
    from maillage.sharing.enums import ShareState
    from maillage.sharing.models import Share

    facts = {"kind": kind, "home": year.north, "host": year.south, "state": ShareState.ACCEPTED, "decided_at": year.now}
    elsewhere = [each for each in contents if each.network_id == year.north.pk]
    Share.objects.bulk_create(Share(object_id=each.pk, title=each.title, **facts) for each in elsewhere)


def measured(module: Any, years: int, seconds: float) -> dict[str, Any]:
    """By page: queries, processor, clock, and processor of the two references measured in turns with it."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.measure import BARE, HELLO, Meter, Site
    from maillage.core.operations.prepare import collect_static

    collect_static(lambda line: None)
    fill(module, years)
    site, meter, fresh = Site(), Meter(), count()

    def made(address: str | Callable[[], Any]) -> Callable[[], Any]:
        if callable(address):
            return address
        sign = "&" if "?" in address else "?"
        return lambda: site.get(f"{address}{sign}_={next(fresh)}")

    pages = {"page gardée": lambda: site.get("/")} | {name: made(address) for name, address in module.pages().items()}
    found = {}
    for name, page in pages.items():
        page()
        if not site.status.startswith("200"):
            raise SystemExit(f"{name} : {site.status}")
        with CaptureQueriesContext(connection) as queries:
            page()
        asked = len(queries)  # Before the next request empties the log.
        (processor, clock), (hello, _), (bare, _) = meter.in_turns(
            [page, lambda: site.get(HELLO), lambda: site.get(BARE)], seconds
        )
        found[name] = [asked, processor, clock, hello, bare]
        print(f"{name} : {asked} requêtes, {processor:.2f} ms", file=sys.stderr, flush=True)
    return {"counts": module.counts(), "pages": found}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=MEASURED)
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=2.0)
    chosen = parser.parse_args()
    figures = measured(importlib.import_module(f"benchmarks.{chosen.name}"), chosen.years, chosen.seconds)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
