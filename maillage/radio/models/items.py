"""What an episode is made of, in order, and who is heard or spoken of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.agenda.models import Event
from maillage.directory.models import Actor
from maillage.publications.models import Publication
from maillage.radio.engine.reading import count_words, reading_seconds
from maillage.radio.enums import ItemKind
from maillage.radio.models.episodes import Episode
from maillage.territories.models import Territory


class Item(models.Model):
    """About an event, an actor or a publication, or free. `words` are read on air; `questions`, one a line, are asked; `contact`
    is someone beside those of the sheets, for the team alone. `planned` is how long it lasts in all (seconds; None: the time to
    read its words). `departments` are those it is about, for the share of airtime."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("nature"), max_length=10, choices=ItemKind.choices, default=ItemKind.CHRONICLE)
    title = models.CharField(_("titre"), max_length=140)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Actor, models.SET_NULL, null=True, blank=True, related_name="+")
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(_("lancement : ce qui se lit"), max_length=12_000, blank=True)
    questions = models.TextField(_("questions, une par ligne"), max_length=4000, blank=True)
    contact = models.CharField(_("autre personne à joindre"), max_length=200, blank=True)
    planned = models.PositiveIntegerField(_("durée prévue (secondes)"), null=True, blank=True)
    departments = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("départements"))

    class Meta:
        verbose_name = _("séquence")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event=None, actor=None) | Q(event=None, publication=None) | Q(actor=None, publication=None),
                name="item_of_one_thing_at_most",
            ),
            models.CheckConstraint(condition=Q(planned=None) | Q(planned__lte=14_400), name="item_planned"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def word_count(self) -> int:
        return count_words(self.words)

    def seconds(self, rate: int) -> int:
        """How long it lasts at `rate` words a minute."""
        return self.planned if self.planned is not None else reading_seconds(self.words, rate)

    def runs_over(self, rate: int) -> bool:
        """Whether its words alone take longer than what was planned for it."""
        return self.planned is not None and reading_seconds(self.words, rate) > self.planned

    @property
    def question_list(self) -> list[str]:
        return [line.strip() for line in self.questions.splitlines() if line.strip()]


class Heard(models.Model):
    """An actor heard or spoken of in an item: what the share of airtime counts, and what its sheet shows."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="heard")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="heard_in")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "actor"], name="heard_item_actor")]

    def __str__(self) -> str:
        return self.actor.name
