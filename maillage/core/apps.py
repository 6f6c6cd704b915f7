from gettext import NullTranslations

from django.apps import AppConfig
from django.utils.translation.trans_real import translation


class FrenchPlural(NullTranslations):
    """What is written in French has no catalogue, and Django then counts as English does, with a plural for zero."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2


class CoreConfig(AppConfig):
    name = "maillage.core"
    verbose_name = "Fondations"

    def ready(self) -> None:
        translation("fr").add_fallback(FrenchPlural())
