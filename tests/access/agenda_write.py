"""Writing events, following them, reviewing them: their people, the team, nobody else."""

from datetime import timedelta

from maillage.agenda.models import EventRevision
from maillage.agenda.queries.schedules import fields_of
from maillage.core.seen import mark, marks
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from tests.access.directory_work import DONE, TEAM
from tests.access.table import LOGIN, line
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_actor

_RUNS = ("animator", "network_admin", "platform_admin")
OWN = {"anonymous": LOGIN, "representative": 200, "others": 404, **dict.fromkeys(_RUNS, 200)}
OWN_DONE = {"anonymous": LOGIN, "representative": 302, "others": 404, **dict.fromkeys(_RUNS, 302)}
PUBLISHED = OWN | {"others": 403}
PUBLISHED_DONE = OWN_DONE | {"others": 403}
ANYONE = {"anonymous": LOGIN, "others": 200}
REVIEW_DONE = {"anonymous": LOGIN, "others": 404, "representative": 403, **dict.fromkeys(_RUNS, 302)}
RETITLED = {"title": "Autre", "vu": f"title.{mark('Événement tenu')} summary.{mark('')}"}
STATUS = {"status": "full", "note": "Complet"}


def prepare(world):
    """Of A: an event of an actor of the representative, a draft and a proposal of theirs, and words that wait. Of B: one."""
    editor = world.users["representative"]
    world.host = make_actor(world.network, "Qui organise")
    ActorMember.objects.create(actor=world.host, user=editor, role=MemberRole.EDITOR)
    world.held_event = make_event(world.network, "Événement tenu", organisers=[world.host])
    world.own_draft = make_event(world.network, "Zèbres et quaggas", organisers=[world.host], state="draft")
    world.proposed_event = make_event(world.network, "Événement proposé", organisers=[world.host], state="draft")
    type(world.proposed_event).objects.filter(pk=world.proposed_event.pk).update(
        state="proposed", proposed_at=world.proposed_event.created_at - timedelta(days=1), author=editor
    )
    world.event_revision = EventRevision.objects.create(
        network=world.network,
        event=world.held_event,
        author=editor,
        values={"summary": "Après"},
        before={"summary": ""},
    )
    world.other_event = make_event(world.other_network, "Événement de B")


def held(world):
    return {"pk": world.held_event.pk}


def draft(world):
    return {"pk": world.own_draft.pk}


def proposed(world):
    return {"pk": world.proposed_event.pk}


def revision(world):
    return {"pk": world.event_revision.pk}


def foreign(world):
    return {"pk": world.other_event.pk}


def timing(world):
    return {"pk": world.held_event.pk, "timing": world.held_event.timings.get().pk}


def with_a_word(world):
    """The page of a date as it is shown, with a word more."""
    shown = fields_of(world.held_event.timings.get(), world.held_event)
    typed = {name: str(value) for name, value in shown.items() if value}
    return {**typed, "note": "Salle B", "vu": marks(shown)}


def leaving(world):
    return {"pk": world.held_event.pk, "actor": world.host.pk}


def step(name):
    return lambda world: {"pk": world.held_event.pk, "step": name}


def contribution(world):
    day = slot(9).starts
    return {"title": "Proposé", "day": f"{day:%Y-%m-%d}", "online": "on", "acte": "publier"}


LINES = [
    line("agenda:event_propose", **ANYONE),
    line("agenda:event_propose", query="acteur=999999999999999999999", **ANYONE),
    line("agenda:event_propose", method="post", data=contribution, anonymous=LOGIN, others=302),
    line("agenda:own_events", query="etat=x&page=999", **ANYONE),
    line("agenda:actor_options", query="q=qui", **ANYONE),
    line("agenda:parent_options", query="q=tenu", **ANYONE),
    line("agenda:event_work", args=held, **PUBLISHED),
    line("agenda:event_work", args=draft, **OWN),
    line("agenda:event_work", args=proposed, **OWN),
    line("agenda:event_work", args=foreign, anonymous=LOGIN, others=404, elsewhere=None),
    line("agenda:event_edit", args=held, **PUBLISHED),
    line("agenda:event_edit", args=draft, **OWN),
    line("agenda:event_edit_step", args=step("dates"), **PUBLISHED),
    line("agenda:event_edit_step", args=step("publication"), **PUBLISHED | {"representative": 404}),
    line("agenda:event_edit_step", args=step("inconnue"), anonymous=LOGIN, others=403, representative=404,
         animator=404, network_admin=404, platform_admin=404),
    line("agenda:event_edit_step", args=step("essentiel"), method="post", data=RETITLED, **PUBLISHED_DONE),
    line("agenda:event_dates", args=held, query="passees=1", **PUBLISHED),
    line("agenda:event_date", args=timing, **PUBLISHED),
    line("agenda:event_date", args=timing, method="post", data=with_a_word, **PUBLISHED_DONE),
    line("agenda:event_submit", args=draft, method="post", **OWN_DONE),
    line("agenda:event_status", args=held, query="est=cancelled", **PUBLISHED),
    line("agenda:event_status", args=held, method="post", data=STATUS, **PUBLISHED_DONE),
    line("agenda:event_duplicate", args=held, **PUBLISHED),
    line("agenda:event_duplicate", args=held, method="post", data={"shift": "an"}, **PUBLISHED_DONE),
    line("agenda:event_delete", args=draft, **OWN),
    line("agenda:event_delete", args=draft, method="post", **OWN_DONE),
    line("agenda:event_delete", args=held, method="post", anonymous=LOGIN, others=403),
    line("agenda:event_leave", args=leaving, anonymous=LOGIN, others=403, representative=200, network_admin=200,
         platform_admin=200),
    line("agenda:event_leave", args=leaving, method="post", anonymous=LOGIN, others=403, representative=302,
         network_admin=302, platform_admin=302),
    line("agenda:event_publish", args=proposed, method="post", **REVIEW_DONE),
    line("agenda:event_refuse", args=proposed, method="post", data={"code": "autre", "reason": "Non."}, **REVIEW_DONE),
    line("agenda:event_hide", args=held, **TEAM),
    line("agenda:event_hide", args=held, method="post", **DONE),
    line("agenda:event_feature", args=held, method="post", **DONE),
    line("agenda:event_revision_show", args=revision, **OWN),
    line("agenda:event_revision_withdraw", args=revision, method="post", anonymous=LOGIN, representative=302, others=404),
    line("agenda:event_revision_accept", args=revision, method="post", data={"champs": "summary", "vu": "x"},
         **REVIEW_DONE | dict.fromkeys(_RUNS, 409)),
    line("agenda:event_revision_refuse", args=revision, method="post", data={"code": "autre", "reason": "Non."},
         **REVIEW_DONE),
    line("agenda:event_table", **TEAM),
    line("agenda:event_table", query="etat=draft&tenue=full&departement=34&source=x&periode=passes&q=y&tri=-titre&page=9",
         **TEAM),
    line("agenda:event_bulk", method="post", data={"acte": "publier"}, **DONE),
]  # fmt: skip
