"""The words of the acts on letters, the text to which subscribers agree, what becomes of blocks when two sheets are one."""

from datetime import timedelta
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.directory.registry.relations import Relation, follow

CONFIRM_WITHIN = timedelta(days=7)
DELIVERIES_KEPT_MONTHS = 13
PROOFS_KEPT = timedelta(days=3 * 365)

# The text beside the box: a change of its words is a new version, kept here with those that people agreed to before.
CONSENT_VERSION = "2026-11"
CONSENT_TEXTS: dict[str, Any] = {
    "2026-11": _(
        "J'accepte que %(network)s m'envoie sa lettre d'information à cette adresse. Je peux arrêter d'un clic dans "
        "chaque lettre."
    ),
}

_DONE: dict[str, Any] = {
    "letter.create": _("a commencé la lettre"),
    "letter.update": _("a modifié la lettre"),
    "letter.compose": _("a composé la lettre"),
    "letter.schedule": _("a programmé l'envoi de la lettre"),
    "letter.unschedule": _("a repris pour la modifier la lettre"),
    "letter.send": _("a envoyé la lettre"),
    "letter.stop": _("a arrêté l'envoi de la lettre"),
    "letter.resume": _("a repris l'envoi de la lettre"),
    "letter.finish": _("a fini d'envoyer la lettre"),
    "letter.cancel": _("a abandonné la lettre"),
    "letter.delete": _("a supprimé la lettre"),
}
say(
    **{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in _DONE.items()},
    subscribers__export=_("a exporté les abonnés à la lettre (%(count)s adresses)"),
    subscribers__import=_("a repris une liste d'abonnés à la lettre (%(count)s adresses, source : %(source)s)"),
)
_ACTIONS = "maillage.newsletters.actions"
name_task(f"{_ACTIONS}.subscribing.answer_request", _("Réponse à une demande d'abonnement à la lettre"))
name_task(f"{_ACTIONS}.importing.invite_imported", _("Confirmation demandée aux adresses d'une liste reprise"))
name_task(f"{_ACTIONS}.sending.send_letter", _("Envoi d'une lettre"))
name_task(f"{_ACTIONS}.sending.begin_scheduled", _("Début de l'envoi programmé d'une lettre"))
name_task(f"{_ACTIONS}.minding.forget_letters", _("Oubli des abonnements sans confirmation et des anciens envois"))

follow(
    Relation(
        "newsletters.Block.actor",
        _("places dans des lettres"),
        rule=_("une lettre qui les contient tous deux garde une place"),
        settle=lambda row, held: {},
    )
)
