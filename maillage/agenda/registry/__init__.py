"""Places that the agenda offers to the apps above, its settings of a network, the words of its acts."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.directory.registry.relations import Relation, follow
from maillage.networks.registry import Setting, declare

event_main = Slot("agenda.event_main")
event_side = Slot("agenda.event_side")
event_work = Slot("agenda.event_work")  # Beside what one may do on its working page.
EVENT = "evenement"  # What may be reported, in addresses.

REVIEW_RESPONSIBLE = declare(
    Setting("review_events", False, _("Relire aussi les événements des responsables d'une fiche avant de les publier"))
)
REFUSED_KEPT = declare(
    Setting("refused_event_months", 6, _("Durée pendant laquelle un événement refusé est gardé (mois)"), 1, 24)
)

DONE: dict[str, Any] = {
    "event.create": _("a créé l'événement"),
    "event.update": _("a modifié l'événement"),
    "event.propose": _("a proposé l'événement"),
    "event.publish": _("a publié l'événement"),
    "event.refuse": _("a refusé l'événement"),
    "event.hide": _("a retiré l'événement de l'agenda"),
    "event.suspend": _("a masqué en attendant l'événement signalé"),
    "event.resume": _("a remis l'événement signalé dans l'agenda"),
    "event.restore": _("a remis l'événement en préparation"),
    "event.status": _("a changé la tenue de l'événement"),
    "event.timing": _("a changé une date de l'événement"),
    "event.feature": _("a mis l'événement en avant"),
    "event.unfeature": _("a cessé de mettre l'événement en avant"),
    "event.duplicate": _("a repris un événement pour de nouvelles dates"),
    "event.delete": _("a supprimé l'événement"),
    "event.distinct": _("a jugé que deux événements sont différents"),
    "event.left": _("a retiré un acteur des organisateurs"),
    "event.import": _("a importé l'événement"),
    "event.unimport": _("a défait l'import de l'événement"),
    "event.gone": _("a retiré l'événement, que sa source n'annonce plus"),
    "event.revision": _("a proposé une modification de l'événement"),
    "event.revision_accepted": _("a retenu une modification de l'événement"),
    "event.revision_refused": _("a refusé une modification de l'événement"),
    "event.revision_withdrawn": _("a retiré sa modification de l'événement"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.agenda.actions.minding.extend_rules", _("Dates à venir des événements sans fin"))
name_task("maillage.agenda.actions.minding.lift_embargo", _("Publication programmée d'un événement"))
name_task(
    "maillage.agenda.actions.editing.forget_kept", _("Oubli d'une photo dont le formulaire n'est pas allé au bout")
)
name_task("maillage.agenda.actions.minding.forget_refused", _("Oubli des événements refusés"))

follow(Relation("agenda.Event.venue", _("événements accueillis")))
follow(
    Relation(
        "agenda.Organiser.actor",
        _("événements organisés"),
        rule=_("un événement qu'ils organisent tous deux est gardé une fois"),
        settle=lambda row, held: {"withdrawn_at": None} if row.withdrawn_at is None else {},
    )
)
