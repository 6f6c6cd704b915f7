"""What the people of a network do in a day, by the real actions: played in one network while another is watched.

Each act of `ACTS` takes a `Stage` and a number that picks among what is there; one that has nothing to act upon does
nothing, and one that the rules refuse changes nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from maillage.accounts import actions as accounts
from maillage.accounts.models import Invitation, Role, User
from maillage.accounts.queries import viewer_for
from maillage.core import jobs
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import actions as directory
from maillage.directory.actions import charter, claiming, members
from maillage.directory.actions.bulk_edit import BulkChange, start_bulk
from maillage.directory.actions.contact import relay_message
from maillage.directory.actions.editing import edit_row
from maillage.directory.actions.suggesting import refuse_suggestion, suggest
from maillage.directory.enums import ListingState, Nature
from maillage.directory.models import Actor, CharterVersion, Signature
from maillage.directory.models.charter import print_of
from maillage.exchange import actions as exchange
from maillage.exchange.enums import Decision
from maillage.exchange.models import Batch, Recipe
from maillage.networks import actions as networks
from maillage.networks.models import Network
from maillage.networks.queries import term_uses
from maillage.outreach.actions import answering, approaches, campaigns, lists, sending
from maillage.outreach.enums import CampaignAnswer
from maillage.territories.models import Territory

# Words that are also those of the network watched: what leaks would be found by its searches.
NAMES = ["Musée des essais", "Astroclub de médiation", "Fiche à préparer", "Planétarium itinérant"]
FILE = "Nom;Commune;Site web;Cercle\nMusée des essais;Montpellier;musee.example.org;1\nLabo ouvert;Montpellier;;2\n"


@dataclass
class Stage:
    """A network where things are done, and who does them: its own team, administrator included."""

    network: Network
    user: User
    known: Sequence[Actor] = field(default_factory=list)

    @property
    def by(self) -> Viewer:
        self.network.refresh_from_db()
        return viewer_for(self.user, self.network)

    def actor(self, number: int) -> Actor:
        """One of the network's list, or of other networks' (`known`)."""
        here = list(Actor.objects.filter(listings__network=self.network).order_by("pk"))
        return pick([*here, *self.known], number)

    def person(self, number: int) -> User:
        return pick(User.objects.filter(roles__network=self.network).order_by("pk").distinct(), number)


def pick(choices: Any, number: int) -> Any:
    choices = list(choices)
    return choices[number % len(choices)]


def play(stage: Stage, name: str, number: int) -> bool:
    """Do the act `name`; whether it was done. What the rules refuse leaves nothing behind."""
    try:
        with transaction.atomic():
            ACTS[name](stage, number)
    except (Refused, ValidationError, ObjectDoesNotExist):
        return False
    return True


def create_actor(stage: Stage, number: int) -> None:
    values = {"name": pick(NAMES, number), "summary": "Médiation", "website": "https://musee.example.org"}
    state = pick(ListingState.values, number)
    directory.create_actor(by=stage.by, values=values, identifiers={"essai": f"E{number}"}, state=state)


def update_actor(stage: Stage, number: int) -> None:
    values = {"name": pick(NAMES, number + 1), "description": f"<p>Version {number}</p>", "commune": _commune()}
    directory.update_actor(by=stage.by, actor=stage.actor(number), values=values)


def edit_actor_row(stage: Stage, number: int) -> None:
    actor = stage.actor(number)
    edit_row(by=stage.by, actor=actor, values={"source": "Essai"}, state="published", circle=(1, "vu"))


def change_many(stage: Stage, number: int) -> None:
    term = pick(term_uses(stage.network, "theme"), number).term.pk
    ids = [actor.pk for actor in [*Actor.objects.all(), *stage.known]]
    change = BulkChange(circle=number % 4, circle_reason="vu", add_terms=(term,), state="published", source="Essai")
    start_bulk(by=stage.by, ids=ids, change=change)


def import_file(stage: Stage, number: int) -> None:
    batch = exchange.receive_file(by=stage.by, file=ContentFile(FILE.encode(), name="liste.csv"), target="actors")
    spec = batch.options["recipe"]
    spec = {**spec, "source": "Essai", "options": {**spec["options"], "state": "published", "perimeter": "all"}}
    exchange.use_recipe(by=stage.by, batch=batch, key="", spec=spec)
    exchange.save_recipe(by=stage.by, batch=batch, name=f"Recette {number}", replace=True)
    exchange.start_preview(by=stage.by, batch=batch)
    jobs.run_waiting()
    batch.refresh_from_db()
    exchange.decide(by=stage.by, batch=batch, decision=pick(Decision.values, number))
    exchange.start_apply(by=stage.by, batch=batch, without_faulty=True)
    jobs.run_waiting()


def undo_batch(stage: Stage, number: int) -> None:
    if batches := list(Batch.objects.filter(network=stage.network).order_by("pk")):
        exchange.undo_batch(by=stage.by, batch=pick(batches, number))


def forget_recipe(stage: Stage, number: int) -> None:
    if recipe := Recipe.objects.filter(network=stage.network).first():
        exchange.delete_recipe(by=stage.by, recipe=recipe)


def rename_network(stage: Stage, number: int) -> None:
    values = {
        "name": f"Réseau B{number}",
        "tagline": "Médiation",
        "accent": "#112233",
        "contact_email": "b@exemple.test",
    }
    networks.save_network(by=stage.by, network=stage.network, values=values)


def change_vocabulary(stage: Stage, number: int) -> None:
    networks.add_term(by=stage.by, network=stage.network, vocabulary="theme", label="Astronomie")
    uses = term_uses(stage.network, "theme")
    term = pick(uses, number).term
    networks.set_term(by=stage.by, network=stage.network, term=term, label="Autrement", hidden=number % 2 == 0)
    networks.order_terms(by=stage.by, network=stage.network, terms=[use.term for use in reversed(uses)])


def change_consortium(stage: Stage, number: int) -> None:
    values = {"name": f"Association {number}", "contact_email": "b@exemple.test", "territories": []}
    networks.save_consortium_member(by=stage.by, network=stage.network, values=values)
    if number % 2:
        networks.remove_consortium_member(by=stage.by, member=stage.network.consortium.first())


def welcome_people(stage: Stage, number: int) -> None:
    emails = [f"nouveau{number}@exemple.test", f"invitee{number}@exemple.test"]
    invitation = accounts.invite(by=stage.by, emails=emails, kind=RoleKind.ANIMATOR)[0]
    jobs.run_waiting()
    user = User.objects.filter(email=emails[0]).first() or User.objects.create_user(emails[0], name="Nouvelle personne")
    accounts.accept_invitation(by=viewer_for(user, stage.network), invitation=invitation)
    accounts.grant_role(by=stage.by, user=user, kind=RoleKind.POLE_MEMBER)


def dismiss_people(stage: Stage, number: int) -> None:
    for invitation in Invitation.objects.filter(network=stage.network, accepted_at=None):
        accounts.cancel_invitation(by=stage.by, invitation=invitation)
    role = pick(Role.objects.held().filter(network=stage.network).order_by("-pk"), number)
    accounts.revoke_role(by=stage.by, role=role)


def erase_person(stage: Stage, number: int) -> None:
    person = stage.person(number)
    accounts.erase_account(by=viewer_for(person, stage.network), user=person)


def be_visited(stage: Stage, number: int) -> None:
    """Pages are read by the team and by visitors: what is kept in memory is filled."""
    for user in (None, stage.user):
        client = Client(HTTP_HOST=stage.network.host)
        if user is not None:
            client.force_login(user)
        for path in (
            "/",
            "/acteurs/",
            "/acteurs/?q=médiation",
            "/recherche/?q=musée",
            "/chiffres/",
            "/travail/acteurs/",
        ):
            client.get(path)


def be_written_to(stage: Stage, number: int) -> None:
    visitor, actor = Viewer(network=stage.network), stage.actor(number)
    suggest(by=visitor, actor=actor, kind="wrong", values={"address": "1 rue Neuve"}, email="v@exemple.test")
    missing = suggest(by=visitor, kind="missing", values={"name": pick(NAMES, number)}, message="Médiation")
    refuse_suggestion(by=stage.by, suggestion=missing, reason="Déjà là")
    relay_message(by=visitor, actor=actor, name="Visiteur", email="v@exemple.test", message="Bonjour")
    jobs.run_waiting()


def look_after_sheets(stage: Stage, number: int) -> None:
    """Someone asks, the team answers, invites, and takes away again; of other networks' sheets they are refused."""
    actor = stage.actor(number)
    person, _is_new = User.objects.get_or_create(email=f"structure{number}@exemple.test")
    claim = claiming.ask(by=viewer_for(person, stage.network), actor=actor, message="Je m'occupe de médiation.")
    claiming.decide(by=stage.by, claim=claim, accepted=number % 2 == 0, role="admin", reason="Médiation")
    members.invite_member(by=stage.by, actor=actor, email=f"b{number}@exemple.test", message="Médiation")
    for member in actor.members.all():
        members.remove_member(by=stage.by, member=member, releasing=True)


def tell_apart(stage: Stage, number: int) -> None:
    one, other = stage.actor(number), stage.actor(number + 1)
    if one != other:
        directory.remember_distinct(by=stage.by, actor=one, others=[other])


def approach_actors(stage: Stage, number: int) -> None:
    """A list of all that is known, approaches, a campaign that someone answers; of other networks' sheets nothing is kept."""
    actor = stage.actor(number)
    directory.update_actor(by=stage.by, actor=actor, values={"email": f"b{number}@exemple.test"})
    ids = [each.pk for each in [*Actor.objects.all(), *stage.known]]
    made = lists.create_list(by=stage.by, name=f"Médiation {number}", query="q=musée", actor_ids=ids)
    approaches.begin_approaches(by=stage.by, target_list=made, reason="Médiation")
    written = campaigns.write_campaign(by=stage.by, target_list=made, subject="Médiation", body="{acteur}, {pourquoi}")
    sending.start_campaign(by=stage.by, campaign=written)
    jobs.run_waiting()
    for message in written.messages.sent():
        answering.answer_campaign(message=message, answer=CampaignAnswer.LATER, word="Médiation")


def _commune() -> Territory | None:
    return Territory.objects.filter(kind="commune").order_by("pk").first()


def _on_actor(action: Callable[..., Any], **values: Any) -> Callable[[Stage, int], None]:
    def act(stage: Stage, number: int) -> None:
        action(by=stage.by, actor=stage.actor(number), **values)

    return act


def _on_network(action: Callable[..., Any], **values: Any) -> Callable[[Stage, int], None]:
    def act(stage: Stage, number: int) -> None:
        action(by=stage.by, network=stage.network, **values)

    return act


def publish_charter(stage: Stage, number: int) -> None:
    values = {"body": f"<p>Charte de B {number}</p>", "is_major": number % 2 == 0}
    draft = charter.save_draft(by=stage.by, values=values)
    charter.publish(by=stage.by, draft=draft, effective_on=timezone.localdate(), read=print_of(draft.body))


def sign_charter(stage: Stage, number: int) -> None:
    """For an actor that another network lists too, when there is one."""
    publish_charter(stage, number)
    version = CharterVersion.objects.filter(network=stage.network).published()[0]
    signer = charter.Signer("Odile Médiation", "directrice", "odile@exemple.test", name_is_public=True)
    for actor in [*stage.known, stage.actor(number)]:
        with suppress(Refused):
            charter.record_paper(by=stage.by, actor=actor, version=version, signer=signer, on=timezone.localdate())


def leave_charter(stage: Stage, number: int) -> None:
    sign_charter(stage, number)
    for signature in Signature.objects.in_force().filter(network=stage.network):
        charter.withdraw(by=stage.by, signature=signature, reason="Départ")


ACTS: dict[str, Callable[[Stage, int], None]] = {
    each.__name__: each
    for each in (
        create_actor, update_actor, edit_actor_row, change_many, import_file, undo_batch, forget_recipe, rename_network,
        change_vocabulary, change_consortium, welcome_people, dismiss_people, erase_person, be_visited, be_written_to,
        look_after_sheets, tell_apart, publish_charter, sign_charter, leave_charter, approach_actors,
    )
} | {
    "publish": _on_actor(directory.set_state, state="published"),
    "hide": _on_actor(directory.set_state, state="hidden"),
    "archive": _on_actor(directory.archive, reason="Fermé"),
    "unarchive": _on_actor(directory.unarchive),
    "qualify": _on_actor(directory.set_circle, circle=2, reason="vu", source="Forum"),
    "declare": _on_actor(directory.set_circle, circle=1, reason="dit", nature=Nature.DECLARED),
    "close_circle": _on_actor(directory.set_circle, circle=None),
    "note": _on_actor(directory.add_note, body="Médiation"),
    "confirm": _on_actor(directory.confirm),
    "settle": _on_network(networks.save_settings, values={"invitation_days": 3}),
    "empty_perimeter": _on_network(networks.set_perimeter, territories=[]),
    "legal_text": _on_network(networks.save_legal_text, kind="notice", body="<p>Mentions de B</p>"),
}  # fmt: skip
