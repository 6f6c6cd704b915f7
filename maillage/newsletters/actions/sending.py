"""Sending a letter: one row a subscriber, written when it is decided; each leaves once, whatever happens to the worker."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Role, Suppression, User
from maillage.activity.actions import notify, record
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import progress, task
from maillage.core.mail import absolute_url, send, slots_left
from maillage.core.models import Job, JobStatus
from maillage.core.viewer import RoleKind, Viewer
from maillage.newsletters import rules
from maillage.newsletters.actions.leaving import may_leave, reference_of
from maillage.newsletters.actions.marking import held, mark_published
from maillage.newsletters.actions.subscribing import take_back
from maillage.newsletters.enums import LetterState, Skip
from maillage.newsletters.models import Delivery, Letter, Subscription
from maillage.newsletters.models.subscriptions import hash_of
from maillage.newsletters.queries.checks import print_of, review
from maillage.newsletters.queries.reading import arranged, content_of, message_of

_BATCH = 500
_WAIT = timedelta(minutes=10)
_AT_ONCE = timedelta(minutes=1)


class _NotYet(Exception):
    """The message would wait in the queue: it is written when it may leave, with what everyone reads then."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


def try_letter(*, by: Viewer, letter: Letter, to: Iterable[User]) -> int:
    """The message as it stands, to oneself or to others of the team; how many left."""
    rules.may_work(by).require()
    team = set(team_of(by).values_list("pk", flat=True)) | ({by.user_id} if by.user_id else set())
    addresses = list(dict.fromkeys(user.email for user in to if user.pk in team))
    if not addresses:
        raise Refused(_("Choisissez au moins une personne de l'équipe."), status=409)
    content = content_of(letter, leaving=True)
    for address in addresses:
        context = {**message_of(letter, content.parts), "trial": True, "preferences_url": "", "erase_url": ""}
        send("newsletters/mail/letter.html", to=address, network=letter.network, context=context)
    return len(addresses)


def team_of(viewer: Viewer) -> QuerySet[User]:
    """Those who run the viewer's network, to whom a trial may go."""
    held_roles = Role.objects.held().filter(
        network=viewer.network_id, kind__in=[RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN]
    )
    return User.objects.filter(pk__in=held_roles.values("user"), erased_at=None, is_active=True).order_by("name", "pk")


def schedule_letter(*, by: Viewer, letter: Letter, at: datetime, read: str = "") -> Letter:
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        if at <= timezone.now():
            raise Refused(_("Ce moment est déjà passé."), status=409)
        _require_ready(letter, read)
        letter.state, letter.scheduled_at = LetterState.SCHEDULED, at
        letter.save()
        record("letter.schedule", by=by, subject=letter, details={"at": at.isoformat()}, touch=False)
        begin_scheduled.enqueue(_scope=_scope(letter), _at=at, letter_id=letter.pk)
    return letter


def unschedule_letter(*, by: Viewer, letter: Letter) -> Letter:
    """A draft again; the job that waits finds it so and does nothing."""
    rules.may_run(by, letter).require()
    with transaction.atomic():
        letter = held(letter)
        if letter.state != LetterState.SCHEDULED:
            raise Refused(_("L'envoi de cette lettre n'est pas programmé."), status=409)
        letter.state, letter.scheduled_at = LetterState.DRAFT, None
        letter.save()
        record("letter.unschedule", by=by, subject=letter, touch=False)
    return letter


@task(max_attempts=5)
def begin_scheduled(job: Job, letter_id: int) -> None:
    """At the moment set. What cannot leave any more goes back to its author, who is told."""
    with transaction.atomic():
        found = Letter.objects.filter(pk=letter_id).first()
        if found is None:
            return
        letter = held(found)
        if letter.state != LetterState.SCHEDULED or letter.scheduled_at is None or letter.scheduled_at > timezone.now():
            return  # Taken back, or put off: another job waits for the new moment.
        by = Viewer.as_system(letter.network, _("Envoi programmé"))
        if review(letter).stops:
            letter.state, letter.scheduled_at = LetterState.DRAFT, None
            letter.save()
            record("letter.unschedule", by=by, subject=letter, touch=False)
            _tell(letter, _("La lettre « %(letter)s » n'a pas pu partir : relisez-la.") % {"letter": letter}, "held")
            return
        _start(letter, by)


def send_letter_now(*, by: Viewer, letter: Letter, read: str = "") -> Letter:
    """Decide once to whom it goes; the messages leave in the background. `read` is the print of what the page showed."""
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        _require_ready(letter, read)
        _start(letter, by)
    return letter


def _require_ready(letter: Letter, read: str) -> None:
    if read and read != print_of(letter):
        raise Conflict(_("La lettre a changé depuis que vous avez ouvert la page : relisez-la."))
    if stops := review(letter).stops:
        raise Refused(stops[0], status=409)


def _start(letter: Letter, by: Viewer) -> None:
    to = Subscription.objects.filter(network=letter.network_id).writable().order_by("pk").values_list("pk", flat=True)
    Delivery.objects.bulk_create([Delivery(letter=letter, subscription_id=pk) for pk in to], batch_size=_BATCH)
    letter.state, letter.started_at, letter.finished_at = LetterState.SENDING, timezone.now(), None
    letter.save()
    record("letter.send", by=by, subject=letter, details={"count": len(to)})
    mark_published(letter)
    _enqueue(letter)


def _scope(letter: Letter) -> str:
    return f"network:{letter.network_id}"


def _enqueue(letter: Letter, at: datetime | None = None) -> None:
    send_letter.enqueue(_scope=_scope(letter), _at=at, letter_id=letter.pk)


def stop_letter(*, by: Viewer, letter: Letter) -> Letter:
    """What has not left waits, what is in the queue comes out of it; `resume_letter` goes on."""
    rules.may_run(by, letter).require()
    with transaction.atomic():
        letter = held(letter)
        queued = letter.deliveries.filter(job__status=JobStatus.WAITING)
        if letter.state != LetterState.SENDING and not (letter.state == LetterState.SENT and queued.exists()):
            raise Refused(_("Cette lettre n'est pas en cours d'envoi."), status=409)
        take_back(letter.deliveries.filter(job__isnull=False), "")
        letter.state = LetterState.STOPPED
        letter.save()
        record("letter.stop", by=by, subject=letter, touch=False)
    return letter


def resume_letter(*, by: Viewer, letter: Letter) -> Letter:
    """Goes on with those that have not left, after a stop or where the task failed."""
    rules.may_run(by, letter).require()
    with transaction.atomic():
        letter = held(letter)
        if letter.state not in (LetterState.STOPPED, LetterState.SENDING):
            raise Refused(_("L'envoi de cette lettre n'est pas arrêté."), status=409)
        letter.state = LetterState.SENDING
        letter.save()
        record("letter.resume", by=by, subject=letter, touch=False)
        _enqueue(letter)
    return letter


def cancel_letter(*, by: Viewer, letter: Letter) -> Letter:
    """Given up: a draft, or what is left of a sending that was stopped. What left stays on the web, as those who have it read it."""
    rules.may_run(by, letter).require()
    with transaction.atomic():
        letter = held(letter)
        if letter.state not in (LetterState.DRAFT, LetterState.SCHEDULED, LetterState.STOPPED):
            raise Refused(_("Arrêtez d'abord l'envoi de cette lettre."), status=409)
        letter.deliveries.planned().update(skipped=Skip.CANCELLED)
        letter.state, letter.scheduled_at, letter.finished_at = LetterState.CANCELLED, None, timezone.now()
        letter.save()
        record("letter.cancel", by=by, subject=letter)
    return letter


@task(max_attempts=5)
def send_letter(job: Job, letter_id: int) -> None:
    """Each message in a transaction of its own, with the mail job that it makes: run again, it goes on with the others. When the
    network's hour is full, or messages wait for the morning, it comes back later rather than fill the queue."""
    letter = Letter.objects.select_related("network").filter(pk=letter_id).first()
    if letter is None:
        return
    try:
        if not send_planned(letter, told=lambda done, total: progress(job, done, total)):
            _enqueue(letter, timezone.now() + _WAIT)
    except _NotYet as wait:
        _enqueue(letter, wait.at)


def still_wanted(rest: str) -> bool:
    """Asked by `core.mail` when a message of a letter is about to leave."""
    return may_leave(rest, send_letter)


def send_planned(letter: Letter, *, told: Callable[[int, int], None] = lambda done, total: None) -> bool:
    """Whether nothing is left to do. `told` hears how many have left, of how many."""
    total, done = letter.deliveries.filter(skipped="").count(), letter.deliveries.sent().count()
    left = slots_left(letter.network)
    for pk in list(letter.deliveries.planned().order_by("pk").values_list("pk", flat=True)):
        if left <= 0:
            return False
        if (sent := _send_one(letter.pk, pk)) is None:
            return True  # Stopped meanwhile: whoever goes on enqueues anew.
        if sent:
            done, left = done + 1, left - 1
        told(done, total)
    _finish(letter)
    return True


def _send_one(letter_id: int, pk: int) -> bool | None:
    """Whether a message was written; None when the letter is not being sent any more."""
    with transaction.atomic():
        letter = held(Letter(pk=letter_id))
        if letter.state != LetterState.SENDING:
            return None
        known = Delivery.objects.filter(pk=pk).values_list("subscription", flat=True).first()
        subscription = Subscription.objects.select_for_update(of=("self",)).filter(pk=known).first() if known else None
        delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if delivery is None or delivery.sent_at is not None or delivery.skipped:
            return False
        if skip := _why_not(subscription):
            delivery.skipped = skip
            delivery.save()
            return False
        parts = content_of(letter, leaving=True).parts
        if not parts or subscription is None:
            delivery.skipped = Skip.EMPTY
            delivery.save()
            return False
        themes = frozenset(subscription.themes.values_list("pk", flat=True))
        departments = frozenset(subscription.departments.values_list("code", flat=True))
        message = message_of(letter, arranged(parts, themes, departments))
        job = _mail(letter, subscription, message, reference_of(delivery, parts))
        if job.run_at > timezone.now() + _AT_ONCE:
            raise _NotYet(job.run_at)
        delivery.sent_at, delivery.job = timezone.now(), job
        delivery.save()
    return True


def _why_not(subscription: Subscription | None) -> str:
    if subscription is None or not subscription.is_active:
        return Skip.FAILED if subscription is not None and subscription.failed_at else Skip.STOPPED
    if subscription.is_paused:
        return Skip.PAUSED
    # Erased since it agreed, in a database older than that erasure (an archive put back): the list of hashes knows.
    forbidden = Suppression.objects.filter(email_hash=hash_of(subscription.email), at__gt=subscription.confirmed_at)
    return Skip.STOPPED if subscription.confirmed_at and forbidden.exists() else ""


def _mail(letter: Letter, subscription: Subscription, message: dict[str, object], reference: str) -> Job:
    network, args = letter.network, [subscription.pk, subscription.token]

    def address(name: str) -> str:
        return absolute_url(network, reverse(f"newsletters:subscription_{name}", args=args))

    return send(
        "newsletters/mail/letter.html",
        to=subscription.email,
        network=network,
        unsubscribe_url=address("stop"),
        reference=reference,
        context={**message, "preferences_url": address("edit"), "erase_url": address("erase")},
    )


def _finish(letter: Letter) -> None:
    with transaction.atomic():
        letter = held(letter)
        if letter.state != LetterState.SENDING or letter.deliveries.planned().exists():
            return
        letter.state, letter.finished_at = LetterState.SENT, timezone.now()
        letter.sent_count = letter.deliveries.sent().count()
        letter.skipped_count = letter.deliveries.exclude(skipped="").count()
        letter.save()
        record("letter.finish", by=Viewer.as_system(letter.network, _("Envoi")), subject=letter,
               details={"count": letter.sent_count})  # fmt: skip
        _tell(letter, _("La lettre « %(letter)s » est partie.") % {"letter": letter}, "sent")


def _tell(letter: Letter, title: str, event: str) -> None:
    if letter.author is not None:
        moment = (letter.started_at or timezone.now()).isoformat()
        notify("letter_sent", event=f"letter:{letter.pk}:{event}:{moment}", title=title, network=letter.network,
               to=letter.author, url=reverse("newsletters:letter_work", args=[letter.pk]))  # fmt: skip
