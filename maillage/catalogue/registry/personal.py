"""What the catalogue keeps of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare, follow
from maillage.core.following import Relation

_CATALOGUE = _("Tenir le catalogue du réseau : savoir qui a écrit et relu quoi")
_KEPT = _("Tant que la ressource existe, sans le nom après la fermeture du compte")

declare(
    PersonalField(
        "catalogue.Resource",
        "author",
        _CATALOGUE,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("title", "summary", "state", "created_at"),
        label=_("Ressources dont vous avez écrit la fiche"),
    ),
    PersonalField(
        "catalogue.Resource",
        "decided_by",
        _CATALOGUE,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("title", "decided_at"),
        label=_("Ressources que vous avez relues"),
    ),
    PersonalField(
        "catalogue.FileVersion",
        "author",
        _CATALOGUE,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("name", "number", "created_at"),
        label=_("Documents que vous avez déposés"),
    ),
    PersonalField(
        "catalogue.Use",
        "user",
        _("Savoir à quoi servent les ressources, et qui peut en parler"),
        LegalBasis.CONTRACT,
        _("Tant que la ressource existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("resource", "used_on", "commune", "reached"),
        label=_("Ressources que vous avez utilisées"),
    ),
    PersonalField(
        "catalogue.Feedback",
        "words",
        _("Dire aux autres ce que vaut une ressource"),
        LegalBasis.CONTRACT,
        _("Tant que la ressource existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        owner="use__user",
        also=("stars", "created_at"),
        label=_("Avis que vous avez donnés sur des ressources"),
    ),
    PersonalField(
        "catalogue.Collection",
        "author",
        _("Tenir des collections de ressources : savoir qui les compose"),
        LegalBasis.CONTRACT,
        _("Tant que la collection existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("title", "summary", "created_at"),
        label=_("Collections que vous avez ouvertes"),
    ),
    PersonalField(
        "catalogue.CollectionEditor",
        "user",
        _("Tenir des collections de ressources : savoir qui les compose"),
        LegalBasis.CONTRACT,
        _("Tant que vous composez la collection"),
        Erasure.DELETE_ROW,
        also=("collection",),
        label=_("Collections que vous composez avec d'autres"),
    ),
)
follow(
    Relation(
        "catalogue.CollectionEditor.user",
        _("collections composées avec d'autres"),
        rule=_("une collection que les deux comptes composent est gardée une fois"),
    )
)
