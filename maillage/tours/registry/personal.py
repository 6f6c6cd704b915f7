"""What the tours keep of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare

_KEPT = _("Tant que la saison existe, sans le nom après la fermeture du compte")

declare(
    PersonalField(
        "tours.HostRequest",
        "author",
        _("Organiser le passage d'une ressource chez votre structure"),
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("season", "actor", "commune", "place", "days", "people", "note", "state", "created_at"),
        label=_("Demandes de passage que vous avez faites"),
    ),
    PersonalField(
        "tours.HostRequest",
        "decided_by",
        _("Savoir qui a répondu à une demande de passage"),
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Demandes de passage auxquelles vous avez répondu"),
    ),
)
