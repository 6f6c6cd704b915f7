"""When communes merge, what stood in the former one follows: actors, zones, perimeters, consortium."""

import pytest

from maillage.activity.models import Entry
from maillage.core.viewer import Viewer
from maillage.directory.actions import Stamp, update_actor
from maillage.directory.enums import Origin, PositionQuality
from maillage.directory.models import Actor, Listing
from maillage.directory.queries.history import history
from maillage.networks.models import ConsortiumMember
from maillage.search.models import Document
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    return make_commune("34001", "Abeilhan", (43.45, 3.29))


@pytest.fixture
def new():
    return make_commune("34032", "Grand-Abeilhan", (43.40, 3.20))


@pytest.fixture
def network(old):
    network = make_network()
    network.perimeter.set([old])
    return network


def merged(old, new):
    """As `load_shipped` does: told first, deleted when nothing refers to it any more."""
    commune_merged.send(sender=Territory, old=old, new=new)
    old.delete()


def test_an_actor_at_the_centre_of_its_commune_moves_to_the_new_centre(network, old, new):
    actor = make_actor(network, "Musée du miel", commune=old)
    merged(old, new)
    actor.refresh_from_db()
    assert (actor.commune, actor.latitude, actor.longitude) == (new, new.latitude, new.longitude)
    assert actor.position_quality == PositionQuality.COMMUNE


def test_a_point_placed_by_hand_stays_where_it_is(network, old, new):
    actor = make_actor(network, commune=old, latitude=43.451, longitude=3.291)
    merged(old, new)
    actor.refresh_from_db()
    assert (actor.commune, actor.latitude, actor.longitude) == (new, 43.451, 3.291)
    assert actor.position_quality == PositionQuality.EXACT


def test_what_the_actor_wrote_itself_is_still_protected(network, old, new):
    actor = make_actor(network)
    stamp = Stamp(Origin.ACTOR)
    update_actor(by=Viewer.as_system(network, "essai"), actor=actor, values={"commune": old}, stamp=stamp)
    merged(old, new)
    actor.refresh_from_db()
    assert actor.commune == new
    assert actor.wrote_itself("commune")


def test_zones_perimeters_and_consortium_follow(network, old, new):
    other = make_commune("34172")
    actor = make_actor(network, commune=other, zone=[old, other])
    member = ConsortiumMember.objects.create(network=network, name="Méridienne")
    member.territories.set([old])
    merged(old, new)
    assert set(actor.zone.all()) == {new, other}
    assert list(network.perimeter.all()) == [new]
    assert list(member.territories.all()) == [new]


def test_all_that_followed_is_in_the_journal_as_the_work_of_the_program(network, old, new):
    actor = make_actor(network, commune=old)
    merged(old, new)
    told = Entry.objects.filter(system="fusion de communes")
    assert sorted(told.values_list("verb", "network")) == [
        ("actor.update", network.pk),
        ("network.perimeter_changed", network.pk),
    ]
    last = history(Entry.objects.about(actor).order_by("-pk"), Viewer.as_system(network, "essai"))[0]
    assert last.reason == "Abeilhan fait maintenant partie de Grand-Abeilhan."


def test_lists_and_search_know_it_at_once(network, old, new):
    actor = make_actor(network, "Musée du miel", commune=old)
    before = Listing.objects.get(actor=actor).revision
    merged(old, new)
    assert Listing.objects.get(actor=actor).revision > before
    assert "Grand-Abeilhan" in Document.objects.get(kind="actor", object_id=actor.pk).subtitle


def test_each_network_is_told_of_its_own_actors_alone(network, old, new):
    elsewhere = make_network("Réseau du Nord")
    make_actor(elsewhere, commune=old)
    merged(old, new)
    assert list(Entry.objects.filter(verb="actor.update").values_list("network", flat=True)) == [elsewhere.pk]


def test_a_merger_that_concerns_nobody_says_nothing(new):
    lonely = make_commune("34999", "Nulle-Part")
    merged(lonely, new)
    assert not Entry.objects.exists()
    assert not Actor.objects.exists()
