"""The declared policy of personal data: each field says its purpose, legal basis, term and what erasure does.

The privacy page, the export of one's data, the preview of an erasure and the erasure itself are made from it; a test
fails when a field that looks personal is not declared. Apps above declare theirs in their own `registry.py`.

What points to an account follows when it becomes one with another (`queries.merging`); an app whose rows may be there once
only (one preference for a person and a kind) says here, with `follow`, what becomes of two: the tests refuse a model that
does not.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.following import Relation
from maillage.core.panels import Slot
from maillage.networks.registry import Setting
from maillage.networks.registry import declare as declare_setting

person_panels = Slot("accounts.person")
"""On the page of a person of the network (administrators): the journal of what they did, for instance."""


class LegalBasis(models.TextChoices):
    CONTRACT = "contract", _("exécution du service demandé")
    CONSENT = "consent", _("consentement")
    LEGITIMATE = "legitimate", _("intérêt légitime, avec droit d'opposition")
    PUBLIC_TASK = "public_task", _("mission d'intérêt public")
    LEGAL_DUTY = "legal_duty", _("obligation légale")


class Erasure(models.TextChoices):
    """What becomes of a personal field when the person is erased."""

    DELETE_ROW = "delete_row", _("supprimé")
    EMPTY = "empty", _("vidé")
    DETACH = "detach", _("détaché de la personne")
    WITHDRAW = "withdraw", _("retiré du site et supprimé")
    PSEUDONYM = "pseudonym", _("conservé sous « Personne supprimée »")
    KEEP = "keep", _("conservé par obligation")


@dataclass(frozen=True)
class PersonalField:
    """`model` is "app_label.Model"; `owner` is the path from a row to the User whose data it is: by default the field
    itself when it points to User, "" when no account owns it (contact written by others). `also` names columns that
    the export gives with it, files included; `only` narrows the rows; `label` names the data to readers; `export=False` keeps
    the field out of the export (secret, or not about the person). What is to be `WITHDRAW`n is so by its app, on the signal
    `erasing`."""

    model: str
    field: str
    purpose: Any
    legal_basis: LegalBasis
    retention: Any
    erasure: Erasure
    export: bool = True
    owner: str | None = None
    also: tuple[str, ...] = ()
    only: tuple[tuple[str, Any], ...] = ()
    label: Any = ""


_fields: dict[tuple[str, str], PersonalField] = {}
_impersonal: dict[tuple[str, str], str] = {}


def declare(*fields: PersonalField) -> None:
    for field in fields:
        _fields[(field.model.lower(), field.field)] = field


def declare_impersonal(model: str, field: str, reason: str) -> None:
    """A field that looks personal and is not: says why."""
    _impersonal[(model.lower(), field)] = reason


_relations: dict[str, Relation] = {}


def follow(relation: Relation) -> None:
    """Called from the registry of the app that has the model."""
    _relations[relation.name.lower()] = relation


def relation_of(name: str) -> Relation | None:
    return _relations.get(name.lower())


def declared_field(model: str, field: str) -> PersonalField | None:
    return _fields.get((model.lower(), field))


def declared() -> list[PersonalField]:
    return list(_fields.values())


def is_declared(model: str, field: str) -> bool:
    return (model.lower(), field) in _fields or (model.lower(), field) in _impersonal


ABSENCE = declare_setting(
    Setting("absence_months", 24, _("Délai sans connexion avant la suppression d'un compte (mois)"), 12, 60)
)

_ACCOUNT = _("Ouvrir un compte et s'y connecter")
_UNTIL_CLOSED = _(
    "Jusqu'à la fermeture du compte, ou deux ans (ou le délai réglé par le réseau) après la dernière connexion"
)
_ROLES = _("Savoir qui fait quoi dans le réseau")
_SECURITY = _("Protéger le compte")

declare(
    PersonalField(
        "accounts.User",
        "email",
        _ACCOUNT,
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.EMPTY,
        owner="pk",
        label=_("Adresse du compte"),
    ),
    PersonalField(
        "accounts.User",
        "name",
        _("Vous reconnaître dans le réseau"),
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.EMPTY,
        owner="pk",
        also=("joined_at", "last_login"),
        label=_("Nom"),
    ),
    PersonalField(
        "accounts.User",
        "merged_into",
        _("Savoir que deux comptes sont ceux d'une même personne"),
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.KEEP,
        export=False,
        label=_("Comptes réunis à celui-ci"),
    ),
    PersonalField(
        "accounts.Role",
        "user",
        _ROLES,
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.PSEUDONYM,
        also=("network", "kind", "department", "created_at", "revoked_at"),
        label=_("Rôles tenus"),
    ),
    PersonalField(
        "accounts.Role",
        "granted_by",
        _ROLES,
        LegalBasis.LEGITIMATE,
        _UNTIL_CLOSED,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Rôles donnés à d'autres"),
    ),
    PersonalField(
        "accounts.Invitation",
        "email",
        _("Inviter une personne à tenir un rôle"),
        LegalBasis.LEGITIMATE,
        _("Un an après l'envoi"),
        Erasure.EMPTY,
        owner="accepted_by",
        also=("network", "kind", "department", "sent_at", "accepted_at"),
        label=_("Adresse invitée"),
    ),
    PersonalField(
        "accounts.Invitation",
        "invited_by",
        _ROLES,
        LegalBasis.LEGITIMATE,
        _("Un an après l'envoi"),
        Erasure.PSEUDONYM,
        also=("kind", "sent_at"),
        label=_("Invitations envoyées"),
    ),
    PersonalField(
        "accounts.Invitation",
        "accepted_by",
        _ROLES,
        LegalBasis.CONTRACT,
        _("Un an après l'envoi"),
        Erasure.PSEUDONYM,
        export=False,
        label=_("Invitations acceptées"),
    ),
    PersonalField(
        "accounts.ApiToken",
        "user",
        _("Ouvrir l'interface de programmation à vos outils"),
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.DELETE_ROW,
        also=("name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"),
        label=_("Jetons d'accès"),
    ),
    PersonalField(
        "accounts.Consent",
        "user",
        _("Prouver un consentement"),
        LegalBasis.LEGAL_DUTY,
        _("La durée du consentement, puis trois ans"),
        Erasure.KEEP,
        also=("network", "purpose", "text_version", "given", "origin", "at"),
        label=_("Consentements"),
    ),
    PersonalField(
        "accounts.Absence",
        "user",
        _("Ne pas garder un compte qui ne sert plus"),
        LegalBasis.LEGAL_DUTY,
        _("Jusqu'à la connexion suivante"),
        Erasure.DELETE_ROW,
        also=("since", "warned_at", "reminded_at", "erased_on"),
        label=_("Avis de suppression faute de connexion"),
    ),
    PersonalField(
        "accounts.Export",
        "user",
        _("Vous remettre une copie de vos données"),
        LegalBasis.LEGAL_DUTY,
        _("24 heures"),
        Erasure.DELETE_ROW,
        also=("created_at", "expires_at"),
        label=_("Copies de données demandées"),
    ),
    PersonalField(
        "account.EmailAddress",
        "user",
        _ACCOUNT,
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.DELETE_ROW,
        also=("verified", "primary"),
        label=_("Adresses confirmées ou à confirmer"),
    ),
    PersonalField(
        "account.EmailAddress",
        "email",
        _ACCOUNT,
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.DELETE_ROW,
        owner="user",
        label=_("Texte de ces adresses"),
    ),
    PersonalField(
        "mfa.Authenticator",
        "user",
        _SECURITY,
        LegalBasis.CONTRACT,
        _UNTIL_CLOSED,
        Erasure.DELETE_ROW,
        also=("type", "created_at", "last_used_at"),
        label=_("Seconds facteurs"),
    ),
    PersonalField(
        "usersessions.UserSession",
        "user",
        _SECURITY,
        LegalBasis.CONTRACT,
        _("Jusqu'à la fin de la session"),
        Erasure.DELETE_ROW,
        also=("created_at", "last_seen_at"),
        label=_("Sessions ouvertes"),
    ),
    PersonalField(
        "usersessions.UserSession",
        "ip",
        _SECURITY,
        LegalBasis.LEGITIMATE,
        _("Jusqu'à la fin de la session"),
        Erasure.DELETE_ROW,
        owner="user",
        label=_("Adresse IP des sessions"),
    ),
    PersonalField(
        "usersessions.UserSession",
        "user_agent",
        _SECURITY,
        LegalBasis.LEGITIMATE,
        _("Jusqu'à la fin de la session"),
        Erasure.DELETE_ROW,
        owner="user",
        label=_("Navigateur des sessions"),
    ),
    PersonalField(
        "networks.ConsortiumMember",
        "contact_email",
        _("Joindre l'association qui anime un territoire"),
        LegalBasis.LEGITIMATE,
        _("Tant que l'association est membre du consortium"),
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Contact d'une association du consortium"),
    ),
)
declare_impersonal("networks.Network", "sender_email", "boîte du réseau")
declare_impersonal("networks.Network", "contact_email", "boîte du réseau")

# How the copy of one's data names what has no name of its own in a form.
COLUMNS: dict[str, Any] = {
    "accepted_at": _("acceptée le"),
    "actor": _("acteur"),
    "at": _("le"),
    "author": _("auteur ou autrice"),
    "channel": _("par"),
    "created_at": _("créé le"),
    "expires_at": _("valable jusqu'au"),
    "given": _("accordé"),
    "invited_by": _("invitation de"),
    "ip": _("adresse IP"),
    "joined_at": _("inscription le"),
    "kind": _("nature"),
    "label": _("objet"),
    "last_seen_at": _("vue le"),
    "last_used_at": _("dernier usage le"),
    "network": _("réseau"),
    "origin": _("origine"),
    "owner": _("de"),
    "purpose": _("pour"),
    "read_at": _("lu le"),
    "reminded_at": _("second avis le"),
    "revoked_at": _("retiré le"),
    "scopes": _("permet de"),
    "sent_at": _("envoyée le"),
    "since": _("depuis le"),
    "text_version": _("version du texte"),
    "type": _("sorte"),
    "user": _("personne"),
    "user_agent": _("navigateur"),
    "verb": _("acte"),
    "wanted": _("voulu"),
    "warned_at": _("premier avis le"),
}
