"""The life of a resource: sent, published, refused, offered no more, taken out by the team."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import forget, mark_changed
from maillage.catalogue.actions.writing import held
from maillage.catalogue.enums import Form, RefusalReason, State
from maillage.catalogue.models import Copy, FileVersion, Resource
from maillage.catalogue.queries.clashes import coming_bookings
from maillage.catalogue.queries.fields import snapshot
from maillage.catalogue.signals import stock_changed
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import mark
from maillage.core.viewer import Viewer

OPEN = (State.DRAFT, State.PROPOSED, State.REFUSED, State.RETIRED, State.HIDDEN)


def submit_resource(*, by: Viewer, resource: Resource) -> Resource:
    """Publish at once for those who may, else propose to the team."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_write(by, resource).require()
        if resource.state not in OPEN:
            raise Conflict(_("Cette ressource est déjà publiée."))
        if resource.state == State.HIDDEN and not rules.may_review(by, resource):
            raise Refused(_("L'équipe d'animation a retiré cette ressource : écrivez-lui pour la remettre."))
        require_whole(resource)
        reviews = bool(rules.may_review(by, resource))
        if reviews:
            require_actor_shown(resource)
        # What the team refused is read by it again, whoever wrote it; so is what an actor that is not in the directory offers.
        if reviews or (rules.may_publish(by, resource) and not resource.code and resource.is_offered):
            return _publish(by, resource)
        waited = resource.state == State.PROPOSED
        resource.state, resource.proposed_at, resource.replaced_by = State.PROPOSED, timezone.now(), None
        resource.save(update_fields=["state", "proposed_at", "replaced_by", "updated_at"])
        record("resource.propose", by=by, subject=resource)
        mark_changed(resource.pk)
        if not waited:
            telling.tell_proposed(resource)
    return resource


def publish_resource(*, by: Viewer, resource: Resource, seen: str | None = None) -> Resource:
    """By the team, as it was read (`print_of`)."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if resource.state not in (State.PROPOSED, State.REFUSED, State.HIDDEN):
            raise Conflict(_("Cette ressource n'attend pas de réponse."))
        if seen is not None and seen != print_of(resource):
            raise Conflict(_("La fiche a changé depuis que vous avez ouvert la page : relisez-la."))
        require_whole(resource)
        require_actor_shown(resource)
        return _publish(by, resource)


def print_of(resource: Resource) -> str:
    """Of all that everyone would read of it."""
    told: list[Any] = sorted((name, str(value)) for name, value in snapshot(resource).items())
    told += resource.photos.order_by("pk").values_list("pk", "image", "role", "alt", "credit", "licence", "position")
    told += resource.files.order_by("pk").values_list("pk", "title", "is_safety", "position")
    told += (
        FileVersion.objects.filter(document__resource=resource)
        .order_by("pk")
        .values_list("pk", "note", "name", "withdrawal")
    )
    told += resource.links.order_by("pk").values_list("title", "url", "position")
    told += resource.modules.order_by("pk").values_list("pk", "title", "surface", "details", "position")
    return mark(told)


def _publish(by: Viewer, resource: Resource) -> Resource:
    again = resource.state == State.RETIRED
    resource.state, resource.code, resource.reason, resource.replaced_by = State.PUBLISHED, "", "", None
    resource.reason_waits, resource.stub_title = False, ""
    resource.published_at = resource.published_at or timezone.now()
    resource.decided_by, resource.decided_at = by.user, timezone.now()
    resource.save()
    record("resource.bring_back" if again else "resource.publish", by=by, subject=resource)
    mark_changed(resource.pk)
    stock_changed.send(sender=Copy, resource=resource)  # It may have been hidden from those who wait for it.
    telling.tell_published(resource, by=by)
    return resource


def refuse_resource(*, by: Viewer, resource: Resource, code: str, reason: str) -> Resource:
    """Its people read the reason, and may propose it again once mended."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if resource.state != State.PROPOSED:
            raise Conflict(_("Cette ressource n'attend plus de réponse."))
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        _decide(by, resource, State.REFUSED, RefusalReason(code), reason)
        record("resource.refuse", by=by, subject=resource, details={"code": resource.code})
        mark_changed(resource.pk)
        telling.tell_refused(resource, by=by)
    return resource


def hide_resource(*, by: Viewer, resource: Resource, reason: str = "") -> Resource:
    """Out of the site, with all that comes from it. What is booked of it stays booked: its lender answers for it."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if resource.state != State.PUBLISHED:
            raise Conflict(_("Cette ressource n'est pas en ligne."))
        _decide(by, resource, State.HIDDEN, "", reason)
        record("resource.hide", by=by, subject=resource)
        mark_changed(resource.pk)
        telling.tell_hidden(resource, by=by)
    return resource


def retire_resource(
    *,
    by: Viewer,
    resource: Resource,
    reason: str = "",
    replaced_by: Resource | None = None,
    despite_bookings: bool = False,
) -> Resource:
    """Offered no more: its page remains as a stub that names it and its heir, for those who had its address. What is booked of it
    stays booked until its lender cancels it: only with `despite_bookings`, once they were shown. The reason of someone whose words
    are reviewed is told once the team has read it."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_retire(by, resource).require()
        if not despite_bookings and coming_bookings(resource).exists():
            raise Conflict(_("Elle a des réservations à venir : dites que vous les avez vues."))
        at_once = rules.writes_at_once(by, resource)
        same = replaced_by is not None and replaced_by.network_id == resource.network_id
        if replaced_by is not None and (replaced_by.pk == resource.pk or not same or not replaced_by.is_shown):
            raise Refused(_("Ce qui la remplace doit être une autre ressource en ligne."), status=422)
        resource.replaced_by, resource.stub_title = replaced_by, resource.title
        resource.reason_waits = bool(reason.strip()) and not at_once
        _decide(by, resource, State.RETIRED, "", reason)
        record("resource.retire", by=by, subject=resource)
        mark_changed(resource.pk)
        if resource.reason_waits:
            telling.tell_reason(resource)
    return resource


def answer_reason(*, by: Viewer, resource: Resource, reason: str, kept: bool) -> Resource:
    """The team has read why it is offered no more (`reason` as it was shown): the stub says it, or never will."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if resource.state != State.RETIRED or not resource.reason_waits or resource.reason != reason:
            raise Conflict(_("Ce motif n'attend plus de réponse : relisez la page."))
        resource.reason_waits = False
        if not kept:
            resource.reason = ""
        resource.save(update_fields=["reason", "reason_waits", "updated_at"])
        record("resource.update", by=by, subject=resource, details={"reason": "kept" if kept else "erased"})
        mark_changed(resource.pk)
    return resource


def _decide(by: Viewer, resource: Resource, state: State, code: str, reason: str) -> None:
    resource.state, resource.code, resource.reason = state, code, reason.strip()[:500]
    resource.decided_by, resource.decided_at = by.user, timezone.now()
    resource.save()


def delete_resource(*, by: Viewer, resource: Resource) -> None:
    """What nobody ever found, with its copies."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_delete(by, resource).require()
        record("resource.delete", by=by, subject=resource, touch=False)
        forget(resource)
        for copy in resource.copies.all():
            copy.components.all().delete()
        if resource.copies.filter(inside__isnull=False).exists():
            raise Refused(_("Un de ses exemplaires est dans une malle : retirez-le d'abord."), status=409)
        resource.copies.all().delete()
        resource.delete()


def feature_resource(*, by: Viewer, resource: Resource, featured: bool) -> Resource:
    """At the head of the catalogue."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if featured != (resource.featured_at is not None):
            resource.featured_at = timezone.now() if featured else None
            resource.save(update_fields=["featured_at", "updated_at"])
            record("resource.feature" if featured else "resource.unfeature", by=by, subject=resource)
            mark_changed(resource.pk)
    return resource


def require_actor_shown(resource: Resource) -> None:
    """Nobody finds what an actor offers that is not found itself."""
    if not resource.is_offered:
        raise Refused(
            _("La fiche de « %s » n'est pas en ligne dans l'annuaire : publiez-la d'abord.") % resource.actor.name,
            status=409,
        )


def require_whole(resource: Resource) -> None:
    """What everyone must be able to read of it."""
    if not resource.summary:
        raise Refused(_("Dites-la en une phrase."), status=422)
    given = FileVersion.objects.filter(document__resource=resource, refusal="", withdrawn_at=None)
    if (resource.form == Form.DOCUMENT or given.exists()) and not resource.licence:
        raise Refused(_("Un document a une licence : dites comment il peut être réutilisé."), status=422)
    if resource.form == Form.DOCUMENT and not (resource.website or given.exists() or resource.links.exists()):
        raise Refused(_("Déposez un document, ou donnez une adresse où le trouver."), status=422)
