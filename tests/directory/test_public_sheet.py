"""The page of an actor for everyone."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions import add_note, archive, update_actor
from maillage.directory.models import Actor, ActorMember
from maillage.territories.models import Contour
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term


@pytest.fixture
def network(db):
    return make_network(host="testserver", contact_email="equipe@exemple.fr")


def page(client, actor):
    return client.get(reverse("directory:actor_show", args=[actor.slug]))


def data_of(response):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text)[1])


def test_the_page_says_what_where_and_whom_to_contact(client, network):
    actor = make_actor(
        network,
        "Muséum",
        family=make_term("family", "musee", label="Musée"),
        commune=make_commune(),
        address="1 rue des Lilas",
        postal_code="34000",
        email="accueil@museum.fr",
        phone="04 67 00 00 00",
        website="https://www.museum.fr/visite",
        summary="Des animaux naturalisés.",
    )
    shown = page(client, actor).text
    for words in ("Muséum", "Musée", "1 rue des Lilas", "Montpellier", "accueil@museum.fr", "tel:0467000000"):
        assert words in shown
    assert "museum.fr</span>" in shown


def test_a_persons_address_mail_and_telephone_are_hidden_without_consent(client, network):
    actor = make_actor(
        network,
        "Camille",
        kind="person",
        commune=make_commune(),
        address="3 impasse du Foyer",
        email="camille@chez-elle.fr",
        phone="06 11 22 33 44",
        contact_name="Camille R.",
        latitude=43.612345,
        longitude=3.876543,
    )
    shown = page(client, actor).text
    for secret in ("impasse du Foyer", "chez-elle", "06 11", "0611", "Camille R.", "43.612", "43,612"):
        assert secret not in shown
    assert reverse("directory:actor_contact", args=[actor.slug]) in shown


def test_a_person_who_agreed_is_shown(client, network):
    actor = make_actor(network, "Camille", kind="person", email="camille@atelier.fr", contact_is_public=True)
    assert "camille@atelier.fr" in page(client, actor).text


def test_an_archived_actor_keeps_its_page_with_a_banner_and_leaves_the_list(client, network):
    actor = make_actor(network, "Fermé", email="x@ferme.fr")
    archive(by=Viewer.as_system(network, "essai"), actor=actor, reason="motif interne")
    response = page(client, actor)
    assert "a cessé son activité" in response.text
    assert "motif interne" not in response.text
    assert "x@ferme.fr" not in response.text
    assert 'content="noindex"' in response.text
    assert client.get(reverse("directory:actor_list")).context["count"] == 0


@pytest.mark.parametrize(("months", "told"), [(5, False), (13, False), (25, True)])
def test_after_two_silences_the_public_is_told(client, network, months, told):
    actor = make_actor(network, "Silencieux")
    Actor.objects.filter(pk=actor.pk).update(confirmed_at=timezone.now() - timedelta(days=30 * months))
    assert ("non confirmée depuis" in page(client, actor).text) is told


def test_a_former_address_redirects_for_ever(client, network):
    actor = make_actor(network, "Ancien nom")
    old = actor.get_absolute_url()
    update_actor(by=Viewer.as_system(network, "essai"), actor=actor, values={"name": "Nouveau nom"})
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, "/acteurs/nouveau-nom/")


def test_a_former_address_of_a_hidden_actor_does_not_exist(client, network):
    actor = make_actor(network, "Ancien nom", state="draft")
    old = actor.get_absolute_url()
    update_actor(by=Viewer.as_system(network, "essai"), actor=actor, values={"name": "Nouveau nom"})
    assert client.get(old).status_code == 404


def test_the_rich_text_is_harmless(client, network):
    text = '<p onclick="x()">Bonjour <script>alert(1)</script><a href="javascript:x()">ici</a></p>'
    actor = make_actor(network, "Muséum", description=text)
    shown = page(client, actor).text
    assert "Bonjour" in shown
    for threat in ("onclick", "alert(1)", "javascript:"):
        assert threat not in shown


def test_machines_read_the_type_of_the_family(client, network):
    family = make_term("family", "bibliotheque-et-mediatheque")
    actor = make_actor(network, "Lire </script>& <b>", family=family, commune=make_commune(), website="https://lire.fr")
    data = data_of(page(client, actor))
    assert data["@type"] == "Library"
    assert data["name"] == "Lire </script>& <b>"
    assert data["sameAs"] == "https://lire.fr"
    assert data["address"]["addressLocality"] == "Montpellier"


def test_machines_do_not_read_where_a_person_lives(client, network):
    actor = make_actor(
        network, "Camille", kind="person", commune=make_commune(), address="3 impasse", email="c@c.fr", phone="06"
    )
    data = data_of(page(client, actor))
    assert data["@type"] == "Person"
    assert not {"email", "telephone", "geo", "location"} & data.keys()
    assert "streetAddress" not in data["address"]


def test_neighbours_and_kindred_actors_are_near_first_and_not_twice(client, network):
    musee, labo = make_term("family", "musee"), make_term("family", "laboratoire")
    actor = make_actor(network, "Ici", family=musee, latitude=43.6, longitude=3.8)
    make_actor(network, "Voisin labo", family=labo, latitude=43.61, longitude=3.8)
    make_actor(network, "Voisin musée", family=musee, latitude=43.62, longitude=3.8)
    make_actor(network, "Musée lointain", family=musee, latitude=48.0, longitude=1.0)
    make_actor(network, "Musée caché", family=musee, latitude=43.6, longitude=3.8, state="draft")
    context = page(client, actor).context
    assert [other.name for other in context["near"]] == ["Voisin labo", "Voisin musée"]
    assert [other.name for other in context["similar"]] == ["Musée lointain"]


def test_branches_and_parent_are_linked_when_they_may_be_seen(client, network):
    parent = make_actor(network, "Maison mère")
    branch = make_actor(network, "Antenne", parent=parent)
    make_actor(network, "Antenne cachée", parent=parent, state="draft")
    assert "Antenne</a>" in page(client, parent).text
    assert "Antenne cachée" not in page(client, parent).text
    assert "Maison mère</a>" in page(client, branch).text


def test_machines_do_not_read_the_name_of_a_parent_that_may_not_be_seen(client, network):
    parent = make_actor(network, "Maison mère tue", state="hidden")
    branch = make_actor(network, "Antenne", parent=parent)
    assert "Maison mère tue" not in page(client, branch).text


def test_the_page_costs_the_same_with_few_and_many_actors(client, network, same_queries):
    theme, family, commune = make_term("theme", "climat"), make_term("family", "musee"), make_commune()

    def add():
        make_actor(network, family=family, terms=[theme], commune=commune)

    actor = make_actor(network, "Ici", family=family, terms=[theme], commune=commune)
    add(), add()
    same_queries(page=lambda: page(client, actor), add=add)


def test_a_sheet_not_published_is_shown_to_the_team_as_such(client, network, django_user_model):
    from maillage.accounts.models import Role

    actor = make_actor(network, "À préparer", state="draft")
    assert page(client, actor).status_code == 404
    user = django_user_model.objects.create_user("anim@exemple.fr")
    Role.objects.create(user=user, network=network, kind="animator")
    client.force_login(user)
    assert "n&#x27;est pas publiée" in page(client, actor).text.replace("n'est", "n&#x27;est")


@pytest.fixture
def placed(network):
    """A commune of a département whose contour is loaded, with a larger town 20 km to the north."""
    commune = make_commune()
    make_commune("34001", "Ville-du-Nord", (43.79, 3.8761))
    square = [[3.0, 43.0], [4.5, 43.0], [4.5, 44.0], [3.0, 44.0], [3.0, 43.0]]
    Contour.objects.create(territory=commune.department, geometry={"type": "Polygon", "coordinates": [square]})
    return commune


def test_a_small_map_shows_where_the_actor_is_and_words_say_the_same(client, network, placed):
    shown = page(client, make_actor(network, "Muséum", commune=placed, latitude=43.61, longitude=3.87))
    sentence = "Montpellier, Département 34, à 20 km de Ville-du-Nord"
    assert f'aria-label="Carte : {sentence}"' in shown.text
    assert f'<span class="locator__words">{sentence}' in shown.text
    assert [town.name for town in shown.context["locator"].towns] == ["Ville-du-Nord"]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "person", "latitude": 43.61, "longitude": 3.87},
        {"latitude": 47.2, "longitude": -1.5},
        {},
    ],
    ids=["a home", "a doubtful point", "no contour"],
)
def test_no_map_shows_a_home_nor_a_doubtful_point(client, network, placed, values):
    if not values:
        Contour.objects.all().delete()
    shown = page(client, make_actor(network, "Camille", commune=placed, **values))
    assert shown.context["locator"] is None
    assert "locator__map" not in shown.text


def test_a_visitor_is_offered_nothing_to_edit(client, network):
    shown = page(client, make_actor(network, "Muséum")).text
    assert "Modifier cette fiche" not in shown
    assert "Pour vous seulement" not in shown


def test_the_team_edits_and_reads_history_and_notes_beside_the_sheet(client, network):
    actor = make_actor(network, "Muséum")
    client.force_login(make_person(network, RoleKind.ANIMATOR))
    add_note(by=Viewer.as_system(network, "essai"), actor=actor, body="Rappeler en mars.")
    shown = page(client, actor).text
    assert reverse("directory:actor_edit", args=[actor.pk]) in shown
    assert "Rappeler en mars." in shown
    assert "a créé la fiche" in shown


def test_those_who_look_after_the_sheet_edit_it_and_read_no_internal_note(client, network):
    actor = make_actor(network, "Muséum")
    user = make_person(network)
    ActorMember.objects.create(actor=actor, user=user)
    add_note(by=Viewer.as_system(network, "essai"), actor=actor, body="Rappeler en mars.")
    client.force_login(user)
    shown = page(client, actor).text
    assert reverse("directory:actor_edit", args=[actor.pk]) in shown
    assert reverse("directory:own_sheet", args=[actor.pk]) in shown
    assert "Rappeler en mars." not in shown
    assert "a créé la fiche" not in shown
