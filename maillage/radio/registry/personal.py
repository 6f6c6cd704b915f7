"""What the radio keeps of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare, declare_impersonal

declare(
    PersonalField(
        "radio.Episode",
        "author",
        _("Préparer les émissions de radio du réseau"),
        LegalBasis.LEGITIMATE,
        _("Tant que l'épisode existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("title", "state", "created_at"),
        label=_("Épisodes de radio que vous avez préparés"),
    ),
    PersonalField(
        "radio.Item",
        "contact",
        _("Joindre les personnes invitées à la radio"),
        LegalBasis.LEGITIMATE,
        _("Douze mois après l'antenne (ou le délai réglé par le réseau)"),
        Erasure.EMPTY,
        owner="",
        export=False,
        label=_("Personnes à joindre pour une émission"),
    ),
)
declare_impersonal("radio.Show", "owner_name", "who answers for the programme, given to be read by all in its feed")
declare_impersonal("radio.Show", "owner_email", "an address given to be read by all in the feed of the programme")
