"""Who is told of claims, of members and of suggestions: those responsible for a sheet, the team, the person.

Messages say what to look at and where; what was written, and proofs, stay on the site.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.core.dates import date_format
from maillage.core.mail import absolute_url, send
from maillage.core.viewer import Viewer
from maillage.directory.enums import ClaimState, MemberRole
from maillage.directory.models import Actor, ActorMember, Claim, Suggestion
from maillage.directory.queries.claims import REST_DAYS
from maillage.networks.models import Network


def tell_of_claim(claim: Claim) -> None:
    """Those responsible for the sheet; the team when there is nobody. And the claimant, who keeps a trace."""
    day = _day(claim.deadline)
    responsible = ActorMember.objects.responsible().filter(actor=claim.actor_id).values("user")
    people = list(User.objects.filter(pk__in=responsible).order_by("pk"))
    for person in people:
        notify(
            "claim_received",
            event=f"{claim.pk}:{claim.contested_at or ''}",
            title=_("Une personne demande à s'occuper de « %(actor)s »") % {"actor": claim.actor},
            network=claim.network,
            to=person,
            url=claim_url(claim),
            context={
                "text": _("Répondez avant le %(day)s ; après cette date, l'équipe d'animation décide.") % {"day": day},
                "button_label": _("Lire la demande"),
            },
        )
    if not people:
        tell_team_of_claim(claim)
    notify(
        "claim_answer",
        event=f"{claim.pk}:asked",
        title=_("Votre demande pour « %(actor)s » est enregistrée") % {"actor": claim.actor},
        network=claim.network,
        to=claim.user,
        url=claim_url(claim),
        context={
            "text": _("Vous aurez une réponse avant le %(day)s.") % {"day": day},
            "button_label": _("Suivre ma demande"),
        },
    )


def tell_team_of_claim(claim: Claim) -> None:
    if claim.state == ClaimState.CONTESTED:
        title = _("Une réponse est contestée : « %(actor)s »")
    elif claim.is_late:
        title = _("Une demande attend depuis trop longtemps : « %(actor)s »")
    else:
        title = _("Une personne demande à s'occuper de « %(actor)s »")
    tell_team(
        claim.network,
        title=title % {"actor": claim.actor},
        text=_("La demande et ses pièces sont sur le site."),
        path=claim_url(claim),
        label=_("Lire la demande"),
    )


def tell_claimant(claim: Claim) -> None:
    accepted = claim.state == ClaimState.ACCEPTED
    title = (
        _("Vous pouvez tenir la fiche « %(actor)s »") if accepted else _("Votre demande pour « %(actor)s » est refusée")
    )
    text = _("Le motif est sur la page de votre demande.")
    if accepted and claim.role == MemberRole.ADMIN:
        text = _("Vous en êtes responsable : relisez-la et complétez-la.")
    elif accepted:
        text = _("L'équipe d'animation relit vos modifications d'une fiche publiée avant qu'elles paraissent.")
    notify(
        "claim_answer",
        event=f"{claim.pk}:{claim.state}:{claim.decided_at}",
        title=title % {"actor": claim.actor},
        network=claim.network,
        to=claim.user,
        url=claim_url(claim),
        context={"text": text, "button_label": _("Voir la réponse")},
    )


def tell_orphan(actor: Actor, *, by: Viewer) -> None:
    """The team learns that nobody answers for a sheet any more."""
    tell_team(
        by.network,
        title=_("Plus personne n'est responsable de « %(actor)s »") % {"actor": actor},
        text=_("Qui la revendiquera s'adressera à l'équipe, sauf preuve par son adresse ou par un code."),
        path=reverse("directory:actor_members", args=[actor.pk]),
        label=_("Voir qui s'occupe de la fiche"),
    )


def tell_member(actor: Actor, user: User, *, by: Viewer, event: str, title: str, text: str = "") -> None:
    """Someone else changed what a person may do on a sheet."""
    if user.pk != by.user_id:
        notify(
            "actor_member",
            event=event,
            title=title,
            network=by.network,
            to=user,
            url=reverse("directory:own_sheets"),
            context={"text": text},
        )


def tell_responsible(actor: Actor, *, by: Viewer, event: str, title: str) -> None:
    """Those responsible for a sheet learn who joined or left it."""
    people = ActorMember.objects.responsible().filter(actor=actor).exclude(user=by.user_id).values("user")
    for person in User.objects.filter(pk__in=people).order_by("pk"):
        notify(
            "actor_member",
            event=event,
            title=title,
            network=by.network,
            to=person,
            url=reverse("directory:actor_members", args=[actor.pk]),
        )


def tell_own_people(suggestion: Suggestion, *, but: int | None) -> None:
    """Those responsible for a sheet learn that someone says it is wrong, unless they said it themselves."""
    people = ActorMember.objects.responsible().filter(actor=suggestion.actor_id).exclude(user=but).values("user")
    for person in User.objects.filter(pk__in=people).order_by("pk"):
        notify(
            "claim_received",
            event=f"suggestion:{suggestion.pk}",
            title=_("Une personne signale une erreur sur « %(actor)s »") % {"actor": suggestion.actor},
            network=suggestion.network,
            to=person,
            url=reverse("directory:suggestion_show", args=[suggestion.pk]),
            context={
                "text": _("Ce qu'elle propose est sur le site, à côté de la fiche. L'équipe peut aussi y répondre."),
                "button_label": _("Lire la suggestion"),
            },
        )


def _report(actor: Actor, network: Network) -> dict[str, str]:
    """The button of the form that says an error, where anyone may open it."""
    if not network.is_public or not Actor.objects.visible_to(Viewer(network=network)).filter(pk=actor.pk).exists():
        return {}
    address = absolute_url(network, reverse("directory:actor_report", args=[actor.slug]))
    return {"button_url": address, "button_label": _("Ce n'est pas moi")}


def tell_contact_moved(actor: Actor, *, former: str, network: Network) -> None:
    """The contact address changed by a personal link: whoever read the former one may say that it was not them."""
    send(
        "directory/mail/contact_moved.html",
        to=former,
        network=network,
        context={
            "actor": actor,
            "team": network.contact_email,
            **_report(actor, network),
        },
    )
    tell_team(
        network,
        title=_("L'adresse de contact de « %(actor)s » a changé par un lien personnel") % {"actor": actor},
        text=_(
            "Qui lisait l'ancienne adresse en est prévenu. Pendant %(days)d jours, la nouvelle ne prouve rien pour qui demande "
            "la fiche. L'historique dit l'une et l'autre."
        )
        % {"days": REST_DAYS},
        path=reverse("directory:actor_work", args=[actor.pk]),
        label=_("Voir la fiche"),
    )


def tell_team(network: Any, *, title: str, text: str, path: str, label: str, reply_to: str = "") -> None:
    """At the network's own address, when it has one; the queue shows the same."""
    if network is not None and network.contact_email:
        send(
            "directory/mail/team.html",
            to=network.contact_email,
            reply_to=reply_to,
            network=network,
            context={
                "title": title,
                "text": text,
                "button_url": absolute_url(network, path),
                "button_label": label,
            },
        )


def claim_url(claim: Claim) -> str:
    return reverse("directory:claim_show", args=[claim.pk])


def _day(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y")
