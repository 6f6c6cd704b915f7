"""Creates a network with its perimeter, and invites or names its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from maillage.accounts import actions as accounts
from maillage.accounts.models import User
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks import actions
from maillage.networks.queries import territories_by_codes


class Command(BaseCommand):
    help = "Crée un réseau : createnetwork 'Réseau de Bretagne' --host bretagne.exemple.fr --perimeter region:53 --admin nom@exemple.fr"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="nom du réseau")
        parser.add_argument("--host", default="", help="nom d'hôte ; vide : celui de la machine, pour un seul réseau")
        parser.add_argument(
            "--perimeter",
            default="",
            help="codes séparés par des virgules : region:76, departement:31, epci:…, commune:…",
        )
        parser.add_argument("--admin", default="", help="adresse e-mail de la première personne qui administre")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [code for code in options["perimeter"].split(",") if code.strip()]
        territories, unknown = territories_by_codes(codes)
        if unknown:
            raise CommandError(
                f"Territoires inconnus : {', '.join(unknown)}. Chargez-les d'abord (territories import)."
            )
        by = Viewer.as_system(None, "createnetwork")
        try:
            with transaction.atomic():
                network = actions.create_network(
                    by=by, name=options["name"], host=options["host"], perimeter=territories
                )
                said = self._name_admin(by.in_network(network), options["admin"].strip().lower())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        named = ", ".join(place.name for place in territories) or "toute la France"
        self.stdout.write(f"Réseau « {network} » créé, périmètre : {named}. {said}")

    def _name_admin(self, by: Viewer, email: str) -> str:
        if not email:
            return "Aucune administration nommée."
        user = User.objects.filter(email=email).first()
        if user is not None:
            accounts.grant_role(by=by, user=user, kind=RoleKind.NETWORK_ADMIN)
            return f"{user} l'administre."
        accounts.invite(by=by, emails=[email], kind=RoleKind.NETWORK_ADMIN)
        return f"Une invitation part à {email}."
