"""The messages of introductions and partnerships: to each side, its own link; nothing of the other before both agree."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import new_nonce
from maillage.core.mail import absolute_url, send
from maillage.directory.queries.freshness import why_not
from maillage.outreach.enums import Outcome
from maillage.outreach.models import FollowUp, IntroductionSide, Partnership
from maillage.outreach.queries.introduction_contacts import contact_of, may_be_joined
from maillage.outreach.queries.introductions import address_of, link_ends_at, refused_by, why_not_written
from maillage.outreach.queries.partnerships import wants_no_asking


def send_request(side: IntroductionSide, other: IntroductionSide) -> bool:
    """« Voulez-vous être mis en relation ? »; False when nobody may be written to: the team calls."""
    network = side.introduction.network
    if why_not_written(network, side):
        return False
    _open_link(side)
    send(
        "outreach/mail/introduction_request.html",
        to=side.email,
        network=network,
        unsubscribe_url=_url(network, "introduction_stop", side.pk, side.token),
        unasked=True,
        context=request_context(side, other)
        | {
            "button_url": _url(network, "introduction_link", side.pk, side.token),
            "button_label": _("Répondre : oui, pas maintenant ou non"),
        },
    )
    return True


def send_requests(pairs: Sequence[tuple[IntroductionSide, IntroductionSide]]) -> bool:
    """To whoever asks, one message for all that are proposed together (side of the asker, side of the other); each with its
    own link, for each is answered on its own."""
    side, other = pairs[0]
    if len(pairs) == 1:
        return send_request(side, other)
    network = side.introduction.network
    if why_not_written(network, side):
        return False
    for each, _other in pairs:
        _open_link(each)
    send(
        "outreach/mail/introduction_requests.html",
        to=side.email,
        network=network,
        unsubscribe_url=_url(network, "introduction_stop", side.pk, side.token),
        unasked=True,
        context={
            "side": side,
            "introduction": side.introduction,
            "proposed": [(one, _url(network, "introduction_link", each.pk, each.token)) for each, one in pairs],
        },
    )
    return True


def _open_link(side: IntroductionSide) -> None:
    now = timezone.now()
    side.sent_at, side.expires_at = now, link_ends_at(side.introduction.network, now)
    _address(side)
    side.save(update_fields=["sent_at", "expires_at", "email", "nonce"])


def _address(side: IntroductionSide) -> None:
    """A link is for the address that it is sent to: one sent to a former address does not answer for the new one."""
    if side.email.lower() != address_of(side).lower():
        side.nonce = new_nonce()
    side.email = address_of(side)


def request_context(side: IntroductionSide, other: IntroductionSide) -> dict[str, Any]:
    """What the message of a request says, for the preview too."""
    return {"side": side, "other": other, "introduction": side.introduction, "is_asker": side.role == "asker"}


def send_contact(side: IntroductionSide, other: IntroductionSide) -> bool:
    """Both agreed: here is whom to write to. False when the team has to pass it on, because nobody may be written to or because
    nothing is known that joins the other."""
    network = side.introduction.network
    if why_not_written(network, side):
        return False
    theirs = address_of(other)
    context = {
        "side": side,
        "other": other,
        "introduction": side.introduction,
        "contact": contact_of(other),
        "address": theirs,
        "is_joined": may_be_joined(other),
        "button_url": f"mailto:{theirs}" if theirs else "",
        "button_label": _("Écrire à : %(other)s") % {"other": other.label},
    }
    send(
        "outreach/mail/introduction_contact.html",
        to=address_of(side),
        network=network,
        reply_to=theirs,
        context=context,
    )
    return may_be_joined(other)


def send_declined(side: IntroductionSide, other: IntroductionSide) -> None:
    """Whoever asked is told that it will not be, and no more than that."""
    network = side.introduction.network
    if not why_not_written(network, side):
        context = {"side": side, "other": other, "introduction": side.introduction}
        send("outreach/mail/introduction_declined.html", to=address_of(side), network=network, context=context)


def send_follow_up(follow_up: FollowUp) -> None:
    """« Qu'est devenue cette mise en relation ? »: three links, each leads to its answer, which a button gives."""
    side = follow_up.side
    network = side.introduction.network
    if why_not_written(network, side):
        return
    side.expires_at = max(side.expires_at or timezone.now(), link_ends_at(network, timezone.now()))
    _address(side)
    side.save(update_fields=["expires_at", "email", "nonce"])
    page = _url(network, "introduction_news", side.pk, side.token)
    other = IntroductionSide.objects.select_related("actor").exclude(pk=side.pk).get(introduction=side.introduction_id)
    send(
        "outreach/mail/introduction_follow_up.html",
        to=side.email,
        network=network,
        unsubscribe_url=_url(network, "introduction_stop", side.pk, side.token),
        unasked=True,
        context={
            "side": side,
            "other": other,
            "introduction": side.introduction,
            "answers": [(f"{page}?reponse={value}", label) for value, label in Outcome.choices],
        },
    )


def ask_partner(partnership: Partnership) -> bool:
    """Ask the other side to confirm; False when nobody may be written to, it wants no introduction with the declarer, or no
    more of these messages."""
    network = partnership.network
    if why_not(network, partnership.other) or wants_no_asking(network, partnership.other):
        return False
    if partnership.other.pk in refused_by(network, partnership.declarer):
        return False
    send(
        "outreach/mail/partnership_confirm.html",
        to=partnership.email,
        network=network,
        unsubscribe_url=_url(network, "partnership_stop", partnership.pk, partnership.token),
        unasked=True,
        context={
            "partnership": partnership,
            "declarer": partnership.declarer,
            "other": partnership.other,
            "button_url": _url(network, "partnership_link", partnership.pk, partnership.token),
            "button_label": _("Confirmer ou non"),
        },
    )
    return True


def _url(network: Any, name: str, *args: Any) -> str:
    return absolute_url(network, reverse(f"outreach:{name}", args=args))
