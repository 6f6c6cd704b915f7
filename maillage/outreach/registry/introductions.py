"""Introductions: settings, words of the journal, personal data, what becomes of them at a merging."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import anyone_does, name_task, say
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

INTRODUCTION_LINK_DAYS = declare(
    Setting("introduction_link_days", 45, _("Durée de validité du lien d'une mise en relation (jours)"), 7, 180)
)
FIRST_FOLLOW_UP = declare(
    Setting("introduction_first_days", 15, _("Premières nouvelles d'une mise en relation après (jours)"), 3, 90)
)
SECOND_FOLLOW_UP = declare(
    Setting("introduction_second_days", 90, _("Secondes nouvelles d'une mise en relation après (jours)"), 30, 365)
)
SILENT_FOLLOW_UP = declare(
    Setting(
        "introduction_silence_days",
        30,
        _("Délai sans réponse aux secondes nouvelles, après lequel une mise en relation est close (jours)"),
        7,
        180,
    )
)
INTRODUCTIONS_KEPT = declare(
    Setting(
        "introduction_months", 24, _("Durée pendant laquelle les mots d'une mise en relation sont gardés (mois)"), 6, 60
    )
)

say(
    introduction__made=_("a proposé une mise en relation : %(label)s"),
    introduction__answered=_("a répondu à une mise en relation : %(label)s"),
    introduction__met=_("a mis deux acteurs en contact : %(label)s"),
    introduction__at_once=_("a mis deux acteurs en contact, sachant leur accord : %(label)s"),
    introduction__passed_on=_("a transmis les coordonnées d'une mise en relation : %(label)s"),
    introduction__cancelled=_("a annulé une mise en relation : %(label)s"),
    introduction__followed=_("a dit ce qu'est devenue une mise en relation : %(label)s"),
    introduction__unanswered=_("a clos une mise en relation restée sans réponse : %(label)s"),
    introduction__silent=_("a clos une mise en relation sans nouvelles : %(label)s"),
    introduction__refusal=_("a noté un refus de mise en relation : %(label)s"),
    introduction__refusal_lifted=_("a levé un refus de mise en relation : %(label)s"),
)
anyone_does("introduction.answered", "introduction.met", "introduction.followed", "introduction.refusal")
name_task("maillage.outreach.actions.outcomes.follow_introductions", _("Nouvelles des mises en relation"))
name_task("maillage.outreach.actions.introductions.forget_introductions", _("Oubli des mots des mises en relation"))


def _keep_one(row: Any, held: Any) -> Values:
    return {}


def _not_itself(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Whoever refused the one refused the other; what was refused between the two has no more sense."""
    actor, other = (kept if pk == gone else pk for pk in (row.actor_id, row.other_id))
    return None if actor == other else {"actor_id": actor, "other_id": other}


follow(Relation("outreach.IntroductionSide.actor", _("mises en relation")))
for name in ("actor", "other"):
    follow(
        Relation(
            f"outreach.IntroductionRefusal.{name}",
            _("refus de mise en relation"),
            _("Un refus de l'une des deux fiches vaut pour celle qui reste."),
            settle=_keep_one,
            rewrite=_not_itself,
        )
    )

_WHY = _("Mettre en relation deux acteurs qui l'acceptent, et savoir ce qu'il en advient")
_TERM = _("Deux ans après la demande (ou le délai réglé par le réseau)")
_UNNAMED = _("Tant que la mise en relation est comptée, sans le nom après la fermeture du compte")


def _outsider(field: str, label: Any) -> PersonalField:
    return PersonalField(
        "outreach.IntroductionSide",
        field,
        _WHY,
        LegalBasis.LEGITIMATE,
        _TERM,
        Erasure.KEEP,
        export=False,
        owner="",
        label=label,
    )


def _worked(model: str, field: str, label: Any, **also: Any) -> PersonalField:
    return PersonalField(model, field, _WHY, LegalBasis.LEGITIMATE, _UNNAMED, Erasure.PSEUDONYM, label=label, **also)


declare_personal(
    _worked(
        "outreach.Introduction",
        "author",
        _("Mises en relation que vous avez proposées"),
        also=("what", "why", "asked_at"),
    ),
    _outsider("name", _("Nom d'une personne hors de l'annuaire qui demande une mise en relation")),
    _outsider("email", _("Adresse où une mise en relation a été envoyée")),
    _worked("outreach.IntroductionSide", "told_by", _("Réponses que vous avez notées"), export=False),
    _worked("outreach.FollowUp", "told_by", _("Nouvelles que vous avez notées"), export=False),
    _worked("outreach.IntroductionRefusal", "author", _("Refus que vous avez notés"), export=False),
)
