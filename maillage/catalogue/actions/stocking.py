"""What is lent: modules, copies and their labels, what lies in kits, what is used up, copies taken apart for upkeep."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions.marking import mark_changed
from maillage.catalogue.actions.occupying import assign, fix, hold_stock, move_away, occupy, release
from maillage.catalogue.actions.writing import changed, held, piece_of
from maillage.catalogue.engine.halves import Span, half_at, half_of
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import PROMISED, Booking, Component, Consumable, Copy, Hold, Module, Resource
from maillage.catalogue.signals import stock_changed
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.networks.models import Network

COPIES, MODULES, CONSUMABLES = 500, 60, 60
_OF_COPY = {"label", "where", "state", "state_note"}
_OF_CONSUMABLE = {"title", "each", "stock", "low"}


def _stocked(by: Viewer, resource: Resource) -> Resource:
    resource = held(by, resource)
    rules.may_stock(by, resource).require()
    return resource


def _worded(by: Viewer, resource: Resource) -> Resource:
    """What a module says is read by everyone."""
    resource = held(by, resource)
    rules.may_write(by, resource).require()
    return resource


def _done(by: Viewer, resource: Resource, **details: Any) -> None:
    record("resource.stock", by=by, subject=resource, details=details)
    mark_changed(resource.pk)


def now_half(network: Network) -> int:
    return half_at(timezone.now(), timezone.get_current_timezone())


# --- modules ------------------------------------------------------------------------------------------------------------


def save_module(*, by: Viewer, resource: Resource, fields: Mapping[str, Any], module: Module | None = None) -> Module:
    """The first module of a resource takes the copies that it has: they become copies of that module."""
    with transaction.atomic():
        resource = _worded(by, resource)
        if module is None:
            if resource.modules.count() >= MODULES:
                raise Refused(_("Soixante modules au plus."), status=422, field="title")
            last = resource.modules.aggregate(last=Max("position"))["last"]
            module = Module(resource=resource, position=0 if last is None else last + 1)
        else:
            module = piece_of(resource.modules, module)
        for name in fields.keys() & {"title", "surface", "details"}:
            setattr(module, name, fields[name])
        module.full_clean()
        module.save()
        resource.copies.filter(module=None).update(module=module)
        changed(by, resource, "resource.stock", module=module.title)
    return module


def remove_module(*, by: Viewer, module: Module) -> None:
    with transaction.atomic():
        resource = _worded(by, module.resource)
        module = piece_of(resource.modules, module)
        if module.copies.exists():
            raise Refused(_("Ce module a des exemplaires : retirez-les d'abord."), status=409)
        module.delete()
        changed(by, resource, "resource.stock", module_removed=module.title)


# --- copies -------------------------------------------------------------------------------------------------------------


def add_copies(
    *, by: Viewer, resource: Resource, number: int, label: str, module: Module | None = None, where: str = ""
) -> list[Copy]:
    """So many at once, labelled « label 1 », « label 2 »…, after those that are there (one alone takes the label as it is)."""
    with transaction.atomic():
        resource = _stocked(by, resource)
        if resource.copies.count() + number > COPIES:
            raise Refused(_("Cinq cents exemplaires au plus."), status=422, field="number")
        if (module is None) == resource.modules.exists() or (module is not None and module.resource_id != resource.pk):
            raise Refused(_("Dites de quel module sont ces exemplaires."), status=422, field="module")
        taken = set(resource.copies.values_list("label", flat=True))
        wanted: list[str] = [label] if number == 1 and label not in taken else []
        rank = 0
        while len(wanted) < number:
            rank += 1
            if (name := f"{label[:34]} {rank}") not in taken:
                wanted.append(name)
        made = [Copy(resource=resource, module=module, label=name, where=where) for name in wanted]
        for copy in made:
            copy.full_clean()
            copy.save()
        stock_changed.send(sender=Copy, resource=resource)
        _done(by, resource, copies=wanted[:20])
    return made


def edit_copy(*, by: Viewer, copy: Copy, fields: Mapping[str, Any]) -> Copy:
    """Its label, where it lies, its state; what was promised of one that may be promised no more goes to others, as far as they
    serve. What `fields` leaves out stays."""
    with transaction.atomic():
        resource = _stocked(by, copy.resource)
        hold_stock(resource)
        copy = piece_of(resource.copies, copy)
        was = copy.state
        for name in _OF_COPY & fields.keys():
            setattr(copy, name, fields[name])
        copy.full_clean()
        copy.save()
        if was != copy.state and copy.state not in PROMISED:
            move_away(copy)
        if was != copy.state:
            stock_changed.send(sender=Copy, resource=resource)
        _done(by, resource, copy=copy.label, state=[was, copy.state])
    return copy


def remove_copy(*, by: Viewer, copy: Copy) -> None:
    """One entered by mistake, that nothing was booked of; others leave the inventory by their state."""
    with transaction.atomic():
        resource = _stocked(by, copy.resource)
        copy = piece_of(resource.copies, copy)
        if copy.holds.exists():
            raise Refused(
                _("Cet exemplaire a servi : dites-le « sorti de l'inventaire » plutôt que de l'effacer."), status=409
            )
        if copy.components.exists() or hasattr(copy, "inside"):
            raise Refused(_("Cet exemplaire est dans une malle, ou en est une : séparez-les d'abord."), status=409)
        copy.delete()
        _done(by, resource, copy_removed=copy.label)


# --- kits ---------------------------------------------------------------------------------------------------------------


def put_in(*, by: Viewer, kit: Copy, part: Copy) -> Component:
    """A copy lies in a kit from now on: booking either makes the other busy."""
    with transaction.atomic():
        resource = _stocked(by, kit.resource)
        rules.may_stock(by, part.resource).require()
        hold_stock(resource)
        hold_stock(part.resource)
        if kit.pk == part.pk or hasattr(part, "inside") or part.components.exists() or hasattr(kit, "inside"):
            raise Refused(
                _("Un exemplaire est dans une seule malle, et une malle n'en contient pas d'autre."), status=422
            )
        _require_unpromised(kit, part)
        component = Component.objects.create(kit=kit, part=part)
        _done(by, resource, put_in=[kit.label, part.label])
    return component


def take_out(*, by: Viewer, component: Component) -> None:
    with transaction.atomic():
        resource = _stocked(by, component.kit.resource)
        hold_stock(resource)
        _require_unpromised(component.kit)
        component.delete()
        stock_changed.send(sender=Copy, resource=resource)
        stock_changed.send(sender=Copy, resource=component.part.resource)
        _done(by, resource, taken_out=[component.kit.label, component.part.label])


def _require_unpromised(*copies: Copy) -> None:
    """What goes along with a booking does not change under it."""
    now = now_half(copies[0].resource.network)
    if Hold.objects.filter(copy__in=copies, last__gte=now).exists():
        raise Refused(_("L'un des deux est réservé : attendez son retour, ou libérez-le d'abord."), status=409)


# --- what is used up ----------------------------------------------------------------------------------------------------


def save_consumable(
    *, by: Viewer, resource: Resource, fields: Mapping[str, Any], consumable: Consumable | None = None
) -> Consumable:
    with transaction.atomic():
        resource = _stocked(by, resource)
        one = piece_of(resource.consumables, consumable) if consumable is not None else Consumable(resource=resource)
        if consumable is None and resource.consumables.count() >= CONSUMABLES:
            raise Refused(_("Soixante consommables au plus."), status=422, field="title")
        for name in _OF_CONSUMABLE & fields.keys():
            setattr(one, name, fields[name])
        one.full_clean()
        one.save()
        _done(by, resource, consumable=one.title, stock=one.stock)
    return one


def remove_consumable(*, by: Viewer, consumable: Consumable) -> None:
    with transaction.atomic():
        resource = _stocked(by, consumable.resource)
        piece_of(resource.consumables, consumable).delete()
        _done(by, resource, consumable_removed=consumable.title)


# --- upkeep -------------------------------------------------------------------------------------------------------------


def begin_upkeep(*, by: Viewer, copy: Copy, first_on: date, last_on: date, note: str = "") -> Booking:
    """That copy is not free from the morning of a day to the evening of another; what was promised of it, and is not prepared,
    goes to others. `Taken` when they do not serve all of it."""
    with transaction.atomic():
        resource = _stocked(by, copy.resource)
        copy = piece_of(resource.copies, copy)
        if copy.state not in PROMISED:
            raise Refused(_("Cet exemplaire n'est déjà promis à personne : changez plutôt son état."), status=409)
        if last_on < first_on:
            raise Refused(_("L'entretien finit après avoir commencé."), status=422)
        span = Span(half_of(first_on), half_of(last_on, afternoon=True))
        booking = occupy(
            resource=resource, kind=BookingKind.UPKEEP, span=span, wanted={copy.module_id: 1}, note=note.strip()
        )
        assign(booking.holds.get(via=None), copy)
        fix(booking)
        record("resource.upkeep", by=by, subject=resource, details={"copy": copy.label})
        mark_changed(resource.pk)
    return booking


def end_upkeep(*, by: Viewer, booking: Booking) -> None:
    """It is free again from this half-day on."""
    with transaction.atomic():
        resource = _stocked(by, booking.resource)
        booking = piece_of(resource.bookings, booking)
        if booking.kind != BookingKind.UPKEEP:
            raise Refused(_("Cette réservation n'est pas un entretien."), status=409)
        now = now_half(resource.network)
        if booking.last < now:
            raise Refused(_("Cet entretien est déjà fini."), status=409)
        release(booking, after=now - 1)
        if booking.holds.exists():
            booking.last = max(booking.first, now - 1)
            booking.save(update_fields=["last", "updated_at"])
        else:
            booking.delete()
        stock_changed.send(sender=Copy, resource=resource)
        record("resource.upkeep_end", by=by, subject=resource)
        mark_changed(resource.pk)
