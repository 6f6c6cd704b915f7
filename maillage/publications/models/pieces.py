"""What a dossier gathers, in order: publications, events, actors, links."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.agenda.models import Event
from maillage.directory.models import Actor
from maillage.publications.models.publications import Publication


class Piece(models.Model):
    """One of a publication, an event, an actor, or a `url` with its `title`; `words` introduce it."""

    dossier = models.ForeignKey(Publication, models.CASCADE, related_name="pieces")
    position = models.PositiveSmallIntegerField(default=0)
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, blank=True, related_name="in_dossiers")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    url = models.URLField(_("adresse"), max_length=500, blank=True)
    title = models.CharField(_("titre du lien"), max_length=140, blank=True)
    words = models.CharField(_("en quelques mots"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(publication__isnull=False, event=None, actor=None, url="")
                    | Q(publication=None, event__isnull=False, actor=None, url="")
                    | Q(publication=None, event=None, actor__isnull=False, url="")
                    | (Q(publication=None, event=None, actor=None) & ~Q(url="") & ~Q(title=""))
                ),
                name="piece_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(publication=models.F("dossier")), name="piece_not_its_own_dossier"),
            models.UniqueConstraint(fields=["dossier", "publication"], name="piece_publication_once"),
            models.UniqueConstraint(fields=["dossier", "event"], name="piece_event_once"),
            models.UniqueConstraint(fields=["dossier", "actor"], name="piece_actor_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        held: Any = self.publication or self.event or self.actor
        return str(held) if held is not None else self.title
