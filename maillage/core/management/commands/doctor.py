"""Says in plain words what is wrong with the instance."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from maillage.core.operations.doctor import examine, report


class Command(BaseCommand):
    help = "Dit ce qui ne va pas dans les réglages."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not report(examine(), self.stdout.write):
            sys.exit(1)
