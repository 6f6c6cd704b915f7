"""What the team, the representatives and the visitors of the demonstration did: every feature has been used once."""

from datetime import datetime, timedelta
from functools import partial

from maillage.accounts.actions import (
    accept_invitation,
    cancel_invitation,
    create_token,
    invite,
    join_network,
    merge_accounts,
)
from maillage.accounts.enums import TokenScope
from maillage.accounts.models import ApiToken, Invitation, Role, User
from maillage.activity.models import Notice
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions.contact import relay_message
from maillage.directory.models import SavedView
from maillage.networks.actions import add_term, save_settings, set_term
from maillage.portal.management.demo import imports, twins
from maillage.portal.management.demo.agenda import tell_agenda
from maillage.portal.management.demo.attendance import tell_attendance
from maillage.portal.management.demo.catalogue import tell_catalogue
from maillage.portal.management.demo.charter import tell_charter
from maillage.portal.management.demo.claims import tell_claims, tell_members, tell_suggestions
from maillage.portal.management.demo.communities import tell_communities
from maillage.portal.management.demo.contacts import tell_contacts
from maillage.portal.management.demo.gathered import tell_gathered
from maillage.portal.management.demo.handing import tell_handing
from maillage.portal.management.demo.imports import tell_imports
from maillage.portal.management.demo.introductions import tell_introductions
from maillage.portal.management.demo.loans import tell_loans
from maillage.portal.management.demo.members import tell_accounts
from maillage.portal.management.demo.needs import tell_needs
from maillage.portal.management.demo.newsletters import tell_newsletters
from maillage.portal.management.demo.officials import tell_officials
from maillage.portal.management.demo.pipeline import tell_pipeline
from maillage.portal.management.demo.publications import tell_publications
from maillage.portal.management.demo.radio import tell_radio
from maillage.portal.management.demo.reports import tell_reports
from maillage.portal.management.demo.revisions import tell_revisions, tell_trust
from maillage.portal.management.demo.sharing import tell_sharing
from maillage.portal.management.demo.sheets import (
    tell_bulk_changes,
    tell_notes,
    tell_reminders,
    tell_representative,
    tell_team,
)
from maillage.portal.management.demo.tours import tell_tours
from maillage.portal.management.demo.twins import tell_twins
from maillage.portal.management.demo.world import World
from maillage.topics.models import Term

__all__ = ["MADE", "tell"]
MADE = imports.MADE + twins.MADE


def tell(world: World) -> None:
    """Add it all to the chronicle of the world."""
    sheets = (tell_representative, tell_team, tell_notes, tell_bulk_changes, tell_reminders)
    asked = (tell_members, tell_claims, tell_suggestions, tell_trust, tell_revisions)
    relations = (tell_contacts, tell_pipeline, tell_needs, tell_officials, tell_introductions)
    last = (tell_charter, tell_twins, _second_account, _views, _visitors, *asked, *relations)
    told = (
        tell_agenda,
        tell_accounts,
        tell_publications,
        tell_catalogue,
        tell_communities,
        tell_radio,
        tell_gathered,
        tell_reports,
    )
    lent = (tell_loans, tell_handing, tell_tours)
    letters = (tell_attendance, tell_sharing, tell_newsletters)
    for part in (_settings, _invitations, tell_imports, *sheets, *last, *told, *lent, *letters):
        part(world)


def _settings(world: World) -> None:
    """Words of its own, and a setting that differs from the default."""
    admin, network = world.viewer("admin"), world.south
    add, ago = world.chronicle.add, world.chronicle.ago

    def own_words(at: datetime) -> None:
        add_term(by=admin, network=network, vocabulary="theme", label="Sciences en occitan", hue=5, shape="hexagon")
        add_term(by=admin, network=network, vocabulary="action_kind", label="Escale du Propulseur", hue=2)

    def other_words(at: datetime) -> None:
        terms = Term.objects.filter(vocabulary="action_kind", is_shared=True)
        set_term(by=admin, network=network, term=terms.get(slug="cafe-des-sciences"), label="Café ou bar des sciences")
        set_term(by=admin, network=network, term=terms.get(slug="publication-et-media"), hidden=True)

    add(ago(410, 14), own_words)
    add(ago(409, 9), other_words)
    add(ago(300, 16), lambda at: save_settings(by=admin, network=network, values={"merge_undo_days": 60}))
    add(ago(120, 11), partial(_token, admin))


def _token(by: Viewer, at: datetime) -> None:
    token, _secret = create_token(by=by, name="Agenda du site de la Région", scopes=[TokenScope.READ], days=365)
    ApiToken.objects.filter(pk=token.pk).update(created_at=at, last_used_at=at + timedelta(days=100))


def _second_account(world: World) -> None:
    """Someone who is invited to the Pôle had signed up before, with an address of their own: both are one since."""

    def merged(at: datetime) -> None:
        by = world.viewer("pole")
        first = User(email="ines.delmas@courriel.example", name=by.user.name, home_network=world.south)
        first.joined_at = first.last_login = at - timedelta(days=300)
        first.set_unusable_password()
        first.full_clean(exclude=["password"])
        first.save()
        join_network(by=Viewer(network=world.south, user=first))
        Role.objects.filter(user=first).update(created_at=first.joined_at)
        merge_accounts(by=by, other=first, address=first.email)
        User.objects.filter(pk=first.pk).update(erased_at=at)

    world.chronicle.add(world.chronicle.ago(40, 18), merged)


def _invitations(world: World) -> None:
    """Accepted, cancelled, too old, and three that wait; the administrator was told of the first ones."""
    admin = world.viewer("admin")
    add, ago = world.chronicle.add, world.chronicle.ago

    def dated(at: datetime, sent: Invitation, **dates: datetime) -> None:
        then = {"sent_at": at, "created_at": at, "expires_at": at + timedelta(days=14), **dates}
        Invitation.objects.filter(pk=sent.pk).update(**then)

    def send(at: datetime, address: str, kind: str, department: str = "", message: str = "") -> None:
        dated(at, invite(by=admin, emails=[address], kind=kind, department=department, message=message)[0])

    def accepted(at: datetime, who: str, kind: str, department: str, read: bool) -> None:
        guest = world.viewer(who)
        sent = invite(by=admin, emails=[guest.user.email], kind=kind, department=department)[0]
        accept_invitation(by=guest, invitation=sent)
        dated(at, sent, accepted_at=at)
        if read:
            Notice.objects.filter(user=admin.user, kind="invitation_accepted").update(read_at=at + timedelta(hours=3))

    def cancelled(at: datetime) -> None:
        sent = invite(by=admin, emails=["depart@ateliers.example"], kind=RoleKind.ANIMATOR, department="48")[0]
        cancel_invitation(by=admin, invitation=sent)
        dated(at, sent, revoked_at=at)

    add(ago(30, 15), partial(accepted, who="animation-gard", kind=RoleKind.ANIMATOR, department="30", read=True))
    add(ago(19, 17), partial(accepted, who="pole", kind=RoleKind.POLE_MEMBER, department="", read=False))
    add(ago(64, 10), cancelled)
    add(ago(45, 10), partial(send, address="bureau@sciences-audoises.example", kind=RoleKind.ANIMATOR, department="11"))
    welcome = "Bienvenue dans l'équipe : l'annuaire de l'Hérault vous attend."
    waiting = partial(send, address="lea.cabanel@meridienne.example", kind=RoleKind.ANIMATOR, department="34")
    add(ago(6, 9), partial(waiting, message=welcome))
    add(ago(4, 14), partial(send, address="culture@region-demonstration.example", kind=RoleKind.REGION_OFFICER))
    add(ago(1, 11), partial(send, address="direction@musee-des-sels.example", kind=RoleKind.POLE_MEMBER))


def _views(world: World) -> None:
    """The tables that each comes back to."""
    kept = [
        ("animation", "Cercle 3 à relancer", "cercle=3&fraicheur=perimee&tri=maj", True),
        (
            "animation",
            "Fiches maigres des bibliothèques",
            "famille=bibliotheque-et-mediatheque&completude=faible",
            False,
        ),
        (
            "animation",
            "Déclaré et évalué",
            "declare=1&declare=2&colonnes=cercle&colonnes=declare&colonnes=famille",
            True,
        ),
        ("animation-gard", "Mon département, à valider", "departement=30&etat=pending", False),
        ("admin", "Sans cercle", "cercle=0&tri=departement", True),
    ]
    for rank, (who, name, query, shared) in enumerate(kept):
        user = world.viewer(who).user
        view = SavedView.objects.create(network=world.south, owner=user, name=name, query=query, is_shared=shared)
        SavedView.objects.filter(pk=view.pk).update(created_at=world.chronicle.ago(200 - 30 * rank))


def _visitors(world: World) -> None:
    """Messages passed on, whose words nobody keeps."""
    anyone, add, ago = Viewer(network=world.south), world.chronicle.add, world.chronicle.ago

    def write(at: datetime, key: str, name: str) -> None:
        for actor in world.actors(key, 1):
            relay_message(
                by=anyone,
                actor=actor,
                name=name,
                email="visite@maillage.example",
                message="Bonjour, êtes-vous libres en mars ?",
            )

    for days, key, name in (
        (170, "lab", "Perrine Astruc"),
        (96, "association", "Tarik Bousquet"),
        (41, "independent", "Mireille Ormières"),
        (15, "museum", "Octave Galtier"),
        (4, "fablab", "Nadia Vidalenc"),
    ):
        add(ago(days, 20, 12), partial(write, key=key, name=name))
