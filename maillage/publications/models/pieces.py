"""What a dossier gathers, in order: publications, events, actors, contents of other apps, links."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.agenda.models import Event
from maillage.directory.models import Actor
from maillage.publications.models.publications import Publication
from maillage.publications.registry.gathered import gathered_of


class Piece(models.Model):
    """One of a publication, an event, an actor, a `url` with its `title`, or what another app has under `object_id` (`kind`:
    `registry.gathered`); `words` introduce it. `gathered` is the latter once read (`queries.gathering`)."""

    gathered: Any = None

    dossier = models.ForeignKey(Publication, models.CASCADE, related_name="pieces")
    position = models.PositiveSmallIntegerField(default=0)
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, blank=True, related_name="in_dossiers")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(_("nature"), max_length=30, blank=True, editable=False)
    object_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    url = models.URLField(_("adresse"), max_length=500, blank=True)
    title = models.CharField(_("titre du lien"), max_length=140, blank=True)
    words = models.CharField(_("en quelques mots"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(publication__isnull=False, event=None, actor=None, url="", kind="", object_id=None)
                    | Q(publication=None, event__isnull=False, actor=None, url="", kind="", object_id=None)
                    | Q(publication=None, event=None, actor__isnull=False, url="", kind="", object_id=None)
                    | (Q(publication=None, event=None, actor=None, url="", object_id__isnull=False) & ~Q(kind=""))
                    | (Q(publication=None, event=None, actor=None, kind="", object_id=None) & ~Q(url="") & ~Q(title=""))
                ),
                name="piece_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(publication=models.F("dossier")), name="piece_not_its_own_dossier"),
            models.UniqueConstraint(fields=["dossier", "publication"], name="piece_publication_once"),
            models.UniqueConstraint(fields=["dossier", "event"], name="piece_event_once"),
            models.UniqueConstraint(fields=["dossier", "actor"], name="piece_actor_once"),
            models.UniqueConstraint(fields=["dossier", "kind", "object_id"], name="piece_gathered_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What others may not read is called by what it is."""
        return str(self.thing) if self.thing is not None else self.title or self.one

    @property
    def thing(self) -> Any:
        return self.publication or self.event or self.actor or self.gathered

    @property
    def address(self) -> str:
        return self.url or (self.thing.get_absolute_url() if self.thing is not None else "")

    @property
    def introduction(self) -> str:
        return self.words or getattr(self.thing, "summary", "") or ""

    @property
    def one(self) -> str:
        """What it is, of what comes from another app."""
        source = gathered_of(self.kind)
        return str(source.one) if source else ""

    @property
    def icon(self) -> str:
        source = gathered_of(self.kind)
        return source.icon if source else "external-link"
