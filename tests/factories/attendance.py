"""Small worlds for the tests of the registrations, made by the real actions."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.attendance import actions
from maillage.attendance.models import Opening, Registration, Session
from maillage.core.mail import deliver
from maillage.core.models import Job
from maillage.core.viewer import RoleKind, Viewer
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_network
from tests.factories.publications import make_person


def make_attendance_world(host: str = "testserver") -> SimpleNamespace:
    """A network with an animator (Camille), two members (Nadia, Basile), and an event of Nadia in a week, for two people."""
    network = make_network(host=host)
    world = SimpleNamespace(
        network=network,
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
        nadia=make_person(network, "Nadia Ferrand"),
        basile=make_person(network, "Basile Roux"),
        visitor=Viewer(network=network),
    )
    world.event = make_event(network, "Nuit des étoiles", schedule=Schedule((slot(7), slot(14))))
    Event.objects.filter(pk=world.event.pk).update(author=world.nadia.user)
    world.event.refresh_from_db()
    world.opening = open_for(world, capacity=2)
    world.session, world.other = world.opening.sessions.order_by("starts_at")
    return world


def open_for(world: Any, event: Event | None = None, **fields: Any) -> Opening:
    return actions.set_opening(by=world.team, event=event or world.event, fields={"most": 5, **fields})


def ask(world: Any, email: str = "lise@exemple.test", places: int = 1, **values: Any) -> Registration:
    """Without an account, to be confirmed."""
    values = {"session": world.session, "by": world.visitor, "name": email.partition("@")[0].title(), **values}
    made = actions.register(email=email, places=places, **values)
    assert made is not None
    return made


def come(world: Any, email: str = "lise@exemple.test", places: int = 1, **values: Any) -> Registration:
    """Asked, and confirmed."""
    at = values.get("at")
    return actions.confirm_registration(registration=ask(world, email, places, **values), at=at)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def mails(to: str = "") -> list[SimpleNamespace]:
    """What waits to leave, in the order in which it was written."""
    jobs = Job.objects.filter(task=deliver.name).order_by("pk")
    return [SimpleNamespace(**job.arguments) for job in jobs if job.arguments and to in job.arguments.get("to", "")]


def subjects(to: str = "") -> list[str]:
    """With ordinary spaces."""
    return [mail.subject.replace("\u00a0", " ") for mail in mails(to)]


def link_in(mail: Any) -> str:
    found = re.search(r"/inscriptions/\d+/[0-9a-f]+/", mail.text)
    assert found is not None
    return found.group()


def move_date(session: Session, starts_at: datetime) -> None:
    """As if the time had come: no act of anyone."""
    length = session.ends_at - session.starts_at
    Session.objects.filter(pk=session.pk).update(starts_at=starts_at, ends_at=starts_at + length)
    session.refresh_from_db()


def later(**delta: float) -> datetime:
    return timezone.now() + timedelta(**delta)
