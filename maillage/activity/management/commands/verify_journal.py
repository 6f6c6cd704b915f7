"""Checks the chain of seals of the journal; says where it is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.activity.actions import first_broken_seal
from maillage.activity.models import Entry


class Command(BaseCommand):
    help = "Vérifie que le journal n'a pas été retouché."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken_seal()
        if broken is not None:
            raise CommandError(f"Le journal est rompu à l'entrée {broken.pk} ({broken.at:%d/%m/%Y %H:%M}).")
        self.stdout.write(f"{Entry.objects.exclude(seal=None).count()} entrées scellées, aucune retouche.")
