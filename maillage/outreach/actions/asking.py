"""« Est-ce toujours d'actualité ? » : asked before the end of a need or an offer and at its end, answered by a personal link
without an account; forgetting the words at their term."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import is_suppressed
from maillage.activity.actions import record
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.mail import absolute_url, send
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.outreach.actions.needs import abandon_need, answer_need, expire_need, held, keep_need
from maillage.outreach.enums import NeedAnswer, NeedKind, NeedState
from maillage.outreach.models import Need, NeedAsking
from maillage.outreach.queries.asking import LINK_DAYS, address_for, to_ask, to_expire
from maillage.outreach.queries.terms import months
from maillage.outreach.registry.needs import NEEDS_KEPT

_KEPT = timedelta(days=365)


def ask_about(*, by: Viewer, need: Need, is_last: bool = False) -> NeedAsking | None:
    """None when there is nobody to write to."""
    with transaction.atomic():
        need = held(need, by=by)
        address = address_for(need)
        if not address or is_suppressed(address):
            return None
        now = timezone.now()
        asking = NeedAsking.objects.create(
            need=need, email=address, is_last=is_last, sent_at=now, expires_at=now + timedelta(days=LINK_DAYS)
        )
        link = [asking.pk, asking.token]
        page = absolute_url(need.network, reverse("outreach:need_asked", args=link))
        send(
            "outreach/mail/need.html",
            to=address,
            network=need.network,
            unsubscribe_url=absolute_url(need.network, reverse("outreach:need_asked_stop", args=link)),
            unasked=True,
            context={
                "need": need,
                "is_last": is_last,
                "answers": [(f"{page}?reponse={value}", label) for value, label in need.verbs.items()],
                "button_url": page,
                "button_label": _("Répondre"),
            },
        )
        record("need.asked", by=by, subject=need, touch=False)
    return asking


def answer_asking(*, asking: NeedAsking, answer: NeedAnswer, outcome: str = "") -> Need:
    """By whoever holds the link, who may change their mind. What others told of the end stays: an answer is only completed."""
    with transaction.atomic():
        by = Viewer.as_system(asking.need.network, _("L'acteur, par son lien personnel"))
        need = held(asking.need, by=by)
        found = NeedAsking.objects.select_for_update(of=("self",)).select_related("need__network").get(pk=asking.pk)
        if not found.is_open:
            raise Refused(_("Ce lien ne sert plus : son délai est passé."), status=410)
        if answer == NeedAnswer.ANSWERED and need.state == NeedState.ANSWERED:
            if outcome and not need.outcome:
                told = need.answered_by, need.through
                need = answer_need(by=by, need=need, outcome=outcome, answered_by=told[0], through=told[1])
        elif _is_closed_by_others(need, found):
            raise Refused(
                _("L'équipe a déjà clos ce besoin ou cette offre : votre réponse n'y change rien."), status=409
            )
        elif answer == NeedAnswer.KEPT:
            need = keep_need(by=by, need=need)
        elif answer == NeedAnswer.ANSWERED:
            need = answer_need(by=by, need=need, outcome=outcome)
        else:
            need = abandon_need(by=by, need=need, outcome=outcome)
        NeedAsking.objects.filter(pk=found.pk).update(answer=answer, answered_at=timezone.now())
    return need


def _is_closed_by_others(need: Need, asking: NeedAsking) -> bool:
    """Neither open, nor expired, nor closed by this very link."""
    if need.state not in (NeedState.ANSWERED, NeedState.ABANDONED):
        return False
    return asking.answer != need.state or bool(need.answered_by_id or need.through)


def stop_askings(*, asking: NeedAsking) -> None:
    """No more of these messages at this address; the link goes on answering."""
    NeedAsking.objects.filter(pk=asking.pk, stopped_at=None).update(stopped_at=timezone.now())


def forget_asked(*, email: str) -> None:
    """The address of an account that closes."""
    NeedAsking.objects.filter(email__iexact=email).delete()


@task(every=timedelta(days=1))
def mind_needs(job: Job) -> None:
    """Each night: those whose end comes are asked about, those whose end has come are closed and asked about once more."""
    today = timezone.localdate()
    for network in Network.objects.order_by("pk"):
        by = Viewer.as_system(network, _("Besoins et offres"))
        for need in to_expire(network, today):
            with transaction.atomic():
                if expire_need(by=by, need=need).state == NeedState.EXPIRED:
                    ask_about(by=by, need=need, is_last=True)
        for need in to_ask(network, today):
            ask_about(by=by, need=need)


@task(every=timedelta(days=1))
def forget_needs(job: Job) -> None:
    """At their term the words go, the title with them, which may name somebody; that something of this nature was looked for
    or proposed, where, and whether it was found, is counted for ever."""
    for network in Network.objects.order_by("pk"):
        _forget_words(network, timezone.localdate() - months(int(network.setting(NEEDS_KEPT.name))))
    old = NeedAsking.objects.filter(sent_at__lt=timezone.now() - _KEPT)
    old.filter(stopped_at=None).delete()


def _forget_words(network: Network, term: date) -> None:
    old = Need.objects.filter(network=network, closed_on__lt=term).exclude(state=NeedState.OPEN)
    old = old.exclude(heard_from="", description="", outcome="", title__in=[str(label) for label in NeedKind.labels])
    for need in old.order_by("pk"):
        need.heard_from = need.description = need.outcome = ""
        need.title = need.get_kind_display()
        need.save()
        Entry.objects.about(need).update(label=str(need))
