"""Who is told: who reported, who wrote the content, those of the team who may decide. Nobody learns who reported."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.core.dates import date_format
from maillage.moderation import rules
from maillage.moderation.enums import CaseState
from maillage.moderation.models import Case, Report
from maillage.moderation.queries import authors_of, content_of, page_of_case, reasons_of
from maillage.moderation.queries.cases import reporters_of


def tell_received(report: Report) -> None:
    if report.reporter is not None:
        _tell(
            "report_answer",
            report.case,
            report.reporter,
            _("Votre signalement est reçu : « %(title)s »"),
            step=f"received:{report.pk}",
            text=_("L'équipe d'animation le lit et vous dira ce qu'elle décide. Votre nom n'est pas dit à l'auteur."),
        )


def tell_reporters(case: Case) -> None:
    """What was decided of what they reported; the address of what is kept."""
    if case.state == CaseState.REMOVED:
        title, url = _("Ce que vous avez signalé est retiré : « %(title)s »"), ""
    else:
        title = _("Ce que vous avez signalé est gardé : « %(title)s »")
        content: Any = content_of(case).content
        url = content.get_absolute_url() if content is not None else ""
    for person in reporters_of(case):
        _tell(
            "report_answer", case, person, title, step=_decision(case), url=url,
            text=_("Merci de votre vigilance. L'équipe d'animation a décidé :"), said=case.answer or case.words,
        )  # fmt: skip


def tell_authors(case: Case) -> None:
    """What happens to what they wrote, why, and what they may do."""
    said = case.answer or case.words
    if case.state == CaseState.HIDDEN:
        title = _("Ce que vous avez écrit est masqué en attendant : « %(title)s »")
        text = _(
            "Plusieurs personnes l'ont signalé. L'équipe d'animation le lit, puis le remet ou dit pourquoi elle le retire."
        )
    elif case.state == CaseState.KEPT:
        title = _("Ce que vous avez écrit reste en ligne : « %(title)s »")
        text = _("Il avait été signalé ; l'équipe d'animation l'a lu et le garde.")
    elif case.answered_at is not None:
        title = _("Le retrait est maintenu : « %(title)s »")
        text = _("L'équipe d'animation a relu ce que vous avez écrit et votre contestation.")
    else:
        title = _("Ce que vous avez écrit est retiré : « %(title)s »")
        text = _("Il avait été signalé. Si vous n'êtes pas d'accord, contestez cette décision avant le %(day)s.") % {
            "day": date_format(case.contest_until, "j F Y") if case.contest_until else ""
        }
    for person in authors_of(case):
        _tell(
            "content_reported", case, person, title, step=_decision(case), url=page_of_case(case, of_author=True),
            text=text, said=said, reasons=reasons_of(case), button_label=_("Voir la décision") if said else _("Voir pourquoi"),
        )  # fmt: skip


def tell_moderators(case: Case) -> None:
    """Those who may decide of it, unless they turned these alerts off or ask for it themselves."""
    if case.state == CaseState.APPEALED:
        title = _("Une décision est contestée : « %(title)s »")
    elif case.state == CaseState.HIDDEN:
        title = _("Masqué après plusieurs signalements : « %(title)s »")
    else:
        title = _("Un contenu est signalé : « %(title)s »")
    for person in rules.moderators_of(content_of(case), case.network):
        if case.state != CaseState.APPEALED or person.pk != case.appealed_by_id:
            _tell(
                "moderation_alert", case, person, title, step=_decision(case), url=page_of_case(case),
                text=_("Les signalements et le contenu sont sur le site."), button_label=_("Lire et décider"),
            )  # fmt: skip


def _decision(case: Case) -> str:
    """What happened, so that each is told once of each thing that happens."""
    return f"{case.state}:{case.answered_at or case.appealed_at or case.decided_at or ''}"


def _tell(kind: str, case: Case, person: User, title: str, *, step: str, url: str = "", **context: Any) -> None:
    notify(
        kind,
        event=f"case:{case.pk}:{step}",
        title=title % {"title": case.title},
        network=case.network,
        to=person,
        url=url,
        context=context,
    )
