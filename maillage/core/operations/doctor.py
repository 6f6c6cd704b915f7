"""What is wrong with an instance, in the words of who runs it: a finding says what, and what to do."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

from config import env
from maillage.core.operations.prepare import pending_migrations
from maillage.core.operations.state import state
from maillage.core.operations.supervise import is_prepared

_HERE = {"127.0.0.1", "::1", "localhost"}
_LATE = timedelta(minutes=10)
_OLD_BACKUP = timedelta(days=7)
_SPACE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """`serious` makes `doctor` fail; the others are advice."""

    serious: bool
    what: str
    remedy: str


def examine() -> list[Finding]:
    """Every finding; what needs the database is left out when it does not answer, which is one."""
    found = [*_secrets(), *_exposure(), *_mail(), *_folder()]
    try:
        found += [*_database(), *_networks(), *_work()]
    except DatabaseError as error:
        found.append(
            Finding(True, f"La base ne répond pas ({type(error).__name__}).", "Vérifiez DATABASE_URL et le serveur.")
        )
    return found


def _secrets() -> Iterator[Finding]:
    key = Path(settings.VAR) / "secret_key"
    if not settings.SECRET_KEY_GIVEN and key.exists() and key.stat().st_mode & 0o077:
        yield Finding(True, f"{key} est lisible par d'autres comptes.", f"chmod 600 {key}")
    if settings.SECRET_KEY_GIVEN and len(settings.SECRET_KEY) < 50:
        yield Finding(True, "MAILLAGE_SECRET_KEY est trop courte.", "Donnez au moins 50 caractères tirés au hasard.")
    if settings.DEBUG:
        yield Finding(True, "Les pages d'erreur détaillées sont montrées à tous.", "Retirez MAILLAGE_DEBUG.")


def _exposure() -> Iterator[Finding]:
    public = settings.BIND not in _HERE or bool(settings.EXTRA_HOSTS)
    if public and not settings.HTTPS:
        yield Finding(
            True,
            "Le site est ouvert à d'autres machines sans HTTPS : mots de passe et sessions passent en clair.",
            "Placez un mandataire HTTPS devant, puis MAILLAGE_HTTPS=oui.",
        )
    if settings.BIND not in _HERE and settings.TRUST_PROXY:
        yield Finding(
            False,
            "X-Forwarded-For est cru alors que le serveur écoute d'autres machines, qui peuvent l'inventer.",
            "Écoutez sur 127.0.0.1, ou n'admettez que le mandataire par le pare-feu.",
        )
    if settings.HTTPS and not settings.TRUST_PROXY:
        yield Finding(
            True,
            "HTTPS est annoncé, mais le mandataire n'est pas cru : chaque page se redirige vers elle-même.",
            "MAILLAGE_TRUST_PROXY=oui derrière un mandataire qui pose X-Forwarded-Proto.",
        )
    if settings.DEMO and public:
        yield Finding(True, "Les comptes de démonstration sont ouverts à d'autres machines.", "MAILLAGE_DEMO=non")


def _mail() -> Iterator[Finding]:
    if not env.read("MAILLAGE_MAIL_URL") and not settings.DEMO:
        yield Finding(
            True,
            f"Aucun serveur de courrier : les messages, codes de connexion compris, vont dans {settings.VAR / 'mail'}.",
            "MAILLAGE_MAIL_URL=smtp+tls://utilisateur:secret@hôte:587",
        )
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost") and not settings.DEMO:
        yield Finding(False, "L'expéditeur par défaut est maillage@localhost.", "MAILLAGE_MAIL_FROM=nom@votre-domaine")


def _folder() -> Iterator[Finding]:
    try:
        tempfile.TemporaryFile(dir=settings.VAR).close()
    except OSError as error:
        yield Finding(
            True, f"Le dossier {settings.VAR} n'est pas inscriptible ({error.strerror}).", "Voyez son propriétaire."
        )
    if not is_prepared(demo_aside=True):
        yield Finding(
            False,
            "Le code ou la base ont changé depuis la dernière préparation.",
            "python3 run.py prepare, puis relancez.",
        )


def _database() -> Iterator[Finding]:
    if pending := pending_migrations():
        yield Finding(True, f"{len(pending)} migrations ne sont pas appliquées.", "python3 run.py prepare")
    if connection.vendor == "sqlite" and settings.WEB_PROCESSES > 2:
        yield Finding(
            False, "SQLite sert plusieurs processus web : une seule écriture à la fois.", "Passez à PostgreSQL."
        )
    cache.set("core.doctor", os.getpid(), 60)
    if cache.get("core.doctor") != os.getpid():
        yield Finding(
            True, "Le cache ne rend pas ce qu'on lui confie.", "Vérifiez MAILLAGE_CACHE_URL, ou run.py prepare."
        )


def _networks() -> Iterator[Finding]:
    """The networks are an app above: they are looked at by the name of their table."""
    networks = apps.get_model("networks.Network").objects.all()
    without = [network.name for network in networks if not network.host]
    if not networks:
        yield Finding(False, "Aucun réseau n'existe encore.", "python3 run.py createnetwork")
    if without and len(networks) > 1:
        yield Finding(
            True,
            f"Plusieurs réseaux, mais sans nom d'hôte : {', '.join(without)}. Personne ne peut les atteindre.",
            "Donnez à chacun son nom d'hôte.",
        )
    for network in networks:
        if not settings.DEMO and not network.sender_email:
            yield Finding(False, f"{network.name} n'a pas d'adresse d'expéditeur.", "Renseignez-la dans ses réglages.")


def _work() -> Iterator[Finding]:
    measured = state()
    if measured.worker_heard is None or (measured.oldest_waiting or timedelta()) > _LATE:
        yield Finding(
            True,
            "Le processus des tâches de fond ne donne pas signe de vie : ni messages, ni importations, ni purges.",
            "Lancez « python3 run.py worker », ou voyez le service maillage-worker.",
        )
    if failed := measured.jobs["failed"]:
        yield Finding(False, f"{failed} tâches de fond ont échoué.", "Voyez la page des tâches, et relancez-les.")
    if not settings.DEMO and (measured.last_backup is None or measured.last_backup > _OLD_BACKUP):
        what = (
            f"La dernière sauvegarde a {measured.last_backup.days} jours."
            if measured.last_backup
            else "Aucune sauvegarde n'a encore été faite."
        )
        yield Finding(False, what, "python3 run.py backup FICHIER, chaque nuit.")
    if measured.free_bytes < _SPACE:
        yield Finding(True, f"Il reste {measured.free_bytes / 1e6:.0f} Mo sur le disque.", "Faites de la place.")


def report(findings: list[Finding], say: Callable[[str], None]) -> bool:
    """Say each finding; whether nothing serious was found."""
    for finding in sorted(findings, key=lambda one: not one.serious):
        say(f"{'✘' if finding.serious else '•'} {finding.what}\n    → {finding.remedy}")
    serious = sum(finding.serious for finding in findings)
    if not findings:
        say("✔ Rien à signaler.")
    else:
        say(f"{serious} à corriger, {len(findings) - serious} à considérer.")
    return not serious
