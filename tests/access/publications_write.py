"""Writing publications, signing them, reviewing them: those who sign, the team, nobody else."""

from maillage.core.seen import mark
from maillage.core.viewer import Viewer
from maillage.publications import actions
from maillage.publications.actions.revising import print_of
from maillage.publications.actions.stating import print_of as text_print
from maillage.publications.actions.telling import credit_token
from maillage.publications.enums import VersionState
from maillage.publications.models import Comment, Credit, Piece, Version
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.publications import make_publication

_RUNS = ("animator", "network_admin", "platform_admin")
# Of what everyone reads: 403 to those who may know it. Of a draft, others know nothing, the team included.
OWN = {"anonymous": LOGIN, "representative": 200, "others": 403, **dict.fromkeys(_RUNS, 200)}
OWN_DONE = {"anonymous": LOGIN, "representative": 302, "others": 403, **dict.fromkeys(_RUNS, 302)}
DRAFT = {"anonymous": LOGIN, "representative": 200, "others": 404}
DRAFT_DONE = {"anonymous": LOGIN, "representative": 302, "others": 404}
REVIEW = {"anonymous": LOGIN, "others": 404, "representative": 403, **dict.fromkeys(_RUNS, 200)}
REVIEW_DONE = {"anonymous": LOGIN, "others": 404, "representative": 403, **dict.fromkeys(_RUNS, 302)}
HIDES = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
HIDES_DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
VERSION = {"anonymous": LOGIN, "representative": 200, "others": 404, **dict.fromkeys(_RUNS, 200)}
ANYONE = {"anonymous": LOGIN, "others": 200}
CONTRIBUTION = {"title": "Proposé", "text": "Quelques mots.", "acte": "publier"}
REFUSAL = {"code": "inexact", "reason": "Citez vos sources."}


def prepare(world):
    """Of A: a published text of the representative with words that wait and a comment, a draft and a proposal of theirs, a
    dossier of the team. Of B: one."""
    writer = Viewer(network=world.network, user=world.users["representative"])
    team = Viewer.as_system(world.network, "table")
    world.text = make_publication(writer, "Texte tenu")
    world.text_draft = make_publication(writer, "Zibelines et martres", state="draft")
    world.text_proposed = make_publication(writer, "Texte proposé", state="proposed")
    world.text_version = Version.objects.create(
        publication=world.text, author=writer.user, state=VersionState.WAITING, values={"summary": "Après"},
        sent_at=world.text.created_at,
    )  # fmt: skip
    world.dossier = actions.create_publication(by=team, kind="dossier", fields={"title": "Dossier de l'équipe"})
    world.piece = Piece.objects.create(dossier=world.dossier, publication=world.text)
    actions.submit_publication(by=team, publication=_signed(world.dossier, "La rédaction"))
    world.comment = Comment.objects.create(
        network=world.network, publication=world.text, author=world.users["representative"], text="Un mot.",
        state="waiting",
    )  # fmt: skip
    world.asked_credit = Credit.objects.create(
        publication=world.text, name="Inès Roux", email="ines@exemple.test", added_by=writer.user
    )
    world.other_text = make_publication(Viewer.as_system(world.other_network, "table"), "Texte de B", state="draft")


def _signed(publication, name):
    Credit.objects.create(publication=publication, name=name, state="accepted")
    return publication


def held(world):
    return {"pk": world.text.pk}


def draft(world):
    return {"pk": world.text_draft.pk}


def proposed(world):
    return {"pk": world.text_proposed.pk}


def foreign(world):
    return {"pk": world.other_text.pk}


def dossier(world):
    return {"pk": world.dossier.pk}


def version(world):
    return {"pk": world.text_version.pk}


def comment(world):
    return {"pk": world.comment.pk}


def step(name):
    return lambda world: {"pk": world.text.pk, "step": name}


def section(name):
    return {"section": name}


COMPOSED = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
COMPOSED_DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
POST = "post"
LINES = [
    line("publications:contribute", everyone=200),
    line("publications:publication_propose", args=section("articles"), elsewhere=None, **ANYONE),
    line("publications:publication_propose", args=section("annonces"), elsewhere=None, **ANYONE),
    line("publications:publication_propose", args=section("dossiers"), elsewhere=None, anonymous=LOGIN, others=403,
         **dict.fromkeys(_RUNS, 200)),
    line("publications:publication_propose", args=section("articles"), elsewhere=None, method=POST, data=CONTRIBUTION,
         anonymous=LOGIN, others=302),
    line("publications:own_publications", **ANYONE),
    line("publications:own_credits", **ANYONE),
    line("publications:credit_answer", args=lambda world: {"token": credit_token(world.asked_credit)}, everyone=200),
    line("publications:credit_answer", args=lambda world: {"token": credit_token(world.asked_credit)}, method=POST,
         data={"acte": "decliner"}, everyone=200),
    line("publications:credit_reply", args=lambda world: {"pk": world.text.credits.accepted().get().pk}, method=POST,
         data={"acte": "decliner"}, anonymous=LOGIN, others=404),
    line("publications:publication_work", args=held, **OWN),
    line("publications:publication_work", args=draft, **DRAFT),
    line("publications:publication_work", args=foreign, anonymous=LOGIN, others=404, elsewhere=None),
    line("publications:publication_edit", args=draft, **DRAFT),
    line("publications:publication_edit", args=held, **OWN),
    *(line("publications:publication_edit_step", args=step(name), **OWN)
      for name in ("texte", "image", "rangement", "sources")),
    line("publications:publication_edit_step", args=step("sources"), method=POST,
         data={"sources": "Une source", "reviewer": "", "vu": f"sources.{mark('')} reviewer.{mark('')}"}, **OWN_DONE),
    line("publications:publication_media", args=held, **OWN),
    line("publications:publication_media", args=held, method=POST,
         data={"acte": "ajouter", "kind": "video", "url": "https://video.test/1", "title": "Film", "vu": f"media.{mark([])}"},
         **OWN_DONE),
    line("publications:publication_credits", args=held, **OWN),
    line("publications:publication_credits", args=held, method=POST,
         data={"acte": "ajouter", "name": "Autre", "email": "autre@exemple.test"}, **OWN_DONE | {"representative": 403}),
    line("publications:publication_pieces", args=dossier, **COMPOSED),
    line("publications:publication_pieces", args=dossier, method=POST,
         data={"acte": "ajouter", "address": "https://ailleurs.test/", "title": "Ailleurs"}, **COMPOSED_DONE),
    line("publications:publication_settings", args=draft, **DRAFT),
    line("publications:publication_settings", args=draft, method=POST, data={"comments_open": "on"}, **DRAFT_DONE),
    line("publications:version_list", args=held, **OWN),
    line("publications:publication_submit", args=draft, method=POST, **DRAFT_DONE),
    line("publications:publication_preview_renew", args=draft, method=POST, **DRAFT_DONE),
    line("publications:publication_take_back", args=held, **OWN),
    line("publications:publication_take_back", args=held, method=POST, data={"reason": ""}, **OWN_DONE),
    line("publications:publication_delete", args=draft, **DRAFT),
    line("publications:publication_delete", args=draft, method=POST, **DRAFT_DONE),
    line("publications:version_send", args=held, method=POST, data={"note": ""}, **OWN_DONE),
    line("publications:version_discard", args=held, method=POST, **OWN_DONE),
    line("publications:version_show", args=version, **VERSION),
    line("publications:comment_remove", args=comment, method=POST, anonymous=LOGIN, representative=302, others=404,
         **dict.fromkeys(_RUNS, 403)),
    line("publications:publication_table", **TEAM),
    line("publications:publication_publish", args=proposed, method=POST, data=lambda world: {"vu": text_print(world.text_proposed)}, **REVIEW_DONE),
    line("publications:publication_refuse", args=proposed, method=POST, data=REFUSAL, **REVIEW_DONE),
    line("publications:publication_hide", args=held, **HIDES),
    line("publications:publication_hide", args=held, method=POST, data={"reason": ""}, **HIDES_DONE),
    line("publications:publication_feature", args=held, method=POST, **HIDES_DONE),
    line("publications:version_accept", args=version, method=POST,
         data=lambda world: {"vu": print_of(world.text_version)}, **REVIEW_DONE),
    line("publications:version_refuse", args=version, method=POST, data=REFUSAL, **REVIEW_DONE),
    line("publications:comment_show", args=comment, **REVIEW),
    line("publications:comment_accept", args=comment, method=POST, **REVIEW_DONE),
    line("publications:comment_refuse", args=comment, method=POST, data=REFUSAL, **REVIEW_DONE),
    line("publications:publication_show", args=lambda world: {"section": "articles", "slug": world.text.slug}, everyone=200),
    line("publications:publication_show", args=lambda world: {"section": "articles", "slug": world.text_draft.slug},
         representative=200, others=404),
    line("publications:publication_show", args=lambda world: {"section": "annonces", "slug": world.text.slug}, everyone=404),
    line("publications:publication_preview",
         args=lambda world: {"key": f"{world.text_draft.pk}-{world.text_draft.preview_key}"}, everyone=200),
    line("publications:publication_preview", args=lambda world: {"key": f"{world.text_draft.pk}-autre"}, everyone=404),
    line("publications:publication_read", args=lambda world: {"section": "articles", "slug": world.text.slug}, method=POST,
         everyone=204),
    line("publications:comment_write", args=lambda world: {"section": "articles", "slug": world.text.slug}, method=POST,
         data={"text": "Bravo."}, anonymous=LOGIN, others=302),
]  # fmt: skip
