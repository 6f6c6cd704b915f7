"""The contact log: settings, words of the journal, personal data, what becomes of it at a merging."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import name_task, say
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

CONTACTS_KEPT = declare(
    Setting("contact_months", 36, _("Durée pendant laquelle les mots d'un contact sont gardés (mois)"), 6, 120)
)
SILENT_AFTER = declare(Setting("silent_months", 6, _("Délai après lequel un acteur est dit silencieux (mois)"), 1, 60))

say(
    contact__logged=_("a noté un contact : %(label)s"),
    contact__changed=_("a corrigé un contact : %(label)s"),
    contact__removed=_("a supprimé un contact : %(label)s"),
    contact__done=_("a donné suite à un contact : %(label)s"),
    contact__reopened=_("a rouvert la suite d'un contact : %(label)s"),
)
name_task("maillage.outreach.actions.contacts.remind_next_steps", _("Rappel des suites à donner"))
name_task("maillage.outreach.actions.contacts.forget_words", _("Oubli des mots des contacts à leur terme"))


def _once(row: Any, held: Any) -> Values:
    return {}


follow(
    Relation(
        "outreach.ContactActor.actor",
        _("contacts notés"),
        _("Un contact avec les deux fiches est gardé une fois."),
        settle=_once,
    )
)

_LOG = _("Suivre la relation du réseau avec chaque acteur")
_TERM = _("Trois ans après le contact (ou le délai réglé par le réseau)")
declare_personal(
    PersonalField(
        "outreach.Contact",
        "author",
        _LOG,
        LegalBasis.LEGITIMATE,
        _("Tant que le contact est gardé, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("on", "channel", "about", "minutes"),
        label=_("Contacts que vous avez notés"),
    ),
    PersonalField(
        "outreach.Contact",
        "next_for",
        _LOG,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Suites qui vous sont confiées"),
    ),
    PersonalField(
        "outreach.Contact",
        "person",
        _LOG,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        label=_("Personne jointe chez un acteur"),
    ),
)
