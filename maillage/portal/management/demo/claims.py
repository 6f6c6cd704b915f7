"""Who asked to look after sheets in the demonstration, in each state; members, invitations; what visitors suggested."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions import claiming, members, minding, suggesting
from maillage.directory.enums import MemberRole, SuggestionKind
from maillage.directory.models import ActorInvitation, ActorMember, Claim, Suggestion
from maillage.portal.management.demo.world import World

_LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def tell_claims(world: World) -> None:
    """Yann asks for several sheets; Fanny, the team, or nobody yet, answers."""
    yann, fanny, noe = world.viewer("membre"), world.viewer("acteur"), world.viewer("animation")
    add, ago = world.chronicle.add, world.chronicle.ago

    def ask(at: datetime, key: str, rank: int, message: str, letter: bool = False) -> Claim | None:
        for actor in world.actors(key, rank + 1)[rank:]:
            document = ContentFile(_LETTER) if letter else None
            kind = "application/pdf" if letter else ""
            claim = claiming.ask(by=yann, actor=actor, message=message, document=document, document_type=kind)
            _date(claim, at)
            return claim
        return None

    def answered(at: datetime, key: str, rank: int, message: str, by: Viewer, days: int, **answer: Any) -> None:
        if claim := ask(at, key, rank, message):
            claiming.decide(by=by, claim=claim, **answer)
            Claim.objects.filter(pk=claim.pk).update(decided_at=at + timedelta(days=days))

    def cancelled(at: datetime) -> None:
        if claim := ask(at, "company", 0, "Je crois que cette entreprise est celle de mon frère."):
            claiming.cancel(by=yann, claim=claim)
            Claim.objects.filter(pk=claim.pk).update(decided_at=at + timedelta(hours=2))

    def contested(at: datetime) -> None:
        message = "Je suis trésorier depuis l'assemblée de juin ; Fanny ne le sait pas encore."
        if claim := ask(at, "association", 1, message):
            claiming.decide(by=fanny, claim=claim, accepted=False, reason="Nous ne vous connaissons pas encore.")
            claiming.contest(by=yann, claim=claim, message="Le procès-verbal de juin porte mon nom, page 2.")
            Claim.objects.filter(pk=claim.pk).update(decided_at=at, contested_at=at + timedelta(days=1))

    first = "Je prépare les ateliers du samedi et je tiens le site de la structure."
    add(
        ago(90, 11),
        partial(answered, key="amateur", rank=0, message=first, by=noe, days=2, accepted=True, role=MemberRole.ADMIN),
    )
    add(ago(70, 19), cancelled)
    refused = {"accepted": False, "reason": "La mairie nous dit que le lieu est tenu par une autre personne."}
    add(ago(21, 9), partial(answered, key="heritage", rank=1, message=first, by=noe, days=3, **refused))
    add(
        ago(18, 16),
        partial(ask, key="library", rank=2, message="Je remplace la responsable partie en retraite.", letter=True),
    )
    add(ago(8, 14), contested)
    # The letter of the library waited a fortnight: the night hands it to the team.
    add(ago(3.5, 3), lambda at: minding.mind_claims.function(Job()))
    waiting = "Je rejoins l'équipe et je m'occuperai de l'agenda. Fanny m'a proposé de demander ici."
    add(ago(3, 10), partial(ask, key="association", rank=0, message=waiting))
    add(
        ago(2, 17),
        partial(ask, key="museum", rank=1, message="Chargé des publics au musée depuis septembre.", letter=True),
    )


def tell_members(world: World) -> None:
    """Fanny shares the work: an editor, an invitation that waits, one that nobody answered, one cancelled."""
    fanny, pole = world.viewer("acteur"), world.viewer("pole")
    add, ago = world.chronicle.add, world.chronicle.ago

    def joins(at: datetime) -> None:
        for actor in world.actors("association", 1):
            invitation = members.invite_member(by=fanny, actor=actor, email=pole.user.email)
            joined = members.accept_invitation(by=pole, invitation=invitation)
            _date_invitation(invitation, at, accepted_at=at)
            ActorMember.objects.filter(pk=joined.pk).update(created_at=at)

    def invite(at: datetime, email: str, cancelled: bool = False) -> None:
        for actor in world.actors("association", 1):
            invitation = members.invite_member(
                by=fanny, actor=actor, email=email, message="Pour l'agenda du printemps."
            )
            if cancelled:
                members.cancel_invitation(by=fanny, invitation=invitation)
            _date_invitation(invitation, at, **({"revoked_at": at} if cancelled else {}))

    add(ago(110, 18), joins)
    add(ago(58, 9), partial(invite, email="ancienne.adresse@petits-curieux.example"))
    add(ago(24, 9), partial(invite, email="erreur@petits-curieux.example", cancelled=True))
    add(ago(5, 12), partial(invite, email="nora.valade@petits-curieux.example"))


def tell_suggestions(world: World) -> None:
    """What visitors wrote: some taken, one not, the others waiting in the queue."""
    anyone, noe = Viewer(network=world.south), world.viewer("animation")
    add, ago = world.chronicle.add, world.chronicle.ago

    def suggest(at: datetime, key: str, kind: str, message: str, rank: int = 0, **values: Any) -> Suggestion | None:
        for actor in world.actors(key, rank + 1)[rank:]:
            made = suggesting.suggest(by=anyone, actor=actor, kind=kind, values=values, message=message)
            Suggestion.objects.filter(pk=made.pk).update(created_at=at)
            return made
        return None

    def taken(at: datetime) -> None:
        made = suggest(at, "heritage", SuggestionKind.WRONG, "L'entrée se fait désormais par la rue de derrière.")
        if made:
            suggesting.note_suggestion(by=noe, suggestion=made)
            Suggestion.objects.filter(pk=made.pk).update(decided_at=at + timedelta(days=1))

    def refused(at: datetime) -> None:
        made = suggest(at, "lab", SuggestionKind.CLOSED, "Je n'y ai vu personne un dimanche.")
        if made:
            suggesting.refuse_suggestion(by=noe, suggestion=made, reason="Le laboratoire est ouvert en semaine.")
            Suggestion.objects.filter(pk=made.pk).update(decided_at=at + timedelta(days=2))

    def missing(at: datetime) -> None:
        commune = next((actor.commune for actor in world.actors("museum", 1)), None)
        values = {
            "name": "Les Veilleurs de comètes",
            "commune": commune,
            "website": "https://veilleurs-cometes.example",
        }
        message = "Ce club ouvre sa coupole aux familles chaque premier samedi du mois."
        made = suggesting.suggest(by=anyone, kind=SuggestionKind.MISSING, values=values, message=message)
        Suggestion.objects.filter(pk=made.pk).update(created_at=at)

    add(ago(73, 8), taken)
    add(ago(34, 20), refused)
    wrong = partial(suggest, kind=SuggestionKind.WRONG)
    phone = {"message": "Le numéro sonne dans le vide depuis l'été.", "phone": "05 36 49 77 12"}
    add(ago(11, 21), partial(wrong, key="library", **phone))
    moved = {
        "address": "4 place du Foirail",
        "summary": "Un fonds de plantes séchées, des visites le mercredi, un atelier d'herbier pour les enfants.",
    }
    add(ago(6, 19), partial(wrong, key="museum", message="Le musée a déménagé au printemps.", **moved))
    add(
        ago(4, 13),
        partial(suggest, key="leisure", kind=SuggestionKind.CLOSED, message="Les volets sont fermés depuis juillet."),
    )
    add(
        ago(2, 9),
        partial(suggest, key="fablab", kind=SuggestionKind.DUPLICATE, message="Même adresse que l'atelier d'à côté."),
    )
    add(ago(2, 22), missing)


def _date(claim: Claim, at: datetime) -> None:
    Claim.objects.filter(pk=claim.pk).update(created_at=at, deadline=at + timedelta(days=14))


def _date_invitation(invitation: ActorInvitation, at: datetime, **dates: datetime) -> None:
    then = {"sent_at": at, "created_at": at, "expires_at": at + timedelta(days=14), **dates}
    ActorInvitation.objects.filter(pk=invitation.pk).update(**then)
