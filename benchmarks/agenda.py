"""What the agenda costs at 1, 10 and 100 years of 900 events (some 10,000 dates a year), in the ratios of `benchmarks`.

    python -m benchmarks.agenda [--years 1 10 100] [--databases sqlite postgresql] [--seconds 3]

The first year is that around today; the others are before it. Events are copies over the actors of a network of 1,400;
they are not put in the search index, which `benchmarks` measures with 100,000 documents.
"""

import argparse
import json
import subprocess
import sys
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from benchmarks import stock
from benchmarks.__main__ import server_of

EVENTS = 900
ACTORS = 1400
AIMS = {"agenda, mois": 300.0}  # Milliseconds of processor, AGD-10.


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.agenda", description=__doc__)
    parser.add_argument("--years", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(measured(chosen.years[0], chosen.seconds)))
        return
    for kind in chosen.databases:
        with server_of(kind) as server:
            for years in chosen.years:
                with stock.lent(ACTORS, server) as environment:
                    command = [sys.executable, "-m", "benchmarks.agenda", "--inside", "--years", str(years)]
                    command += ["--seconds", str(chosen.seconds)]
                    done = subprocess.run(
                        command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
                    )
                    show(kind, years, json.loads(done.stdout.splitlines()[-1]))


def show(kind: str, years: int, figures: dict[str, Any]) -> None:
    print(f"\n## {years} an(s), {figures['events']} événements, {figures['timings']} dates, {kind}\n")
    print("| mesure | CPU ms | horloge ms | × bonjour | × liste nue | but | tenu |\n|---|---:|---:|---:|---:|---|---|")
    for name, (processor, clock, hello, bare) in figures["pages"].items():
        aim = AIMS.get(name)
        told = f"≤ {aim:.0f} ms | {'oui' if processor <= aim else 'NON'}" if aim else " | "
        print(f"| {name} | {processor:.1f} | {clock:.1f} | {processor / hello:.1f} | {processor / bare:.1f} | {told} |")
    sys.stdout.flush()


def fill(years: int) -> None:
    """Events of `years` years, the same each time."""
    from django.db import transaction
    from django.utils import timezone

    from maillage.agenda.enums import EventState
    from maillage.agenda.models import Event, Timing
    from maillage.core.text import folded
    from maillage.directory.models import Actor
    from maillage.networks.models import Network
    from maillage.topics.models import Term

    network = Network.objects.get(slug="occitanie")
    hosts = list(Actor.objects.filter(listings__network=network).exclude(commune=None).order_by("pk")[:ACTORS])
    terms = list(Term.objects.filter(vocabulary__in=["theme", "audience", "action_kind"]).values_list("pk", flat=True))
    today, through = timezone.localdate(), Event.terms.through
    for year in range(years):
        random = Random(year)
        events, timings = [], []
        for number in range(EVENTS):
            host = random.choice(hosts)
            title = f"Rendez-vous {number} de l'an {year} – {host.name}"[:140]
            event = Event(
                network=network, state=EventState.PUBLISHED, title=title, title_key=folded(title)[:140],
                slug=f"rdv-{year}-{number}", venue=host, place_name=host.name, commune_id=host.commune_id,
                latitude=host.latitude, longitude=host.longitude, price=random.choice(["free", "paid", ""]),
                summary=host.summary, description=host.description, published_at=timezone.now(),
            )  # fmt: skip
            day = today - timedelta(days=365 * year) + timedelta(days=random.randint(-215, 150))
            spans = []
            for week in range(random.choice([1, 1, 1, 2, 30, 30])):
                starts = timezone.make_aware(datetime.combine(day + timedelta(days=7 * week), time(14)))
                spans.append((starts, starts + timedelta(hours=2)))
            event.first_at, event.last_at = spans[0][0], spans[-1][1]
            events.append(event)
            timings += [Timing(event=event, day=s.date(), starts_at=s, ends_at=e) for s, e in spans]
        with transaction.atomic():
            Event.objects.bulk_create(events, batch_size=300)
            Timing.objects.bulk_create(timings, batch_size=1000)
            through.objects.bulk_create(
                through(event_id=event.pk, term_id=pk) for event in events for pk in random.sample(terms, 3)
            )
    network.touch()


def measured(years: int, seconds: float) -> dict[str, Any]:
    import django

    django.setup()
    from benchmarks.measure import BARE, HELLO, Meter, Site
    from maillage.agenda.models import Event, Timing

    fill(years)
    site, meter, fresh = Site(), Meter(), count()
    slug = Event.objects.order_by("-pk")[0].slug
    scenarios = {
        "accueil": "/",
        "agenda, liste": "/agenda/",
        "agenda, ce week-end": "/agenda/?quand=week-end",
        "agenda, autour d'une commune": "/agenda/?pres=34172&rayon=20",
        "agenda, mois": "/agenda/?vue=mois",
        "agenda, carte": "/agenda/carte.json",
        "agenda, passés": "/agenda/?quand=passes",
        "page d'un événement": f"/agenda/{slug}/",
        "calendrier iCal": "/agenda/calendrier.ics",
        "flux Atom": "/agenda/flux.atom",
    }
    found = {}
    for name, address in scenarios.items():
        site.expect("200", address)
        sign = "&" if "?" in address else "?"

        def page(address: str = f"{address}{sign}_=") -> None:
            site.get(f"{address}{next(fresh)}")

        (processor, clock), (hello, _), (bare, _) = meter.in_turns(
            [page, lambda: site.get(HELLO), lambda: site.get(BARE)], seconds
        )
        found[name] = [processor, clock, hello, bare]
        print(f"{name} : {processor:.2f} ms", file=sys.stderr, flush=True)
    return {"events": Event.objects.count(), "timings": Timing.objects.count(), "pages": found}


if __name__ == "__main__":
    main()
