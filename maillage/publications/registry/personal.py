"""What the publications keep of people: the register of personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare, declare_impersonal

_PUBLISH = _("Publier des textes, savoir qui les a écrits et relus")
_KEPT = _("Tant que le texte existe, sans le nom après la fermeture du compte")
_SIGNED = _("Dire qui signe un texte, avec son accord")


def _decided(model: str, label: object, basis: LegalBasis = LegalBasis.LEGITIMATE) -> PersonalField:
    return PersonalField(model, "decided_by", _PUBLISH, basis, _KEPT, Erasure.PSEUDONYM, export=False, label=label)


declare(
    PersonalField(
        "publications.Publication",
        "author",
        _PUBLISH,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("title", "summary", "body", "state", "created_at"),
        label=_("Textes que vous avez écrits"),
    ),
    _decided("publications.Publication", _("Textes que vous avez relus")),
    PersonalField(
        "publications.Version",
        "author",
        _PUBLISH,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("values", "state", "at", "note"),
        label=_("Modifications de textes que vous avez écrites"),
    ),
    _decided("publications.Version", _("Modifications de textes que vous avez relues")),
    PersonalField(
        "publications.Credit",
        "user",
        _SIGNED,
        LegalBasis.CONSENT,
        _("Jusqu'au retrait de la signature ou à la fermeture du compte"),
        Erasure.WITHDRAW,
        also=("name", "state", "answered_at"),
        label=_("Textes que vous signez"),
    ),
    PersonalField(
        "publications.Credit",
        "name",
        _SIGNED,
        LegalBasis.CONSENT,
        _("Jusqu'au retrait de la signature"),
        Erasure.WITHDRAW,
        owner="user",
        export=False,
    ),
    PersonalField(
        "publications.Credit",
        "email",
        _("Demander à une personne si elle signe"),
        LegalBasis.LEGITIMATE,
        _("Jusqu'à sa réponse, trois mois au plus"),
        Erasure.EMPTY,
        owner="user",
        export=False,
    ),
    PersonalField(
        "publications.Credit",
        "added_by",
        _PUBLISH,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Signatures que vous avez demandées"),
    ),
    PersonalField(
        "publications.Comment",
        "author",
        _("Dire qui commente"),
        LegalBasis.CONTRACT,
        _("Tant que le commentaire existe, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("text", "state", "at"),
        label=_("Commentaires que vous avez écrits"),
    ),
    _decided("publications.Comment", _("Commentaires que vous avez relus")),
)
declare_impersonal("publications.Publication", "contact", "an address given to be read by all, of those who announce")
