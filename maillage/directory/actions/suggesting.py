"""What anyone says of the directory, kept and told to the team, then written on the sheet field by field, or not. Of an
error, the sheet's own people are told too: whoever answers first, the author reads the same words (CLM-2)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.seen import Seen
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions import telling
from maillage.directory.actions.editing import edit_sheet
from maillage.directory.actions.listing import archive
from maillage.directory.enums import RefusalReason, SuggestionKind, SuggestionState
from maillage.directory.models import Actor, Suggestion
from maillage.directory.queries.suggestions import PROPOSED, given, resume_token
from maillage.territories.models import Territory


def suggest(
    *,
    by: Viewer,
    kind: str,
    actor: Actor | None = None,
    values: Mapping[str, Any] | None = None,
    message: str = "",
    email: str = "",
    is_passed_on: bool = False,
) -> Suggestion:
    """`is_passed_on`: from another network, where the sheet's own people read it already. `values` are those of `queries.suggestions.PROPOSED`, a commune as an object; empty ones propose nothing."""
    proposed = {name: value for name, value in (values or {}).items() if name in PROPOSED and value}
    commune = proposed.get("commune")
    kept = {name: value.pk if isinstance(value, Territory) else value for name, value in proposed.items()}
    with transaction.atomic():
        suggestion = Suggestion(network=by.network, actor=actor, kind=kind, values=kept, message=message, email=email)
        suggestion.commune = commune if actor is None else None
        suggestion.full_clean()
        suggestion.save()
        if actor is not None and kind == SuggestionKind.WRONG and not is_passed_on:
            telling.tell_own_people(suggestion, but=by.user_id)
        telling.tell_team(
            by.network,
            title=_("%(kind)s : %(what)s") % {"kind": suggestion.get_kind_display().capitalize(), "what": suggestion},
            text=_("Une personne a écrit à l'équipe depuis l'annuaire. Le texte et ses propositions sont sur le site."),
            path=reverse("directory:suggestion_show", args=[suggestion.pk]),
            label=_("Relire la suggestion"),
        )
        anyone = Viewer(network=by.network)
        if actor is not None:
            record("actor.report", by=anyone, subject=actor, details={"suggestion": suggestion.pk}, touch=False)
        else:
            record("suggestion.made", by=anyone, subject=suggestion, touch=False)
    return suggestion


def apply_suggestion(*, by: Viewer, suggestion: Suggestion, names: list[str], seen: Seen) -> Suggestion:
    """Write the proposed fields `names` on the sheet. `seen` is what the page showed of it: conflict if it moved."""
    with transaction.atomic():
        suggestion = _held(by, suggestion)
        proposed = given(suggestion)
        fields = {name: proposed[name] for name in names if name in proposed}
        if suggestion.actor is None or not fields:
            raise Refused(_("Choisissez au moins un champ à reprendre."), status=422)
        edit_sheet(by=by, actor=suggestion.actor, fields=fields, seen=seen)
        return _answer(by, suggestion, SuggestionState.ACCEPTED, accepted=sorted(fields))


def archive_as_suggested(*, by: Viewer, suggestion: Suggestion, reason: str) -> Suggestion:
    with transaction.atomic():
        suggestion = _held(by, suggestion)
        rules.may_review_as_team(by, suggestion).require()
        if suggestion.actor is None:
            raise Refused(_("Cette suggestion ne porte sur aucune fiche."), status=409)
        archive(by=by, actor=suggestion.actor, reason=reason)
        return _answer(by, suggestion, SuggestionState.ACCEPTED, accepted=["archived_at"])


def answer_missing(*, by: Viewer, suggestion: Suggestion, actor: Actor) -> Suggestion:
    """`actor` was created from it, or was already there."""
    with transaction.atomic():
        suggestion = _held(by, suggestion)
        rules.may_review_as_team(by, suggestion).require()
        suggestion.actor = actor
        return _answer(by, suggestion, SuggestionState.ACCEPTED)


def note_suggestion(*, by: Viewer, suggestion: Suggestion) -> Suggestion:
    """Dealt with otherwise: a merge, a call, a correction of another kind."""
    with transaction.atomic():
        return _answer(by, _held(by, suggestion), SuggestionState.ACCEPTED)


def pass_on(*, by: Viewer, suggestion: Suggestion) -> Suggestion:
    """To the home network of the sheet, which alone may change it. The address of who wrote stays here, where it was left:
    they are told where their words went."""
    with transaction.atomic():
        suggestion = _held(by, suggestion)
        rules.may_review_as_team(by, suggestion).require()
        actor = suggestion.actor
        if actor is None or actor.home_network_id == by.network_id:
            raise Refused(_("Cette fiche est celle de votre réseau : corrigez-la ici."), status=409)
        suggest(
            by=Viewer(network=actor.home_network),
            kind=suggestion.kind,
            actor=actor,
            values=given(suggestion),
            message=suggestion.message,
            is_passed_on=True,
        )
        return _answer(by, suggestion, SuggestionState.ACCEPTED, reason=_("Transmise au réseau qui tient la fiche."))


def refuse_suggestion(
    *, by: Viewer, suggestion: Suggestion, reason: str, code: str = RefusalReason.OTHER
) -> Suggestion:
    with transaction.atomic():
        suggestion = _held(by, suggestion)
        suggestion.code = RefusalReason(code)
        return _answer(by, suggestion, SuggestionState.REFUSED, reason=reason)


def forget_suggested(*, email: str) -> None:
    """Whoever objected is answered no more, and is proposed for no sheet; what else was proposed still waits."""
    Suggestion.objects.filter(email__iexact=email).update(email="")
    for suggestion in Suggestion.objects.filter(values__email__iexact=email):
        for name in ("email", "phone"):
            suggestion.values.pop(name, None)
        suggestion.save(update_fields=["values", "updated_at"])


def _held(by: Viewer, suggestion: Suggestion) -> Suggestion:
    """Locked: of two who answer at once, the second is told."""
    found = Suggestion.objects.select_for_update(of=("self",)).select_related(
        "actor__commune__department", "actor__home_network", "commune__department", "network"
    )
    suggestion = found.get(pk=suggestion.pk)
    if not suggestion.is_waiting:
        raise Conflict(_("Quelqu'un a déjà répondu à cette suggestion."))
    rules.may_review(by, suggestion).require()
    return suggestion


def _answer(
    by: Viewer, suggestion: Suggestion, state: SuggestionState, *, reason: str = "", accepted: list[str] | None = None
) -> Suggestion:
    """Whoever left an address is answered, then the address is forgotten."""
    suggestion.state, suggestion.reason, suggestion.accepted = state, reason, accepted or []
    suggestion.decided_by, suggestion.decided_at = by.user, timezone.now()
    verb = "suggestion.accepted" if state == SuggestionState.ACCEPTED else "suggestion.refused"
    details = {"reason": str(RefusalReason(suggestion.code).label)} if suggestion.code else {}
    record(verb, by=by, subject=suggestion, details=details, touch=False)
    if suggestion.email:
        taken = state == SuggestionState.ACCEPTED
        path = _sheet_path(suggestion) if taken else _again_path(suggestion)
        send(
            "directory/mail/suggestion_answer.html",
            to=suggestion.email,
            network=suggestion.network,
            context={
                "suggestion": suggestion,
                "taken": taken,
                "button_url": absolute_url(suggestion.network, path) if path else "",
                "button_label": _("Voir la fiche") if taken else _("Reprendre ma suggestion"),
            },
        )
    suggestion.email = ""
    suggestion.save()
    return suggestion


def _sheet_path(suggestion: Suggestion) -> str:
    """Of the sheet, when who wrote may open it; "" otherwise."""
    anyone = Actor.objects.visible_to(Viewer(network=suggestion.network))
    actor = suggestion.actor
    return actor.get_absolute_url() if actor is not None and anyone.filter(pk=actor.pk).exists() else ""


def _again_path(suggestion: Suggestion) -> str:
    """Of the form filled with what was refused (MOD-2); "" when there is no form to fill any more."""
    if suggestion.actor is not None and not _sheet_path(suggestion):
        return ""
    return reverse("directory:suggestion_resume", args=[resume_token(suggestion)])
