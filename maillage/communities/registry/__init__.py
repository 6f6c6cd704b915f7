"""Settings of a network, the words of what is done in communities, what becomes of rows when sheets are made one."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.directory.registry.relations import Relation, follow

community_main = Slot("communities.community_main")

COMMUNITY = "communaute"  # Its name among what may be reported.

DONE: dict[str, Any] = {
    "community.create": _("a ouvert la communauté"),
    "community.update": _("a modifié la communauté"),
    "community.charter": _("a changé la charte de la communauté"),
    "community.archive": _("a archivé la communauté"),
    "community.unarchive": _("a rouvert la communauté"),
    "community.ask": _("a demandé à entrer dans la communauté"),
    "community.join": _("est entré dans la communauté"),
    "community.accept": _("a accepté une demande pour la communauté"),
    "community.refuse": _("a refusé une demande pour la communauté"),
    "community.invite": _("a invité quelqu'un dans la communauté"),
    "community.uninvite": _("a annulé une invitation dans la communauté"),
    "community.decline": _("a décliné l'invitation de la communauté"),
    "community.leave": _("a quitté la communauté"),
    "community.remove": _("a retiré quelqu'un de la communauté"),
    "community.role": _("a changé qui anime la communauté"),
    "community.place": _("a placé un contenu dans la communauté"),
    "community.unplace": _("a retiré un contenu de la communauté"),
    "community.suspend": _("a masqué en attendant la communauté"),
    "community.withdraw": _("a retiré du site la communauté"),
    "community.resume": _("a remis en ligne la communauté"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.communities.actions.telling.find_new", _("Recherche de ce qui vient de paraître, pour qui le suit"))
name_task("maillage.communities.actions.telling.tell_followers", _("Avis à qui suit ce qui vient de paraître"))
name_task("maillage.communities.actions.telling.tell_placed", _("Avis à qui suit une communauté"))
name_task("maillage.communities.actions.joining.forget_invitations", _("Oubli des invitations restées sans réponse"))

follow(Relation("communities.Follow.actor", _("suivis"), rule=_("une personne qui suit les deux n'en suit plus qu'un")))
follow(
    Relation(
        "communities.Placement.actor",
        _("places dans des communautés"),
        rule=_("une communauté qui les contient tous deux garde une place"),
        settle=lambda row, held: {"first_at": held.first_at or row.first_at},
    )
)
