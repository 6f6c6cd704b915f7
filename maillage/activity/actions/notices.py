"""Telling people, each once by each channel that they want; what they turned off."""

import hashlib
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.enums import Channel, NoticeStatus
from maillage.activity.models import Notice, Preference
from maillage.activity.registry import NoticeKind, is_default, kind_named
from maillage.core import jobs, mail
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network

_STOP_SALT = "maillage.stop_notices"


def notify(
    kind: str,
    *,
    event: str,
    title: str,
    network: Network | None,
    to: User | None = None,
    address: str = "",
    url: str = "",
    unasked: bool = False,
    context: dict[str, Any] | None = None,
) -> list[Notice]:
    """Tell a person (`to`) or an address something, once for each channel that they want.

    `event` names what happened ("import:12"): the same event is never told twice. `url` is a path of the site; `title`
    is kept, `unasked` as for `core.mail.send`, `context` only serves to write the message. What rolls back is not told:
    rows and mail job are written in the caller's transaction.
    """
    declared = kind_named(kind)
    told = []
    for channel in _channels(declared, to):
        recipient = f"u{to.pk}" if to is not None else hashlib.sha256(address.lower().encode()).hexdigest()[:16]
        notice = Notice(
            network=network,
            user=to,
            address=address if to is None else "",
            kind=kind,
            channel=channel,
            key=f"{kind}:{event}:{recipient}:{channel}"[:200],
            title=title[:200],
            url=url,
            status=NoticeStatus.SENT,
            sent_at=timezone.now(),
        )
        try:
            with transaction.atomic():
                notice.save()
                if channel == Channel.MAIL:
                    _mail(declared, notice, to.email if to is not None else address, context or {}, unasked)
        except IntegrityError:
            continue
        told.append(notice)
    return told


def _channels(kind: NoticeKind, to: User | None) -> list[str]:
    if to is None:
        return [Channel.MAIL]
    if to.erased_at is not None or not to.is_active:
        return []
    if not kind.optional:
        return list(kind.channels)
    chosen = dict(Preference.objects.filter(user=to, kind=kind.name).values_list("channel", "wanted"))
    return [channel for channel in Channel.values if chosen.get(channel, channel in kind.channels)]


def _mail(kind: NoticeKind, notice: Notice, email: str, context: dict[str, Any], unasked: bool) -> None:
    network, stop = notice.network, ""
    if kind.optional and notice.user_id is not None:
        stop = mail.absolute_url(
            network, reverse("activity:notices_stop", args=[stop_token(notice.user_id, kind.name)])
        )
    button = mail.absolute_url(network, notice.url) if notice.url else ""
    known = {
        "title": notice.title,
        "text": "",
        "button_url": button,
        "button_label": _("Voir sur le site"),
        **context,
    }
    mail.send(kind.template, to=email, context=known, network=network, unsubscribe_url=stop, unasked=unasked)


def stop_token(user_id: int, kind: str) -> str:
    return signing.dumps([user_id, kind], salt=_STOP_SALT)


def read_stop_token(token: str) -> tuple[int, str] | None:
    """Valid for a year: the person and the kind that the link of a message stops, whichever of their accounts got it."""
    try:
        user_id, kind = signing.loads(token, salt=_STOP_SALT, max_age=timedelta(days=365))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    merged = User.objects.filter(pk=user_id).values_list("merged_into", flat=True).first()
    return int(merged or user_id), str(kind)


def set_preference(*, user_id: int, kind: str, channel: str, wanted: bool) -> None:
    """Turn a channel on or off for an optional kind; others cannot be turned off."""
    if kind_named(kind).optional:
        Preference.objects.update_or_create(user_id=user_id, kind=kind, channel=channel, defaults={"wanted": wanted})


def keep_stricter_choices(*, kept: User, gone: User) -> None:
    """Of two accounts of a person: what the kept one turned on, and the other had off by default, is off (MRG-4)."""
    theirs = set(Preference.objects.filter(user=gone).values_list("kind", "channel"))
    for line in Preference.objects.filter(user=kept, wanted=True):
        if (line.kind, line.channel) not in theirs and not is_default(line.kind, line.channel):
            Preference.objects.filter(pk=line.pk).update(wanted=False)


def mark_read(*, by: Viewer, notices: models.QuerySet[Notice]) -> int:
    return notices.filter(user=by.user_id, read_at=None).update(read_at=timezone.now(), status=NoticeStatus.READ)


@jobs.task(every=timedelta(hours=24))
def forget_old(job: Job) -> None:
    """Notices after a year, or after ninety days once read."""
    now = timezone.now()
    old = models.Q(created_at__lt=now - timedelta(days=365)) | models.Q(read_at__lt=now - timedelta(days=90))
    Notice.objects.filter(old).delete()
