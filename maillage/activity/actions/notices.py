"""Telling people, each once by each channel that they want; what they turned off; what they read."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel, NoticeStatus
from maillage.activity.models import LetterHabit, Notice, Preference
from maillage.activity.queries import Wishes, wishes_of
from maillage.activity.registry import NoticeKind, is_default, kind_named, known_kinds, rarest
from maillage.core import jobs, mail
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network

_STOP_SALT = "maillage.stop_notices"
LETTER = "*"  # In the link of a personal letter, for the kinds that it brings.


def notify(
    kind: str,
    *,
    event: str,
    title: str,
    network: Network | None,
    to: User | None = None,
    address: str = "",
    url: str = "",
    subject: models.Model | None = None,
    unasked: bool = False,
    reply_to: str = "",
    context: dict[str, Any] | None = None,
) -> list[Notice]:
    """Tell a person (`to`) or an address something, once for each channel that they want.

    `event` names what happened ("import:12"): the same event is never told twice. `url` is a path of the site; `title`
    is kept, `unasked` and `reply_to` as for `core.mail.send`, `context` only serves to write a message that leaves by itself. `subject` is the
    object told of: a message that still waits does not leave once its reader may not see it. What rolls back is not told: rows
    and mail job are written in the caller's transaction.
    """
    declared = kind_named(kind)
    wishes = wishes_of(declared, [to], network).get(to.pk) if to is not None else None
    told = []
    for notice in _written(
        declared, to, address, wishes, event, network=network, title=title, url=url, subject=subject
    ):
        try:
            with transaction.atomic():
                notice.save()
                if notice.channel == Channel.MAIL and notice.due_at is None:
                    _mail(declared, notice, to.email if to is not None else address, context or {}, unasked, reply_to)
        except IntegrityError:
            continue
        told.append(notice)
    return told


def notify_all(
    kind: str,
    *,
    event: str,
    title: str,
    network: Network,
    people: Iterable[User],
    url: str = "",
    subject: models.Model | None = None,
) -> None:
    """Tell many people the same thing, as `notify` does: in a constant number of queries but for those who want their messages
    at once."""
    declared, told = kind_named(kind), list({person.pk: person for person in people}.values())
    wishes = wishes_of(declared, told, network)
    facts: dict[str, Any] = {"network": network, "title": title, "url": url, "subject": subject}
    rows: list[Notice] = []
    for person in told:
        written = _written(declared, person, "", wishes.get(person.pk), event, **facts)
        if any(notice.channel == Channel.MAIL and notice.due_at is None for notice in written):
            notify(kind, event=event, to=person, **facts)
        else:
            rows += written
    Notice.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _written(
    kind: NoticeKind,
    to: User | None,
    address: str,
    wishes: Wishes | None,
    event: str,
    *,
    network: Network | None,
    title: str,
    url: str,
    subject: models.Model | None,
) -> list[Notice]:
    """The lines of the ledger, one a channel, not saved yet."""
    recipient = f"u{to.pk}" if to is not None else hashlib.sha256(address.lower().encode()).hexdigest()[:16]
    if to is None:
        channels: list[str] = [Channel.MAIL]
    else:
        channels = wishes.channels if wishes is not None else []
    now, rows = timezone.now(), []
    for channel in channels:
        is_mail = channel == Channel.MAIL
        rows.append(
            Notice(
                network=network,
                user=to,
                address=address if to is None else "",
                kind=kind.name,
                channel=channel,
                key=_key(kind.name, event, recipient, channel),
                title=title[:200],
                url=url,
                content_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
                object_id=subject.pk if subject is not None else None,
                due_at=wishes.due_at if is_mail and wishes is not None else None,
                status=NoticeStatus.PENDING if is_mail else NoticeStatus.SENT,
                sent_at=None if is_mail else now,
            )
        )
    return rows


def _key(kind: str, event: str, recipient: str, channel: str) -> str:
    """Ends with the recipient and the channel, however long the name of the event is."""
    tail = f":{recipient}:{channel}"
    head = f"{kind}:{event}"
    if len(head) + len(tail) > 200:
        head = f"{kind}:{hashlib.sha256(event.encode()).hexdigest()}"
    return head + tail


def _mail(
    kind: NoticeKind, notice: Notice, email: str, context: dict[str, Any], unasked: bool, reply_to: str = ""
) -> None:
    network, stop = notice.network, ""
    if kind.optional and notice.user_id is not None:
        stop = stop_url(network, notice.user_id, kind.name)
    button = mail.absolute_url(network, notice.url) if notice.url else ""
    known = {
        "title": notice.title,
        "text": "",
        "button_url": button,
        "button_label": _("Voir sur le site"),
        **context,
    }
    mail.send(
        kind.template,
        to=email,
        context=known,
        network=network,
        unsubscribe_url=stop,
        unasked=unasked,
        reply_to=reply_to,
        reference=f"notice:{notice.pk}",
    )


def stop_url(network: Network | None, user_id: int, kind: str) -> str:
    return mail.absolute_url(network, reverse("activity:notices_stop", args=[stop_token(user_id, kind)]))


def stop_token(user_id: int, kind: str) -> str:
    return signing.dumps([user_id, kind], salt=_STOP_SALT)


def read_stop_token(token: str) -> tuple[int, str] | None:
    """Valid for a year: the person and the kind that the link of a message stops (`LETTER` for a personal letter), whichever of
    their accounts got it."""
    try:
        user_id, kind = signing.loads(token, salt=_STOP_SALT, max_age=timedelta(days=365))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    row = User.objects.filter(pk=user_id).values_list("merged_into").first()
    return (int(row[0] or user_id), str(kind)) if row is not None else None


def set_preference(*, user_id: int, kind: str, channel: str, wanted: bool, rhythm: str = "") -> None:
    """Turn a channel on or off for an optional kind, and say when its messages leave; others cannot be turned off. Messages that
    wait follow: those of a kind turned off are cancelled, those of another rhythm leave with their next letter."""
    if not kind_named(kind).optional:
        return
    Preference.objects.update_or_create(
        user_id=user_id, kind=kind, channel=channel, defaults={"wanted": wanted, "rhythm": rhythm if wanted else ""}
    )
    if channel == Channel.MAIL and not wanted:
        waiting = Notice.objects.waiting().filter(user=user_id, kind=kind)
        waiting.update(status=NoticeStatus.CANCELLED, due_at=None)


def keep_stricter_choices(*, kept: User, gone: User) -> None:
    """Of two accounts of a person: what the kept one turned on, and the other had off by default, is off; what it hears more
    often than that default comes as rarely (MRG-4)."""
    theirs = set(Preference.objects.filter(user=gone).values_list("kind", "channel"))
    for line in Preference.objects.filter(user=kept, wanted=True):
        if (line.kind, line.channel) not in theirs:
            line.wanted = is_default(line.kind, line.channel)
            line.rhythm = rarest(line.kind, line.rhythm, "") if line.wanted else ""
            line.save(update_fields=["wanted", "rhythm"])


def mark_read(*, by: Viewer, notices: models.QuerySet[Notice]) -> int:
    """The same things are not told again by the messages that wait (NTF-2)."""
    unread = list(notices.filter(user=by.user_id, channel=Channel.SITE, read_at=None).values_list("pk", "key"))
    suffix = f":{Channel.SITE}"
    twins = [key.removesuffix(suffix) + f":{Channel.MAIL}" for _pk, key in unread]
    with transaction.atomic():
        for start in range(0, len(unread), 500):
            mine = Notice.objects.filter(user=by.user_id)
            mine.waiting().filter(key__in=twins[start : start + 500]).update(status=NoticeStatus.CANCELLED, due_at=None)
            read = mine.filter(pk__in=[pk for pk, _key in unread[start : start + 500]], read_at=None)
            read.update(read_at=timezone.now(), status=NoticeStatus.READ)
    return len(unread)


def mark_seen(*, by: Viewer, path: str) -> int:
    """Whoever opened the page at `path` knows what its notices say, and needs no message about it."""
    if not by.is_authenticated or not path:
        return 0
    leading = models.Q(url=path) | models.Q(url__startswith=f"{path}#")
    mine = Notice.objects.filter(leading, user=by.user_id, network=by.network)
    cancelled = mine.waiting().update(status=NoticeStatus.CANCELLED, due_at=None)
    return cancelled + mark_read(by=by, notices=mine)


def set_letter_habit(*, user: User, weekday: int, hour: int) -> None:
    """What waits for the former day leaves on the new one."""
    LetterHabit.objects.update_or_create(user=user, defaults={"weekday": weekday, "hour": hour})
    for network in Network.objects.filter(pk__in=Notice.objects.waiting().filter(user=user).values("network")):
        waiting = Notice.objects.waiting().filter(user=user, network=network, letter="").exclude(due_at=None)
        for kind in set(waiting.values_list("kind", flat=True)) & known_kinds().keys():
            wishes = wishes_of(kind_named(kind), [user], network)[user.pk]
            waiting.filter(kind=kind).update(due_at=wishes.due_at or timezone.now())


@jobs.task(every=timedelta(hours=24))
def forget_old(job: Job) -> None:
    """Notices after a year, or after ninety days once read."""
    now = timezone.now()
    old = models.Q(created_at__lt=now - timedelta(days=365)) | models.Q(read_at__lt=now - timedelta(days=90))
    Notice.objects.filter(old).delete()
