"""The agenda for `benchmarks.years`: 900 events a year, some 10,000 dates."""

from datetime import datetime, time, timedelta
from typing import Any

from benchmarks.years import Year

EVENTS = 900
KIND, SHARED = "event", "evenement"


def make(year: Year) -> list[Any]:
    from django.utils import timezone

    from maillage.agenda.enums import EventState
    from maillage.agenda.models import Event, Timing
    from maillage.core.text import folded

    random, through = year.random, Event.terms.through
    today = timezone.localdate(year.now)
    events, timings = [], []
    for number in range(EVENTS):
        host = random.choice(year.hosts)
        title = f"Rendez-vous {number} de l'an {year.number} – {host.name}"[:140]
        day = today - timedelta(days=365 * year.number) + timedelta(days=random.randint(-215, 150))
        spans = []
        for week in range(random.choice([1, 1, 1, 2, 30, 30])):
            starts = timezone.make_aware(datetime.combine(day + timedelta(days=7 * week), time(14)))
            spans.append((starts, starts + timedelta(hours=2)))
        event = Event(
            network=year.home(number), state=EventState.PUBLISHED, title=title, title_key=folded(title)[:140],
            slug=f"rdv-{year.number}-{number}", venue=host, place_name=host.name, commune_id=host.commune_id,
            latitude=host.latitude, longitude=host.longitude, price=random.choice(["free", "paid", ""]),
            summary=host.summary, description=host.description, first_at=spans[0][0], last_at=spans[-1][1],
            published_at=min(spans[0][0] - timedelta(days=40), year.now),
        )  # fmt: skip
        events.append(event)
        timings += [Timing(event=event, day=s.date(), starts_at=s, ends_at=e) for s, e in spans]
    Event.objects.bulk_create(events, batch_size=300)
    Timing.objects.bulk_create(timings, batch_size=1000)
    through.objects.bulk_create(
        through(event_id=event.pk, term_id=pk) for event in events for pk in random.sample(year.terms, 3)
    )
    return events


def counts() -> dict[str, int]:
    from maillage.agenda.models import Event, Timing

    return {"événements": Event.objects.count(), "dates": Timing.objects.count()}


def pages() -> dict[str, str]:
    from maillage.agenda.models import Event

    event = Event.objects.filter(network__slug="occitanie", slug__startswith="rdv-0-").order_by("slug")[0]
    return {
        "accueil": "/",
        "liste de l'agenda": "/agenda/",
        "liste de ce week-end": "/agenda/?quand=week-end",
        "liste autour d'une commune": "/agenda/?pres=34172&rayon=20",
        "liste des passés": "/agenda/?quand=passes",
        "mois de l'agenda": "/agenda/?vue=mois",
        "carte": "/agenda/carte.json",
        "événement": event.get_absolute_url(),
        "recherche « rendez-vous »": "/recherche/?q=rendez-vous",
        "recherche « musée », événements": "/recherche/?q=mus%C3%A9e&nature=event",
        "calendrier iCal d'un an": "/agenda/calendrier.ics",
        "flux Atom": "/agenda/flux.atom",
    }
