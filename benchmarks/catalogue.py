"""The catalogue for `benchmarks.years`: 1,200 resources, 1,000 copies of one of them and 2,000 of others, and years of loans behind and
ahead."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.years import Year

RESOURCES, ALIKE, COPIES, LOANS = 1200, 1000, 2000, 20
KIND, SHARED = "resource", ""  # Resources are not told in other networks.


def make(year: Year) -> list[Any]:
    from maillage.catalogue.models import Booking, Copy, Hold

    if not year.number:
        _stock(year)
    random = year.random
    copies = list(Copy.objects.order_by("pk").values_list("pk", "resource"))
    begins = 2 * (year.now.date() - timedelta(days=365 * year.number)).toordinal()
    bookings, holds = [], []
    for copy, resource in copies:
        half = begins  # Of the first year, today: what calendars show is ahead.
        for _rank in range(LOANS):
            half += random.randint(2, 30)
            last = half + random.randint(3, 18)
            booking = Booking(resource_id=resource, kind="loan", first=half, last=last, buffer=2)
            bookings.append(booking)
            holds.append(Hold(booking=booking, copy_id=copy, first=half, last=last + 2))
            half = last + 2
    Booking.objects.bulk_create(bookings, batch_size=500)
    Hold.objects.bulk_create(holds, batch_size=500)
    return []


def _stock(year: Year) -> None:
    from maillage.catalogue.enums import FORM_OF, Form, Kind, Power, Price, State
    from maillage.catalogue.models import Copy, Resource
    from maillage.core.text import folded

    random, filed = year.random, Resource.terms.through
    kinds = [Kind.EXHIBITION, *(random.choice(list(Kind)) for _rank in range(RESOURCES - 1))]
    resources = [
        Resource(
            network=year.south, actor=(host := random.choice(year.hosts)), kind=kind, state=State.PUBLISHED,
            title=(title := f"{kind.label.capitalize()} {rank} – {host.name}"[:140]), title_key=folded(title)[:140],
            slug=f"ressource-{rank}", summary=host.summary, published_at=year.now - timedelta(hours=rank),
            price=random.choice(Price.values), power=random.choice(Power.values), surface=random.randint(4, 120),
            duration=random.choice([30, 60, 90, 180]), cycles=random.sample(["c1", "c2", "c3", "c4"], 2), languages=["fr"],
            revision=rank + 1,
        )
        for rank, kind in enumerate(kinds)
    ]  # fmt: skip
    Resource.objects.bulk_create(resources, batch_size=300)
    filed.objects.bulk_create(
        filed(resource=one, term_id=pk) for one in resources for pk in random.sample(year.terms, 3)
    )
    lent = [one for one in resources if FORM_OF[Kind(one.kind)] == Form.LOAN]
    owners = [resources[0]] * ALIKE + [random.choice(lent) for _rank in range(COPIES)]
    Copy.objects.bulk_create(
        (Copy(resource=one, label=f"{rank:05}", tag=f"{rank:016}") for rank, one in enumerate(owners)), batch_size=500
    )


def counts() -> dict[str, int]:
    from maillage.catalogue.models import Booking, Copy, Resource

    counted = {"ressources": Resource, "exemplaires": Copy, "réservations": Booking}
    return {label: model.objects.count() for label, model in counted.items()}


def pages() -> dict[str, str | Callable[[], Any]]:
    today = date.today()  # noqa: DTZ011 (any day of the period serves)
    dates = f"du={today + timedelta(days=30)}&au={today + timedelta(days=37)}"
    return {
        "liste des ressources": "/ressources/",
        "liste d'une thématique, sur 40 m²": "/ressources/?theme=astronomie-et-espace&surface=40",
        "liste libre à des dates": f"/ressources/?{dates}",
        "liste utilisable ce soir": "/ressources/?cesoir=oui",
        "ressource et son calendrier de 1 000 exemplaires": "/ressources/ressource-0/",
        "recherche « exposition »": "/recherche/?q=exposition",
        "disponibilité de 1 000 exemplaires sur un an": _a_year_of_copies,
    }


def _a_year_of_copies() -> list[int]:
    from maillage.catalogue.engine.halves import half_of
    from maillage.catalogue.models import Resource
    from maillage.catalogue.queries.availability import sets_free

    first = half_of(date.today())  # noqa: DTZ011
    return sets_free(Resource.objects.get(slug="ressource-0"), first, first + 729)
