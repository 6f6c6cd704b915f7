"""The working pages of the directory: who reaches them, what they show, what they cost."""

import pytest
from django.urls import reverse

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.directory import actions
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(client):
    network = make_network(host="ici.test")
    client.defaults["HTTP_HOST"] = "ici.test"
    return network


@pytest.fixture
def animator(client, network):
    """An animator signed in; the viewer is returned."""
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    client.force_login(user)
    from maillage.accounts.queries import viewer_for

    return viewer_for(user, network)


def url(name, *args):
    return reverse(f"directory:{name}", args=args)


PAGES = ["work_home", "actor_table", "actor_create", "actors_to_place", "own_sheets"]


@pytest.mark.parametrize("name", PAGES)
def test_working_pages_answer_when_the_directory_is_empty(client, animator, name):
    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_working_pages_answer_with_actors(client, network, animator, name):
    make_actor(network, "Musée", commune=make_commune(), family=make_term("family", "musee"))
    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_an_anonymous_visitor_is_led_to_sign_in(client, network, name):
    assert client.get(url(name)).status_code == 302


def test_the_sheet_answers(client, network, animator):
    actor = make_actor(network, "Musée", commune=make_commune(), description="<p>Bonjour</p>", terms=[make_term()])
    actions.set_circle(by=animator, actor=actor, circle=2, reason="Vu au forum")
    actions.add_note(by=animator, actor=actor, body="À rappeler")
    actions.update_actor(by=animator, actor=actor, values={"summary": "Nouveau"})
    text = client.get(url("actor_work", actor.pk)).content.decode()
    for expected in ("Vu au forum", "À rappeler", "écrit par Camille Rey (animation)", "a modifié la fiche"):
        assert expected in text


@pytest.mark.parametrize("step", ["identite", "activite", "lieu", "contact", "image", "accessibilite", "suivi"])
def test_each_step_answers(client, network, animator, step):
    actor = make_actor(network, "Musée", commune=make_commune(), terms=[make_term()])
    assert client.get(url("actor_edit_step", actor.pk, step)).status_code == 200
