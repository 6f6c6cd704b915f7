"""Communities and what one follows: read by all, run by their animators; a hidden one is nothing to who is not in it."""

from maillage.communities import actions
from maillage.communities.actions.running import enter
from maillage.communities.enums import MemberRole, MemberState
from maillage.communities.models import CommunityMember
from maillage.core.viewer import Viewer
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.communities import CHARTER, make_community
from tests.factories.directory import make_term
from tests.factories.publications import make_publication

_RUNS = ("animator", "network_admin", "platform_admin")


def prepare(world):
    """Of A: one open, animated by the representative, the member in it; one on request that nobody animates; one hidden, of the
    representative alone. Of B: none."""
    runs, member = world.users["representative"], world.users["member"]
    by = Viewer(network=world.network, user=runs)
    world.circle = make_community(world.network, "Cercle ouvert", animators=[runs], charter=CHARTER)
    enter(world.circle, member)
    world.circle_on_request = make_community(world.network, "Sur demande", access="request")
    CommunityMember.objects.filter(community=world.circle_on_request).delete()
    world.circle_secret = make_community(world.network, "Cercle des zibelines", access="hidden", animators=[runs])
    world.circle_text = make_publication(by, "Texte à placer")
    world.circle_placement = actions.place(
        by=by, community=world.circle, publication=make_publication(by, "Texte placé")
    )
    world.secret_placement = actions.place(by=by, community=world.circle_secret, publication=world.circle_text)
    pole = world.users["pole_member"]
    world.circle_asked = CommunityMember.objects.create(community=world.circle, user=pole, state=MemberState.ASKED)
    world.secret_asked = CommunityMember.objects.create(
        community=world.circle_secret, user=pole, state=MemberState.REFUSED
    )
    world.circle_invited = CommunityMember.objects.create(
        community=world.circle, email="invitee@exemple.test", state=MemberState.INVITED
    )
    world.in_circle = CommunityMember.objects.get(community=world.circle, user=member)
    world.in_secret = CommunityMember.objects.get(community=world.circle_secret, role=MemberRole.ANIMATOR)
    world.followed_term = make_term("theme", "zibelines")


def of(name, **more):
    return lambda world: {"slug": getattr(world, name).slug, **{key: getattr(world, of).pk for key, of in more.items()}}


def text(world):
    return {"kind": "texte", "pk": world.circle_text.pk}


POST = "post"
ANYONE = {"anonymous": LOGIN, "others": 200}
ANYONE_DONE = {"anonymous": LOGIN, "others": 302}
# Of one that everyone reads: its animators; others may know that it is run.
RUN = {"anonymous": LOGIN, "representative": 200, "others": 403}
RUN_DONE = {"anonymous": LOGIN, "representative": 302, "others": 403}
ARCHIVES = {"anonymous": LOGIN, "representative": 200, "others": 403, **dict.fromkeys(_RUNS, 200)}
ARCHIVES_DONE = {"anonymous": LOGIN, "representative": 302, "others": 403, **dict.fromkeys(_RUNS, 302)}
TEAM_OF_NONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
# Of a hidden one: the team, which opened it, knows that it is there and does not enter.
SECRET = {"anonymous": LOGIN, "representative": 200, "others": 404}
SECRET_DONE = {"anonymous": LOGIN, "representative": 302, "others": 404}
SECRET_RUN = SECRET | dict.fromkeys(_RUNS, 403)
SECRET_RUN_DONE = SECRET_DONE | dict.fromkeys(_RUNS, 403)


def reported(name):
    return lambda world: {"kind": "communaute", "pk": getattr(world, name).pk}


LINES = [
    line("moderation:report", args=reported("circle"), everyone=200),
    line("moderation:report", args=reported("circle_secret"), representative=200, others=404),
    line("communities:follow", method=POST, data=lambda world: {"suivre": f"term-{world.followed_term.pk}"},
         **ANYONE_DONE),
    line("communities:follow", method=POST, data=lambda world: {"suivre": f"community-{world.circle_secret.pk}"},
         anonymous=LOGIN, representative=302, others=404),
    *(line(f"communities:own_{part}", **ANYONE) for part in ("network", "coming", "communities", "follows")),
    line("communities:own_network", query="suivi=zz-99999999999999999999&page=zz", **ANYONE),
    line("communities:community_table", **TEAM),
    line("communities:community_create", **TEAM),
    line("communities:community_create", method=POST, data={"name": "Nouvelle", "summary": "Une phrase.", "access": "open"},
         anonymous=LOGIN, others=403, **dict.fromkeys(_RUNS, 302)),
    line("communities:community_list", everyone=200),
    line("communities:community_list", query="q=zz&theme=zz&departement=zz&archivees=oui&page=zz", everyone=200),
    line("communities:community_show", args=of("circle"), everyone=200),
    line("communities:community_show", args=of("circle_secret"), representative=200, others=404),
    line("communities:community_feed", args=of("circle"), everyone=200),
    line("communities:community_feed", args=of("circle_secret"), everyone=404),
    line("directory:sitemap_part", args={"part": "communautes-1"}, everyone=200, elsewhere=None),
    line("communities:community_charter", args=of("circle"), everyone=200),
    line("communities:community_charter", args=of("circle_secret"), representative=200, others=404),
    line("communities:community_join", args=of("circle"), anonymous=LOGIN, member=302, representative=302, pole_member=302,
         others=200),
    line("communities:community_join", args=of("circle_on_request"), method=POST, data={"words": "Bonjour."}, **ANYONE_DONE),
    line("communities:community_join", args=of("circle_secret"), anonymous=LOGIN, representative=302, others=404),
    line("communities:community_leave", args=of("circle"), anonymous=LOGIN, member=200, representative=200,
         pole_member=200, others=302),
    line("communities:community_leave", args=of("circle"), method=POST, anonymous=LOGIN, member=302, pole_member=302,
         others=409),
    line("communities:community_leave", args=of("circle_secret"), method=POST, anonymous=LOGIN, representative=409, others=404),
    line("communities:community_decline", args=of("circle"), method=POST, anonymous=LOGIN, others=409),
    line("communities:community_decline", args=of("circle_secret"), method=POST, anonymous=LOGIN, representative=409, others=404),
    line("communities:community_settle", args=of("circle"), method=POST, data={"nom": "oui"}, anonymous=LOGIN, member=302,
         representative=302, pole_member=302, others=409),
    line("communities:community_settle", args=of("circle_secret"), method=POST, data={"nom": "oui"}, **SECRET_DONE),
    line("communities:member_list", args=of("circle"), **RUN | {"member": 200}),
    line("communities:member_list", args=of("circle_on_request"), **TEAM_OF_NONE),
    line("communities:member_list", args=of("circle_secret"), **SECRET_RUN),
    line("communities:member_invite", args=of("circle"), **RUN),
    line("communities:member_invite", args=of("circle"), method=POST, data={"email": "a@exemple.test"}, **RUN_DONE),
    line("communities:member_invite", args=of("circle_secret"), **SECRET_RUN),
    line("communities:member_answer", args=of("circle", pk="circle_asked"), method=POST, data={"acte": "accepter"}, **RUN_DONE),
    line("communities:member_answer", args=of("circle", pk="circle_asked"), method=POST,
         data={"acte": "refuser", "reason": "Complet."}, **RUN_DONE),
    line("communities:member_answer", args=of("circle_secret", pk="secret_asked"), method=POST, data={"acte": "accepter"},
         **SECRET_RUN_DONE | {"representative": 409}),
    line("communities:member_change", args=of("circle", pk="in_circle"), method=POST, data={"acte": "retirer"}, **RUN_DONE),
    line("communities:member_change", args=of("circle", pk="in_circle"), method=POST, data={"acte": "animer"}, **RUN_DONE),
    line("communities:member_change", args=of("circle", pk="circle_invited"), method=POST, data={"acte": "annuler"}, **RUN_DONE),
    line("communities:member_change", args=of("circle_secret", pk="in_secret"), method=POST, data={"acte": "animer"},
         **SECRET_RUN_DONE),
    line("communities:invitation", args=lambda world: {"token": world.circle_invited.token}, **ANYONE),
    line("communities:invitation", args=lambda world: {"token": world.circle_invited.token}, method=POST, **ANYONE_DONE),
    line("communities:invitation", args={"token": "1-zz"}, anonymous=LOGIN, others=404),
    line("communities:place", args=text, **ANYONE),
    line("communities:place", args={"kind": "acteur", "pk": "999999999999999999"}, anonymous=LOGIN, others=404),
    line("communities:place", args=text, method=POST, data=lambda world: {"community": world.circle.pk}, anonymous=LOGIN,
         member=302, representative=302, others=422),
    line("communities:place", args=text, method=POST, data=lambda world: {"community": world.circle_secret.pk}, anonymous=LOGIN,
         others=422),
    line("communities:place_here", args=of("circle"), anonymous=LOGIN, member=200, representative=200, others=403),
    line("communities:place_here", args=of("circle"), method=POST,
         data=lambda world: {"address": world.circle_text.get_absolute_url()}, anonymous=LOGIN, member=302,
         representative=302, others=403),
    line("communities:place_here", args=of("circle_secret"), **SECRET),
    line("communities:placement_change", args=of("circle", pk="circle_placement"), method=POST, data={"acte": "tete"}, **RUN_DONE),
    line("communities:placement_change", args=of("circle", pk="circle_placement"), method=POST, data={"acte": "retirer"},
         **RUN_DONE),
    line("communities:placement_change", args=of("circle_secret", pk="secret_placement"), method=POST, data={"acte": "tete"},
         **SECRET_DONE),
    line("communities:community_edit", args=of("circle"), **RUN),
    line("communities:community_edit", args=of("circle"), method=POST,
         data={"name": "Autre", "summary": "Une phrase.", "access": "open", "vu": ""},
         **RUN_DONE | {"representative": 409}),
    line("communities:community_edit", args=of("circle_on_request"), **TEAM_OF_NONE),
    line("communities:community_edit", args=of("circle_secret"), **SECRET_RUN),
    line("communities:community_charter_edit", args=of("circle"), **RUN),
    line("communities:community_charter_edit", args=of("circle"), method=POST, data={"body": "<p>Autre.</p>"}, **RUN_DONE),
    line("communities:community_charter_edit", args=of("circle_secret"), **SECRET_RUN),
    line("communities:community_archive", args=of("circle"), **ARCHIVES),
    line("communities:community_archive", args=of("circle"), method=POST, **ARCHIVES_DONE),
    line("communities:community_archive", args=of("circle_secret"), **SECRET | dict.fromkeys(_RUNS, 200)),
    line("communities:community_export", args=of("circle"), **RUN),
    line("communities:community_export", args=of("circle_secret"), **SECRET_RUN),
]  # fmt: skip
