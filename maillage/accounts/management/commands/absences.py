"""Says what the next nights will do to the accounts that nobody opens; does nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from maillage.accounts import queries, rules


class Command(BaseCommand):
    help = "Liste les comptes inactifs et ce qui les attend, sans rien faire."

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.absences()
        for absent in found:
            kept = rules.why_kept(absent.user)
            self.stdout.write(
                f"n° {absent.user.pk} : dernière connexion le {absent.since:%d/%m/%Y}, {absent.step.label}, "
                f"suppression le {absent.erased_on:%d/%m/%Y}" + (f" ({kept})" if kept else "")
            )
        self.stdout.write(f"{len(found)} comptes inactifs.")
