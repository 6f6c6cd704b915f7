"""The public page of a publication, its preview, the count of its readings."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from maillage.core.doors import answers_when_closed, network_of
from maillage.core.mail import absolute_url
from maillage.core.throttle import client_of, hit
from maillage.core.viewer import Viewer
from maillage.publications import rules
from maillage.publications.actions.reading import count_reading
from maillage.publications.enums import Kind, State
from maillage.publications.forms.acts import CommentForm
from maillage.publications.models import Publication
from maillage.publications.queries.gathering import pieces_of
from maillage.publications.queries.linked import linked_data
from maillage.publications.queries.reading import (
    alike,
    comments_of,
    dossiers_of,
    gone_at,
    page_of_publication,
    previewed,
    shown_at,
)
from maillage.publications.registry import publication_main, publication_side


@require_safe
def show_publication(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    """410 for what everyone read and reads no more, or the way to what replaces it; 404 for what one may not see. What its authors
    say of it is read, why the team took it out is theirs."""
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    found = Publication.objects.visible_to(viewer).in_section(section).filter(slug=slug).first()
    if found is None or (found.state == State.TAKEN_BACK and not _holds(viewer, found)):
        return _gone(request, section, slug)
    found.network = network
    return page_of(request, found)


def _holds(viewer: Viewer, publication: Publication) -> bool:
    return viewer.is_authenticated and bool(rules.may_edit(viewer, publication))


def _gone(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    found = gone_at(network_of(request), section, slug)
    if found is None:
        raise Http404
    by_authors, heir = found.state == State.TAKEN_BACK, found.replaced_by
    if by_authors and heir is not None and heir.is_shown:
        return redirect(heir, permanent=True)
    context = {"by_authors": by_authors, "reason": found.reason if by_authors else "", "section": section}
    return render(request, "publications/public/gone.html", context, status=410)


def page_of(
    request: HttpRequest, publication: Publication, status: int = 200, form: Any = None, *, by_link: bool = False
) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    told = page_of_publication(publication, viewer, plays=True)
    url = absolute_url(network, publication.get_absolute_url())
    image_url = absolute_url(network, publication.image.url) if publication.image else ""
    may_edit = viewer.is_authenticated and not viewer.system and bool(rules.may_edit(viewer, publication))
    takes = rules.takes_comments(publication)
    waits = takes and viewer.is_authenticated and not rules.comments_at_once(viewer, publication)
    context: dict[str, Any] = {
        "publication": publication,
        "told": told,
        "canonical": url,
        "image_url": image_url,
        "linked": linked_data(told, url, image_url, network),
        "pieces": pieces_of(publication, viewer) if publication.kind == Kind.DOSSIER else [],
        "alike": [] if by_link else alike(viewer, publication),
        "dossiers": [] if by_link else dossiers_of(viewer, publication),
        "comments": comments_of(publication, viewer) if not by_link and publication.is_shown else [],
        "takes_comments": takes,
        "comment_form": form or CommentForm(waits=waits),
        "form": form,
        "may_edit": may_edit,
        "may_moderate": may_edit and bool(rules.may_review(viewer, publication)),
        "is_hidden": not publication.is_shown,
        "by_link": by_link,
        "main_panels": [] if by_link else publication_main.panels(viewer, publication),
        "side_panels": [] if by_link else publication_side.panels(viewer, publication),
    }
    answer = render(request, "publications/public/show.html", context, status=status)
    # Frames of these sites alone, on this page alone: the policy of every other page forbids them all.
    return csp_replace({"frame-src": told.reading.origins})(lambda: answer)() if told.reading.origins else answer


@answers_when_closed
@require_safe
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """For those to whom an author gave the link: until it appears, or until the link is changed."""
    found = previewed(network_of(request), key)
    if found is None:
        raise Http404
    if found.is_shown:
        return redirect(found)
    response = page_of(request, found, by_link=True)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_POST
def count(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    """A page that was read long enough says so: nothing of the reader is kept, not even that it was the same one twice."""
    found = shown_at(network_of(request), section, slug)
    if found is None:
        raise Http404
    if not hit("publications.read", f"{found.pk}:{client_of(request)}", limit=1, seconds=1800):
        count_reading(publication=found)
    return HttpResponse(status=204)
