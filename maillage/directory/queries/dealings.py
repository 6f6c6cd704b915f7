"""What the directory itself adds to the history of a relation: the acts that an actor saw or did, and the notes of the team."""

from datetime import datetime

from django.urls import reverse

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Note
from maillage.directory.queries.history import entries_about, history
from maillage.directory.registry.dealings import Dealing

_TOLD = (
    "actor.create",
    "actor.import",
    "actor.archive",
    "actor.unarchive",
    "actor.qualify",
    "actor.contact",
    "actor.report",
    "actor.confirm",
    "actor.joined",
    "actor.left",
    "actor.reminded",
    "actor.told",
    "actor.objected",
    "actor.merge",
    "charter.link",
    "charter.sign",
    "charter.paper",
    "charter.withdraw",
)


def acts_on(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    """What passed between the network and the actor about its sheet and the charter; corrections are left to the sheet."""
    entries = entries_about(actor, viewer).filter(verb__in=_TOLD).order_by("-at", "-pk")
    if before is not None:
        entries = entries.filter(at__lt=before)
    return [Dealing(each.entry.at, f"{each.who} {each.what}", each.reason) for each in history(entries[:limit], viewer)]


def notes_on(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    notes = Note.objects.visible_to(viewer).filter(actor=actor).select_related("author").order_by("-created_at", "-pk")
    if before is not None:
        notes = notes.filter(created_at__lt=before)
    url = reverse("directory:actor_work", args=[actor.pk]) + "#notes"
    return [Dealing(note.created_at, note.body, url=url, person=str(note.author or "")) for note in notes[:limit]]
