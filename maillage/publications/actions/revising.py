"""Changes to what everyone reads: written apart, then sent; published at once by those who may, else answered by the team. Every
published state is kept, numbered (`Version`)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import mark
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.publications import rules
from maillage.publications.actions import telling
from maillage.publications.actions.editing import assign, follow_picture, forget_media, is_used, save
from maillage.publications.actions.marking import mark_changed
from maillage.publications.actions.stating import held, keep_version
from maillage.publications.enums import RefusalReason, State, VersionState
from maillage.publications.models import Publication, Version


def send_version(
    *, by: Viewer, publication: Publication, note: str = "", corrects: bool = False, seen: str | None = None
) -> Version:
    """`note` tells readers of a correction; asked for when it `corrects` what was wrong. `seen` is the print of what the page
    showed: conflict when somebody wrote on since; without it nothing is asked."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_write(by, publication).require()
        version = _written(publication)
        _require_seen(version, seen)
        version.note = legible(note).strip()[:300]
        if corrects and not version.note:
            raise Refused(_("Dites en une phrase ce qui est corrigé : les lecteurs le verront."), status=422)
        # What the team refused is read by it again, whoever wrote it.
        if rules.may_publish(by, publication) and (not version.code or rules.may_review(by, publication)):
            return _publish(by, publication, version)
        waited = version.is_waiting
        version.state, version.sent_at, version.author = VersionState.WAITING, timezone.now(), by.user
        version.save()
        record("version.send", by=by, subject=publication, touch=False)
        if not waited:
            telling.tell_version_sent(version)
    return version


def accept_version(*, by: Viewer, version: Version, seen: str) -> Version:
    """`seen` is the print of what the page showed: conflict when its author wrote on since."""
    with transaction.atomic():
        publication, version = _asked(by, version)
        _require_seen(version, seen)
        return _publish(by, publication, version)


def refuse_version(*, by: Viewer, version: Version, code: str, reason: str) -> Version:
    """Those who sign read the reason, and may go on from there."""
    with transaction.atomic():
        publication, version = _asked(by, version)
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        version.state, version.code, version.reason = VersionState.REFUSED, RefusalReason(code), reason.strip()[:500]
        version.decided_by, version.decided_at = by.user, timezone.now()
        version.save()
        record("version.refuse", by=by, subject=publication, details={"code": version.code}, touch=False)
        telling.tell_version_answer(version, by=by, accepted=False)
    return version


def discard_version(*, by: Viewer, publication: Publication) -> None:
    """What everyone reads stays as it is."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_edit(by, publication).require()
        version = _written(publication)
        record("version.discard", by=by, subject=publication, touch=False)
        version.delete()


def print_of(version: Version) -> str:
    """Of all that it would make everyone read."""
    return mark([version.note, *sorted(f"{name}={value}" for name, value in version.values.items())])


def _require_seen(version: Version, seen: str | None) -> None:
    if seen is not None and seen != print_of(version):
        raise Conflict(_("La modification a changé depuis que vous avez ouvert la page : relisez-la."))


def _written(publication: Publication) -> Version:
    version = publication.versions.being_written().first()
    if version is None or publication.state != State.PUBLISHED:
        raise Conflict(_("Il n'y a pas de modification en cours."))
    return version


def _asked(by: Viewer, version: Version) -> tuple[Publication, Version]:
    publication = held(by, version.publication)
    version = Version.objects.select_related("author").get(pk=version.pk)
    version.publication = publication
    rules.may_review_version(by, version).require()
    return publication, version


def _publish(by: Viewer, publication: Publication, version: Version) -> Version:
    old = publication.image.name or ""
    trusted = version.author is None or by.runs_network
    changes = assign(publication, version.values, trusted=trusted)
    save(publication, version.values)
    author, note, waited = version.author, version.note, version.is_waiting
    version.delete()
    kept = keep_version(publication, by, author=author, note=note)
    record("version.publish", by=by, subject=publication, changes=changes)
    mark_changed(publication)
    follow_picture(publication, changes, old if old and not is_used(old, publication) else "")
    forget_media(publication, changes)
    if waited:
        telling.tell_version_answer(kept, by=by, accepted=True)
    return kept
