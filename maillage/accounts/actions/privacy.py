"""The copy of one's data that one asks for, and what is forgotten when its time has come."""

import contextlib
import io
import json
import secrets
import zipfile
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts import queries
from maillage.accounts.actions import tombstones
from maillage.accounts.actions.telling import tell_act
from maillage.accounts.models import Export, Invitation, User, hashed
from maillage.accounts.registry import COLUMNS, PersonalField, declared
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
    files: list[FieldFile] = []
    tables = _tables_of(export.user, files)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        page = {"tables": tables, "person": export.user, "network": export.network, "at": timezone.now()}
        archive.writestr("donnees.html", render_to_string("accounts/export.html", page))
        for file in files:
            with contextlib.suppress(FileNotFoundError), file.open("rb") as stream:
                archive.writestr(_place(file), stream.read())
    export.file.save(f"{secrets.token_hex(16)}.zip", ContentFile(content.getvalue()), save=False)
    export.ready_at = timezone.now()
    export.save(update_fields=["file", "ready_at", "updated_at"])


def _tables_of(user: User, files: list[FieldFile]) -> list[dict[str, Any]]:
    """What is held, table by table; the files that it names are added to `files`."""
    grouped: dict[tuple[Any, ...], list[PersonalField]] = {}
    for field in declared():
        if field.export and queries.owner_path(field):
            grouped.setdefault((field.model, queries.owner_path(field), field.only), []).append(field)
    tables = []
    for (label, path, _only), fields in grouped.items():
        model = apps.get_model(label)
        columns = list(dict.fromkeys(name for field in fields for name in (field.field, *field.also) if name != path))
        rows = queries.rows_of(user, fields[0]).order_by("pk")[:ROWS_EXPORTED]
        if shown := [{name: _value(row, name, files) for name in columns} for row in rows]:
            tables.append(
                {
                    "table": str(fields[0].label or model._meta.verbose_name),
                    "link": path,
                    "purposes": list(dict.fromkeys(str(field.purpose) for field in fields)),
                    "labels": {
                        name: str(COLUMNS.get(name) or model._meta.get_field(name).verbose_name) for name in columns
                    },
                    "rows": shown,
                }
            )
    return tables


def _value(row: models.Model, name: str, files: list[FieldFile]) -> Any:
    value = getattr(row, name)
    if isinstance(value, FieldFile):
        if value:
            files.append(value)
        return _place(value) if value else ""
    return str(value) if isinstance(value, models.Model) else value


def _place(file: FieldFile) -> str:
    return f"fichiers/{file.name}"


@task(every=timedelta(hours=1))
def purge_expired(job: Job) -> None:
    """Forget copies past their day, invitations past their year and sessions past their end; see that every erasure has
    its tombstone."""
    now = timezone.now()
    tombstones.complete()
    for export in Export.objects.filter(expires_at__lt=now):
        export.file.delete(save=False)
        export.delete()
    Invitation.objects.filter(sent_at__lt=now - timedelta(days=365)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
