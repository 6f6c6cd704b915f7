"""Writing a version of the charter and publishing it. One draft at a time in a network."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.richtext import as_text, sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import mark_changed
from maillage.directory.models import CharterVersion, Signature
from maillage.directory.models.charter import print_of
from maillage.networks.models import Network

DRAFTED = ("title", "is_major", "body")
_DEFAULT = Path(__file__).parents[2] / "data" / "charter.html"


def default_text() -> str:
    """The text proposed to a network that has none: the three values of the networks of scientific culture."""
    return sanitised(_DEFAULT.read_text(encoding="utf-8"), trusted=True)


def held_of(draft: CharterVersion | None, last: CharterVersion | None) -> dict[str, Any]:
    """What the form of the draft starts from: the draft, else the last text published, else the default one."""
    if draft is not None:
        return {"title": draft.title, "is_major": draft.minor == 0, "body": draft.body}
    if last is not None:
        return {"title": last.title, "is_major": False, "body": last.body}
    return {"title": _("Charte du réseau"), "is_major": True, "body": default_text()}


def save_draft(*, by: Viewer, values: Mapping[str, Any], seen: Seen | None = None) -> CharterVersion:
    """Write the draft, or begin one; its number follows from the last text published."""
    rules.may_work(by).require()
    with transaction.atomic():
        draft, last = _locked(by)
        held = held_of(draft, last)
        require_unmoved(held, values, seen)
        wanted = {**held, **values}
        draft = draft or CharterVersion(network=by.network)
        draft.title = wanted["title"]
        draft.body = sanitised(wanted["body"], trusted=True)
        if not as_text(draft.body):
            raise Refused(_("Écrivez le texte de la charte."), status=422)
        draft.major, draft.minor = next_number(last, is_major=wanted["is_major"])
        draft.full_clean()
        draft.save()
        record("charter.draft", by=by, subject=draft, touch=False)
    return draft


def next_number(last: CharterVersion | None, *, is_major: bool) -> tuple[int, int]:
    if last is None:
        return 1, 0
    return (last.major + 1, 0) if is_major else (last.major, last.minor + 1)


def discard_draft(*, by: Viewer, draft: CharterVersion) -> None:
    rules.may_work(by).require()
    with transaction.atomic():
        found, _last = _locked(by)
        if found is None or found.pk != draft.pk:
            raise Conflict(_("Ce projet n'existe plus : il a été publié ou jeté entre-temps."))
        record("charter.discard", by=by, subject=found, touch=False)
        found.delete()


def publish(*, by: Viewer, draft: CharterVersion, effective_on: date, read: str) -> CharterVersion:
    """Make the draft the text that is signed, for ever as it is. `read` is the print of the text that was confirmed.

    A major version begins a time to sign again on `effective_on`: every signature of the former ones lapses when the
    network's days of grace are over, without anything being written.
    """
    rules.may_publish_charter(by).require()
    with transaction.atomic():
        found, last = _locked(by)
        if found is None or found.pk != draft.pk or print_of(found.body) != read:
            raise Conflict(_("Le projet a changé depuis que vous l'avez lu : relisez-le, puis confirmez de nouveau."))
        earliest = max(timezone.localdate(), last.effective_on) if last and last.effective_on else timezone.localdate()
        if effective_on < earliest:
            raise Refused(
                _("La charte entre en vigueur le %(day)s au plus tôt.") % {"day": date_format(earliest, "j F Y")},
                status=422,
            )
        found.effective_on, found.published_at, found.sha256 = effective_on, timezone.now(), print_of(found.body)
        found.full_clean()
        found.save()
        details = {"sha256": found.sha256, "effective_on": effective_on.isoformat()}
        record("charter.publish", by=by, subject=found, details=details)
        if found.minor == 0:  # Their membership has an end by now: programs that follow the list are told.
            signed = Signature.objects.in_force().filter(network=by.network_id)
            mark_changed(sorted(set(signed.values_list("actor_id", flat=True))), only_in=by.network_id)
    return found


def _locked(by: Viewer) -> tuple[CharterVersion | None, CharterVersion | None]:
    """The draft of the viewer's network and its last published text, while the network's row is held."""
    Network.objects.select_for_update().get(pk=by.network.pk)
    versions = CharterVersion.objects.filter(network=by.network_id)
    return versions.filter(published_at=None).first(), versions.published().first()
