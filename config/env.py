"""Every environment variable Maillage reads, once: name, type, default, one sentence.

`VARIABLES` is what `run.py doctor` and `docs/exploitation/variables.md` list.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingError(ValueError):
    """A variable whose value cannot be used; the message is for the operator, in French."""


def _boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "oui", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "non", "off", ""}:
        return False
    raise ValueError("répondre par oui ou non")


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError("un nombre entier est attendu") from error


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


@dataclass(frozen=True)
class Variable:
    name: str
    convert: Callable[[str], Any]
    default: Any
    sentence: str
    secret: bool = False

    def read(self) -> Any:
        text = os.environ.get(self.name)
        if text is None or (text == "" and self.convert is not str):
            return self.default
        try:
            return self.convert(text)
        except ValueError as error:
            shown = "(masqué)" if self.secret else repr(text)
            raise SettingError(f"{self.name} vaut {shown} : {error}") from error


VARIABLES = [
    Variable("MAILLAGE_PORT", _integer, 8000, "Port d'écoute du serveur web."),
    Variable("MAILLAGE_BIND", str, "127.0.0.1", "Adresse d'écoute du serveur web."),
    Variable("MAILLAGE_VAR", Path, ROOT / "var", "Dossier des données : base SQLite, fichiers déposés, secrets."),
    Variable(
        "MAILLAGE_STATIC", Path, None, "Dossier des fichiers statiques collectés ; vide : dans celui des données."
    ),
    Variable(
        "MAILLAGE_DEMO", _boolean, False, "Réseau de démonstration : comptes affichés, second facteur facultatif."
    ),
    Variable("MAILLAGE_DEBUG", _boolean, False, "Pages d'erreur détaillées ; jamais en service."),
    Variable("MAILLAGE_HTTPS", _boolean, False, "Le site est servi en HTTPS : cookies protégés, HSTS, redirection."),
    Variable("MAILLAGE_TRUST_PROXY", _boolean, False, "Croire X-Forwarded-Proto et X-Forwarded-For du mandataire."),
    Variable("MAILLAGE_HOSTS", _words, [], "Noms d'hôte admis en plus de ceux des réseaux, séparés par des virgules."),
    Variable(
        "MAILLAGE_SECRET_KEY",
        str,
        "",
        "Clé de signature ; créée dans le dossier des données si elle manque.",
        secret=True,
    ),
    Variable("DATABASE_URL", str, "", "postgresql://… ; vide : SQLite dans le dossier des données.", secret=True),
    Variable(
        "MAILLAGE_CACHE_URL",
        str,
        "",
        "redis://… partagé entre plusieurs processus ; vide : cache en base.",
        secret=True,
    ),
    Variable("MAILLAGE_WEB_PROCESSES", _integer, 1, "Nombre de processus web."),
    Variable("MAILLAGE_WEB_THREADS", _integer, 4, "Nombre de fils d'exécution de chaque processus web."),
    Variable(
        "MAILLAGE_METRICS_TOKEN", str, "", "Jeton qui ouvre /metrics ; vide : machine locale seulement.", secret=True
    ),
    Variable(
        "MAILLAGE_MAIL_URL",
        str,
        "",
        "smtp://utilisateur:secret@hôte:port ; vide : messages écrits dans un dossier.",
        secret=True,
    ),
    Variable("MAILLAGE_MAIL_FROM", str, "maillage@localhost", "Expéditeur par défaut des messages."),
    Variable(
        "MAILLAGE_SCANNER",
        str,
        "",
        "Commande qui cherche les fichiers malveillants (« clamdscan --fdpass --no-summary ») ; vide : nature seule vérifiée.",
    ),
    Variable("MAILLAGE_TILES_URL", str, "", "Fond de carte distant (IGN, OSM) ; vide : contours locaux seulement."),
    Variable("MAILLAGE_TILES_CREDIT", str, "", "Mention due au fond de carte distant."),
    Variable("MAILLAGE_LOG_LEVEL", str, "INFO", "Niveau du journal technique."),
]
_BY_NAME = {variable.name: variable for variable in VARIABLES}


def read(name: str) -> Any:
    """The converted value of a declared variable; `SettingError` says what is wrong with it."""
    return _BY_NAME[name].read()


def database(url: str, var: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `url` (postgresql://user:pass@host:port/name?sslmode=…), or SQLite under `var`."""
    if not url or url.startswith("sqlite:"):
        path = Path(unquote(urlsplit(url).path)[1:]) if url.startswith("sqlite:///") else var / "maillage.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": 600,  # Opening the file and its pragmas cost as much as a small page.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingError(f"DATABASE_URL commence par {parts.scheme!r} : postgresql:// est attendu")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def mail(url: str, var: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings for `url` (smtp://, smtps://, smtp+tls://), or files under `var`/mail."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(var / "mail"),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise SettingError(
            f"MAILLAGE_MAIL_URL commence par {parts.scheme!r} : smtp://, smtp+tls:// ou smtps:// est attendu"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 10,
    }


def secret_key(var: Path) -> str:
    """The signing key: the variable, else one made once and kept in `var`/secret_key (mode 600)."""
    if given := read("MAILLAGE_SECRET_KEY"):
        return str(given)
    import secrets

    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
