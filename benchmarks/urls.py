"""The site, and what it is compared with: a bare hello, a bare Django list of fifty rows. Both pass the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import include, path

from maillage.directory.models import Actor

_LIST = Engine().from_string(
    "<!doctype html><title>Liste</title><ul>{% for actor in actors %}<li><a href='/{{ actor.slug }}/'>{{ actor.name }}</a> "
    "{{ actor.commune.name }} {{ actor.summary }}</li>{% endfor %}</ul>"
)


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Bonjour", headers={"Cache-Control": "no-store"})


def bare_list(request: HttpRequest) -> HttpResponse:
    actors = Actor.objects.select_related("commune").order_by("name_key", "pk")[:50]
    return HttpResponse(_LIST.render(Context({"actors": actors})), headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("mesure/bonjour/", hello),
    path("mesure/liste/", bare_list),
    path("", include("config.urls")),
]
