"""Texts as people read them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from maillage.core.text import legible
from maillage.directory import actions
from maillage.directory.models import Actor
from maillage.exchange.queries.files import clean
from maillage.networks.validators import validate_one_line
from tests.factories.directory import make_actor
from tests.support.forms import values_of

TURNED = "Mus\u200bée \u202ede l'eau\u202c\ufeff"


def test_what_nobody_sees_is_taken_away_and_the_rest_kept():
    assert legible(TURNED) == "Musée de l'eau"
    kept = "Œuvre\u00a0: « été »\r\n\tligne 2 — 中文 👩\u200d🔬"
    assert legible(kept) == kept


def test_a_cell_of_a_file_reads_as_what_will_be_stored():
    assert clean(TURNED) == legible(TURNED)


def test_the_name_of_a_person_or_a_network_that_hides_something_is_refused():
    with pytest.raises(ValidationError, match="caractères invisibles"):
        validate_one_line(TURNED)
    validate_one_line("Noël O’Brien")


@pytest.mark.django_db
def test_a_record_keeps_nothing_unseen(network, animator):
    actor = make_actor(network, "Muséum")
    actions.update_actor(by=animator, actor=actor, values={"name": TURNED, "summary": "\u202etexte"})
    actor.refresh_from_db()
    assert (actor.name, actor.slug, actor.summary) == ("Musée de l'eau", "musee-de-l-eau", "texte")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066 "])
def test_a_name_that_nobody_sees_is_asked_for_beside_its_field(client, network, animator, name):
    actor = make_actor(network, "Muséum")
    pages = {
        reverse("directory:actor_edit", args=[actor.pk]): reverse(
            "directory:actor_edit_step", args=[actor.pk, "identite"]
        ),
        reverse("directory:actor_create"): reverse("directory:actor_create"),
    }
    for page, action in pages.items():
        told = client.post(action, values_of(client.get(page), action) | {"kind": "organisation", "name": name})
        assert (told.status_code, list(told.context["form"].errors)) == (422, ["name"])
    row = f"{reverse('directory:actor_row', args=[actor.pk])}?colonnes=etat"
    told = client.post(row, values_of(client.get(row + "&modifier=1"), row) | {"name": name})
    assert told.status_code == 422
    actor.refresh_from_db()
    assert (actor.name, Actor.objects.count()) == ("Muséum", 1)
