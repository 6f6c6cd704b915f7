"""What is lent: modules, copies, kits, what is used up, upkeep."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue import actions, rules
from maillage.catalogue.actions.stocking import now_half
from maillage.catalogue.forms.stock import ConsumableForm, CopiesForm, CopyForm, ModuleForm, PartForm, UpkeepForm
from maillage.catalogue.models import Booking, Consumable, Copy, Module, Resource
from maillage.catalogue.queries import reaching
from maillage.catalogue.views.asked import done, filled, own_resource, page, piece_of
from maillage.core.doors import signed_in
from maillage.core.once import once
from maillage.core.requests import Request

_GET_POST = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def show_stock(request: Request, pk: int) -> HttpResponse:
    return _stock(request, own_resource(request, pk))


def _stock(request: Request, resource: Resource, status: int = 200, **forms: Any) -> HttpResponse:
    copies: Any = list(resource.copies.select_related("module", "inside__kit").prefetch_related("components__part"))
    for copy in copies:
        copy.lies_in = copy.inside.kit.label if hasattr(copy, "inside") else ""
    context = {
        "is_reviewed": rules.is_reviewed(request.viewer, resource),
        "copies": copies,
        "modules": list(resource.modules.all()),
        "consumables": list(resource.consumables.all()),
        "copies_form": CopiesForm(resource=resource, auto_id="ex-%s"),
        "module_form": ModuleForm(auto_id="module-%s"),
        "consumable_form": ConsumableForm(auto_id="conso-%s"),
        **forms,
    }
    return page(request, "stock", resource, status, **context)


@signed_in
@require_POST
@once
def add_copies(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    form = CopiesForm(request.POST, resource=resource, auto_id="ex-%s")
    status, made = filled(
        request, form, lambda given: actions.add_copies(by=request.viewer, resource=resource, **given)
    )
    if status != 302:
        return _stock(request, resource, status, copies_form=form, form=form)
    messages.success(request, _("Exemplaires ajoutés : %(count)d.") % {"count": len(made)})
    return redirect("catalogue:resource_stock", pk)


@signed_in
@require_http_methods(_GET_POST)
def edit_copy(request: Request, pk: int) -> HttpResponse:
    copy = piece_of(request, Copy, pk)
    form = CopyForm(request.POST if request.method == "POST" else None, copy=copy)
    status, _answer = filled(
        request, form, lambda given: actions.edit_copy(by=request.viewer, copy=copy, fields=_changed(form, given))
    )
    if status == 302:
        messages.success(request, _("C'est enregistré."))
        return redirect("catalogue:copy_edit", pk)
    return _copy_page(request, copy, status, form=form)


def _changed(form: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in form.changed_data}


def _copy_page(request: Request, copy: Copy, status: int = 200, **forms: Any) -> HttpResponse:
    now = now_half(copy.resource.network)
    context = {
        "copy": copy,
        "form": CopyForm(copy=copy),
        "components": list(copy.components.select_related("part__resource")),
        "part_form": PartForm(parts=reaching.free_parts(request.viewer, copy), auto_id="malle-%s"),
        "inside": reaching.kit_of(copy),
        "upkeep": list(reaching.upkeep_of(copy, now)),
        "upkeep_form": UpkeepForm(auto_id="entretien-%s"),
        "may_remove": not copy.holds.exists(),
        **forms,
    }
    return page(request, "copy", copy.resource, status, **context)


@signed_in
@require_POST
def remove_copy(request: Request, pk: int) -> HttpResponse:
    copy = piece_of(request, Copy, pk)
    act = lambda: actions.remove_copy(by=request.viewer, copy=copy)  # noqa: E731
    return done(request, act, _("L'exemplaire est effacé."), "catalogue:resource_stock", copy.resource_id)


@signed_in
@require_POST
def put_in(request: Request, pk: int) -> HttpResponse:
    copy = piece_of(request, Copy, pk)
    form = PartForm(request.POST, parts=reaching.free_parts(request.viewer, copy), auto_id="malle-%s")
    status, _answer = filled(
        request, form, lambda given: actions.put_in(by=request.viewer, kit=copy, part=given["part"])
    )
    if status != 302:
        return _copy_page(request, copy, status, part_form=form)
    messages.success(request, _("C'est dans la malle : réserver l'un occupe l'autre."))
    return redirect("catalogue:copy_edit", pk)


@signed_in
@require_POST
def take_out(request: Request, pk: int) -> HttpResponse:
    component = get_object_or_404(reaching.components(request.viewer), pk=pk)
    own_resource(request, component.kit.resource_id)
    act = lambda: actions.take_out(by=request.viewer, component=component)  # noqa: E731
    return done(request, act, _("Ce n'est plus dans la malle."), "catalogue:copy_edit", component.kit_id)


@signed_in
@require_POST
def begin_upkeep(request: Request, pk: int) -> HttpResponse:
    copy = piece_of(request, Copy, pk)
    form = UpkeepForm(request.POST, auto_id="entretien-%s")
    status, _answer = filled(request, form, lambda given: actions.begin_upkeep(by=request.viewer, copy=copy, **given))
    if status != 302:
        return _copy_page(request, copy, status, upkeep_form=form)
    messages.success(request, _("Il n'est plus libre ces jours-là."))
    return redirect("catalogue:copy_edit", pk)


@signed_in
@require_POST
def end_upkeep(request: Request, pk: int) -> HttpResponse:
    booking = piece_of(request, Booking, pk)
    copy = booking.holds.values_list("copy", flat=True).first()
    act = lambda: actions.end_upkeep(by=request.viewer, booking=booking)  # noqa: E731
    if copy is None:
        return done(request, act, _("Il est libre de nouveau."), "catalogue:resource_stock", booking.resource_id)
    return done(request, act, _("Il est libre de nouveau."), "catalogue:copy_edit", copy)


# --- modules and what is used up ----------------------------------------------------------------------------------------


@signed_in
@require_POST
@once
def add_module(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    form = ModuleForm(request.POST, auto_id="module-%s", instance=Module(resource=resource))
    status, _answer = filled(
        request, form, lambda given: actions.save_module(by=request.viewer, resource=resource, fields=given)
    )
    if status != 302:
        return _stock(request, resource, status, module_form=form, form=form)
    messages.success(request, _("Le module est ajouté."))
    return redirect("catalogue:resource_stock", pk)


@signed_in
@require_http_methods(_GET_POST)
def edit_module(request: Request, pk: int) -> HttpResponse:
    module = piece_of(request, Module, pk)
    resource = module.resource
    form = ModuleForm(request.POST if request.method == "POST" else None, instance=module)
    status, _answer = filled(
        request,
        form,
        lambda given: actions.save_module(
            by=request.viewer, resource=resource, module=module, fields=_changed(form, given)
        ),
    )
    if status == 302:
        messages.success(request, _("C'est enregistré."))
        return redirect("catalogue:resource_stock", resource.pk)
    return page(
        request,
        "piece",
        resource,
        status,
        form=form,
        piece=module,
        kind="module",
        is_reviewed=rules.is_reviewed(request.viewer, resource),
    )


@signed_in
@require_POST
def remove_module(request: Request, pk: int) -> HttpResponse:
    module = piece_of(request, Module, pk)
    act = lambda: actions.remove_module(by=request.viewer, module=module)  # noqa: E731
    return done(request, act, _("Le module est retiré."), "catalogue:resource_stock", module.resource_id)


@signed_in
@require_POST
@once
def add_consumable(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    form = ConsumableForm(request.POST, auto_id="conso-%s", instance=Consumable(resource=resource))
    status, _answer = filled(
        request, form, lambda given: actions.save_consumable(by=request.viewer, resource=resource, fields=given)
    )
    if status != 302:
        return _stock(request, resource, status, consumable_form=form, form=form)
    messages.success(request, _("Le consommable est ajouté."))
    return redirect("catalogue:resource_stock", pk)


@signed_in
@require_http_methods(_GET_POST)
def edit_consumable(request: Request, pk: int) -> HttpResponse:
    one = piece_of(request, Consumable, pk)
    resource = one.resource
    form = ConsumableForm(request.POST if request.method == "POST" else None, instance=one)
    status, _answer = filled(
        request,
        form,
        lambda given: actions.save_consumable(
            by=request.viewer, resource=resource, consumable=one, fields=_changed(form, given)
        ),
    )
    if status == 302:
        messages.success(request, _("C'est enregistré."))
        return redirect("catalogue:resource_stock", resource.pk)
    return page(request, "piece", resource, status, form=form, piece=one, kind="consumable")


@signed_in
@require_POST
def remove_consumable(request: Request, pk: int) -> HttpResponse:
    one = piece_of(request, Consumable, pk)
    act = lambda: actions.remove_consumable(by=request.viewer, consumable=one)  # noqa: E731
    return done(request, act, _("Le consommable est retiré."), "catalogue:resource_stock", one.resource_id)
