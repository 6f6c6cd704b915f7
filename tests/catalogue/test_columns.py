"""The catalogue side by side, kept while it is true."""

from django.http import QueryDict

from maillage.catalogue import actions, kit
from maillage.catalogue.models import Resource
from maillage.networks.models import Network
from tests.factories.catalogue import make_catalogue_world, make_resource


def titles(world, query=""):
    """As a new request finds them: with the network as it is now."""
    asked = kit.ask(QueryDict(query), Network.objects.get(pk=world.network.pk))
    named = dict(Resource.objects.values_list("pk", "title"))
    return [named[pk] for pk in asked.selection.keys]


def test_the_second_who_asks_reads_what_the_first_read_until_an_act(transactional_db, count_queries):
    world = make_catalogue_world()
    make_resource(world.team, world.lender, "Malle")
    assert titles(world) == ["Malle"]
    assert count_queries(lambda: titles(world)) == 2  # The network, and the titles.
    loupe = make_resource(world.team, world.lender, "Loupe")
    assert titles(world) == ["Loupe", "Malle"]
    actions.edit_resource(by=world.team, resource=loupe, fields={"title": "Zoom"}, seen=None)
    assert titles(world, "tri=titre") == ["Malle", "Zoom"]
    assert titles(world, "tri=titre&gratuit=oui") == []
    assert titles(world, "tri=titre") == ["Malle", "Zoom"]


def test_two_needs_of_access_are_both_met_and_counts_say_what_each_would_leave(db):
    world = make_catalogue_world()
    for title, access in (("Rampe", ["mi"]), ("Rampe et boucle", ["mi", "hi"]), ("Boucle", ["hi"])):
        make_resource(world.team, world.lender, title, place_access=access)
    assert titles(world, "acces=mi&acces=hi") == ["Rampe et boucle"]
    facets = kit.ask(QueryDict("acces=mi"), world.network).selection.facets
    assert [{each.value: each.count for each in facet.values} for facet in facets if facet.name == "acces"] == [
        {"mi": 2, "hi": 1}
    ]
