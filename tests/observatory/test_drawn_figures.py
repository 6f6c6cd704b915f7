"""« Chiffres clés »: each figure agrees with the records, on the page, on the map and in the file."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.figures import Row
from maillage.directory.models import Listing
from maillage.directory.queries.figures import by_department, growth
from maillage.observatory.queries import department_map, legend_of, shades_of, written
from maillage.territories.models import Contour, Territory
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    network = make_network(host="testserver")
    make_commune()
    network.perimeter.set(Territory.objects.regions())
    return network


def square(west, south):
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]],
    }


def published_on(actor, year):
    Listing.objects.filter(actor=actor).update(published_at=datetime(year, 5, 1, tzinfo=UTC))


def test_the_map_shades_each_departement_and_leads_to_its_actors(network, client):
    herault, gers = make_commune(), make_commune("32013", "Auch", (43.6, 0.6))
    for commune, people, west in ((herault, 1_000_000, 3.0), (gers, 10_000, 0.0)):
        Territory.objects.filter(pk=commune.department_id).update(population=people)
        Contour.objects.create(territory=commune.department, geometry=square(west, 43.0), source="essai")
        make_actor(network, commune=commune)
    drawn = department_map(by_department(network))
    assert {area.row.code: area.shade for area in drawn.areas} == {"34": 1, "32": 3}
    assert drawn.legend == [(1, "0,0", "0,0"), (3, "1,0", "1,0")]
    body = client.get("/chiffres-cles/").content.decode()
    assert 'class="area area--3" href="/acteurs/?departement=32" aria-label="Département 32 : 1,0"' in body


def test_without_outlines_the_table_alone_tells_it(network, client):
    make_actor(network, commune=make_commune())
    body = client.get("/chiffres-cles/").content.decode()
    assert "areas" not in body
    assert "Département 34" in body


def test_a_departement_whose_population_is_unknown_has_no_shade():
    assert shades_of([None, 2.0, 1.0, 2.0, 3.0, 4.0]) == [0, 2, 1, 2, 3, 4]


@given(st.lists(st.one_of(st.none(), st.floats(0, 500)), max_size=30))
def test_each_label_of_the_map_is_in_the_legend_of_its_shade_and_of_no_other(rates):
    labels = [written(rate) for rate in rates]
    shades = shades_of(labels)
    legend = [
        (shade, *(Decimal(end.replace(",", ".")) for end in ends))
        for shade, *ends in legend_of(zip(labels, shades, strict=True))
    ]
    for label, shade in zip(labels, shades, strict=True):
        holding = [found for found, least, most in legend if label is not None and least <= label <= most]
        assert holding == ([] if label is None else [shade])


def test_the_name_of_a_departement_stands_in_its_middle(network):
    Contour.objects.create(territory=Territory.objects.departments().get(), geometry=square(3.0, 43.0), source="essai")
    area = department_map([Row("Hérault", 1, code="34")]).areas[0]
    corners = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", area.path)]
    across, down = zip(*corners, strict=True)
    assert area.x == pytest.approx((min(across) + max(across)) / 2, abs=0.2)
    assert area.y == pytest.approx((min(down) + max(down)) / 2, abs=0.2)


def test_growth_counts_what_is_published_today_at_the_end_of_each_year(network):
    this_year = datetime.now(UTC).year
    for year in (this_year - 3, this_year - 1, this_year - 1):
        published_on(make_actor(network), year)
    published_on(make_actor(network, state="hidden"), this_year - 3)
    make_actor(make_network("Ailleurs"))
    assert growth(network) == [(this_year - 3, 1), (this_year - 2, 1), (this_year - 1, 3), (this_year, 3)]


def test_the_growth_of_a_directory_without_a_past_is_not_drawn(network, client):
    make_actor(network)
    assert "croissance-graphique" not in client.get("/chiffres-cles/").content.decode()
    published_on(make_actor(network), 2020)
    assert "croissance-graphique" in client.get("/chiffres-cles/").content.decode()


def test_a_figure_is_read_once_with_its_label(network, client):
    make_actor(network, commune=make_commune())
    body = unescape(client.get("/chiffres-cles/").content.decode())
    said = re.findall(r'<a class="figure__said" href="/acteurs/">(.*?)</a>', body)[0]
    assert " ".join(re.sub(r"<[^>]+>", "", said).split()) == "1 acteur dans l'annuaire"
    assert body.count("acteur dans l'annuaire") == 2  # Its definition names it.


def test_a_figure_leads_to_its_records_or_nowhere(network, client):
    make_actor(network, commune=make_commune())
    body = client.get("/chiffres-cles/").content.decode()
    links = re.findall(r'class="figure__said" href="([^"]+)"', body)
    assert links == ["/acteurs/", "/acteurs/?vue=carte", "/acteurs/"]
    assert all(client.get(link).status_code == 200 for link in links)
