"""Erases again whoever has a tombstone, for operators who put the database back by their own means."""

from typing import Any

from django.core.management.base import BaseCommand

from maillage.accounts.actions import replay_erasures


class Command(BaseCommand):
    help = "Refait les effacements de comptes après une remise de la base faite sans « restore »."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{replay_erasures()} effacements de comptes refaits.")
