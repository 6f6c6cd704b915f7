"""Closed lists of the directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _

VISITS = (
    "visite-et-parcours"  # The kind of action of a place to visit: the list narrowed to it is a section of its own.
)


class ActorKind(models.TextChoices):
    ORGANISATION = "organisation", _("Structure")
    PERSON = "person", _("Personne indépendante")


class ListingState(models.TextChoices):
    """An actor's state in one network."""

    DRAFT = "draft", _("à préparer")
    PENDING = "pending", _("à valider")
    PUBLISHED = "published", _("publiée")
    HIDDEN = "hidden", _("masquée")


class Nature(models.TextChoices):
    """Who says in which circle an actor is."""

    ASSESSED = "assessed", _("évalué par l'animation")
    DECLARED = "declared", _("déclaré par l'acteur")


class Circle(models.IntegerChoices):
    """Internal to the network: never public."""

    FIRST = 1, _("Cercle 1 : la CSTI est la mission première")
    SECOND = 2, _("Cercle 2 : la CSTI est une action parmi d'autres")
    THIRD = 3, _("Cercle 3 : occasionnel, ou ne se sent pas concerné")


class PositionQuality(models.TextChoices):
    """How well an actor's point is known."""

    EXACT = "exact", _("placée à la main ou par la source")
    ADDRESS = "address", _("trouvée d'après l'adresse")
    COMMUNE = "commune", _("centre de la commune")
    ESTIMATED = "estimated", _("estimée")
    TO_PLACE = "to_place", _("à placer à la main")


class Origin(models.TextChoices):
    """Who wrote a field last. What the actor wrote is never overwritten by an import."""

    ACTOR = "actor", _("l'acteur lui-même")
    ANIMATOR = "animator", _("l'animation du réseau")
    IMPORT = "import", _("un import")
    API = "api", _("un programme relié")


class MemberRole(models.TextChoices):
    ADMIN = "admin", _("responsable de la fiche")
    EDITOR = "editor", _("rédacteur ou rédactrice")


class PairVerdict(models.TextChoices):
    DIFFERENT = "different", _("acteurs différents")
    BRANCH = "branch", _("antenne de l'autre")


class MembershipState(models.TextChoices):
    """Where an actor stands with the charter of a network on a day; the first two are members."""

    SIGNED = "signataire", _("signataire")
    TO_RESIGN = "a-resigner", _("à signer de nouveau")
    LAPSED = "echue", _("signature échue")
    WITHDRAWN = "retiree", _("signature retirée")
    NEVER = "jamais", _("jamais signataire")


class SigningWay(models.TextChoices):
    """How a signature was given."""

    ACCOUNT = "account", _("depuis son compte")
    LINK = "link", _("par un lien personnel")
    PAPER = "paper", _("sur papier, enregistrée par l'équipe")


class Band(models.TextChoices):
    """How likely two actors are to be one."""

    CERTAIN = "certain", _("presque sûrement la même")
    DOUBTFUL = "doubtful", _("à examiner")
    BRANCH = "branch", _("peut-être une antenne")


class ReminderKind(models.TextChoices):
    """What a message to the contact address of a sheet is for."""

    ASKED = "asked", _("la fiche est-elle à jour ?")
    LISTED = "listed", _("information de la personne dont l'adresse est gardée")


class ReminderAnswer(models.TextChoices):
    """What came of a message to the contact address of a sheet."""

    FRESH = "fresh", _("tout est à jour")
    EDITED = "edited", _("corrigée")
    OBJECTED = "objected", _("a retiré ses coordonnées")


class PlaceAccess(models.TextChoices):
    """Accessibility of the place, with the codes of the public event formats."""

    MOTOR = "mi", _("handicap moteur")
    VISUAL = "vi", _("handicap visuel")
    HEARING = "hi", _("handicap auditif")
    MENTAL = "ii", _("handicap intellectuel")
    PSYCHIC = "pi", _("handicap psychique")
    SIGN_LANGUAGE = "sl", _("accueil en langue des signes")


class ImageRole(models.TextChoices):
    """What a picture is to those who do not see it."""

    DESCRIBED = "decrit", _("montre quelque chose, que son texte décrit")
    IN_TEXT = "texte", _("ce qu'elle montre est dit dans la présentation")
    DECORATIVE = "decorative", _("décorative")


class Licence(models.TextChoices):
    """How a picture, or a document, may be used again."""

    RESERVED = "reserved", _("tous droits réservés, publiée avec l'accord de l'auteur")
    CC_BY = "cc-by", _("Creative Commons BY")
    CC_BY_SA = "cc-by-sa", _("Creative Commons BY-SA")
    CC_BY_NC = "cc-by-nc", _("Creative Commons BY-NC")
    OPEN = "etalab", _("Licence Ouverte")
    PUBLIC_DOMAIN = "cc0", _("domaine public (CC0)")


class ClaimWay(models.TextChoices):
    """What a claim rests upon, the surest first."""

    DOMAIN = "domain", _("adresse e-mail du même domaine que la fiche")
    CODE = "code", _("code reçu à l'adresse de contact de la fiche")
    DOCUMENT = "document", _("document fourni")
    DECISION = "decision", _("explication donnée")


class ClaimState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("refusée")
    CANCELLED = "cancelled", _("annulée")
    CONTESTED = "contested", _("contestée")


class SuggestionKind(models.TextChoices):
    """What someone says of a sheet, or of the list that lacks one."""

    WRONG = "wrong", _("inexactitude")
    CLOSED = "closed", _("fermeture")
    DUPLICATE = "duplicate", _("doublon")
    OBJECTION = "objection", _("demande d'une personne concernée")
    MISSING = "missing", _("acteur manquant")


class SuggestionState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    ACCEPTED = "accepted", _("retenue")
    REFUSED = "refused", _("non retenue")


class RevisionState(models.TextChoices):
    """What becomes of an editor's words on a published sheet."""

    WAITING = "waiting", _("attend la relecture")
    ACCEPTED = "accepted", _("retenue")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class RefusalReason(models.TextChoices):
    """Why something proposed is refused; words follow, which the author reads."""

    WRONG = "inexact", _("inexact")
    UNPROVED = "inverifiable", _("invérifiable")
    OUT_OF_SCOPE = "hors-perimetre", _("hors du périmètre de l'annuaire")
    PROMOTIONAL = "promotionnel", _("promotionnel")
    DUPLICATE = "doublon", _("doublon")
    PERSONAL = "personnel", _("données personnelles")
    OTHER = "autre", _("autre")


LANGUAGES = {
    "fr": _("français"),
    "oc": _("occitan"),
    "ca": _("catalan"),
    "eu": _("basque"),
    "br": _("breton"),
    "co": _("corse"),
    "pcd": _("picard"),
    "nl": _("néerlandais"),
    "en": _("anglais"),
    "es": _("espagnol"),
    "de": _("allemand"),
    "it": _("italien"),
    "pt": _("portugais"),
    "ar": _("arabe"),
    "uk": _("ukrainien"),
    "zh": _("chinois"),
    "fsl": _("langue des signes française"),
}
