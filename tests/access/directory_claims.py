"""Claims, members of a sheet, invitations to look after one, suggestions, and the team's queue."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory.actions.suggesting import refuse_suggestion, suggest
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorInvitation, ActorMember, Claim
from maillage.directory.queries.suggestions import resume_token
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200}
WROTE = {"animator": 302, "network_admin": 302, "platform_admin": 302}
CLOSED = {"anonymous": LOGIN, "others": 403}
UNKNOWN = {"anonymous": LOGIN, "others": 404}
REFUSES = {"code": "autre", "reason": "Non"}


def prepare(world):
    """A sheet that « representative » is responsible for, claimed by « member »; another that nobody looks after,
    claimed with a document; an invitation and suggestions that wait."""
    later = timezone.now() + timedelta(days=14)
    world.tended = make_actor(world.network, "Fiche tenue")
    world.free = make_actor(world.network, "Fiche libre", website="https://exemple.test", email="a@libre.test")
    world.responsible = ActorMember.objects.create(
        actor=world.tended, user=world.users["representative"], role=MemberRole.ADMIN
    )
    world.editor = ActorMember.objects.create(actor=world.tended, user=world.users["pole_member"])
    made = {"network": world.network, "user": world.users["member"], "deadline": later}
    world.claim = Claim.objects.create(actor=world.tended, way="decision", message="J'y travaille.", **made)
    world.proved = Claim(actor=world.free, way="document", document_type="application/pdf", **made)
    world.proved.document.save("document", ContentFile(b"%PDF-1.4 %%EOF"))
    world.refused = Claim.objects.create(
        actor=make_actor(world.network, "Fiche refusée"),
        way="decision",
        state="refused",
        decided_at=timezone.now(),
        **made,
    )
    world.joining = ActorInvitation.objects.create(
        network=world.network, actor=world.tended, email="invitee@exemple.test", expires_at=later
    )
    visitor = Viewer(network=world.network)
    world.suggestion = suggest(by=visitor, kind="wrong", actor=world.free, values={"phone": "04 67 00 00 00"})
    world.closing = suggest(by=visitor, kind="closed", actor=world.free, message="Fermé depuis l'été.")
    world.error = suggest(by=visitor, kind="wrong", actor=world.tended, values={"phone": "04 67 00 00 00"})
    world.shut = suggest(by=visitor, kind="closed", actor=world.tended, message="Fermé depuis l'été.")
    world.turned_down = suggest(by=visitor, kind="wrong", actor=world.tended, values={"phone": "04 67 11 11 11"})
    refuse_suggestion(by=Viewer.as_system(world.network, "essai"), suggestion=world.turned_down, reason="Non")
    suggest(by=visitor, kind="missing", values={"name": "Club oublié"}, message="Ouvert à tous.")


def slug(world):
    return {"slug": world.free.slug}


def tended(world):
    return {"pk": world.tended.pk}


def of(name):
    return lambda world: {"pk": getattr(world, name).pk}


def link(world):
    return {"pk": world.joining.pk, "token": world.joining.token}


EXPLAINED = {"message": "Je suis la directrice de cette structure."}
# « member » waits for an answer on that sheet already; the team may claim as anyone may.
ASKS = {"anonymous": LOGIN, "member": 403, "others": 302}
MANAGE = {"anonymous": LOGIN, "representative": 200, **TEAM, "others": 403}
MANAGES = {"anonymous": LOGIN, "representative": 302, **WROTE, "others": 403}

LINES = [
    line("directory:actor_propose", everyone=200),
    line("directory:actor_propose", method="post", everyone=422),
    line("directory:actor_claim", args=slug, anonymous=LOGIN, others=200),
    line("directory:actor_claim", args=slug, method="post", anonymous=LOGIN, others=422),
    line("directory:actor_claim", args=slug, method="post", data=EXPLAINED, **ASKS),
    line("directory:actor_claim_domain", args=slug, method="post", anonymous=LOGIN, others=302),
    line("directory:actor_claim_send", args=slug, method="post", anonymous=LOGIN, others=302),
    line("directory:actor_claim_code", args=slug, method="post", data={"code": "1"}, anonymous=LOGIN, others=422),
    line("directory:own_claims", anonymous=LOGIN, others=200),
    # Who asked, who is responsible for the sheet, the team: for the others the request does not exist.
    line(
        "directory:claim_show", args=of("claim"), anonymous=LOGIN, member=200, representative=200, **TEAM, others=404
    ),
    line("directory:claim_show", args=of("proved"), anonymous=LOGIN, member=200, **TEAM, others=404),
    line("directory:claim_document", args=of("proved"), anonymous=LOGIN, member=404, **TEAM, others=404),
    line("directory:claim_document", args=of("claim"), anonymous=LOGIN, others=404),
    line(
        "directory:claim_decide", args=of("claim"), method="post", data={"reponse": "refuser", "code": "autre", "reason": "Inconnue ici"},
        anonymous=LOGIN, member=403, representative=302, animator=403, network_admin=403, platform_admin=403, others=404,
    ),
    line(
        "directory:claim_decide", args=of("proved"), method="post", data={"reponse": "accepter", "role": "admin"},
        anonymous=LOGIN, member=403, **WROTE, others=404,
    ),
    line(
        "directory:claim_cancel", args=of("claim"), method="post", anonymous=LOGIN, member=302, representative=403,
        animator=403, network_admin=403, platform_admin=403, others=404,
    ),
    line(
        "directory:claim_contest", args=of("refused"), method="post",
        data={"message": "Cette personne s'est trompée de structure."}, anonymous=LOGIN, member=302, animator=403,
        network_admin=403, platform_admin=403, others=404,
    ),
    line("directory:actor_members", args=tended, **MANAGE),
    line("directory:member_invite", args=tended, method="post", data={"email": "x@y.test", "role": "editor"}, **MANAGES),
    line("directory:actor_leave", args=tended, anonymous=LOGIN, representative=200, pole_member=200, others=404),
    line(
        "directory:member_role", args=of("editor"), method="post", data={"role": "admin"},
        **MANAGES | {"others": 404, "pole_member": 403},
    ),
    line(
        "directory:member_remove", args=of("editor"), method="post", **MANAGES | {"others": 404, "pole_member": 403}
    ),
    line("directory:member_resend", args=of("joining"), method="post", **MANAGES | {"others": 404}),
    line("directory:member_cancel", args=of("joining"), method="post", **MANAGES | {"others": 404}),
    # Whoever holds the link reads it; another token opens nothing.
    line("directory:actor_join", args=link, everyone=200),
    line("directory:actor_join", args=link, method="post", anonymous=LOGIN, others=302),
    line("directory:actor_join", args=lambda world: {"pk": world.joining.pk, "token": "x"}, everyone=404),
    line("directory:queue", **TEAM, **CLOSED),
    line("directory:queue", query="nature=inconnue&departement=999&page=x", **TEAM, **CLOSED),
    # The team; of an error, the people who look after the sheet too, those who write on it at once alone answering.
    line("directory:suggestion_show", args=of("suggestion"), **TEAM, **UNKNOWN),
    line("directory:suggestion_show", args=of("error"), representative=200, pole_member=200, **TEAM, **UNKNOWN),
    line("directory:suggestion_show", args=of("shut"), **TEAM, **UNKNOWN),
    line("directory:suggestion_apply", args=of("suggestion"), method="post", **dict.fromkeys(TEAM, 422), **UNKNOWN),
    line(
        "directory:suggestion_apply", args=of("error"), method="post", representative=422, pole_member=403,
        **dict.fromkeys(TEAM, 422), **UNKNOWN,
    ),
    # Whoever has the link is led to the form; another one opens nothing.
    line("directory:suggestion_resume", args=lambda world: {"token": resume_token(world.turned_down)}, everyone=302, elsewhere=410),
    line("directory:suggestion_resume", args=lambda world: {"token": resume_token(world.error)}, everyone=410, elsewhere=410),
    line("directory:suggestion_resume", args={"token": "x"}, everyone=410, elsewhere=410),
    line("directory:suggestion_archive", args=of("closing"), method="post", data={"reason": "Fermé"}, **WROTE, **CLOSED),
    line("directory:suggestion_pass_on", args=of("closing"), method="post", **dict.fromkeys(TEAM, 409), **CLOSED),
    line("directory:suggestion_note", args=of("closing"), method="post", **WROTE, **UNKNOWN),
    line("directory:suggestion_note", args=of("error"), method="post", representative=302, pole_member=403, **WROTE, **UNKNOWN),
    line("directory:suggestion_refuse", args=of("shut"), method="post", data=REFUSES, **WROTE, **UNKNOWN),
    line(
        "directory:suggestion_refuse", args=of("error"), method="post", data=REFUSES, representative=302, pole_member=403,
        **WROTE, **UNKNOWN,
    ),
]  # fmt: skip
