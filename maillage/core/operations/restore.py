"""Puts an archive of `backup` back into an empty instance, on the same database or on the other.

Nothing is touched before the whole archive is verified. The schema is first brought to the migrations of the archive, the
rows are loaded in one transaction and counted, then the schema goes forward to the present code. The signal `restored`
tells the apps (erasures made since the archive are theirs to do again), then the search index is built.
"""

import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import BinaryField, Model

from maillage.core.operations.backup import READABLE, Manifest, columns, stored_models, stores
from maillage.core.signals import restored, restoring

_BATCH = 500
_CHUNK = 1 << 20


class Refusal(Exception):
    """Why the archive is not restored; the text is for the operator."""


def restore(source: Path, say: Callable[[str], None], *, force: bool = False) -> Manifest:
    with zipfile.ZipFile(source) as archive:
        manifest = verified(archive)
        if (present := _present()) and not force:
            raise Refusal(f"l'instance n'est pas vide ({present}) ; --force efface ce qu'elle contient")
        if present:
            _announce(say)
        _empty()
        executor = MigrationExecutor(connection)
        state = executor.migrate(_targets(manifest, executor.loader))
        loaded = _load(archive, manifest, state.apps)
        _extract(archive, manifest)
    call_command("migrate", verbosity=0, interactive=False)
    for _receiver, sentence in restored.send(sender=None):
        if sentence:
            say(sentence)
    if "search" in get_commands():
        call_command("search", "rebuild", stdout=io.StringIO())
    say(f"{loaded} lignes et {len(manifest.files)} fichiers remis, tels que le {manifest.created_at[:16]}")
    return manifest


def _announce(say: Callable[[str], None]) -> None:
    """Let the apps save what must outlive the present database, when it can still be read."""
    try:
        restoring.send(sender=None)
    except DatabaseError:
        say("La base présente ne se lit plus : les effacements qu'elle était seule à connaître ne seront pas refaits.")


def verified(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, once every member is known to be what it says and nothing else is there."""
    try:
        manifest = Manifest(**json.loads(archive.read("manifest.json")))
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("ce fichier n'est pas une archive de Maillage") from error
    if manifest.format not in READABLE:
        raise Refusal(f"format {manifest.format} inconnu de cette version")
    if set(archive.namelist()) != {*manifest.members, "manifest.json"}:
        raise Refusal("l'archive ne contient pas ce que dit son sommaire")
    for name, member in manifest.members.items():
        if not _is_safe(name):
            raise Refusal(f"nom de fichier refusé : {name}")
        digest = hashlib.sha256()
        try:
            with archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except zipfile.BadZipFile as error:
            raise Refusal(f"{name} est abîmé dans l'archive") from error
        if digest.hexdigest() != member["sha256"]:
            raise Refusal(f"{name} est abîmé dans l'archive")
    known = set(MigrationLoader(None).disk_migrations)
    if unknown := [key for key in manifest.migrations if tuple(key) not in known]:
        raise Refusal(f"l'archive vient d'une version plus récente du programme ({'.'.join(unknown[0])})")
    return manifest


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = path.parts[:1] in {(folder,) for folder in ("tables", *stores())} or name == "secret_key"
    return inside and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _present() -> str:
    """What the instance holds, in words, or "" when it is empty."""
    tables = connection.introspection.table_names()
    if tables:
        return f"{len(tables)} tables dans la base"
    roots = [Path(storage.location) for storage in stores().values()]
    filled = [str(root) for root in roots if root.exists() and any(root.iterdir())]
    return f"des fichiers dans {', '.join(filled)}" if filled else ""


def _empty() -> None:
    """Drop everything; on SQLite the file itself, since search tables cannot be dropped one by one."""
    if connection.vendor == "sqlite":
        connection.close()
        name = str(connection.settings_dict["NAME"])
        for path in (name, f"{name}-wal", f"{name}-shm"):
            Path(path).unlink(missing_ok=True)
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    else:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    for storage in stores().values():
        shutil.rmtree(storage.location, ignore_errors=True)


def _targets(manifest: Manifest, loader: MigrationLoader) -> list[tuple[str, str]]:
    """The recorded migrations on which no other recorded one stands."""
    recorded = {(app, name) for app, name in manifest.migrations}
    return sorted(
        key for key in recorded if not any(child.key in recorded for child in loader.graph.node_map[key].children)
    )


def _load(archive: zipfile.ZipFile, manifest: Manifest, registry: Any) -> int:
    """Load every table in one transaction: foreign keys are checked at its end."""
    stored = stored_models(registry)
    total = 0
    with transaction.atomic():
        # Some migrations fill tables; the archive has those rows too.
        flush = connection.ops.sql_flush(no_style(), [m._meta.db_table for m in stored], allow_cascade=True)
        with connection.cursor() as cursor:
            for statement in flush:
                cursor.execute(statement)
        for model in stored:
            member = manifest.members.get(f"tables/{model._meta.label}.jsonl")
            if member is None:
                continue
            with archive.open(f"tables/{model._meta.label}.jsonl") as stream:
                rows = _insert(model, member["columns"], stream)
            if rows != member["rows"] or models.QuerySet(model).count() != rows:
                raise Refusal(f"{model._meta.label} : {rows} lignes au lieu de {member['rows']}")
            total += rows
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), stored):
                cursor.execute(statement)
    return total


def _insert(model: type[Model], names: list[str], stream: Any) -> int:
    fields = {one.attname: one for one in columns(model)}
    used = [fields[name] for name in names]
    rows, batch = 0, []
    for line in stream:
        values = {}
        for one, value in zip(used, json.loads(line), strict=True):
            binary = isinstance(one, BinaryField) and value is not None
            values[one.attname] = bytes.fromhex(value) if binary else one.to_python(value)
        batch.append(model(**values))
        if len(batch) == _BATCH:
            rows += _insert_batch(model, used, batch)
            batch = []
    return rows + _insert_batch(model, used, batch)


def _insert_batch(model: type[Model], used: list[Any], batch: list[Model]) -> int:
    """Insert as they were: `raw` keeps dates that a save would set to now."""
    size = max(1, connection.ops.bulk_batch_size([one.name for one in used], batch)) if batch else 1
    for start in range(0, len(batch), size):
        query = models.sql.InsertQuery(model)
        query.insert_values(used, batch[start : start + size], raw=True)
        query.get_compiler("default").execute_sql()
    return len(batch)


def _extract(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    kept = stores()
    for name in manifest.files:
        folder, _slash, inside = name.partition("/")
        path = Path(kept[folder].location) / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as stream, path.open("wb") as out:
            if (mode := kept[folder].file_permissions_mode) is not None:
                path.chmod(mode)
            shutil.copyfileobj(stream, out, _CHUNK)
    if "secret_key" in manifest.members and not settings.SECRET_KEY_GIVEN:
        _take_key(archive.read("secret_key"))


def _take_key(content: bytes) -> None:
    """Sign with the key of the archive from now on, in this process too; the former one still reads what it signed."""
    key = Path(settings.VAR) / "secret_key"
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
    if content.decode() != settings.SECRET_KEY:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = content.decode()
