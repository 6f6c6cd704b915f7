"""Becomes the web server; the instance is prepared beforehand (`prepare`)."""

from typing import Any

from django.core.management.base import BaseCommand

from maillage.core.operations.supervise import replace_with, web_command


class Command(BaseCommand):
    help = "Sert les pages."

    def handle(self, *args: Any, **options: Any) -> None:
        replace_with(web_command())
