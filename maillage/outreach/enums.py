"""Closed lists of the network's relations."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a contact was made."""

    PHONE = "phone", _("téléphone")
    MAIL = "mail", _("e-mail")
    MEETING = "meeting", _("rendez-vous")
    VISIT = "visit", _("visite")
    VIDEO = "video", _("visioconférence")
    EVENT = "event", _("événement")
    LETTER = "letter", _("courrier")
    OTHER = "other", _("autre")


class Side(models.TextChoices):
    """What an actor looks for, or what it proposes."""

    NEED = "need", _("besoin")
    OFFER = "offer", _("offre")


class NeedKind(models.TextChoices):
    """What is looked for or proposed: the same list for both, which is how they meet."""

    SPEAKER = "speaker", _("intervention ou animation")
    LOAN = "loan", _("prêt de matériel ou d'exposition")
    VENUE = "venue", _("lieu")
    PARTNER = "partner", _("partenaire de projet")
    FUNDING = "funding", _("financement")
    TRAINING = "training", _("formation")
    ADVICE = "advice", _("compétence ou conseil")
    COMMUNICATION = "communication", _("communication")
    OTHER = "other", _("autre")


class NeedState(models.TextChoices):
    OPEN = "open", _("ouvert")
    ANSWERED = "answered", _("pourvu")
    ABANDONED = "abandoned", _("abandonné")
    EXPIRED = "expired", _("expiré")

    def said_of(self, side: str) -> str:
        """As it is said of a need, or of an offer."""
        return str(self.label if side == Side.NEED else _OF_AN_OFFER[self])


_OF_AN_OFFER: Mapping[str, object] = {
    NeedState.OPEN: _("ouverte"),
    NeedState.ANSWERED: _("pourvue"),
    NeedState.ABANDONED: _("abandonnée"),
    NeedState.EXPIRED: _("expirée"),
}


class Sharing(models.TextChoices):
    """Who reads a need: the team always does, and the actor what it wrote itself."""

    TEAM = "team", _("l'équipe d'animation seulement")
    MEMBERS = "members", _("les personnes connectées")
    PUBLIC = "public", _("tout le monde, sur la fiche de l'acteur")


class Through(models.TextChoices):
    """By what way a need was answered."""

    INTRODUCTION = "introduction", _("une mise en relation par le réseau")
    OFFER = "offer", _("une offre connue du réseau")
    OWN = "own", _("les contacts de l'acteur")
    ELSEWHERE = "elsewhere", _("hors du réseau")


class NeedAnswer(models.TextChoices):
    """What a personal link answers."""

    KEPT = "kept", _("toujours d'actualité")
    ANSWERED = "answered", _("pourvu")
    ABANDONED = "abandoned", _("abandonné")

    def verb(self, side: str) -> str:
        """What its button does to a need, or to an offer."""
        return str(_VERBS[self][0 if side == Side.NEED else 1])


_VERBS: Mapping[str, tuple[object, object]] = {
    NeedAnswer.KEPT: (_("Prolonger : toujours d'actualité"), _("Prolonger : toujours d'actualité")),
    NeedAnswer.ANSWERED: (_("Marquer comme pourvu"), _("Marquer comme pourvue")),
    NeedAnswer.ABANDONED: (_("Abandonner ce besoin"), _("Abandonner cette offre")),
}


class Civility(models.TextChoices):
    """How a letter addresses someone; nobody has to have one."""

    MADAME = "mme", _("Madame")
    MONSIEUR = "m", _("Monsieur")


class Function(models.TextChoices):
    """What an elected official is elected to."""

    MAYOR = "maire", _("maire")
    DEPUTY_MAYOR = "adjoint", _("adjoint ou adjointe au maire")
    MUNICIPAL = "municipal", _("conseiller ou conseillère municipale")
    DEPARTMENTAL = "departemental", _("conseiller ou conseillère départementale")
    REGIONAL = "regional", _("conseiller ou conseillère régionale")
    EPCI_HEAD = "epci", _("président ou présidente d'intercommunalité")
    NATIONAL = "depute", _("député ou députée")
    SENATOR = "senateur", _("sénateur ou sénatrice")
    OTHER = "autre", _("autre mandat")

    def held_by(self, civility: str) -> str:
        """As it is said of a woman or of a man; both at once only when the civility is not known."""
        agreed = _HELD_BY.get(self, {}).get(civility)
        return str(agreed if agreed is not None else self.label)


_HELD_BY: Mapping[str, Mapping[str, object]] = {
    Function.DEPUTY_MAYOR: {Civility.MADAME: _("adjointe au maire"), Civility.MONSIEUR: _("adjoint au maire")},
    Function.MUNICIPAL: {Civility.MADAME: _("conseillère municipale"), Civility.MONSIEUR: _("conseiller municipal")},
    Function.DEPARTMENTAL: {
        Civility.MADAME: _("conseillère départementale"),
        Civility.MONSIEUR: _("conseiller départemental"),
    },
    Function.REGIONAL: {Civility.MADAME: _("conseillère régionale"), Civility.MONSIEUR: _("conseiller régional")},
    Function.EPCI_HEAD: {
        Civility.MADAME: _("présidente d'intercommunalité"),
        Civility.MONSIEUR: _("président d'intercommunalité"),
    },
    Function.NATIONAL: {Civility.MADAME: _("députée"), Civility.MONSIEUR: _("député")},
    Function.SENATOR: {Civility.MADAME: _("sénatrice"), Civility.MONSIEUR: _("sénateur")},
}


class Promiser(models.TextChoices):
    """Who promised."""

    OFFICIAL = "official", _("l'élu ou l'élue")
    US = "us", _("nous")


class PromiseState(models.TextChoices):
    """What became of a promise."""

    WAITING = "waiting", _("en attente")
    KEPT = "kept", _("tenue")
    BROKEN = "broken", _("non tenue")


class Manner(models.TextChoices):
    """How two are introduced: who is asked before either has the contact of the other."""

    ASK_BOTH = "both", _("Demander l'accord de chacun")
    ASK_FOUND = "found", _("Qui demande est d'accord : ne demander qu'à l'autre")
    AT_ONCE = "at_once", _("Les deux sont d'accord : les mettre en contact tout de suite")


class IntroductionState(models.TextChoices):
    WAITING = "waiting", _("en attente de réponse")
    LATER = "later", _("remise à plus tard")
    MET = "met", _("en contact")
    REFUSED = "refused", _("refusée")
    UNANSWERED = "unanswered", _("restée sans réponse")
    CANCELLED = "cancelled", _("annulée")


class SideRole(models.TextChoices):
    ASKER = "asker", _("demande")
    FOUND = "found", _("est proposé")


class SideAnswer(models.TextChoices):
    YES = "yes", _("oui")
    LATER = "later", _("pas maintenant")
    NO = "no", _("non")


class Outcome(models.TextChoices):
    """What became of an introduction, as its sides say it."""

    ONGOING = "ongoing", _("en cours")
    PROJECT = "project", _("un projet est né")
    NOTHING = "nothing", _("sans suite")


class Ending(models.TextChoices):
    """What an introduction came to."""

    ONGOING = "ongoing", _("en cours")
    PROJECT = "project", _("un projet est né")
    NOTHING = "nothing", _("sans suite")
    SILENT = "silent", _("sans nouvelles")


class PartnershipState(models.TextChoices):
    DECLARED = "declared", _("déclaré, à confirmer")
    CONFIRMED = "confirmed", _("confirmé")
    REFUSED = "refused", _("refusé")


class Stage(models.TextChoices):
    """How far the approach of an actor is, from the nearest to the furthest but for the two that end it."""

    TO_IDENTIFY = "identify", _("à identifier")
    TO_CONTACT = "contact", _("à contacter")
    CONTACTED = "contacted", _("contacté")
    MET = "met", _("rencontré")
    LATER = "later", _("plus tard")
    INTERESTED = "interested", _("intéressé")
    DECLINED = "declined", _("non")
    MEMBER = "member", _("membre")

    @property
    def rank(self) -> int:
        return list(Stage).index(self)

    @property
    def ends(self) -> bool:
        return self in ENDS


ENDS = (Stage.DECLINED, Stage.MEMBER)
OPEN_STAGES = tuple(stage for stage in Stage if stage not in ENDS)


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    SENDING = "sending", _("en cours d'envoi")
    SENT = "sent", _("envoyée")
    STOPPED = "stopped", _("arrêtée")


class CampaignAnswer(models.TextChoices):
    """What whoever reads the address of an actor says of a proposal."""

    INTERESTED = "interested", _("intéressé")
    LATER = "later", _("plus tard")
    NO = "no", _("non merci")


class Skip(models.TextChoices):
    """Why a campaign does not write to an actor of its list."""

    ARCHIVED = "archived", _("fiche archivée")
    AWAY = "away", _("fiche tenue par un autre réseau")
    REACH = "reach", _("dans un département que vous n'animez pas")
    NO_ADDRESS = "no_address", _("pas d'adresse de contact")
    OBJECTED = "objected", _("a demandé à ne plus recevoir de message")
    STOPPED = "stopped", _("ne veut plus de ces messages")
    BOUNCED = "bounced", _("adresse refusée par le serveur de courrier")
    DECLINED = "declined", _("a déjà répondu non")
    DUPLICATE = "duplicate", _("même adresse qu'un autre acteur de la liste")
    HALTED = "halted", _("campagne arrêtée avant son tour")
