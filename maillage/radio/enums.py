"""Closed lists of the radio."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EpisodeState(models.TextChoices):
    """Where an episode stands; `BROADCAST` went on air, `PUBLISHED` is also listened to on the site and in players."""

    DRAFT = "draft", _("en préparation")
    READY = "ready", _("prêt")
    RECORDED = "recorded", _("enregistré")
    BROADCAST = "broadcast", _("diffusé")
    PUBLISHED = "published", _("publié")
    CANCELLED = "cancelled", _("annulé")


ON_AIR = (EpisodeState.BROADCAST, EpisodeState.PUBLISHED)

# Where one may go from each state.
NEXT: dict[str, tuple[EpisodeState, ...]] = {
    EpisodeState.DRAFT: (EpisodeState.READY, EpisodeState.CANCELLED),
    EpisodeState.READY: (EpisodeState.RECORDED, EpisodeState.BROADCAST, EpisodeState.DRAFT, EpisodeState.CANCELLED),
    EpisodeState.RECORDED: (
        EpisodeState.BROADCAST,
        EpisodeState.PUBLISHED,
        EpisodeState.READY,
        EpisodeState.CANCELLED,
    ),
    EpisodeState.BROADCAST: (EpisodeState.PUBLISHED, EpisodeState.RECORDED),
    EpisodeState.PUBLISHED: (EpisodeState.BROADCAST,),
    EpisodeState.CANCELLED: (EpisodeState.DRAFT,),
}


class ItemKind(models.TextChoices):
    CHRONICLE = "chronicle", _("chronique")
    INTERVIEW = "interview", _("entretien")
    AGENDA = "agenda", _("agenda")
    JINGLE = "jingle", _("jingle ou musique")


class Category(models.TextChoices):
    """Those of the directories of podcasts that may suit; the words that players read are the values."""

    SCIENCE = "Science", _("Sciences")
    EDUCATION = "Education", _("Éducation")
    SOCIETY = "Society & Culture", _("Société et culture")
    KIDS = "Kids & Family", _("Enfants et famille")
    TECHNOLOGY = "Technology", _("Techniques")
    HISTORY = "History", _("Histoire")
    HEALTH = "Health & Fitness", _("Santé")
    ARTS = "Arts", _("Arts")
    NEWS = "News", _("Actualité")
    LEISURE = "Leisure", _("Loisirs")


class Language(models.TextChoices):
    FRENCH = "fr", _("français")
    OCCITAN = "oc", _("occitan")
    CATALAN = "ca", _("catalan")
    BRETON = "br", _("breton")
    BASQUE = "eu", _("basque")
    ENGLISH = "en", _("anglais")
