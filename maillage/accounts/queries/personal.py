"""What is held of a person, and the addresses never to be recorded again."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from maillage.accounts.models import Suppression, User
from maillage.accounts.registry import Erasure, PersonalField, declared, is_declared
from maillage.core.viewer import Viewer


def is_suppressed(email: str) -> bool:
    """Whether the owner of an address asked never to be recorded again: imports and mailings skip it (GDP-6)."""
    return bool(email) and Suppression.objects.filter(email_hash=Suppression.hash_of(email)).exists()


def suppressed_among(emails: list[str]) -> set[str]:
    """The addresses of `emails` that are suppressed, in every spelling given (one query per thousand)."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for email in filter(None, emails):
        spellings[Suppression.hash_of(email)].add(email)
    keys = list(spellings)
    found: set[str] = set()
    for start in range(0, len(keys), 1000):
        known = Suppression.objects.filter(email_hash__in=keys[start : start + 1000])
        found.update(*(spellings[key] for key in known.values_list("email_hash", flat=True)))
    return found


def addresses_of(user: User) -> list[str]:
    """Every address that opens an account: that of another account that became one with it too."""
    proved = EmailAddress.objects.filter(user=user, verified=True).order_by("pk")
    return list(dict.fromkeys([user.email, *proved.values_list("email", flat=True)]))


def objecting_among(viewer: Viewer, emails: list[str]) -> list[str]:
    """The addresses of `emails` whose owner wants no message that they did not ask for; the viewer's own ask for theirs."""
    own = {email.lower() for email in addresses_of(viewer.user)} if viewer.user is not None else set()
    refused = suppressed_among(emails)
    return [email for email in dict.fromkeys(emails) if email in refused and email.lower() not in own]


@dataclass(frozen=True)
class Processing:
    """A line of the register: fields that share a purpose."""

    purpose: str
    legal_basis: str
    retentions: list[str]
    data: list[str]


def processing_register() -> list[Processing]:
    """The register of processing (RGPD art. 30) as declared in code, for the privacy page."""
    grouped: dict[str, list[PersonalField]] = {}
    for field in declared():
        grouped.setdefault(str(field.purpose), []).append(field)
    return [
        Processing(
            purpose=purpose,
            legal_basis=", ".join(dict.fromkeys(str(field.legal_basis.label) for field in fields)),
            retentions=list(dict.fromkeys(str(field.retention) for field in fields)),
            data=list(dict.fromkeys(_data_name(field) for field in fields)),
        )
        for purpose, fields in sorted(grouped.items())
    ]


def _data_name(field: PersonalField) -> str:
    if field.label:
        return str(field.label)
    model = apps.get_model(field.model)
    column = model._meta.get_field(field.field)
    return f"{model._meta.verbose_name} : {getattr(column, 'verbose_name', field.field)}"


def owner_path(field: PersonalField) -> str:
    return field.field if field.owner is None else field.owner


def rows_of(user: User, field: PersonalField) -> "QuerySet[Any]":
    """The rows of the field's model that are about `user`, those left on accounts that became one with theirs included."""
    model = apps.get_model(field.model)
    path = owner_path(field)
    if not path:
        return model._default_manager.none()
    if model is User:
        return model._default_manager.filter(**{path: user.pk})
    mine = User.objects.filter(Q(pk=user.pk) | Q(merged_into=user.pk))
    return model._default_manager.filter(**{f"{path}__in": mine.values("pk")}, **dict(field.only))


@dataclass(frozen=True)
class Fate:
    """What an erasure does with one kind of data of a person."""

    data: str
    count: int
    erasure: Erasure
    retention: str


def erasure_preview(user: User) -> list[Fate]:
    """What would be deleted, emptied or kept, and how much of each; lines without any row are left out."""
    fates = []
    for field in declared():
        count = rows_of(user, field).count()
        if count:
            fates.append(Fate(_data_name(field), count, field.erasure, str(field.retention)))
    order = list(Erasure)
    return sorted(fates, key=lambda fate: (order.index(fate.erasure), fate.data))


_PERSONAL_NAMES = {
    "first_name",
    "last_name",
    "full_name",
    "person_name",
    "contact_name",
    "phone",
    "mobile",
    "ip",
    "user_agent",
    "birth_date",
}


def undeclared_personal_fields() -> list[str]:
    """Fields that look personal (e-mail, name or phone of a person, link to an account) and are not declared."""
    missing = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or (field.auto_created and not field.is_relation):
                continue
            if _looks_personal(model, field) and not is_declared(label, field.name):
                missing.append(f"{label}.{field.name}")
    return sorted(missing)


def _looks_personal(model: type[models.Model], field: Any) -> bool:
    if field.name == "history_user":  # versions of a sheet follow the policy of the journal
        return False
    if field.is_relation:
        return field.related_model is User
    return (
        isinstance(field, models.EmailField)
        or field.name in _PERSONAL_NAMES
        or (model is User and field.name == "name")
    )
