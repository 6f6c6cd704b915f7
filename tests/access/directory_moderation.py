"""Words that wait for the team, and who is trusted to write at once."""

from maillage.accounts.queries import viewer_for
from maillage.directory.actions import revising
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200}
WROTE = {"animator": 302, "network_admin": 302, "platform_admin": 302}


def prepare(world):
    """A published sheet for which « representative » proposes words that wait; others that were refused."""
    author = viewer_for(world.users["representative"], world.network)
    animator = viewer_for(world.users["animator"], world.network)
    actors = [make_actor(world.network, name) for name in ("Fiche à relire", "Fiche refusée une fois")]
    for actor in actors:
        ActorMember.objects.create(actor=actor, user=author.user, role=MemberRole.EDITOR)
    made = [
        revising.propose_edit(by=author, actor=actor, fields={"phone": "04 67 00 00 00"}, seen=None) for actor in actors
    ]
    world.words = made[0]
    world.refused_words = revising.refuse_revision(by=animator, revision=made[1], code="inexact", reason="Faux numéro")


def of(name):
    return lambda world: {"pk": getattr(world, name).pk}


def author(world):
    return {"pk": world.users["representative"].pk}


# For the others the words do not exist.
READS = {"anonymous": LOGIN, "representative": 200, **TEAM, "others": 404}
ANSWERS = {"anonymous": LOGIN, "representative": 403, "others": 404}
REFUSAL = {"code": "inexact", "reason": "Le numéro ne répond pas."}

LINES = [
    line("directory:revision_show", args=of("words"), **READS),
    line("directory:revision_show", args=of("refused_words"), **READS),
    line("directory:revision_picture", args=of("words"), anonymous=LOGIN, others=404),
    line(
        "directory:revision_accept", args=of("words"), method="post", data={"champs": ["phone"]},
        **ANSWERS, **dict.fromkeys(TEAM, 409),
    ),
    line("directory:revision_accept", args=of("words"), method="post", **ANSWERS, **dict.fromkeys(TEAM, 422)),
    line("directory:revision_refuse", args=of("words"), method="post", data=REFUSAL, **ANSWERS, **WROTE),
    line(
        "directory:revision_refuse", args=of("refused_words"), method="post", data=REFUSAL,
        **ANSWERS, **dict.fromkeys(TEAM, 403),
    ),
    line(
        "directory:revision_withdraw", args=of("words"), method="post", anonymous=LOGIN, representative=302,
        **dict.fromkeys(TEAM, 403), others=404,
    ),
    # Its author is led to the form, others to the page that says what became of it.
    line("directory:revision_resume", args=of("refused_words"), anonymous=LOGIN, representative=302, **WROTE, others=404),
    line(
        "directory:revision_resubmit", args=of("refused_words"), method="post", data={"message": "Il est sur notre site."},
        anonymous=LOGIN, representative=302, others=404,
    ),
    line("directory:contributor_list", anonymous=LOGIN, **TEAM, others=403),
    line("directory:contributor_list", query="q=x&confiance=oui&page=x", anonymous=LOGIN, **TEAM, others=403),
    line("directory:contributor_show", args=author, anonymous=LOGIN, **TEAM, others=403),
    line(
        "directory:contributor_show", args=author, method="post", data={"geste": "donner", "reason": "Sûr"},
        anonymous=LOGIN, **WROTE, others=403,
    ),
]  # fmt: skip
