"""Loads the demonstration once, and prints its accounts."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.activity.models import Entry
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions.judging import renew_suspects
from maillage.networks.models import Network
from maillage.portal.management import demo
from maillage.portal.management.demo import life, world
from maillage.territories.models import Territory

_LOADED = "demo.loaded"


class Command(BaseCommand):
    help = "Charge le réseau de démonstration (une seule fois) et affiche ses comptes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--actors", type=int, default=1400, help="nombre d'acteurs en Occitanie")
        parser.add_argument("--accounts", action="store_true", help="afficher seulement les comptes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Les comptes de la démonstration ont un mot de passe connu de tous : elle ne se charge qu'avec "
                "MAILLAGE_DEMO=oui (ce que fait « python3 run.py » sans verbe)."
            )
        self._refuse_a_real_network()
        if not Network.objects.exists() and not options["accounts"]:
            self._load(max(options["actors"] - life.MADE, 1))
        elif (version := self._version()) and version != written_version():
            self.stdout.write(
                "La démonstration a été faite par une autre version de Maillage : elle est gardée telle quelle. Pour la "
                f"refaire, arrêtez Maillage, videz la base ou effacez le dossier {settings.VAR}, puis relancez."
            )
        self._tell_accounts()

    def _refuse_a_real_network(self) -> None:
        real = Network.objects.order_by("pk").first()
        if real is not None and not User.objects.filter(email=world.PLATFORM_ADMIN[0]).exists():
            raise CommandError(
                f"Cette base porte un vrai réseau (« {real.name} ») : la démonstration, ses acteurs inventés et ses "
                "comptes connus de tous n'y entrent pas. Pour servir ce réseau : « python3 run.py start ». Pour la "
                "démonstration, donnez-lui un autre dossier (MAILLAGE_VAR) ou une autre base (DATABASE_URL)."
            )

    def _load(self, actors: int) -> None:
        if not Territory.objects.exists():
            call_command("territories", "load", stdout=self.stdout)
        made = world.build(actors, self.stdout.write, life=life.tell)
        renew_suspects(made.south)
        record(
            _LOADED,
            by=Viewer.as_system(made.south, "démonstration"),
            details={"version": written_version()},
            touch=False,
        )

    def _version(self) -> str:
        """The version of the demonstration that made what is here; "" when it does not say."""
        entry = Entry.objects.filter(verb=_LOADED).order_by("-pk").first()
        return str(entry.details.get("version", "")) if entry is not None else ""

    def _tell_accounts(self) -> None:
        """Those that are there: a visitor may have erased one, another version may have had others."""
        here = set(User.objects.filter(email__endswith="@maillage.example").values_list("email", flat=True))
        self.stdout.write(f"Comptes de démonstration (mot de passe : {world.PASSWORD})")
        lines = []
        for address, name, kind, department in world.ACCOUNTS:
            where = f", département {department}" if department else ""
            role = "Représentante d'un acteur" if address.startswith("acteur@") else str(kind.label)
            lines.append((address, f"{name} – {role}{where}"))
        lines.append((world.PLATFORM_ADMIN[0], f"{world.PLATFORM_ADMIN[1]} – {RoleKind.PLATFORM_ADMIN.label}"))
        lines.append((world.NORTH_ADMIN[0], f"{world.NORTH_ADMIN[1]} – Hauts-de-France (http://nord.localhost)"))
        for address, who in lines:
            if address in here:
                self.stdout.write(f"  {address:34} {who}")


def written_version() -> str:
    """A digest of the demonstration's own words and files."""
    digest = hashlib.sha256()
    for path in sorted(Path(demo.__file__).parent.rglob("*")):
        if path.suffix in {".py", ".csv"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
