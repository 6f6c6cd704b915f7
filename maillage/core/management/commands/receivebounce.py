"""Reads on its standard input one message that a mail server returned, and stops writing to the address that it refuses."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from maillage.core.refusals import LONGEST, read_return
from maillage.core.signals import address_refused


class Command(BaseCommand):
    help = "Lit un message revenu (entrée standard) et cesse d'écrire à l'adresse refusée."

    def handle(self, *args: Any, **options: Any) -> None:
        refusals = read_return(sys.stdin.buffer.read(LONGEST))
        for refusal in refusals:
            address_refused.send(
                sender=None, address=refusal.address, reference=refusal.reference, detail=refusal.detail
            )
        self.stdout.write(
            _("%(count)d adresse refusée pour de bon.") % {"count": len(refusals)}
            if refusals
            else _("Rien à retenir : ce n'est pas le retour d'un message d'ici, ou pas un refus définitif.")
        )
