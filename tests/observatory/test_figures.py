"""« Chiffres clés »: each figure is the length of the list it leads to; circles are for the team."""

import re

import pytest
from django.urls import reverse

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.queries import figures
from maillage.outreach.actions.approaches import begin_approach
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_contact

PAGE = reverse("observatory:figures_show")
FILE = reverse("observatory:figures_export")


@pytest.fixture
def network(db):
    return make_network(host="testserver")


@pytest.fixture
def peopled(network):
    """Two museums and a club published, a draft and an archived museum, over two départements."""
    museum, club = make_term("family", "musee", label="Musée"), make_term("family", "club", label="=Club")
    herault, gard = make_commune(), make_commune("30189", "Nîmes", (43.83, 4.36))
    network.perimeter.set([herault.region])
    make_actor(network, "Musée A", family=museum, commune=herault)
    make_actor(network, "Musée B", family=museum, commune=gard)
    make_actor(network, "Club C", family=club, commune=herault)
    make_actor(network, "Musée en préparation", family=museum, commune=gard, state="draft")
    closed = make_actor(network, "Musée fermé", family=museum, commune=gard)
    actions.archive(by=Viewer.as_system(network, "essai"), actor=closed, reason="closed")
    return network


@pytest.fixture
def animator(client, network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    client.force_login(user)
    return Viewer.as_system(network, "essai")


def length(client, url):
    """How many actors the list at this address counts."""
    return client.get(url).context["count"]


def test_each_row_counts_the_list_it_leads_to(client, peopled):
    rows = [*figures.by_family(peopled), *figures.by_department(peopled)]
    assert {row.label: row.value for row in rows} == {
        "Musée": 2,
        "=Club": 1,
        "Département 30": 1,
        "Département 34": 2,
    }
    assert [length(client, row.url) for row in rows] == [row.value for row in rows]


def test_the_page_says_what_each_figure_means_and_when(client, peopled):
    page = client.get(PAGE).text
    assert re.search(r"hors fiches archivées\. Au \d", page)
    assert "Musée fermé" not in page


def test_a_network_without_an_actor_says_so(client, network):
    assert "Aucun acteur publié" in client.get(PAGE).text


def test_circles_are_for_the_team_alone(client, peopled):
    assert "Cercle 1" not in client.get(PAGE).text


def test_the_team_reads_circles_each_cell_leading_to_its_actors(client, peopled, animator):
    actor = make_actor(peopled, "Observatoire", commune=make_commune())
    actions.set_circle(by=animator, actor=actor, circle=2, reason="Propose des animations régulières")
    assert "Cercle 1" in client.get(PAGE).text
    whole = figures.by_circle(peopled)[0]
    assert [cell.value for cell in whole.cells] == [0, 1, 0, 4]


def test_the_tables_are_a_file_that_is_safe_to_open(client, peopled):
    response = client.get(FILE)
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert [line.split(";")[:3] for line in lines] == [
        ["tableau", "libellé", "acteurs"],
        ["famille", "Musée", "2"],
        ["famille", "'=Club", "1"],
        ["département", "Département 30", "1"],
        ["département", "Département 34", "2"],
    ]


def test_the_page_costs_the_same_with_one_actor_and_with_three(client, network, same_queries):
    same_queries(page=lambda: client.get(PAGE), add=lambda: make_actor(network, commune=make_commune()))


def test_the_team_reads_what_it_did_for_each_mission_and_each_figure_leads_to_its_list(client, network, animator):
    former = make_term("mission", "former", label="Former")
    actor = make_actor(network)
    make_contact(network, actor, mission=former, minutes=30)
    make_contact(network, actor, mission=former)
    make_contact(network, actor)
    begin_approach(by=animator, actor=actor)
    shown = client.get("/chiffres-cles/")
    lines = [(line.label, line.contacts, line.minutes) for line in shown.context["missions"]]
    assert lines == [("Former", 2, 30), ("Sans mission", 1, 0)]
    assert {stage: count for stage, _label, count in shown.context["stages"]}["contact"] == 1
    asked = re.search(r'href="(/travail/contacts/\?mission=former[^"]*)"', shown.content.decode())
    listed = client.get(asked[1].replace("&amp;", "&"))
    assert listed.context["page"].paginator.count == 2
    client.logout()
    assert "Former" not in client.get("/chiffres-cles/").content.decode()
