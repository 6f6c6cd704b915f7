"""What approaches, lists and campaigns keep of people: purpose, basis, term, erasure."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal

_WHY = _("Proposer à un acteur de rejoindre le réseau, et retenir sa réponse")
_AS_LONG = _("Tant que l'approche est gardée, sans le nom après la fermeture du compte")
_TERM = _("Trois ans après la réponse ou la fin de l'approche (ou le délai réglé par le réseau)")

declare_personal(
    PersonalField(
        "outreach.Approach",
        "follower",
        _WHY,
        LegalBasis.LEGITIMATE,
        _AS_LONG,
        Erasure.PSEUDONYM,
        also=("stage", "next_on"),
        label=_("Approches que vous suivez"),
    ),
    PersonalField(
        "outreach.Approach",
        "reason",
        _WHY,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Pourquoi un acteur est sollicité"),
    ),
    PersonalField(
        "outreach.ApproachStep",
        "by",
        _WHY,
        LegalBasis.LEGITIMATE,
        _AS_LONG,
        Erasure.PSEUDONYM,
        also=("stage", "at"),
        label=_("Étapes d'approche que vous avez notées"),
    ),
    PersonalField(
        "outreach.TargetList",
        "author",
        _WHY,
        LegalBasis.LEGITIMATE,
        _AS_LONG,
        Erasure.PSEUDONYM,
        also=("name", "created_at"),
        label=_("Listes cibles que vous avez faites"),
    ),
    PersonalField(
        "outreach.Campaign",
        "author",
        _WHY,
        LegalBasis.LEGITIMATE,
        _AS_LONG,
        Erasure.PSEUDONYM,
        also=("subject", "started_at"),
        label=_("Campagnes que vous avez écrites"),
    ),
    PersonalField(
        "outreach.CampaignMessage",
        "email",
        _WHY,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.EMPTY,
        export=False,
        owner="",
        label=_("Adresse à laquelle une campagne est partie"),
    ),
    PersonalField(
        "outreach.CampaignMessage",
        "word",
        _WHY,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Mot joint à la réponse d'un acteur"),
    ),
)
