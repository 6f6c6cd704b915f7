"""Personal letters: what waited for its day, in one message (NTF-2, NTF-3), and what became of each message."""

import logging
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.activity.actions.notices import LETTER, stop_url
from maillage.activity.enums import Channel, NoticeStatus
from maillage.activity.models import Notice
from maillage.activity.queries import seen_among, wishes_of
from maillage.activity.registry import kind_named, known_kinds
from maillage.core import jobs, mail
from maillage.core.models import Job
from maillage.core.text import whole_number
from maillage.networks.models import Network

logger = logging.getLogger(__name__)
ITEMS = 40  # Lines of a letter; the rest is on the site.
_LOST = timedelta(days=2)  # By then the mail server was tried ten times in vain.
_GIVEN_UP = timedelta(days=14)  # What is older than that is told by the site alone.


@jobs.task(every=timedelta(minutes=15))
def send_letters(job: Job) -> None:
    """Those whose hour has come; a network that wrote enough this hour goes on at the next."""
    now = timezone.now()
    _mend(now)
    failed = 0
    due = Notice.objects.waiting().filter(due_at__lte=now, letter="").order_by("network", "user")
    for network_id, rows in groupby(due.values_list("network", "user").distinct(), key=lambda row: row[0]):
        network = Network.objects.filter(pk=network_id).first()
        if network is None:
            continue
        people = [user_id for _network, user_id in rows]
        for user in User.objects.filter(pk__in=people[: mail.slots_left(network)]).order_by("pk"):
            try:
                write_letter(user=user, network=network, at=now)
            except Exception:  # One person's must not keep the others from theirs.
                logger.exception("letter of account %s not written", user.pk)
                failed += 1
    if failed:
        raise RuntimeError(f"{failed} lettre(s) non écrite(s) : voyez le journal du serveur")


def _mend(now: datetime) -> None:
    """What no mail server took: a letter is written again, for two weeks; a message alone is told failed. `due_at` of what is in a
    letter is when it was written."""
    waiting = Notice.objects.waiting()
    old = waiting.filter(created_at__lt=now - _GIVEN_UP).exclude(letter="").filter(due_at__lt=now - _LOST)
    alone = waiting.filter(due_at=None, letter="", created_at__lt=now - _LOST)
    for given_up in (old, alone):
        given_up.update(status=NoticeStatus.FAILED, due_at=None)
    waiting.filter(due_at__lt=now - _LOST).exclude(letter="").update(letter="")


def write_letter(*, user: User, network: Network, at: datetime) -> str:
    """One message of all that is due to a person by now; returns its letter, "" when nothing was left to tell.

    What was turned off since, what its reader may not see any more, what no address receives is cancelled.
    """
    with transaction.atomic():
        waiting = Notice.objects.waiting().filter(user=user, network=network, letter="", due_at__lte=at)
        notices = list(waiting.select_for_update().order_by("kind", "-created_at", "-pk"))
        told = _still_wanted(notices, user, network)
        kept = {notice.pk for notice in told}
        gone = [notice.pk for notice in notices if notice.pk not in kept]
        Notice.objects.filter(pk__in=gone).update(status=NoticeStatus.CANCELLED, due_at=None)
        if not told:
            return ""
        letter = uuid4().hex
        Notice.objects.filter(pk__in=kept).update(letter=letter, due_at=at)
        mail.send(
            "activity/mail/letter.html",
            to=user.email,
            network=network,
            context=_words(told, network),
            unsubscribe_url=stop_url(network, user.pk, LETTER),
            reference=f"letter:{letter}",
        )
    return letter


def _still_wanted(notices: list[Notice], user: User, network: Network) -> list[Notice]:
    told = []
    seen = seen_among(notices, viewer_for(user, network))
    for kind, rows in groupby(notices, key=lambda notice: notice.kind):
        wishes = wishes_of(kind_named(kind), [user], network).get(user.pk) if kind in known_kinds() else None
        if wishes is not None and Channel.MAIL in wishes.channels:
            told += [notice for notice in rows if notice.pk in seen]
    return told


def _words(notices: list[Notice], network: Network) -> dict[str, Any]:
    shown = [
        (
            kind_named(kind).label,
            [(each.title, mail.absolute_url(network, each.url) if each.url else "") for each in rows],
        )
        for kind, rows in groupby(notices[:ITEMS], key=lambda notice: notice.kind)
    ]
    count = len(notices)
    return {
        "title": ngettext(
            "%(network)s : une nouvelle pour vous", "%(network)s : %(count)d nouvelles pour vous", count
        ) % {"network": network, "count": count},
        "groups": shown,
        "more": max(0, count - ITEMS),
        "button_url": mail.absolute_url(network, reverse("activity:notice_list")),
        "button_label": _("Voir mes avis sur le site"),
        "habits_url": mail.absolute_url(network, reverse("activity:preferences")),
    }  # fmt: skip


def may_leave_alone(key: str) -> bool:
    """Asked when a message about one thing is about to leave: it was not read meanwhile, and is there to be read."""
    pk = whole_number(key)
    left = [NoticeStatus.PENDING, NoticeStatus.FAILED]  # Failed: the administrators try again.
    notices = Notice.objects.filter(channel=Channel.MAIL, status__in=left).select_related("user", "network")
    notice = notices.filter(pk=pk or 0).first()
    if notice is None:
        return False
    if notice.user is None or notice.pk in seen_among([notice], viewer_for(notice.user, notice.network)):
        return True
    Notice.objects.filter(pk=notice.pk).update(status=NoticeStatus.CANCELLED)
    return False


def letter_may_leave(letter: str) -> bool:
    """Asked when a letter is about to leave: if something of it was read, hidden or refused since it was written, the rest is
    written again, without it."""
    notices = list(Notice.objects.filter(letter=letter).select_related("user", "network")) if letter else []
    if not notices or notices[0].user is None:
        return False
    pending = [notice for notice in notices if notice.status == NoticeStatus.PENDING]
    seen = seen_among(pending, viewer_for(notices[0].user, notices[0].network))
    if len(seen) == len(notices):
        return True
    Notice.objects.filter(letter=letter, status=NoticeStatus.PENDING).update(letter="", due_at=timezone.now())
    send_letters.enqueue(_unique="letters-again")
    return False


def settle(reference: str, status: NoticeStatus) -> None:
    """The message of a reference left, or was refused."""
    prefix, _colon, rest = reference.partition(":")
    if prefix == "notice":
        told = Notice.objects.filter(pk=whole_number(rest) or 0)
    elif prefix == "letter" and rest:
        told = Notice.objects.filter(letter=rest)
    else:
        return
    told.filter(channel=Channel.MAIL).update(status=status, sent_at=timezone.now(), due_at=None)
