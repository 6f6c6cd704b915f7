"""One's data: the copy one asks for, the erasure of an account, the addresses never to be recorded again."""

import io
import json
import secrets
import zipfile
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts import queries, rules, signals
from maillage.accounts.actions.telling import tell_act
from maillage.accounts.models import Export, Invitation, Role, Suppression, User, hashed
from maillage.accounts.registry import Erasure, PersonalField, declared
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer

EXPORT_HOURS = 24
ROWS_EXPORTED = 50_000


def request_export(*, by: Viewer, session_key: str) -> Export:
    """Ask for a copy of one's data; it is prepared in the background and opens only in this session, for a day."""
    if by.user is None:
        raise Refused(_("Connectez-vous pour demander une copie de vos données."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user.pk)
        if Export.objects.filter(user=by.user, ready_at=None, expires_at__gt=timezone.now()).exists():
            raise Conflict(_("Une copie est déjà en préparation."))
        export = Export.objects.create(
            user=by.user,
            network=by.network,
            session_hash=hashed(session_key),
            expires_at=timezone.now() + timedelta(hours=EXPORT_HOURS),
        )
        tell_act("data.exported", by=by, subject=by.user)
        prepare_export.enqueue(export_id=export.pk, _unique=f"export:{export.pk}", _scope=_scope(by))
    return export


def _scope(by: Viewer) -> str:
    return f"network:{by.network_id}" if by.network_id else ""


@task(max_attempts=3)
def prepare_export(job: Job, export_id: int) -> None:
    """Write the ZIP: what is held, table by table, as JSON and as a page one can read."""
    export = Export.objects.select_related("user", "network").filter(pk=export_id, ready_at=None).first()
    if export is None or export.user.erased_at is not None:
        return
    tables = _tables_of(export.user)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        page = {"tables": tables, "person": export.user, "network": export.network, "at": timezone.now()}
        archive.writestr("donnees.html", render_to_string("accounts/export.html", page))
    export.file.save(f"{secrets.token_hex(16)}.zip", ContentFile(content.getvalue()), save=False)
    export.ready_at = timezone.now()
    export.save(update_fields=["file", "ready_at", "updated_at"])


def _tables_of(user: User) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str], list[PersonalField]] = {}
    for field in declared():
        if field.export and queries.owner_path(field):
            grouped.setdefault((field.model, queries.owner_path(field)), []).append(field)
    tables = []
    for (label, path), fields in grouped.items():
        model = apps.get_model(label)
        columns = list(dict.fromkeys(name for field in fields for name in (field.field, *field.also) if name != path))
        rows = model._default_manager.filter(**{path: user.pk}).order_by("pk")[:ROWS_EXPORTED]
        if shown := [{name: _value(row, name) for name in columns} for row in rows]:
            tables.append(
                {
                    "table": str(model._meta.verbose_name),
                    "link": path,
                    "purposes": list(dict.fromkeys(str(field.purpose) for field in fields)),
                    "rows": shown,
                }
            )
    return tables


def _value(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    return str(value) if isinstance(value, models.Model) else value


def erase_account(*, by: Viewer, user: User) -> None:
    """Erase a person: what the declared policy says, at once. The emptied account stays as « Personne supprimée » so
    that what others share with it keeps an author; the address goes to the suppression list."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        rules.may_erase(by, user).require()
        former_name, former_email = str(user), user.email
        now = timezone.now()
        Role.objects.held().filter(user=user).update(revoked_at=now)
        Invitation.objects.open().filter(email=former_email).update(revoked_at=now)
        keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        for export in Export.objects.filter(user=user):
            export.file.delete(save=False)
        Invitation.objects.filter(email=former_email).update(email="")
        for field in declared():
            _apply(field, user)
        User.objects.filter(pk=user.pk).update(
            email=f"supprime-{user.pk}@invalid", name="", is_active=False, erased_at=now, home_network=None
        )
        user.refresh_from_db()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        forbid_address(email=former_email, reason="erasure")
        signals.erased.send(sender=User, user=user, former_name=former_name, by=by)
        tell_act("account.erased", by=by, subject=user)


def _apply(field: PersonalField, user: User) -> None:
    if field.model == "accounts.User" or not queries.owner_path(field):
        return
    rows = queries.rows_of(user, field)
    if field.erasure == Erasure.DELETE_ROW:
        rows.delete()
    elif field.erasure == Erasure.DETACH:
        rows.update(**{field.field: None})
    elif field.erasure == Erasure.EMPTY:
        column = apps.get_model(field.model)._meta.get_field(field.field)
        rows.update(**{field.field: None if column.null else ""})


def forbid_address(*, email: str, reason: str) -> Suppression:
    """Never record nor write to this address again: imports and mailings ask `queries.is_suppressed`."""
    return Suppression.objects.get_or_create(email_hash=Suppression.hash_of(email), defaults={"reason": reason})[0]


@task(every=timedelta(hours=1))
def purge_expired(job: Job) -> None:
    """Forget copies past their day, invitations past their year and sessions past their end."""
    now = timezone.now()
    for export in Export.objects.filter(expires_at__lt=now):
        export.file.delete(save=False)
        export.delete()
    Invitation.objects.filter(sent_at__lt=now - timedelta(days=365)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
