"""The demonstration of 1,400 actors, made once for the tests that read it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from maillage.accounts.models import User
from maillage.activity.models import Entry, Notice
from maillage.agenda.models import Event, Timing
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Listing, Qualification
from maillage.exchange.models import Batch
from maillage.networks.models import Network
from maillage.portal.management.demo import life, world
from maillage.publications.models import Comment, Credit, Publication, Reading, Version
from maillage.territories.models import PostalCode, Territory
from maillage.territories.registry import name_key, shipped
from maillage.topics.actions import load_defaults
from maillage.topics.models import Term

SYSTEM = Viewer.as_system(None, "tests")
SMALL = 24


@pytest.fixture(scope="package")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The command as `run.py` calls it, once for this folder; `other` is what a second, small building gave twice."""
    with django_db_blocker.unblock(), transaction.atomic():
        _load_two_regions()
        load_defaults(by=SYSTEM)
        twice = [_built_and_forgotten(), _built_and_forgotten()]
        said = StringIO()
        call_command("demo", stdout=said)
        yield SimpleNamespace(south=Network.objects.get(slug="occitanie"), said=said.getvalue(), twice=twice)
        transaction.set_rollback(True)


def _load_two_regions() -> None:
    """The shipped communes of Occitanie and Hauts-de-France: loading all of France takes most of a minute."""
    data = shipped("france")

    def made(kind: str, code: str, name: str, **fields: Any) -> Territory:
        slug = slugged(f"{kind} {name} {code}")
        return Territory(kind=kind, code=code, name=name, name_key=name_key(name), slug=slug, **fields)

    regions = {code: made("region", code, name) for code, name in data["regions"] if code in ("76", "32")}
    Territory.objects.bulk_create(regions.values())
    departments = {
        code: made("department", code, name, region=regions[region])
        for code, name, region in data["departments"]
        if region in regions
    }
    Territory.objects.bulk_create(departments.values())
    lines = [line for line in data["communes"] if line[2] in departments]
    here = {line[3] for line in lines}
    epcis = {code: made("epci", code, name) for code, name in data["epcis"] if code in here}
    Territory.objects.bulk_create(epcis.values())
    communes = [
        made(
            "commune", line[0], line[1], department=departments[line[2]], region=departments[line[2]].region,
            epci=epcis.get(line[3]), population=line[4], latitude=line[6], longitude=line[7], position_source="geonames",
        )
        for line in lines
    ]  # fmt: skip
    Territory.objects.bulk_create(communes, batch_size=2000)
    PostalCode.objects.bulk_create(
        PostalCode(code=code, commune=commune)
        for commune, line in zip(communes, lines, strict=True)
        for code in line[5].split()
    )


@pytest.fixture
def demo(demonstration: SimpleNamespace, db: None) -> SimpleNamespace:
    return demonstration


def _built_and_forgotten() -> str:
    savepoint = transaction.savepoint()
    world.build(SMALL, now=datetime(2026, 3, 3, 9, tzinfo=UTC), life=life.tell)
    found = digest()
    transaction.savepoint_rollback(savepoint)
    cache.clear()  # Elsewhere the database keeps it: what was counted goes with what was built.
    return found


def digest() -> str:
    """All that the two networks hold, told without the numbers that a database gives to its rows."""
    terms = dict(Term.objects.values_list("pk", "slug"))
    actors = [
        [
            actor.name, actor.slug, actor.kind, actor.summary, actor.description, actor.address, actor.phone, actor.email,
            actor.website, actor.latitude, actor.longitude, actor.completeness, actor.created_at, actor.confirmed_at,
            actor.archived_at, actor.commune.code if actor.commune else "", terms.get(actor.family_id),
            sorted(term.slug for term in actor.terms.all()),
            sorted((name, entry["origin"], entry["at"]) for name, entry in actor.provenance.items()),
        ]
        for actor in Actor.objects.select_related("commune").prefetch_related("terms").order_by("slug")
    ]  # fmt: skip
    rows = [
        list(Entry.objects.order_by("at", "verb", "label", "pk").values_list("at", "verb", "label", "user__email")),
        list(
            Qualification.objects.order_by("actor__slug", "nature", "since").values_list(
                "actor__slug", "nature", "circle", "since", "until", "reason"
            )
        ),
        list(Batch.objects.order_by("created_at", "title").values_list("created_at", "title", "status", "counts")),
        list(Listing.objects.order_by("actor__slug").values_list("actor__slug", "network__slug", "state")),
        list(
            Event.objects.order_by("slug").values_list(
                "slug",
                "title",
                "state",
                "status",
                "first_at",
                "last_at",
                "commune__code",
                "venue__slug",
                "price",
            )
        ),
        list(Timing.objects.order_by("event__slug", "starts_at").values_list("event__slug", "starts_at", "ends_at")),
        list(
            Publication.objects.order_by("slug").values_list(
                "slug",
                "title",
                "summary",
                "body",
                "media",
                "sources",
                "state",
                "published_at",
                "publish_at",
                "closes_on",
                "author__email",
                "replaced_by__slug",
            )
        ),
        list(Publication.objects.order_by("slug", "places").values_list("slug", "places__code")),
        list(
            Credit.objects.order_by("publication__slug", "position", "pk").values_list(
                "publication__slug", "name", "state"
            )
        ),
        list(Version.objects.order_by("publication__slug", "at", "pk").values_list("publication__slug", "at", "note")),
        list(Comment.objects.order_by("at", "text").values_list("publication__slug", "at", "text", "state")),
        list(Reading.objects.order_by("publication__slug", "day").values_list("publication__slug", "day", "count")),
        list(User.objects.order_by("email").values_list("email", "name", "joined_at", "last_login")),
        list(Notice.objects.order_by("created_at", "title").values_list("created_at", "title", "channel")),
    ]
    told = json.dumps([actors, rows], default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
