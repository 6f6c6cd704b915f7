"""What search engines read: the map of the site in pieces, and what they should leave."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.core.doors import network_of
from maillage.core.mail import absolute_url
from maillage.core.panels import menu
from maillage.directory.models import Actor
from maillage.directory.registry.site import SitePart, kept_out, parts

PER_FILE = 5000
_ACTORS = SitePart(
    "",
    "directory:actor_show",
    lambda viewer: Actor.objects.visible_to(viewer).current().order_by("pk").values_list("slug", "updated_at"),
)


def _parts() -> dict[str, SitePart]:
    """By what stands before the number of a file."""
    return {"": _ACTORS, **{f"{part.name}-": part for part in parts()}}


def show_sitemap_index(request: HttpRequest) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    names = ["pages"]
    for prefix, part in _parts().items():
        files = -(-part.entries(viewer).count() // PER_FILE)
        names += [f"{prefix}{number}" for number in range(1, files + 1)]
    urls = [absolute_url(network, reverse("directory:sitemap_part", args=[name])) for name in names]
    return render(request, "directory/public/sitemap_index.xml", {"urls": urls}, content_type="application/xml")


def show_sitemap_part(request: HttpRequest, part: str) -> HttpResponse:
    """`pages` for those of the menu, a number for a piece of the actors in the order of their arrival, a name and a number for a
    piece of what an app above shows."""
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    if part == "pages":
        paths = dict.fromkeys(["/", *(item.url for item in menu("public", viewer))])
        entries: list[tuple[str, Any]] = [(absolute_url(network, path), None) for path in paths]
    else:
        number = part.rsplit("-", 1)[-1]
        of = _parts().get(part.removesuffix(number))
        start = (int(number) - 1) * PER_FILE
        found = list(of.entries(viewer)[start : start + PER_FILE]) if of is not None else []
        if of is None or not found:
            raise Http404
        entries = [(absolute_url(network, reverse(of.url_name, args=[*of.args, slug])), at) for slug, at in found]
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
        *(f"Disallow: {pattern}" for pattern in kept_out()),
        "",
        f"Sitemap: {absolute_url(network, reverse('directory:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
