"""What search engines read: the map of the site in pieces, and what they should leave."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.core.mail import absolute_url
from maillage.core.panels import menu
from maillage.directory.models import Actor
from maillage.directory.views.public import network_of

PER_FILE = 5000


def show_sitemap_index(request: HttpRequest) -> HttpResponse:
    network = network_of(request)
    count = Actor.objects.visible_to(request.viewer).current().count()  # type: ignore[attr-defined]
    names = ["pages", *(str(number) for number in range(1, -(-count // PER_FILE) + 1))]
    urls = [absolute_url(network, reverse("directory:sitemap_part", args=[name])) for name in names]
    return render(request, "directory/public/sitemap_index.xml", {"urls": urls}, content_type="application/xml")


def show_sitemap_part(request: HttpRequest, part: str) -> HttpResponse:
    """`pages` for those of the menu, a number for a piece of the actors in the order of their arrival."""
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    if part == "pages":
        paths = dict.fromkeys(["/", *(reverse(item.url_name) for item in menu("public", viewer))])
        entries: list[tuple[str, Any]] = [(absolute_url(network, path), None) for path in paths]
    else:
        start = (int(part) - 1) * PER_FILE
        actors = Actor.objects.visible_to(viewer).current().order_by("pk").values_list("slug", "updated_at")
        found = list(actors[start : start + PER_FILE]) if 0 <= start < 10**7 else []
        if not found:
            raise Http404
        entries = [(absolute_url(network, reverse("directory:actor_show", args=[slug])), at) for slug, at in found]
    return render(request, "directory/public/sitemap.xml", {"entries": entries}, content_type="application/xml")


def show_robots(request: HttpRequest) -> HttpResponse:
    """Files and working pages are left out; pages of filtered lists too, which are endless."""
    network = network_of(request)
    lines = [
        "User-agent: *",
        "Disallow: /compte/",
        "Disallow: /travail/",
        f"Disallow: {reverse('directory:actor_points')}",
        f"Disallow: {reverse('directory:actor_widget')}",
        "Disallow: /acteurs/donnees.",
        "Disallow: /acteurs/*/contact/",
        "Disallow: /acteurs/*/signaler/",
        "Disallow: /acteurs/?*&",
        "",
        f"Sitemap: {absolute_url(network, reverse('directory:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
