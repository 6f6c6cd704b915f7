"""What the letters keep of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import COLUMNS, Erasure, LegalBasis, PersonalField, declare

_SEND = _("Envoyer la lettre d'information du réseau à qui l'a demandée")
_KEPT = _("Jusqu'à l'effacement demandé ; sept jours sans confirmation. Après un désabonnement, pour ne plus écrire")

declare(
    PersonalField(
        "newsletters.Subscription",
        "user",
        _SEND,
        LegalBasis.CONSENT,
        _KEPT,
        Erasure.WITHDRAW,
        also=("email", "network", "state", "origin", "text_version", "agreed_at", "confirmed_at", "stopped_at",
              "paused_until"),
        label=_("Abonnements à la lettre"),
    ),
    PersonalField(
        "newsletters.Subscription",
        "email",
        _SEND,
        LegalBasis.CONSENT,
        _KEPT,
        Erasure.WITHDRAW,
        owner="user",
        export=False,
        label=_("Adresse abonnée à la lettre"),
    ),
    PersonalField(
        "newsletters.Letter",
        "author",
        _("Savoir qui a écrit et envoyé une lettre"),
        LegalBasis.LEGITIMATE,
        _("Tant que la lettre existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("subject", "state", "created_at"),
        label=_("Lettres que vous avez écrites"),
    ),
)  # fmt: skip
COLUMNS.setdefault("agreed_at", _("accord donné le"))
COLUMNS.setdefault("confirmed_at", _("confirmé le"))
