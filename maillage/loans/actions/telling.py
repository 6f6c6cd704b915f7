"""Who is told of what becomes of a loan: its lender's people, its borrower; the team when nobody answers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.core.viewer import Viewer
from maillage.directory.actions.telling import tell_team
from maillage.directory.models import Actor, ActorMember
from maillage.loans.models import Loan, WaitingEntry
from maillage.loans.queries.halves import span_said


def people_of(actor: Actor | None) -> list[User]:
    """Those who look after a sheet and have an account in use."""
    if actor is None:
        return []
    members = ActorMember.objects.filter(actor=actor, user__is_active=True, user__erased_at=None)
    return [member.user for member in members.select_related("user").order_by("pk")]


def lenders_of(loan: Loan) -> list[User]:
    return people_of(loan.resource.actor)


def borrowers_of(loan: Loan) -> list[User]:
    """Whoever asked; when they have gone, or left the actor that borrows, the people of that actor."""
    people, contact = people_of(loan.actor), loan.contact
    if contact is not None and contact.is_active and contact.erased_at is None:
        if loan.actor is None or contact in people:
            return [contact]
    return people


def tell_lender(loan: Loan, event: str, title: str, *, by: Viewer, kind: str = "loan_course", **context: Any) -> None:
    """Answering the message writes to the borrower."""
    reply = loan.contact.email if loan.contact is not None and loan.contact.erased_at is None else ""
    _tell(loan, lenders_of(loan), kind, event, title, by=by, reply_to=reply, context=context)


def tell_borrower(loan: Loan, event: str, title: str, *, by: Viewer, kind: str = "loan_course", **context: Any) -> None:
    """Answering the message writes to the lender."""
    reply = loan.resource.actor.email or loan.network.contact_email
    _tell(loan, borrowers_of(loan), kind, event, title, by=by, reply_to=reply, context=context)


def tell_team_of(loan: Loan, title: str, text: str) -> None:
    tell_team(loan.network, title=title, text=text, path=loan.get_absolute_url(), label=_("Voir le prêt"))


def _tell(
    loan: Loan,
    people: Iterable[User],
    kind: str,
    event: str,
    title: str,
    *,
    by: Viewer,
    reply_to: str,
    context: dict[str, Any],
) -> None:
    """Nobody learns what they did themselves."""
    said = {"button_label": _("Voir le prêt"), "details": facts_of(loan), **context}
    for person in people:
        if by.system or person.pk != by.user_id:
            notify(
                kind,
                event=f"{loan.pk}:{event}",
                title=title % {"title": loan.resource.title},
                network=loan.network,
                to=person,
                url=loan.get_absolute_url(),
                subject=loan,
                reply_to=reply_to,
                context=said,
            )


def lacking_said(sentences: Sequence[str]) -> list[str]:
    return [_("Il manque encore : %s.") % " ; ".join(sentences)] if sentences else []


def facts_of(loan: Loan) -> Sequence[str]:
    whose = loan.actor.name if loan.actor is not None else (loan.contact.name if loan.contact is not None else "")
    return [each for each in (loan.resource.title, span_said(loan.first, loan.last), whose, loan.place) if each]


def tell_offer(entry: WaitingEntry, until: str) -> None:
    if entry.contact is None:
        return
    notify(
        "loan_offer",
        event=f"{entry.pk}:offered:{entry.offered_at}",
        title=_("Une place s'est libérée : « %(title)s »") % {"title": entry.resource.title},
        network=entry.network,
        to=entry.contact,
        url=reverse("loans:waiting_show", args=[entry.pk]),
        subject=entry,
        reply_to=entry.resource.actor.email or entry.network.contact_email,
        context={
            "text": _("Elle vous est gardée jusqu'au %s. Passé ce délai, elle va à la personne suivante.") % until,
            "details": [span_said(entry.first, entry.last)],
            "button_label": _("Répondre"),
        },
    )
