"""Words that wait: an editor proposes, the team takes field by field or refuses with a reason, the author proposes again.

The sheet is held first, as in every act on it: of two who answer at once the second is told, and an author who changes
their revision while it is being answered is told too.
"""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import notify, record
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import Seen, mark, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions import telling
from maillage.directory.actions.editing import edit_sheet, follow_picture
from maillage.directory.actions.marking import hold
from maillage.directory.actions.writing import Stamp, check_values
from maillage.directory.enums import Origin, RefusalReason, RevisionState
from maillage.directory.models import Actor, Revision
from maillage.directory.queries.fields import TERMS, held_fields, offered_terms, recorded
from maillage.directory.queries.revisions import PICTURE_WORDS, as_fields, as_json, labels_of, open_revision, over


def propose_edit(
    *, by: Viewer, actor: Actor, fields: dict[str, Any], seen: Seen | None, again: Revision | None = None
) -> Revision | None:
    """`fields` as for `edit_sheet`. Added to the revision of the author that waits, else to `again`, a refused one that is
    taken up, else to a new one. None when nothing is left to propose."""
    with transaction.atomic():
        hold([actor.pk], by=by)
        actor = Actor.objects.select_related("commune__department", "home_network").get(pk=actor.pk)
        rules.may_edit(by, actor).require()
        revision = _taken_up(by, actor, again)
        is_new = not (revision.pk and revision.is_waiting)
        held = held_fields(actor, by, fields)
        require_unmoved(over(held, revision), fields, seen)
        check_values(actor, recorded(actor, by, {name: value for name, value in fields.items() if name != "image"}))
        for name, value in fields.items():
            _propose(revision, name, value, held[name])
        if not revision.values:
            if revision.pk:
                _close(by, revision)
            return None
        if not is_new:
            revision.save()
            record("revision.amended", by=by, subject=revision, touch=False)
            return revision
        return _send(by, revision)


def propose_values(*, by: Viewer, actor: Actor, values: Mapping[str, Any]) -> Revision | None:
    """`values` as for `update_actor`, from a program that writes for an editor."""
    fields = dict(values)
    if "terms" in fields:
        given = list(fields.pop("terms"))
        for name, vocabulary in TERMS.items():
            wanted = [term for term in given if term.vocabulary == vocabulary]
            if {term.pk for term in wanted} != {term.pk for term in offered_terms(by, name, actor)}:
                fields[name] = wanted
    return propose_edit(by=by, actor=actor, fields=fields, seen=None)


def resubmit_revision(*, by: Viewer, revision: Revision, message: str) -> Revision:
    """A refused revision as it is, with a word to the team."""
    with transaction.atomic():
        revision = _held(by, revision)
        if revision.author_id != by.user_id or not revision.is_refused:
            raise Conflict(_("Cette modification n'attend plus rien de vous."))
        rules.may_edit(by, revision.actor).require()
        if open_revision(by, revision.actor) is not None:
            raise Conflict(_("Une autre de vos modifications de cette fiche attend déjà sa relecture."))
        revision.message = message
        return _send(by, revision)


def withdraw_revision(*, by: Viewer, revision: Revision) -> Revision:
    """The author changes their mind; the picture is not kept."""
    with transaction.atomic():
        revision = _held(by, revision)
        if revision.author_id != by.user_id:
            raise Refused(_("Seule la personne qui a proposé la modification peut la retirer."))
        if revision.state not in (RevisionState.WAITING, RevisionState.REFUSED):
            raise Conflict(_("Cette modification a déjà reçu sa réponse."))
        _close(by, revision)
    return revision


def accept_revision(*, by: Viewer, revision: Revision, names: list[str], seen: Seen, word: str = "") -> Revision:
    """Write the fields `names` as the author's own. `seen` is what the page showed: conflict if the sheet moved since."""
    with transaction.atomic():
        revision = _held(by, revision)
        _require_answerable(by, revision)
        names = [name for name in revision.values if name in names]
        old = revision.actor.image.name or ""
        picture = _picture(revision) if "image" in names else {}
        if "image" in revision.values:  # Its words say what it shows: they are taken with it, and never without.
            names = [name for name in names if name not in PICTURE_WORDS]
            names += [name for name in revision.values if name in PICTURE_WORDS and picture]
        fields = as_fields(revision, names) | picture
        if not fields:
            raise Refused(_("Choisissez au moins un champ à retenir."), status=422)
        written = edit_sheet(
            by=by,
            actor=revision.actor,
            fields=fields,
            seen=seen,
            stamp=Stamp(Origin.ACTOR, "", revision.author_id),
        )
        follow_picture(written, old)
        revision.accepted = sorted(fields)
        _forget_picture(revision)
        left = labels_of([name for name in revision.values if name not in fields])
        text = _("La fiche est à jour.")
        if left:
            text = _("Une partie est retenue. Ne l'est pas : %(fields)s.") % {"fields": ", ".join(left)}
        return _answer(by, revision, RevisionState.ACCEPTED, reason=word, text=text)


def refuse_revision(*, by: Viewer, revision: Revision, code: str, reason: str) -> Revision:
    """The author reads the reason, and may propose again from there: the picture is kept till then."""
    with transaction.atomic():
        revision = _held(by, revision)
        _require_answerable(by, revision)
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        revision.code = RefusalReason(code)
        text = _(
            "La fiche garde ce qu'elle dit. Vos valeurs sont encore dans le formulaire : corrigez-les, puis proposez de nouveau."
        )
        return _answer(by, revision, RevisionState.REFUSED, reason=reason, text=text)


# --- pieces -------------------------------------------------------------------------------------------------------------


def _taken_up(by: Viewer, actor: Actor, again: Revision | None) -> Revision:
    if waiting := open_revision(by, actor):
        return waiting
    if again is not None:
        refused = Revision.objects.filter(pk=again.pk, actor=actor, author=by.user_id, state=RevisionState.REFUSED)
        if (found := refused.first()) is not None:
            return found
    return Revision(network=actor.home_network, actor=actor, author=by.user)


def _propose(revision: Revision, name: str, value: Any, held: Any) -> None:
    """What the sheet says already is no longer proposed."""
    if name == "image":
        _propose_picture(revision, value, held)
    elif mark(value) == mark(held):
        revision.values.pop(name, None)
        revision.before.pop(name, None)
    else:
        revision.values[name], revision.before[name] = as_json(value), as_json(held)


def _propose_picture(revision: Revision, value: Any, held: str) -> None:
    _forget_picture(revision)
    if value:
        revision.picture.save("picture", value, save=False)
    revision.values["image"], revision.before["image"] = revision.picture.name or "", held


def _forget_picture(revision: Revision) -> None:
    """Once the transaction is sure."""
    if name := revision.picture.name:
        storage = revision.picture.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        revision.picture = ""


def _picture(revision: Revision) -> dict[str, Any]:
    """The picture proposed, or the removal of the one that is there; nothing when what was sent is lost."""
    name = revision.picture.name
    if not revision.values["image"]:
        return {"image": False}
    if not name or not revision.picture.storage.exists(name):
        return {}
    with revision.picture.open("rb") as stored:
        return {"image": ContentFile(stored.read(), name=name.rpartition("/")[2])}


def _send(by: Viewer, revision: Revision) -> Revision:
    revision.state, revision.sent_at = RevisionState.WAITING, timezone.now()
    revision.full_clean(exclude=["picture"], validate_constraints=False)
    revision.save()
    record("revision.sent", by=by, subject=revision, touch=False)
    telling.tell_team(
        revision.network,
        title=_("Une modification attend votre relecture : « %(actor)s »") % {"actor": revision.actor},
        text=_("Une personne qui s'occupe de la fiche l'a proposée. La fiche publiée n'a pas changé."),
        path=revision_url(revision),
        label=_("Relire la modification"),
    )
    return revision


def _held(by: Viewer, revision: Revision) -> Revision:
    hold([revision.actor_id], by=by)
    found = Revision.objects.select_for_update(of=("self",)).select_related(
        "actor__commune__department", "actor__home_network", "network", "author"
    )
    return found.get(pk=revision.pk)


def _require_answerable(by: Viewer, revision: Revision) -> None:
    if not revision.is_waiting:
        raise Conflict(_("Cette modification a déjà reçu sa réponse, ou son auteur l'a retirée."))
    rules.may_answer_revision(by, revision).require()


def _close(by: Viewer, revision: Revision) -> None:
    revision.state, revision.decided_at = RevisionState.WITHDRAWN, timezone.now()
    _forget_picture(revision)
    revision.save()
    record("revision.withdrawn", by=by, subject=revision, touch=False)


def _answer(by: Viewer, revision: Revision, state: RevisionState, *, reason: str, text: str) -> Revision:
    accepted = state == RevisionState.ACCEPTED
    revision.state, revision.reason = state, reason
    revision.decided_by, revision.decided_at = by.user, timezone.now()
    if accepted:
        revision.code = ""
    revision.save()
    details = {} if accepted else {"reason": str(RefusalReason(revision.code).label)}
    record(
        "revision.accepted" if accepted else "revision.refused", by=by, subject=revision, details=details, touch=False
    )
    title = (
        _("Votre modification de « %(actor)s » est retenue")
        if accepted
        else _("Votre modification de « %(actor)s » n'est pas retenue")
    )
    notify(
        "revision_answer",
        event=f"{revision.pk}:{state}:{revision.decided_at.isoformat()}",
        title=title % {"actor": revision.actor},
        network=revision.network,
        to=revision.author,
        url=revision_url(revision) if accepted else reverse("directory:revision_resume", args=[revision.pk]),
        context={
            "text": text,
            "code": "" if accepted else RefusalReason(revision.code).label,
            "said": revision.reason,
            "button_label": _("Voir la réponse") if accepted else _("Reprendre ma modification"),
        },
    )
    return revision


def revision_url(revision: Revision) -> str:
    return reverse("directory:revision_show", args=[revision.pk])
