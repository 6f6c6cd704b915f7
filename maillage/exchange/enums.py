"""Closed lists of imports and bulk changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchKind(models.TextChoices):
    IMPORT = "import", _("import")
    BULK = "bulk", _("modification en masse")


class BatchStatus(models.TextChoices):
    """Where a batch is; an undone one stays in the list, with what could not be undone."""

    UPLOADED = "uploaded", _("fichier déposé")
    MAPPED = "mapped", _("correspondances choisies")
    PREVIEWING = "previewing", _("aperçu en préparation")
    PREVIEWED = "previewed", _("aperçu prêt")
    APPLYING = "applying", _("en cours")
    STOPPED = "stopped", _("arrêté")
    APPLIED = "applied", _("terminé")
    UNDOING = "undoing", _("annulation en cours")
    UNDONE = "undone", _("annulé")
    FAILED = "failed", _("en échec")


class Verdict(models.TextChoices):
    """What a line will do. One in error is for who made the file, one barred for who may write it; one gone is no line of the
    file, but an object that it tells of no more."""

    CREATE = "create", _("à créer")
    UPDATE = "update", _("à mettre à jour")
    IDENTICAL = "identical", _("identique")
    LOOKALIKE = "lookalike", _("ressemble à")
    ERROR = "error", _("en erreur")
    BARRED = "barred", _("refusée")
    GONE = "gone", _("à retirer")


class Decision(models.TextChoices):
    """What the person answers to a look-alike, or for any line they set aside."""

    SAME = "same", _("c'est le même")
    DIFFERENT = "different", _("ce sont deux différents")
    BRANCH = "branch", _("c'est une antenne")
    SKIP = "skip", _("laisser de côté")


class Outcome(models.TextChoices):
    """What became of a line."""

    CREATED = "created", _("créée")
    UPDATED = "updated", _("mise à jour")
    UNCHANGED = "unchanged", _("inchangée")
    LEFT = "left", _("laissée de côté")
    REFUSED = "refused", _("refusée")
    REMOVED = "removed", _("retirée")
