"""The media of a text: pictures kept here, sounds and videos that are elsewhere."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.seen import marks, read
from maillage.core.text import whole_number
from maillage.publications.actions.editing import edit_publication, keep_picture
from maillage.publications.forms.acts import MediaForm
from maillage.publications.models.formats import MOST_MEDIA
from maillage.publications.queries.fields import held_fields
from maillage.publications.queries.rendering import told_media
from maillage.publications.views.asked import own_publication
from maillage.publications.views.edit import apart


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_media(request: Request, pk: int) -> HttpResponse:
    """Add one, take one away: their ranks are what the text refers to, so the last ones move down."""
    viewer, publication = request.viewer, own_publication(request, pk)
    held = list(held_fields(publication, viewer, ["media"])["media"])
    act = request.POST.get("acte", "")
    form = MediaForm(*((request.POST, request.FILES) if act == "ajouter" else ()))
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if act == "ajouter" and form.is_valid():
                if len(held) >= MOST_MEDIA:
                    raise Refused(_("Trente médias au plus."), status=422)
                picture = form.cleaned_data.get("picture")
                stored = keep_picture(picture) if picture else ""
                _write(request, publication, [*held, form.medium(stored)])
                messages.success(
                    request, _("Ajouté : écrivez « [média %d] » seul sur une ligne pour le placer.") % (len(held) + 1)
                )
                return redirect("publications:publication_media", pk)
            if act == "retirer":
                rank = whole_number(request.POST.get("rang", "")) or 0
                if not 1 <= rank <= len(held):
                    raise Http404
                _write(request, publication, [each for at, each in enumerate(held, 1) if at != rank])
                messages.success(request, _("Retiré : les suivants ont changé de numéro, vérifiez le texte."))
                return redirect("publications:publication_media", pk)
        except Refused as refusal:
            form.add_error(None, refusal.sentence) if form.is_bound else messages.error(request, refusal.sentence)
            status = refusal.status
    context = {
        "publication": publication,
        "form": form,
        "media": told_media(held),
        "vu": marks({"media": held}),
        **apart(publication, request),
    }
    return render(request, "publications/work/media.html", context, status=status)


def _write(request: Request, publication: object, media: list[dict[str, str]]) -> None:
    edit_publication(
        by=request.viewer, publication=publication, fields={"media": media}, seen=read(request.POST.get("vu", ""))
    )
