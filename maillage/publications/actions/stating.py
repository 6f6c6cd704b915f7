"""The life of a publication: sent, published, refused, taken back by its authors, taken out by the team."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.richtext import as_text
from maillage.core.seen import mark
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.publications import rules
from maillage.publications.actions import telling
from maillage.publications.actions.marking import forget, hold, mark_changed
from maillage.publications.actions.minding import lift_embargo_of
from maillage.publications.actions.withdrawing import withdraw_pictures
from maillage.publications.enums import Kind, RefusalReason, State, VersionState
from maillage.publications.models import Publication, Version
from maillage.publications.models.publications import new_key
from maillage.publications.queries.fields import snapshot
from maillage.publications.queries.gathering import pieces_of

MOST_SAID = 200  # Characters of why a text was taken back: everyone reads them.
_OPEN = (State.DRAFT, State.PROPOSED, State.REFUSED, State.TAKEN_BACK, State.HIDDEN)


def submit_publication(*, by: Viewer, publication: Publication) -> Publication:
    """Publish at once for those who may, else propose to the team."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_edit(by, publication).require()
        _require_settled(publication)
        if publication.state not in _OPEN:
            raise Conflict(_("Ce texte est déjà publié."))
        if publication.state == State.HIDDEN and not rules.may_review(by, publication):
            raise Refused(_("L'équipe d'animation a retiré ce texte : écrivez-lui pour le remettre."))
        require_whole(publication)
        # What the team refused is read by it again, whoever wrote it.
        if rules.may_publish(by, publication) and (not publication.code or rules.may_review(by, publication)):
            return _publish(by, publication)
        waited = publication.state == State.PROPOSED
        publication.state, publication.proposed_at = State.PROPOSED, timezone.now()
        publication.save(update_fields=["state", "proposed_at", "updated_at"])
        record("publication.propose", by=by, subject=publication)
        mark_changed(publication)
        if not waited:
            telling.tell_proposed(publication)
    return publication


def publish_publication(*, by: Viewer, publication: Publication, seen: str | None = None) -> Publication:
    """The team accepts what was proposed, or puts back what was taken out. `seen` is the print of what the page showed: conflict
    when its authors wrote on since; without it (a program publishes) nothing is asked."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_review(by, publication).require()
        _require_settled(publication)
        if publication.state == State.PUBLISHED:
            raise Conflict(_("Ce texte est déjà publié."))
        if publication.state == State.DRAFT:
            raise Conflict(_("Ce texte n'a pas été proposé."))
        if seen is not None and seen != print_of(publication):
            raise Conflict(_("Le texte a changé depuis que vous avez ouvert la page : relisez-le."))
        require_whole(publication)
        return _publish(by, publication)


def print_of(publication: Publication) -> str:
    """Of all that everyone would read of it."""
    return mark(sorted((name, str(value)) for name, value in snapshot(publication).items()))


def _publish(by: Viewer, publication: Publication) -> Publication:
    publication.state, publication.code, publication.reason = State.PUBLISHED, "", ""
    publication.published_at = publication.published_at or timezone.now()
    publication.decided_by, publication.decided_at = by.user, timezone.now()
    publication.replaced_by = None
    publication.save()
    keep_version(publication, by)
    record("publication.publish", by=by, subject=publication)
    mark_changed(publication)
    telling.tell_published(publication, by=by)
    lift_embargo_of(publication)
    return publication


def keep_version(publication: Publication, by: Viewer, **fields: Any) -> Version:
    """What everyone reads from now on, numbered."""
    last = publication.versions.aggregate(last=Max("number"))["last"] or 0
    author = fields.pop("author", publication.author or by.user)
    return Version.objects.create(
        publication=publication, state=VersionState.PUBLISHED, number=last + 1, author=author,
        values=snapshot(publication), decided_by=by.user, decided_at=timezone.now(), **fields,
    )  # fmt: skip


def refuse_publication(*, by: Viewer, publication: Publication, code: str, reason: str) -> Publication:
    """Those who sign read the reason, and may propose it again once mended."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_review(by, publication).require()
        if publication.state != State.PROPOSED:
            raise Conflict(_("Ce texte n'attend plus de réponse."))
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        _decide(by, publication, State.REFUSED, RefusalReason(code), reason)
        record("publication.refuse", by=by, subject=publication, details={"code": publication.code})
        mark_changed(publication)
        telling.tell_refused(publication, by=by)
    return publication


def hide_publication(*, by: Viewer, publication: Publication, reason: str = "") -> Publication:
    """Out of the site, with all that comes from it: feeds, search, map of the site."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_review(by, publication).require()
        if publication.state != State.PUBLISHED:
            raise Conflict(_("Ce texte n'est pas en ligne."))
        _decide(by, publication, State.HIDDEN, "", reason)
        withdraw_pictures(publication)
        record("publication.hide", by=by, subject=publication)
        mark_changed(publication)
        telling.tell_hidden(publication, by=by)
    return publication


def take_back_publication(
    *, by: Viewer, publication: Publication, reason: str = "", replaced_by: Publication | None = None
) -> Publication:
    """By who signs it: its address answers that it is gone and why, in their words that nobody read before, or leads to what
    replaces it."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_take_back(by, publication).require()
        if replaced_by is not None and (replaced_by.pk == publication.pk or not replaced_by.is_shown):
            raise Refused(_("Ce qui le remplace doit être une autre publication en ligne."), status=422)
        publication.replaced_by = replaced_by
        publication.preview_key = new_key()  # Those who had the link before it appeared read it no more.
        _decide(by, publication, State.TAKEN_BACK, "", legible(reason)[:MOST_SAID])
        withdraw_pictures(publication)
        record("publication.take_back", by=by, subject=publication)
        mark_changed(publication)
    return publication


def _decide(by: Viewer, publication: Publication, state: State, code: str, reason: str) -> None:
    publication.state, publication.code, publication.reason = state, code, reason.strip()[:500]
    publication.decided_by, publication.decided_at = by.user, timezone.now()
    publication.save()


def delete_publication(*, by: Viewer, publication: Publication) -> None:
    """What nobody ever read."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_delete(by, publication).require()
        record("publication.delete", by=by, subject=publication, touch=False)
        forget(publication)
        publication.delete()


def feature_publication(*, by: Viewer, publication: Publication, featured: bool) -> Publication:
    """At the head of the site."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_review(by, publication).require()
        if featured == (publication.featured_at is not None):
            return publication
        publication.featured_at = timezone.now() if featured else None
        publication.save(update_fields=["featured_at", "updated_at"])
        record("publication.feature" if featured else "publication.unfeature", by=by, subject=publication)
        mark_changed(publication)
    return publication


def renew_preview(*, by: Viewer, publication: Publication) -> Publication:
    """Another preview link; those who had the former one read no more."""
    with transaction.atomic():
        publication = held(by, publication)
        rules.may_write(by, publication).require()
        publication.preview_key = new_key()
        publication.save(update_fields=["preview_key", "updated_at"])
        record("publication.preview_renewed", by=by, subject=publication, touch=False)
    return publication


def _require_settled(publication: Publication) -> None:
    """What is hidden because of reports comes back by the answer to them."""
    if publication.state == State.SUSPENDED:
        raise Conflict(_("Ce texte est masqué le temps que l'équipe réponde aux signalements."))


def require_whole(publication: Publication) -> None:
    """What everyone must be able to read of it."""
    if publication.kind == Kind.DOSSIER:
        if not pieces_of(publication, Viewer(network=publication.network)):
            raise Refused(_("Un dossier rassemble au moins un contenu de ce site ou un lien."), status=422)
    elif not (publication.summary or as_text(publication.body)):
        raise Refused(_("Écrivez au moins quelques mots."), status=422)
    if publication.kind == Kind.ANNOUNCEMENT and publication.is_over:
        raise Refused(_("Cette annonce n'est plus valable : changez son dernier jour."), status=422)
    if not publication.credits.accepted().exists():
        raise Refused(_("Il faut au moins une signature acceptée."), status=422)


def held(by: Viewer, publication: Publication) -> Publication:
    hold(by.network, publication.pk)
    return Publication.objects.select_related("network", "author").get(pk=publication.pk)
