"""Writing a resource step by step; its photos, documents and links."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue import actions, rules
from maillage.catalogue.forms.acts import DocumentForm, LinksForm, NamingForm, PhotoForm, WithdrawalForm
from maillage.catalogue.forms.steps import STEPS
from maillage.catalogue.models import Photo, ResourceFile
from maillage.catalogue.queries import reaching
from maillage.catalogue.queries.fields import held_fields
from maillage.catalogue.registry import MEGABYTES
from maillage.catalogue.views.asked import done, filled, own_resource, page, piece_of, say
from maillage.core.documents import given
from maillage.core.doors import signed_in
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.scanning import has_scanner

_GET_POST = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(_GET_POST)
def edit_step(request: Request, pk: int, step: str = "essentiel") -> HttpResponse:
    """One step. A change made meanwhile by someone else is shown beside what was typed."""
    if step not in STEPS:
        raise Http404
    resource = own_resource(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = STEPS[step](*sent, resource=resource, viewer=request.viewer)
    names, status = list(STEPS), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if fields := form.changed():
                    actions.edit_resource(by=request.viewer, resource=resource, fields=fields, seen=form.seen)
                messages.success(request, _("« %(step)s » est enregistré.") % {"step": form.title})
                if "suivant" in request.POST and step != names[-1]:
                    return redirect("catalogue:resource_edit_step", pk, names[names.index(step) + 1])
                return redirect("catalogue:resource_work", pk)
            except Conflict as conflict:
                status = 409
                form.tell(held_fields(own_resource(request, pk), request.viewer, form.held))
                form.add_error(None, conflict.sentence)
            except Refused as refusal:
                say(form, refusal)
                status = refusal.status
            except ValidationError as error:
                form.add_error(None, error.messages)
    context = {
        "form": form,
        "step": step,
        "title": form.title,
        "number": names.index(step) + 1,
        "steps": [(name, each.title) for name, each in STEPS.items()],
        "next_step": names[names.index(step) + 1] if step != names[-1] else "",
        "is_reviewed": rules.is_reviewed(request.viewer, resource),
    }
    return page(request, "edit", resource, status, **context)


# --- photos -------------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(_GET_POST)
@once
def edit_photos(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    form = PhotoForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status, _answer = filled(
        request,
        form,
        lambda sent: actions.add_photo(by=request.viewer, resource=resource, picture=sent["image"], words=form.words()),
    )
    if status == 302:
        messages.success(request, _("La photo est ajoutée."))
        return redirect("catalogue:resource_photos", pk)
    return page(request, "photos", resource, status, form=form, photos=list(resource.photos.all()), **_review(request, resource))  # fmt: skip


def _review(request: Request, resource: Any) -> dict[str, Any]:
    return {"is_reviewed": rules.is_reviewed(request.viewer, resource)}


@signed_in
@require_http_methods(_GET_POST)
def describe_photo(request: Request, pk: int) -> HttpResponse:
    photo = piece_of(request, Photo, pk)
    form = PhotoForm(request.POST if request.method == "POST" else None, photo=photo)
    status, _answer = filled(
        request,
        form,
        lambda sent: actions.describe_photo(by=request.viewer, photo=photo, words=form.words(), first=sent["first"]),
    )
    if status == 302:
        messages.success(request, _("C'est enregistré."))
        return redirect("catalogue:resource_photos", photo.resource_id)
    return page(request, "photo", photo.resource, status, form=form, photo=photo, **_review(request, photo.resource))


@signed_in
@require_POST
def remove_photo(request: Request, pk: int) -> HttpResponse:
    photo = piece_of(request, Photo, pk)
    act = lambda: actions.remove_photo(by=request.viewer, photo=photo)  # noqa: E731
    return done(request, act, _("La photo est retirée."), "catalogue:resource_photos", photo.resource_id)


# --- documents ----------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(_GET_POST)
@once
def edit_files(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    most = request.network.setting(MEGABYTES.name)
    form = DocumentForm(*((request.POST, request.FILES) if request.method == "POST" else ()), most=most)
    status, _answer = filled(
        request,
        form,
        lambda sent: actions.add_version(
            by=request.viewer,
            resource=resource,
            upload=sent["upload"],
            title=sent["title"],
            is_safety=sent["is_safety"],
        ),
    )
    if status == 302:
        messages.success(request, _said())
        return redirect("catalogue:resource_files", pk)
    documents = list(resource.files.prefetch_related("versions").select_related("latest"))
    context = {"form": form, "documents": documents, "scans": has_scanner(), **_review(request, resource)}
    return page(request, "files", resource, status, **context)


def _said() -> str:
    if has_scanner():
        return _("Le document est déposé : il sera donné une fois vérifié, dans une minute ou deux.")
    return _("Le document est déposé.")


@signed_in
@require_http_methods(_GET_POST)
@once
def edit_file(request: Request, pk: int) -> HttpResponse:
    """Its next version."""
    document = piece_of(request, ResourceFile, pk)
    resource, most = document.resource, request.network.setting(MEGABYTES.name)
    form = DocumentForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), document=document, most=most
    )
    status, _answer = filled(
        request,
        form,
        lambda sent: actions.add_version(
            by=request.viewer, resource=resource, document=document, upload=sent["upload"], note=sent["note"]
        ),
    )
    if status == 302:
        messages.success(request, _said())
        return redirect("catalogue:resource_file", pk)
    return _file_page(request, document, status, form=form)


def _file_page(request: Request, document: ResourceFile, status: int, **forms: Any) -> HttpResponse:
    named = {"title": document.title, "is_safety": document.is_safety}
    most = request.network.setting(MEGABYTES.name)
    context = {
        "document": document,
        "versions": list(document.versions.select_related("author")),
        "form": DocumentForm(document=document, most=most),
        "naming_form": NamingForm(initial=named, auto_id="nom-%s"),
        **_review(request, document.resource),
        **forms,
    }
    return page(request, "file", document.resource, status, **context)


@signed_in
@require_POST
def name_file(request: Request, pk: int) -> HttpResponse:
    document = piece_of(request, ResourceFile, pk)
    form = NamingForm(request.POST, auto_id="nom-%s")
    status, _answer = filled(
        request, form, lambda sent: actions.describe_document(by=request.viewer, document=document, **sent)
    )
    if status != 302:
        return _file_page(request, document, status, naming_form=form)
    messages.success(request, _("C'est enregistré."))
    return redirect("catalogue:resource_file", pk)


@signed_in
@require_POST
def remove_file(request: Request, pk: int) -> HttpResponse:
    document = piece_of(request, ResourceFile, pk)
    act = lambda: actions.remove_document(by=request.viewer, document=document)  # noqa: E731
    sentence = _("Le document et ses versions sont retirés.")
    return done(request, act, sentence, "catalogue:resource_files", document.resource_id)


@signed_in
@require_safe
def open_version(request: Request, pk: int) -> HttpResponse:
    """For those who wrote it, before it is given to others; not one that was found malicious."""
    version = get_object_or_404(reaching.versions(request.viewer), pk=pk)
    own_resource(request, version.document.resource_id)
    response = given(version.file, version.kind, version.name.rpartition(".")[0])
    response["Content-Disposition"] = response["Content-Disposition"].replace(
        ".bin", f".{version.name.rpartition('.')[2]}"
    )
    return response


@signed_in
@require_http_methods(_GET_POST)
def withdraw_version(request: Request, pk: int) -> HttpResponse:
    version = get_object_or_404(reaching.withdrawable(request.viewer), pk=pk)
    resource = own_resource(request, version.document.resource_id)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    status, _answer = filled(
        request, form, lambda sent: actions.withdraw_version(by=request.viewer, version=version, **sent)
    )
    if status == 302:
        messages.success(request, _("Le fichier est supprimé ; la page dit quand et pourquoi."))
        return redirect("catalogue:resource_file", version.document_id)
    return page(request, "withdraw", resource, status, form=form, version=version, **_review(request, resource))


# --- links --------------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(_GET_POST)
def edit_links(request: Request, pk: int) -> HttpResponse:
    resource = own_resource(request, pk)
    held = list(resource.links.all())
    initial = {"links": "\n".join(f"{link.title} | {link.url}" for link in held)}
    form = LinksForm(request.POST if request.method == "POST" else None, initial=initial)
    status, _answer = filled(
        request, form, lambda sent: actions.set_links(by=request.viewer, resource=resource, links=sent["links"])
    )
    if status == 302:
        messages.success(request, _("Les liens sont enregistrés."))
        return redirect("catalogue:resource_work", pk)
    return page(request, "links", resource, status, form=form, links=held, **_review(request, resource))
