"""Closed lists of the tours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeasonState(models.TextChoices):
    """`PLANNED`: a tour is proposed, the team alone sees it."""

    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouverte aux demandes")
    PLANNED = "planned", _("tournée proposée")
    PUBLISHED = "published", _("publiée")
    OVER = "over", _("terminée")
    CANCELLED = "cancelled", _("annulée")


NEXT: dict[str, tuple[SeasonState, ...]] = {
    SeasonState.DRAFT: (SeasonState.OPEN, SeasonState.CANCELLED),
    SeasonState.OPEN: (SeasonState.DRAFT, SeasonState.CANCELLED),
    SeasonState.PLANNED: (SeasonState.PUBLISHED, SeasonState.OPEN, SeasonState.CANCELLED),
    SeasonState.PUBLISHED: (SeasonState.OVER, SeasonState.CANCELLED),
    SeasonState.OVER: (),
    SeasonState.CANCELLED: (),
}
PLANNABLE = (SeasonState.OPEN, SeasonState.PLANNED)
MOVABLE = (SeasonState.OPEN, SeasonState.PLANNED, SeasonState.PUBLISHED)
SHOWN = (SeasonState.OPEN, SeasonState.PLANNED, SeasonState.PUBLISHED, SeasonState.OVER)
TOLD = (SeasonState.PUBLISHED, SeasonState.OVER)  # Their stops are read by everyone.


class RequestState(models.TextChoices):
    ASKED = "asked", _("à étudier")
    FEASIBLE = "feasible", _("faisable")
    REFUSED = "refused", _("refusée")
    SERVED = "served", _("dans la tournée")
    WITHDRAWN = "withdrawn", _("retirée")


CANDIDATES = (RequestState.FEASIBLE, RequestState.SERVED)  # Those that a tour may serve.


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")
