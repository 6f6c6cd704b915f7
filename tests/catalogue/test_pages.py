"""Pages of the catalogue as people of every kind meet them."""

import json
import re
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.catalogue import actions
from maillage.catalogue.models import Resource
from maillage.directory.models import Actor
from tests.factories.catalogue import make_resource
from tests.factories.directory import make_commune, make_term


def client_of(viewer):
    client = Client(HTTP_HOST=viewer.network.host)
    if viewer.user is not None:
        client.force_login(viewer.user)
    return client


WORKING = (
    "resource_work", "resource_edit", "resource_photos", "resource_files", "resource_links", "resource_stock",
    "resource_terms", "resource_retire",
)  # fmt: skip


@pytest.mark.parametrize("name", WORKING)
def test_a_working_page_opens_for_those_who_offer_the_resource(world, name):
    resource = make_resource(world.helene, world.lender, copies=2)
    answer = client_of(world.helene).get(reverse(f"catalogue:{name}", args=[resource.pk]))
    assert answer.status_code == 200
    assert client_of(world.nadia).get(reverse(f"catalogue:{name}", args=[resource.pk])).status_code == 403


@pytest.mark.parametrize("step", ["essentiel", "public", "besoins", "conditions"])
def test_each_step_of_the_form_saves_without_a_change(world, step):
    resource = make_resource(world.helene, world.lender, copies=1)
    client = client_of(world.helene)
    address = reverse("catalogue:resource_edit_step", args=[resource.pk, step])
    page = client.get(address)
    form = page.context["form"]
    data = {"vu": form.vu}
    for field in form:
        value = field.value()
        if field.name == "actor":
            data["actor"] = str(world.lender.pk)
        elif value not in (None, ""):
            data[field.html_name] = value
    assert client.post(address, data).status_code == 302
    assert Resource.objects.get(pk=resource.pk).state == "published"


def test_the_list_tells_what_everyone_finds_and_its_address_says_the_filters(world):
    make_resource(world.helene, world.lender, "Malle à eau", copies=1, surface=30)
    make_resource(world.helene, world.lender, "Exposition géante", kind="exposition", surface=200)
    make_resource(world.helene, world.lender, "Brouillon secret", state="draft")
    page = Client(HTTP_HOST="testserver").get("/ressources/", {"surface": "40"})
    assert [card.title for card in page.context["resources"]] == ["Malle à eau"]
    assert "tient dans 40 m²" in page.content.decode()


def test_the_map_the_feed_the_files_and_the_widget_open(world):
    make_resource(world.helene, world.lender, copies=1)
    client = Client(HTTP_HOST="testserver")
    for path in (
        "?vue=carte",
        "carte.json",
        "flux.rss",
        "donnees.csv",
        "donnees.json",
        "donnees.xlsx",
        "integrer/",
        "widget/",
    ):
        answer = client.get(f"/ressources/{path}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, path
        assert body
    assert client.get("/ressources/carte.json").json()["count"] == 1


def test_the_page_of_a_resource_says_when_it_is_free_and_never_who_has_it(world):
    resource = make_resource(world.helene, world.lender, copies=5)
    page = Client(HTTP_HOST="testserver").get(resource.get_absolute_url()).content.decode()
    assert "5 exemplaires en tout" in page
    assert re.search(r"5 libres sur\s5", page.replace("\xa0", " "))


def test_what_is_offered_no_more_leaves_a_stub_that_names_its_heir(world):
    old, new = make_resource(world.helene, world.lender), make_resource(world.helene, world.lender, "Malle à eau 2")
    actions.retire_resource(by=world.helene, resource=old, reason="usée", replaced_by=new)
    answer = Client(HTTP_HOST="testserver").get(old.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 410
    assert old.title in page
    assert new.get_absolute_url() in page


def test_one_tells_a_resource_in_two_minutes_and_is_asked_about_one_that_resembles_it(world):
    make_resource(world.helene, world.lender, "Malle sur l'eau")
    client = client_of(world.helene)
    data = {
        "kind": "malle", "title": "La malle de l'eau", "actor": str(world.lender.pk), "summary": "Tout sur l'eau.", "acte": "publier",
    }  # fmt: skip
    asked = client.post(reverse("catalogue:resource_propose"), data)
    assert asked.status_code == 422
    assert [each.resource.title for each in asked.context["alike"]] == ["Malle sur l'eau"]
    assert client.post(reverse("catalogue:resource_propose"), {**data, "distincte": "1"}).status_code == 302
    assert Resource.objects.get(title="La malle de l'eau").state == "published"


def test_those_who_look_after_no_sheet_are_told_how_to_begin(world):
    assert "structure" in client_of(world.nadia).get(reverse("catalogue:resource_propose")).content.decode()


def test_the_pages_of_the_team_and_of_lenders_open(world):
    make_resource(world.helene, world.lender, copies=1)
    assert client_of(world.team).get(reverse("catalogue:resource_table")).status_code == 200
    assert client_of(world.helene).get(reverse("catalogue:own_resources")).status_code == 200
    assert client_of(world.helene).get(reverse("catalogue:lending_terms", args=[world.lender.pk])).status_code == 200
    assert client_of(world.nadia).get(reverse("catalogue:lending_terms", args=[world.lender.pk])).status_code == 403


def test_a_list_costs_the_same_with_one_resource_and_with_three(world):
    client = Client(HTTP_HOST="testserver")

    def cost():
        for cache in caches.all():
            cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/ressources/", {"du": "2030-01-07", "cesoir": "oui"})
            client.get("/ressources/")
        return len(queries)

    make_resource(world.helene, world.lender, "Une", copies=2)
    client.get("/ressources/")
    first = cost()
    make_resource(world.helene, world.lender, "Deux", copies=2)
    make_resource(world.helene, world.lender, "Trois", kind="exposition", copies=1)
    assert cost() == first


def test_each_facet_is_counted_as_if_it_were_not_used(world):
    theme = make_term("theme", "astronomie")
    kits = [("Une", "malle", 30, ["c1", "c2"]), ("Deux", "malle", 90, ["c2"]), ("Trois", "exposition", 90, []), ("Quatre", "jeu", None, ["c2"])]  # fmt: skip
    for title, kind, duration, cycles in kits:
        make_resource(world.helene, world.lender, title, kind=kind, duration=duration, cycles=cycles)
    Resource.objects.get(title="Une").terms.add(theme)

    def asked(**params):
        page = Client(HTTP_HOST="testserver").get("/ressources/", params)
        counts = {facet["name"]: {v.value: v.count for v in facet["first"] + facet["more"]} for facet in page.context["facets"]}  # fmt: skip
        return [card.title for card in page.context["resources"]], counts

    titles, counts = asked(tri="titre")
    assert titles == ["Deux", "Quatre", "Trois", "Une"]
    assert counts["nature"] == {"malle": 2, "exposition": 1, "jeu": 1}
    assert counts["duree"] == {"heure": 1, "deux-heures": 2}
    titles, counts = asked(nature=["malle", "jeu"], niveau="c2", tri="titre")
    assert titles == ["Deux", "Quatre", "Une"]
    assert counts["nature"] == {"malle": 2, "jeu": 1}
    assert counts["niveau"] == {"c1": 1, "c2": 3}
    assert counts["duree"] == {"heure": 1, "deux-heures": 1}
    titles, counts = asked(theme="astronomie")
    assert (titles, counts["theme"]) == (["Une"], {"astronomie": 1})


def test_the_stock_says_in_which_kit_a_copy_lies_and_nothing_of_those_in_none(world):
    kit = make_resource(world.helene, world.lender, copies=1)
    lens = make_resource(world.helene, world.lender, "Loupe", kind="materiel", copies=2)
    actions.put_in(by=world.helene, kit=kit.copies.get(), part=lens.copies.first())
    page = client_of(world.helene).get(reverse("catalogue:resource_stock", args=[lens.pk])).content.decode()
    assert page.count(f"dans {kit.copies.get().label}") == 1
    assert page.count("dans ") == page.count(f"dans {kit.copies.get().label}")


def test_what_comes_is_found_near_the_communes_that_it_serves_however_far_it_lives(world):
    far = make_commune("30189", "Nîmes", (43.84, 4.36))
    make_resource(world.helene, world.lender, "Bus des sciences", kind="animation", zone=[far.department])
    make_resource(world.helene, world.lender, "Atelier d'ici", kind="animation", zone=[world.commune.department])
    make_resource(world.helene, world.lender, "Malle du Gard", zone=[far.department])
    client = Client(HTTP_HOST="testserver")
    for place in ("30189", "43.841,4.361"):
        page = client.get("/ressources/", {"pres": place})
        assert [card.title for card in page.context["resources"]] == ["Bus des sciences"]
        assert "se déplace jusqu’à Nîmes" in page.content.decode()
    sheet = client.get("/ressources/bus-des-sciences/")
    assert sheet.context["linked"]["areaServed"] == [{"@type": "AdministrativeArea", "name": far.department.name}]


def test_the_height_of_a_room_narrows_the_list_its_files_and_the_api(world):
    make_resource(world.helene, world.lender, "Malle basse", height=Decimal("2.40"))
    make_resource(world.helene, world.lender, "Dôme gonflable", height=Decimal("3.5"))
    client = Client(HTTP_HOST="testserver")
    page = client.get("/ressources/", {"hauteur": "2,40"})
    assert [card.title for card in page.context["resources"]] == ["Malle basse"]
    assert "tient sous 2,4 m" in page.content.decode()
    assert "hauteur=2.4&" in f"{page.context['query']}&"
    assert client.get("/ressources/", {"hauteur": "2.3"}).context["count"] == 0
    taken = json.loads(b"".join(client.get("/ressources/donnees.json?hauteur=2.4").streaming_content))
    assert [each["titre"] for each in taken["resources"]] == ["Malle basse"]
    assert [each["title"] for each in client.get("/api/v1/resources?hauteur=2.4").json()["items"]] == ["Malle basse"]
    assert client.get("/ressources/", {"hauteur": "haut"}).context["count"] == 2


def test_one_writes_to_the_actor_of_what_comes_and_its_name_is_there_already(world):
    Actor.objects.filter(pk=world.lender.pk).update(email="accueil@exemple.test")
    come = make_resource(world.helene, world.lender, "Bulles & savon", kind="animation")
    make_resource(world.helene, world.lender, "Malle à eau", copies=1)
    client = Client(HTTP_HOST="testserver")
    page = client.get(come.get_absolute_url()).content.decode()
    address = re.search(r'href="([^"]*/contact/[^"]*)"', page)[1]
    assert "À propos de « Bulles &amp; savon » :" in client.get(address).content.decode().replace("\xa0", " ")
    assert "/contact/" not in client.get("/ressources/malle-a-eau/").content.decode()
