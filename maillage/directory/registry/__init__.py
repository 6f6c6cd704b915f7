"""Places that the directory offers to the apps above, and its settings of a network."""

from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import anyone_does, name_after_people, name_task, say
from maillage.core.panels import Slot
from maillage.networks.registry import Setting, declare

actor_main = Slot("directory.actor_main")
actor_side = Slot("directory.actor_side")
actor_work = Slot("directory.actor_work")
actor_acts = Slot("directory.actor_acts")  # Buttons at the head of the working sheet.
actor_own = Slot("directory.actor_own")  # For those who look after the sheet.
# Buttons of the form "lot": the ticked actors, or with `tous` all of the filter.
table_foot = Slot("directory.table_foot")

declare(
    Setting("automation_percent", 99, _("Précision sous laquelle aucun rapprochement n'est automatique (%)"), 90, 100)
)
declare(Setting("merge_undo_days", 30, _("Durée pendant laquelle une fusion peut être annulée (jours)"), 1, 365))
REMINDERS_A_DAY = declare(
    Setting(
        "reminders_a_day", 30, _("Relances « votre fiche est-elle à jour ? » envoyées par jour (0 : aucune)"), 0, 1000
    )
)
TOLD_A_DAY = declare(
    Setting(
        "told_a_day", 50, _("Personnes informées par jour que leur adresse est dans l'annuaire (0 : aucune)"), 0, 1000
    )
)
declare(Setting("stale_months", 12, _("Délai de vérification d'une fiche par défaut (mois)"), 1, 36))
declare(Setting("claim_days", 14, _("Délai de réponse à une demande sur une fiche (jours)"), 1, 60))
declare(Setting("claim_rest_days", 30, _("Délai avant une nouvelle demande après un refus (jours)"), 1, 180))
CLAIMS_KEPT = declare(
    Setting("claim_months", 12, _("Durée pendant laquelle une demande close est gardée (mois)"), 6, 36)
)
SUGGESTIONS_KEPT = declare(
    Setting(
        "suggestion_months",
        6,
        _("Durée pendant laquelle une suggestion ou une modification relue est gardée (mois)"),
        1,
        24,
    )
)
REVIEW_RESPONSIBLE = declare(
    Setting("review_responsible", False, _("Relire aussi les modifications des responsables d'une fiche"))
)
TRUST_AFTER = declare(
    Setting(
        "trust_after",
        3,
        _("Modifications retenues de suite après lesquelles la confiance est proposée à l'équipe"),
        1,
        50,
    )
)
GRACE = declare(
    Setting(
        "charter_grace_days", 90, _("Délai pour signer de nouveau une charte qui change en profondeur (jours)"), 0, 730
    )
)
LINK_DAYS = declare(
    Setting("charter_link_days", 60, _("Durée de validité d'un lien pour signer la charte (jours)"), 1, 365)
)

# What was done to an actor, after the name of who did it: alone on its own page, with its name in the network's journal.
DONE: dict[str, Any] = {
    "actor.create": _("a créé la fiche"),
    "actor.update": _("a modifié la fiche"),
    "actor.confirm": _("a confirmé que tout est à jour"),
    "actor.state": _("a changé l'état"),
    "actor.archive": _("a archivé l'acteur"),
    "actor.unarchive": _("a sorti l'acteur des archives"),
    "actor.qualify": _("a changé le cercle"),
    "actor.note": _("a ajouté une note interne"),
    "actor.contact": _("a transmis un message à l'acteur"),
    "actor.report": _("a fait une suggestion"),
    "actor.joined": _("s'occupe désormais de la fiche"),
    "actor.invited": _("a invité quelqu'un à s'occuper de la fiche"),
    "actor.uninvited": _("a annulé une invitation à s'occuper de la fiche"),
    "actor.member_role": _("a changé le rôle d'une personne qui s'occupe de la fiche"),
    "actor.member_removed": _("a retiré une personne de la fiche"),
    "actor.left": _("ne s'occupe plus de la fiche"),
    "actor.released": _("a laissé la fiche sans responsable"),
    "actor.import": _("a importé la fiche"),
    "actor.merge": _("a fusionné une autre fiche avec celle-ci"),
    "actor.unmerge": _("a annulé une fusion"),
    "actor.distinct": _("a jugé que cette fiche et une autre sont deux acteurs"),
    "actor.branch": _("en a fait l'antenne d'une autre"),
    "actor.undecided": _("est revenu sur ce qui avait été jugé de cette fiche et d'une autre"),
    "actor.reminded": _("a demandé si la fiche est à jour"),
    "actor.told": _("a informé la personne dont l'adresse est sur la fiche"),
    "actor.objected": _("a retiré ses coordonnées de la fiche"),
    "actor.undo": _("a annulé une modification par lot"),
    "charter.link": _("a envoyé un lien pour signer la charte"),
    "charter.revoke": _("a annulé un lien pour signer la charte"),
    "charter.sign": _("a signé la charte"),
    "charter.paper": _("a enregistré une signature de la charte sur papier"),
    "charter.withdraw": _("a retiré une signature de la charte"),
    "charter.forget": _("a effacé le nom de qui avait signé la charte"),
    "charter.name": _("a choisi si son nom paraît parmi les signataires de la charte"),
    "actor.uncreate": _("a retiré la fiche en annulant un import"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
anyone_does("actor.contact", "actor.report", "charter.sign", "charter.name")
say(
    claim__asked=_("a demandé à s'occuper de la fiche : %(label)s"),
    claim__code=_("a demandé un code pour la fiche : %(label)s"),
    claim__accepted=_("a accepté une demande sur la fiche : %(label)s"),
    claim__refused=_("a refusé une demande sur la fiche : %(label)s"),
    claim__cancelled=_("a annulé sa demande sur la fiche : %(label)s"),
    claim__contested=_("a contesté la réponse à sa demande sur la fiche : %(label)s"),
    claim__escalated=_("a remis à l'équipe une demande restée sans réponse : %(label)s"),
    suggestion__made=_("a proposé un acteur : %(label)s"),
    suggestion__accepted=_("a retenu une suggestion : %(label)s"),
    suggestion__refused=_("n'a pas retenu une suggestion : %(label)s"),
)
anyone_does("suggestion.made")
say(
    revision__sent=_("a proposé une modification de la fiche : %(label)s"),
    revision__amended=_("a repris sa modification en attente : %(label)s"),
    revision__withdrawn=_("a retiré sa modification de la fiche : %(label)s"),
    revision__accepted=_("a retenu une modification de la fiche : %(label)s"),
    revision__refused=_("a refusé une modification de la fiche : %(label)s"),
    trust__given=_("a donné sa confiance à une personne qui s'occupe de fiches"),
    trust__revoked=_("a retiré sa confiance à une personne qui s'occupe de fiches"),
)
say(
    charter__draft=_("a écrit un projet de charte : %(label)s"),
    charter__discard=_("a jeté un projet de charte : %(label)s"),
    charter__publish=_("a publié la charte : %(label)s"),
    charter__campaign=_("a lancé l'envoi de %(count)s liens de signature de la charte"),
    actor__export=_("a exporté la table des acteurs"),
    actor__withdraw=_("a retiré sa fiche en supprimant son compte"),
)

name_task("maillage.directory.actions.judging.find_all_suspects", _("Recherche de doublons, chaque nuit"))
name_task("maillage.directory.actions.judging.find_suspects", _("Recherche de doublons"))
name_task("maillage.directory.actions.unmerging.forget_old_merges", _("Oubli des fusions qui ne s'annulent plus"))
name_task("maillage.directory.actions.minding.mind_claims", _("Demandes sur une fiche restées sans réponse"))
name_task("maillage.directory.actions.minding.forget_claims", _("Oubli des demandes et des suggestions à leur terme"))
name_task("maillage.directory.actions.charter.inviting.send_campaign", _("Envoi des liens de signature de la charte"))
name_task("maillage.directory.actions.charter.inviting.forget_links", _("Oubli des anciens liens de signature"))
name_task("maillage.directory.actions.reminding.remind_stale", _("Relances des fiches anciennes"))
name_task(
    "maillage.directory.actions.reminding.tell_all_listed", _("Information des personnes dont l'adresse est gardée")
)
name_task("maillage.directory.actions.reminding.forget_reminders", _("Oubli des anciennes relances"))
name_after_people("directory.Actor", Q(kind="person"))
