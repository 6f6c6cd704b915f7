"""What is internal to a network is in no page, feed, file, attribute or address of the public."""

import io
import re
import zipfile

import pytest
from django.urls import reverse

from maillage.core.viewer import Viewer
from maillage.directory.actions import add_note, set_circle
from maillage.directory.enums import Nature
from tests.factories.directory import make_actor, make_commune, make_network, make_term

SENTINELS = ["RAISON-SENTINELLE", "SOURCE-SENTINELLE", "NOTE-SENTINELLE"]


@pytest.fixture
def network(db):
    return make_network(host="testserver", contact_email="equipe@exemple.fr")


@pytest.fixture
def actor(network):
    return make_actor(
        network,
        "Musée du Lac",
        family=make_term("family", "musee"),
        terms=[make_term("theme", "climat")],
        commune=make_commune(),
        latitude=43.6,
        longitude=3.8,
    )


def addresses(actor):
    show = actor.get_absolute_url()
    listing = reverse("directory:actor_list")
    files = [reverse("directory:actor_export", args=[kind]) for kind in ("csv", "json", "xlsx", "geojson")]
    parts = [reverse("directory:sitemap_part", args=[part]) for part in ("pages", "1")]
    return [
        listing,
        f"{listing}?vue=carte",
        f"{listing}?q=lac",
        reverse("directory:actor_points"),
        reverse("directory:actor_feed"),
        *files,
        reverse("directory:actor_embed"),
        reverse("directory:actor_widget"),
        show,
        f"{show}contact/",
        f"{show}signaler/",
        reverse("directory:sitemap"),
        *parts,
        reverse("directory:robots"),
        reverse("search:results") + "?q=lac",
        reverse("search:suggestions") + "?q=lac",
        "/",
    ]


def body(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/"))
    return content.decode()


def answers(client, actor):
    texts = {address: body(client, address) for address in addresses(actor)}
    texts["htmx"] = body(client, reverse("directory:actor_list"), **{"HX-Request": "true"})
    return texts


def qualify(network, actor, circle):
    by = Viewer.as_system(network, "essai")
    for nature in Nature.values:
        set_circle(
            by=by,
            actor=actor,
            circle=circle,
            reason="RAISON-SENTINELLE",
            source="SOURCE-SENTINELLE",
            nature=nature,
        )
    add_note(by=by, actor=actor, body="NOTE-SENTINELLE")


def test_no_public_output_tells_a_circle_a_reason_or_a_note(client, network, actor):
    qualify(network, actor, 3)
    for address, text in answers(client, actor).items():
        for word in [*SENTINELS, "cercle", "circle_", "qualification"]:
            assert word.lower() not in text.lower().replace("<circle", ""), (address, word)


def test_every_public_output_is_the_same_whatever_the_circle(client, network, actor):
    """Byte for byte, but for what changes with each request (nonce of the policy, signed time of a form, token)."""
    qualify(network, actor, 1)
    before = answers(client, actor)
    qualify(network, actor, 3)
    after = answers(client, actor)
    changing = [address for address in before if before[address] != after[address]]
    assert [address for address in changing if not address.endswith(("contact/", "signaler/"))] == []


@pytest.mark.parametrize("parameter", ["cercle", "declare", "etat", "source", "completude", "fraicheur"])
def test_the_filters_of_the_team_do_nothing_in_public(client, network, actor, parameter):
    qualify(network, actor, 3)
    response = client.get(reverse("directory:actor_list"), {parameter: ["1", "draft", "aucune"]})
    assert response.context["count"] == 1
    # The switch of appearance sends the reader back to the very address that was typed: that one is no link.
    assert re.search(rf'(?:href|action|data-map)="[^"]*{parameter}=', response.text) is None
    assert response.context["chips"] == []


def test_what_another_network_says_of_an_actor_changes_nothing_here(client, network, actor):
    from maillage.directory.models import Listing

    other = make_network("Autre réseau")
    Listing.objects.create(network=other, actor=actor, state="published")
    before = answers(client, actor)
    qualify(other, actor, 2)
    make_actor(other, "Acteur d'ailleurs", family=make_term("family", "musee"))
    after = answers(client, actor)
    changing = [address for address in before if before[address] != after[address]]
    assert [address for address in changing if not address.endswith(("contact/", "signaler/"))] == []
