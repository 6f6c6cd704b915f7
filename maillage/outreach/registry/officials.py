"""Elected officials: settings, words of the journal, personal data."""

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import name_after_people, name_task, say
from maillage.networks.registry import Setting, declare

OFFICIALS_KEPT = declare(
    Setting("official_months", 36, _("Durée de garde d'un élu ou d'une élue après son dernier mandat (mois)"), 6, 120)
)

say(
    official__added=_("a ajouté %(label)s aux élus et élues"),
    official__changed=_("a corrigé la fiche de %(label)s"),
    official__objected=_("a enregistré l'opposition de %(label)s"),
    official__removed=_("a supprimé %(label)s des élus et élues"),
    official__stopped=_("ne veut plus de courrier : %(label)s"),
    mandate__added=_("a ajouté un mandat à %(label)s"),
    mandate__changed=_("a corrigé un mandat de %(label)s"),
    mandate__removed=_("a retiré un mandat à %(label)s"),
    promise__noted=_("a noté une promesse avec %(label)s"),
    promise__changed=_("a corrigé une promesse avec %(label)s"),
    promise__settled=_("a dit ce qu'est devenue une promesse avec %(label)s"),
)
name_after_people("outreach.Official")
name_task("maillage.outreach.actions.officials.forget_officials", _("Oubli des élus dont les mandats sont finis"))

_MEET = _("Rencontrer les élus du territoire et leur écrire")
_TERM = _(
    "Trois ans après la fin du dernier mandat (ou le délai réglé par le réseau) ; à l'opposition, le nom seul reste"
)


def _field(name: str, label: object, *also: str) -> PersonalField:
    return PersonalField(
        "outreach.Official",
        name,
        _MEET,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        also=also,
        label=label,
    )


declare_personal(
    _field("last_name", _("Nom et mandats publics d'un élu"), "civility"),
    _field("first_name", _("Prénom d'un élu")),
    _field("email", _("Adresse publique d'un élu"), "address", "source", "sourced_on"),
    _field("phone", _("Téléphone public d'un élu")),
    PersonalField(
        "outreach.Promise",
        "text",
        _MEET,
        LegalBasis.LEGITIMATE,
        _("Aussi longtemps que l'élu est gardé ; supprimé s'il s'oppose"),
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Ce qu'un élu et le réseau se sont promis"),
    ),
    PersonalField(
        "outreach.Promise",
        "follower",
        _MEET,
        LegalBasis.LEGITIMATE,
        _("Aussi longtemps que l'élu est gardé"),
        Erasure.PSEUDONYM,
        export=False,
        label=_("Promesses que vous suivez"),
    ),
)
