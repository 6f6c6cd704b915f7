"""Closed lists of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """How a resource reaches those who use it; `Kind` says what it is."""

    DOCUMENT = "document", _("à télécharger")
    LOAN = "pret", _("à emprunter")
    VISIT = "venue", _("vient chez vous")


class Kind(models.TextChoices):
    METHOD = "methode", _("méthode ou guide")
    SHEET = "fiche", _("fiche d'activité")
    MEDIA = "media", _("vidéo, son ou images")
    DATA = "donnees", _("données ou logiciel")
    KIT = "malle", _("malle d'activités")
    EXHIBITION = "exposition", _("exposition")
    EQUIPMENT = "materiel", _("matériel")
    GAME = "jeu", _("jeu")
    ACTIVITY = "animation", _("animation ou atelier")
    SPEAKER = "intervention", _("intervenante ou intervenant")
    SHOW = "spectacle", _("spectacle")
    VEHICLE = "vehicule", _("camion ou bus itinérant")


FORM_OF: dict[Kind, Form] = {
    Kind.METHOD: Form.DOCUMENT,
    Kind.SHEET: Form.DOCUMENT,
    Kind.MEDIA: Form.DOCUMENT,
    Kind.DATA: Form.DOCUMENT,
    Kind.KIT: Form.LOAN,
    Kind.EXHIBITION: Form.LOAN,
    Kind.EQUIPMENT: Form.LOAN,
    Kind.GAME: Form.LOAN,
    Kind.ACTIVITY: Form.VISIT,
    Kind.SPEAKER: Form.VISIT,
    Kind.SHOW: Form.VISIT,
    Kind.VEHICLE: Form.VISIT,
}


def is_lent(kind: Kind) -> bool:
    """Whether copies of it are promised by half-days: what is lent, and what comes on wheels."""
    return FORM_OF[kind] == Form.LOAN or kind == Kind.VEHICLE


class State(models.TextChoices):
    """Where a resource stands. `RETIRED`: its actor offers it no more; its page remains as a stub for those who had its address."""

    DRAFT = "draft", _("brouillon")
    PROPOSED = "proposed", _("à valider")
    PUBLISHED = "published", _("publiée")
    REFUSED = "refused", _("refusée")
    SUSPENDED = "suspended", _("masquée en attendant")
    HIDDEN = "hidden", _("retirée par l'équipe")
    RETIRED = "retired", _("n'est plus proposée")


class RefusalReason(models.TextChoices):
    """Why the team does not publish; what it writes besides says what to mend."""

    TWICE = "twice", _("déjà dans le catalogue")
    UNCLEAR = "unclear", _("il manque de quoi comprendre")
    OUT = "out", _("hors du sujet ou du territoire du réseau")
    RIGHTS = "rights", _("droits ou licence à éclaircir")
    OTHER = "other", _("autre motif")


class Price(models.TextChoices):
    FREE = "free", _("gratuit")
    PAID = "paid", _("payant")


class Power(models.TextChoices):
    """What the place must give."""

    NONE = "none", _("aucune prise")
    SOCKET = "socket", _("une prise ordinaire")
    SOCKETS = "sockets", _("plusieurs prises")
    STRONG = "strong", _("alimentation de puissance")


class Connection(models.TextChoices):
    NONE = "none", _("sans Internet")
    USEFUL = "useful", _("Internet utile")
    NEEDED = "needed", _("Internet nécessaire")


class Transport(models.TextChoices):
    """The least that carries it."""

    HAND = "hand", _("à la main")
    CAR = "car", _("une voiture")
    ESTATE = "estate", _("un break")
    VAN = "van", _("une camionnette")
    LORRY = "lorry", _("un camion")


class CopyState(models.TextChoices):
    """Whether a copy may be promised."""

    FIT = "fit", _("en état")
    REPAIR = "repair", _("en réparation")
    DAMAGED = "damaged", _("abîmé")
    LOST = "lost", _("perdu")
    RETIRED = "retired", _("sorti de l'inventaire")


class BookingKind(models.TextChoices):
    """Why copies are not free."""

    LOAN = "loan", _("prêt")
    TOUR = "tour", _("tournée")
    UPKEEP = "upkeep", _("entretien")


class Part(models.TextChoices):
    """What a copy does during a half-day that it is not free."""

    USE = "use", _("en service")
    TRANSPORT = "transport", _("transport")
    SETUP = "setup", _("montage")
    BUFFER = "buffer", _("battement")


class Borrowers(models.TextChoices):
    """Who may borrow from a lender."""

    ANYONE = "anyone", _("toute structure ou personne inscrite")
    ACTORS = "actors", _("les structures de l'annuaire")
    SIGNATORIES = "signatories", _("les signataires de la charte")
    FAMILIES = "families", _("certaines familles d'acteurs")
