"""One archive with the database and the files, taken while the instance runs, restorable on either database.

A ZIP: `manifest.json` (format, date, migrations, and for each member its SHA-256 and rows), `tables/<app.Model>.jsonl`
(one row a line, as a list of column values, by primary key), a folder for each place where files are stored (`files/…`,
`imports/…`), and `secret_key` when it lives in the data folder. Rows come from one snapshot: a copy made by SQLite's online backup, or a read-only repeatable-read transaction of
PostgreSQL. Files never change once written; they are gathered before and after the snapshot, so that what it names is
there even if someone adds or removes a picture meanwhile; the manifest names those that were missing all the same. See
docs/decisions/0002.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import BinaryField, FileField, Model

FORMAT = 2
READABLE = {1, FORMAT}
SNAPSHOT = "snapshot"
_CHUNK = 1 << 20


@dataclass
class Manifest:
    """What the archive holds; `members` maps a name to {"sha256", "bytes"} and, for a table, "rows" and "columns".
    `missing` lists the files that a row names and that were not there."""

    created_at: str
    engine: str
    migrations: list[list[str]]
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        return {name: member for name, member in self.members.items() if name.startswith("tables/")}

    @property
    def files(self) -> list[str]:
        return [name for name in self.members if "/" in name and not name.startswith("tables/")]


def backup(target: Path, say: Callable[[str], None]) -> Manifest:
    """Write the archive at `target` (mode 600); it has its name only once complete."""
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out,
        ):
            manifest = _write(out)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    rows = sum(table["rows"] for table in manifest.tables.values())
    say(f"{target} : {rows} lignes, {len(manifest.files)} fichiers, {target.stat().st_size / 1e6:.1f} Mo")
    if manifest.missing:
        shown = ", ".join(manifest.missing[:5])
        say(f"Fichiers que la base nomme et qui ne sont pas sur le disque : {len(manifest.missing)} ({shown}).")
    _remember(target)
    return manifest


def last_backup_file() -> Path:
    """Where the date of the last backup is kept, for `doctor` and /metrics."""
    return Path(settings.VAR) / "last_backup.json"


def _remember(target: Path) -> None:
    last_backup_file().write_text(json.dumps({"at": datetime.now(UTC).isoformat(), "file": str(target)}))


def _write(out: zipfile.ZipFile) -> Manifest:
    manifest = Manifest(datetime.now(UTC).isoformat(), connections["default"].vendor, [])
    _add_files(out, manifest)
    named: set[str] = set()
    with snapshot() as alias:
        executor = MigrationExecutor(connections[alias])
        applied = sorted(set(executor.loader.applied_migrations) & set(executor.loader.disk_migrations))
        manifest.migrations = [list(key) for key in applied]
        for model in stored_models(executor.loader.project_state(applied).apps):
            named |= _add_table(out, manifest, model, alias)
    _add_files(out, manifest)
    manifest.missing = sorted(named - set(manifest.members))
    if not settings.SECRET_KEY_GIVEN:
        _add_bytes(out, manifest, "secret_key", settings.SECRET_KEY.encode())
    out.writestr("manifest.json", json.dumps(vars(manifest), indent=1, ensure_ascii=False))
    return manifest


@contextlib.contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection that sees the database as it is now, whatever is written meanwhile."""
    default = connections["default"]
    if default.vendor == "sqlite":
        with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="snapshot-") as folder:
            copy = Path(folder) / "database.sqlite3"
            with (
                contextlib.closing(sqlite3.connect(default.settings_dict["NAME"], timeout=60)) as source,
                contextlib.closing(sqlite3.connect(copy)) as destination,
            ):
                source.backup(destination)
            with _alias({**default.settings_dict, "NAME": copy, "OPTIONS": {}}):
                yield SNAPSHOT
    else:
        with _alias(dict(default.settings_dict)), transaction.atomic(using=SNAPSHOT):
            with connections[SNAPSHOT].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield SNAPSHOT


@contextlib.contextmanager
def _alias(database: dict[str, Any]) -> Iterator[None]:
    connections.databases[SNAPSHOT] = database
    try:
        yield
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]
        del connections.databases[SNAPSHOT]


def stored_models(registry: Any) -> list[type[Model]]:
    """The models that have a table of their own, many-to-many ones included, in a stable order."""
    found = [
        model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.abstract
    ]
    return sorted(found, key=lambda model: model._meta.label)


def columns(model: type[Model]) -> list[Any]:
    """The fields of a model's own table, those that the database computes left out."""
    return [one for one in model._meta.local_concrete_fields if not getattr(one, "generated", False)]


def stores() -> dict[str, FileSystemStorage]:
    """Where the models keep files, by the folder of the archive that holds them: "files" for what may be served, else
    the name of the store's own."""
    fields = [one for model in apps.get_models() for one in model._meta.local_fields if isinstance(one, FileField)]
    used: list[Any] = [default_storage, *(one.storage for one in fields)]
    return {folder_of(storage): storage for storage in used if isinstance(storage, FileSystemStorage)}


def folder_of(storage: Any) -> str:
    place = Path(storage.location)
    return "files" if place == Path(settings.MEDIA_ROOT) else place.name


def _add_table(out: zipfile.ZipFile, manifest: Manifest, model: type[Model], alias: str) -> set[str]:
    """Write the rows of a table; the members that its files should be."""
    fields = columns(model)
    folders = [(at, folder_of(one.storage)) for at, one in enumerate(fields) if isinstance(one, FileField)]
    named: set[str] = set()
    names = [one.attname for one in fields]
    rows = 0
    query: Any = models.QuerySet(model, using=alias).order_by("pk").values_list(*names)
    with _member(out, manifest, f"tables/{model._meta.label}.jsonl") as (write, member):
        for row in query.iterator(chunk_size=2000):
            line = [
                bytes(v).hex() if isinstance(f, BinaryField) and v is not None else v
                for f, v in zip(fields, row, strict=True)
            ]
            write(json.dumps(line, cls=_Exact, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            rows += 1
            named.update(f"{folder}/{row[at]}" for at, folder in folders if row[at])
        member.update(rows=rows, columns=names)
    return named


class _Exact(DjangoJSONEncoder):
    """Django's encoder cuts microseconds to milliseconds; an archive keeps them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _add_files(out: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every stored file that the archive does not have yet; one that disappears meanwhile is left out."""
    for folder, storage in stores().items():
        root = Path(storage.location)
        for path in sorted(root.rglob("*")):
            name = f"{folder}/{path.relative_to(root).as_posix()}"
            if name in manifest.members or not path.is_file() or path.is_symlink():
                continue
            with (
                contextlib.suppress(FileNotFoundError),
                path.open("rb") as stream,
                _member(out, manifest, name) as (write, _),
            ):
                while chunk := stream.read(_CHUNK):
                    write(chunk)


def _add_bytes(out: zipfile.ZipFile, manifest: Manifest, name: str, content: bytes) -> None:
    with _member(out, manifest, name) as (write, _):
        write(content)


@contextlib.contextmanager
def _member(
    out: zipfile.ZipFile, manifest: Manifest, name: str
) -> Iterator[tuple[Callable[[bytes], None], dict[str, Any]]]:
    """A member being written, with its line of the manifest."""
    digest = hashlib.sha256()
    member: dict[str, Any] = {"bytes": 0}
    with out.open(name, "w", force_zip64=True) as stream:

        def write(content: bytes) -> None:
            stream.write(content)
            digest.update(content)
            member["bytes"] += len(content)

        yield write, member
    member["sha256"] = digest.hexdigest()
    manifest.members[name] = member
