"""Official files: what they bring, and what is refused."""

import json

import pytest

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.territories.actions import import_territories
from maillage.territories.actions.fetching import measures
from maillage.territories.models import Contour, Territory
from tests.factories.directory import make_commune

SYSTEM = Viewer.as_system(None, "tests")
SQUARE = [[[3.8, 43.5], [3.9, 43.5], [3.9, 43.7], [3.8, 43.7], [3.8, 43.5]]]


def take(content: str | bytes, title: str = "fichier"):
    return import_territories(by=SYSTEM, content=content.encode() if isinstance(content, str) else content, title=title)


def collection(*features: tuple[str, object]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"code": code}, "geometry": geometry} for code, geometry in features
            ],
        }
    )


@pytest.fixture
def montpellier(db):
    return make_commune()


def test_marks_spaces_semicolons_and_commas_are_read(montpellier):
    take(
        "\ufeff insee_com ; LAT;lng ;superficie_km2;niveau_densite\n 34172 ;43,61; 3,87 ;56,9; Grands centres urbains\n"
    )
    montpellier.refresh_from_db()
    assert (montpellier.latitude, montpellier.longitude, montpellier.surface_km2) == (43.61, 3.87, 56.9)
    assert (montpellier.density, montpellier.is_rural) == ("Grands centres urbains", False)


def test_a_rural_label_makes_a_rural_commune(montpellier):
    take("insee_com,niveau_densite\n34172,Bourgs ruraux\n".encode("utf-8-sig"))
    montpellier.refresh_from_db()
    assert montpellier.is_rural is True


def test_the_same_file_again_changes_nothing(montpellier):
    content = "code_insee,lat,lon\n34172,43.6,3.8\n"
    assert take(content).changed == 1
    assert take(content).changed == 0


def test_unknown_codes_are_told_and_not_created(montpellier):
    assert take("code_insee,lat,lon\n99999,43.6,3.8\n").unknown == ["99999"]
    assert Territory.objects.communes().count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n1,2\n", "ne sont pas reconnues"),
        ("", "ne sont pas reconnues"),
        ("code_insee,lat\n34172,43\n", "latitude sans longitude"),
        ("code_insee,lat,lon\n34172,nord,3\n", "Ligne 2 : « nord »"),
        ("code_insee,lat,lon\n34172,nan,3\n", "Ligne 2"),
        ("code_insee,lat,lon\n34172,43,400\n", "Ligne 2 : « 400 »"),
        ("code_insee,densite7\n34172," + "x" * 100 + "\n", "Ligne 2"),
        ("code_insee,densite7\n34172," + "x" * 30_000 + "\n", "Ligne 2"),
        (b"PK\x03\x04\0\0\0\0", "pas du texte"),
        ("{", "pas un GeoJSON lisible"),
        ("{" * 100, "pas un GeoJSON lisible"),
        ('{"features":' + "[" * 200_000, "pas un GeoJSON lisible"),
        ('{"type":"Feature"}', "pas une collection"),
        (collection(("34172", None)), "Objet 1"),
        (collection(("34172", {"type": "Polygon", "coordinates": [[["a", "b"]]]})), "Objet 1"),
        (collection(("34172", {"type": "Polygon", "coordinates": []})), "Objet 1"),
        (collection(("34172", {"type": "Polygon", "coordinates": [[[7e5, 6e6], [8e5, 6e6], [8e5, 7e6], [7e5, 6e6]]]})), "en degrés"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_its_reason_and_changes_nothing(montpellier, content, sentence):
    before = list(Territory.objects.order_by("pk").values_list())
    with pytest.raises(Refused) as refusal:
        take(content)
    assert sentence in refusal.value.sentence
    assert list(Territory.objects.order_by("pk").values_list()) == before


def test_half_a_good_file_changes_nothing(montpellier):
    make_commune("34173", "Autre")
    with pytest.raises(Refused):
        take("code_insee,lat,lon\n34172,44,4\n34173,x,y\n")
    montpellier.refresh_from_db()
    assert montpellier.latitude == 43.6109


def test_a_contour_that_crosses_itself_is_mended(montpellier):
    bow = {"type": "Polygon", "coordinates": [[[3, 43], [4, 44], [4, 43], [3, 44], [3, 43]]]}
    take(collection(("34172", bow)))
    assert Contour.objects.get().geometry["type"] in {"Polygon", "MultiPolygon"}


def test_the_answer_of_the_official_interface_is_read_in_its_units():
    body = json.dumps(
        [{"code": "34172", "surface": 5695.1, "centre": {"type": "Point", "coordinates": [3.87, 43.61]}}, {"code": 3}]
    )
    assert measures(body.encode()) == {"34172": {"longitude": 3.87, "latitude": 43.61, "surface_km2": 56.951}}
