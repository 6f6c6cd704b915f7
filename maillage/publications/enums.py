"""Closed lists of the publications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    ARTICLE = "article", _("article")
    PORTRAIT = "portrait", _("portrait")
    ANNOUNCEMENT = "announcement", _("annonce")
    DOSSIER = "dossier", _("dossier")


class Section(models.TextChoices):
    """Where publications are read; also the first part of their addresses."""

    ARTICLES = "articles", _("Articles")
    ANNOUNCEMENTS = "annonces", _("Annonces")
    DOSSIERS = "dossiers", _("Dossiers")


SECTION_OF = {
    Kind.ARTICLE: Section.ARTICLES,
    Kind.PORTRAIT: Section.ARTICLES,
    Kind.ANNOUNCEMENT: Section.ANNOUNCEMENTS,
    Kind.DOSSIER: Section.DOSSIERS,
}


class State(models.TextChoices):
    """Where a publication stands. Taken back: by who signs it; hidden: by the team; suspended: until it answers what is reported."""

    DRAFT = "draft", _("brouillon")
    PROPOSED = "proposed", _("à valider")
    PUBLISHED = "published", _("publié")
    REFUSED = "refused", _("refusé")
    TAKEN_BACK = "taken_back", _("dépublié")
    SUSPENDED = "suspended", _("masqué en attendant")
    HIDDEN = "hidden", _("retiré par l'équipe")


WITHDRAWN = (State.SUSPENDED, State.HIDDEN)


class AnnouncementType(models.TextChoices):
    JOB = "emploi", _("emploi ou stage")
    CALL = "appel", _("appel à participation")
    VOLUNTEERING = "benevolat", _("bénévolat")
    TRAINING = "formation", _("formation")
    LOAN = "pret", _("prêt ou don")


class VersionState(models.TextChoices):
    """What becomes of changes to a published text."""

    WORKING = "working", _("en cours")
    WAITING = "waiting", _("attend la relecture")
    REFUSED = "refused", _("refusée")
    PUBLISHED = "published", _("publiée")


class CreditState(models.TextChoices):
    """Nobody signs without having agreed."""

    WAITING = "waiting", _("attend l'accord")
    ACCEPTED = "accepted", _("accepté")
    DECLINED = "declined", _("décliné")
    REMOVED = "removed", _("retiré")


class CommentState(models.TextChoices):
    WAITING = "waiting", _("à valider")
    SHOWN = "shown", _("visible")
    SUSPENDED = "suspended", _("masqué en attendant")
    REFUSED = "refused", _("refusé")
    REMOVED = "removed", _("supprimé par son auteur")


class MediaKind(models.TextChoices):
    IMAGE = "image", _("image")
    AUDIO = "audio", _("son")
    VIDEO = "video", _("vidéo")


class RefusalReason(models.TextChoices):
    """Why a text, a change or a comment is refused; words follow, which the author reads."""

    OUT_OF_SCOPE = "hors-sujet", _("sans lien avec la culture scientifique")
    WRONG = "inexact", _("inexact ou sans source")
    INCOMPLETE = "incomplet", _("trop peu d'informations")
    PROMOTIONAL = "promotionnel", _("promotionnel")
    RIGHTS = "droits", _("droits d'une image ou d'un texte")
    TONE = "ton", _("ton ou propos déplacés")
    OTHER = "autre", _("autre")
