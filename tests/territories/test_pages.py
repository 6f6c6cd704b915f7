"""Proposals, the form field, and the contours of base maps."""

import json

import pytest
from django import forms
from django.http import QueryDict

from maillage.territories.kit import CommuneField
from maillage.territories.models import Contour, Territory
from maillage.territories.queries import contours_url
from tests.factories.directory import make_commune, make_network


class PlaceForm(forms.Form):
    commune = CommuneField()


def filled(**values: str) -> PlaceForm:
    data = QueryDict(mutable=True)
    data.update(values)
    return PlaceForm(data)


@pytest.fixture
def communes(db):
    make_network(host="testserver")
    return [
        make_commune(),
        make_commune("93066", "Saint-Denis", (48.9, 2.3)),
        make_commune("97411", "Saint-Denis", (-20.9, 55.4)),
    ]


def test_proposals_are_json_for_the_box_and_options_otherwise(communes, client):
    answer = client.get("/territoires/communes/", {"q": "montp"}, headers={"Accept": "application/json"})
    assert answer.json() == {
        "results": [{"value": "34172", "label": "Montpellier (34172)", "detail": "Département 34"}]
    }
    html = client.get("/territoires/communes/", {"q": "montp"}, headers={"Accept": "text/html"}).content.decode()
    assert 'data-value="34172"' in html


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"commune": "34172", "commune_text": "Montpellier (34172)"}, "34172"),
        ({"commune_text": "montpellier"}, "34172"),
        ({"commune_text": "Saint-Denis (97411)"}, "97411"),
        ({"commune": "34172", "commune_text": "saint denis 93"}, "93066"),
        ({"commune_text": "saint denis", "commune_choice": "97411"}, "97411"),
    ],
)
def test_a_commune_is_chosen_or_typed(communes, values, code):
    form = filled(**values)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["commune"].code == code


def test_an_ambiguous_name_comes_back_with_a_choice(communes):
    form = filled(commune_text="Saint-Denis")
    assert form.errors["commune"] == ["Plusieurs communes correspondent : choisissez la vôtre."]
    html = str(form)
    assert html.count('name="commune_choice"') == 2
    assert 'value="Saint-Denis"' in html


def test_an_unknown_name_is_said(communes):
    assert "zzzz" in filled(commune_text="zzzz").errors["commune"][0]


def test_nothing_typed_asks_for_a_commune(communes):
    assert filled().errors["commune"] == ["Ce champ est obligatoire."]


def test_a_field_shows_the_commune_it_holds(communes):
    html = str(PlaceForm(initial={"commune": communes[0]}))
    assert 'value="Montpellier (34172)"' in html
    assert 'name="commune" value="34172"' in html


def test_contours_are_kept_for_ever_under_the_address_of_their_version(communes, client):
    department = Territory.objects.departments().get(code="34")
    square = {"type": "Polygon", "coordinates": [[[3.0, 43.0], [4.0, 43.0], [4.0, 44.0], [3.0, 43.0]]]}
    Contour.objects.create(territory=department, geometry=square, source="test")
    answer = client.get(contours_url("department", "region-76"))
    assert json.loads(answer.content)["features"][0]["properties"] == {"code": "34", "name": "Département 34"}
    assert "immutable" in answer["Cache-Control"]
    plain = client.get("/territoires/contours/department/region-76.geojson")
    assert "immutable" not in plain["Cache-Control"]
    again = client.get("/territoires/contours/department/region-76.geojson", headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304


def test_the_communes_of_a_place_come_with_its_contours_the_most_peopled_first(communes, client):
    Territory.objects.communes().filter(code="34172").update(population=300_000)
    towns = json.loads(client.get(contours_url("department", "departement-34")).content)["towns"]
    assert towns[0] == ["Montpellier", 43.611, 3.876, 2]
    assert {name for name, *_place in towns} == set(
        Territory.objects.communes().filter(department__code="34").values_list("name", flat=True)
    )


def test_an_intercommunality_is_drawn_within_its_departement(communes, client):
    epci = Territory.objects.epcis().exclude(department=None).first()
    Contour.objects.create(territory=epci.department, geometry={"type": "Polygon", "coordinates": []}, source="test")
    answer = client.get(contours_url("department", f"epci-{epci.code}"))
    assert [each["properties"]["code"] for each in json.loads(answer.content)["features"]] == [epci.department.code]


@pytest.mark.parametrize(
    "path", ["planete/france", "department/region-zz", "department/31", "department/commune-34172"]
)
def test_unknown_contours_are_not_found(communes, client, path):
    assert client.get(f"/territoires/contours/{path}.geojson").status_code == 404
