"""Everything that must be true before the first request, each step costing nothing when it is true already."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from maillage.core.jobs import gather_statistics
from maillage.core.operations.supervise import code_stamp, stamp_file

# Reference data of the apps above: loaded once, by the name of the command, when its table is empty.
REFERENCE = [
    ("topics", "topics.Term", "Chargement des vocabulaires…"),
    ("territories", "territories.Territory", "Chargement des territoires de France…"),
]


def prepare(say: Callable[[str], None]) -> None:
    """Data folder, migrations, cache table, static files, reference data, and the demonstration when it is asked for.

    `demo` is called at every start: it does nothing when its network is there, and says its accounts.
    """
    settings.VAR.mkdir(parents=True, exist_ok=True, mode=0o750)
    if pending_migrations():
        say("Mise à jour de la base…")
        call_command("migrate", verbosity=0, interactive=False)
    if "db.DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    collect_static(say)
    commands = get_commands()
    for command, model, sentence in REFERENCE:
        if command in commands and not apps.get_model(model).objects.exists():
            say(sentence)
            call_command(command, "load", stdout=io.StringIO())
    if settings.DEMO and "demo" in commands:
        call_command("demo")
    gather_statistics()
    stamp_file().write_text(code_stamp())


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def collect_static(say: Callable[[str], None]) -> None:
    """Collect when a source file changed; files of the former version stay, since pages of it may be open."""
    if settings.STATIC_SERVED_FROM_SOURCES:
        return
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = _static_sources()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Préparation des fichiers statiques…")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def _static_sources() -> str:
    """A digest of the names, sizes and dates of what would be collected."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
