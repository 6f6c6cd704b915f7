"""What time brings: places kept too long, reminders, names forgotten at their term."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.agenda.enums import EventStatus
from maillage.attendance.actions.forgetting import NAMED, blank
from maillage.attendance.actions.marking import held, held_registration, touch
from maillage.attendance.actions.serving import settle
from maillage.attendance.actions.telling import tell_reminder
from maillage.attendance.enums import ACTIVE, HOLDING, UNCONFIRMED, State
from maillage.attendance.models import Opening, Registration, Session
from maillage.attendance.queries.facts import facts_of, is_date
from maillage.attendance.registry import KEPT, UNCONFIRMED_KEPT
from maillage.core.jobs import task
from maillage.core.mail import after_quiet
from maillage.core.models import Job
from maillage.networks.models import Network

EACH = timedelta(minutes=5)
_PUT_OFF = timedelta(days=365)


@task(every=EACH)
def mind_places(job: Job) -> None:
    """Places kept too long go to the next; pages are made anew where registrations just opened or closed."""
    now = timezone.now()
    late = Registration.objects.filter(state__in=HOLDING, expires_at__lte=now).values("session")
    for session in Session.objects.filter(pk__in=late).select_related("opening__event").order_by("pk"):
        with transaction.atomic():
            session = held(session)
            settle(session, at=now)
            touch(session.opening)
    since = now - 2 * EACH
    turned = Opening.objects.filter(
        Q(opens_at__gt=since, opens_at__lte=now) | Q(sessions__starts_at__gt=since, sessions__starts_at__lte=now)
    )
    closing = [
        session.opening_id
        for session in Session.objects.filter(opening__closes_before__gt=0, starts_at__gt=now).select_related("opening")
        if since < session.closes_at <= now
    ]
    for network in Network.objects.filter(
        events__registrations__in=[*turned.values_list("pk", flat=True), *closing]
    ).distinct():
        network.touch()


@task(every=timedelta(hours=1))
def remind(job: Job) -> None:
    """The day before, to those who did not register since; never in the quiet hours of the network."""
    now = timezone.now()
    coming = Registration.objects.filter(
        state=State.CONFIRMED,
        reminded_at=None,
        session__starts_at__gt=now,
        session__starts_at__lte=now + timedelta(days=1),
    ).exclude(email="")
    for registration in coming.whole().order_by("pk"):
        session = registration.session
        recent = registration.confirmed_at is None or registration.confirmed_at > session.starts_at - timedelta(days=1)
        if recent or not session.event.is_shown or after_quiet(session.event.network, now) > now:
            continue
        with transaction.atomic():
            registration = held_registration(registration)
            if (
                registration.state != State.CONFIRMED
                or registration.reminded_at
                or not is_date(facts_of(registration.session))
            ):
                continue
            registration.reminded_at = now
            registration.save(update_fields=["reminded_at", "updated_at"])
            tell_reminder(registration)


@task(every=timedelta(days=1))
def forget_registrants(job: Job) -> None:
    """Unconfirmed ones go whole; of the others, that so many came stays. Who registered for what was put off waits for its new day, a
    year at most."""
    now = timezone.now()
    Registration.objects.filter(state__in=UNCONFIRMED, created_at__lt=now - UNCONFIRMED_KEPT).delete()
    for network in Network.objects.order_by("pk"):
        term = now - timedelta(days=int(network.setting(KEPT.name)))
        past = Registration.objects.filter(session__opening__event__network=network, session__ends_at__lt=term)
        put_off = Q(session__opening__event__status=EventStatus.POSTPONED)
        old = past.filter(NAMED).exclude(put_off, session__ends_at__gte=now - _PUT_OFF)
        with transaction.atomic():
            old.filter(put_off, state__in=ACTIVE).update(state=State.CANCELLED, expires_at=None, ended_at=now)
            blank(old.order_by("pk"))
