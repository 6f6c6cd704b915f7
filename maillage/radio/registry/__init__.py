"""Settings of the radio in a network, the words of its acts, what becomes of airtime when two sheets are made one."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.directory.registry.relations import Relation, follow
from maillage.networks.registry import Setting, declare

episode_side = Slot("radio.episode_side")

AUDIO_SIZE = declare(Setting("radio_audio_mb", 200, _("Taille d'un fichier audio de la radio, au plus (Mo)"), 5, 1000))
TRANSCRIPT = declare(
    Setting("radio_transcript", True, _("Un épisode de radio n'est publié qu'avec sa transcription (RGAA)"))
)
CONTACTS_KEPT = declare(
    Setting(
        "radio_contact_months", 12, _("Durée de garde des contacts notés dans un conducteur de radio (mois)"), 1, 60
    )
)

DONE: dict[str, Any] = {
    "show.create": _("a créé l'émission"),
    "show.update": _("a modifié l'émission"),
    "episode.create": _("a ouvert l'épisode"),
    "episode.update": _("a modifié l'épisode"),
    "episode.copy": _("a repris la trame pour l'épisode"),
    "episode.items": _("a composé le conducteur de"),
    "episode.draft": _("a repris la préparation de"),
    "episode.ready": _("a déclaré prêt"),
    "episode.recorded": _("a déclaré enregistré"),
    "episode.broadcast": _("a déclaré diffusé"),
    "episode.published": _("a publié l'épisode"),
    "episode.unpublished": _("a retiré du site l'épisode"),
    "episode.cancelled": _("a annulé l'épisode"),
    "episode.audio": _("a déposé le son de"),
    "episode.audio_removed": _("a retiré le son de"),
    "episode.delete": _("a supprimé l'épisode"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.radio.actions.minding.forget_contacts", _("Oubli des contacts des conducteurs de radio"))

follow(Relation("radio.Item.actor", _("séquences de radio")))
follow(
    Relation(
        "radio.Heard.actor",
        _("passages à la radio"),
        rule=_("une séquence où l'on entend les deux compte une fois"),
        settle=lambda row, held: {},
    )
)
