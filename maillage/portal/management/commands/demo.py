"""Loads the demonstration once, and prints its accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from maillage.core.viewer import RoleKind
from maillage.networks.models import Network
from maillage.portal.management.demo import world
from maillage.territories.models import Territory


class Command(BaseCommand):
    help = "Charge le réseau de démonstration (une seule fois) et affiche ses comptes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--actors", type=int, default=1400, help="nombre d'acteurs en Occitanie")
        parser.add_argument("--accounts", action="store_true", help="afficher seulement les comptes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"] and not Network.objects.exists():
            if not Territory.objects.exists():
                call_command("territories", "load", stdout=self.stdout)
            world.build(options["actors"], self.stdout.write)
        self.stdout.write(f"Comptes de démonstration (mot de passe : {world.PASSWORD})")
        for address, name, kind, department in world.ACCOUNTS:
            where = f", département {department}" if department else ""
            role = "Représentante d'un acteur" if address.startswith("acteur@") else kind.label
            self.stdout.write(f"  {address:34} {name} – {role}{where}")
        self.stdout.write(f"  {world.PLATFORM_ADMIN[0]:34} {world.PLATFORM_ADMIN[1]} – {RoleKind.PLATFORM_ADMIN.label}")
        self.stdout.write(
            f"  {world.NORTH_ADMIN[0]:34} {world.NORTH_ADMIN[1]} – Hauts-de-France (http://nord.localhost)"
        )
