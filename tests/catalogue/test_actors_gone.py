"""What becomes of a resource when the actor that offers it is hidden, archived, or was never in the directory of the network."""

import pytest
from django.test import Client

from maillage.catalogue import actions
from maillage.catalogue.models import Resource, ResourceTombstone
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions.listing import archive, set_state, unarchive
from maillage.loans.rules import may_ask
from maillage.search.queries import matching_ids
from tests.factories.catalogue import make_person, make_resource
from tests.factories.directory import make_actor

EVERYWHERE = (
    "/ressources/", "/ressources/?vue=carte", "/ressources/carte.json", "/ressources/flux.rss", "/ressources/donnees.csv",
    "/ressources/widget/", "/api/v1/resources", "/recherche/?q=eau", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/",
)  # fmt: skip


@pytest.fixture
def kit(world):
    return make_resource(world.helene, world.lender, copies=1)


@pytest.fixture
def team(world):
    return Viewer.as_system(world.network, "essai")


def told(path):
    answer = Client(HTTP_HOST="testserver").get(path)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def collected(world, kit):
    fields = {"title": "Été", "summary": "", "is_listed": True}
    return actions.create_collection(by=world.team, fields=fields, first=kit).get_absolute_url()


def test_what_a_hidden_actor_offers_is_nowhere_and_names_nobody(world, kit, team):
    collection = collected(world, kit)
    assert all("Malle à eau" in told(path) for path in EVERYWHERE[:4])
    set_state(by=team, actor=world.lender, state="hidden")
    for path in (*EVERYWHERE, collection):
        page = told(path)
        assert "Malle à eau" not in page, path
        assert "Planétarium du Lez" not in page, path
    assert Client(HTTP_HOST="testserver").get(kit.get_absolute_url()).status_code == 404
    assert Client(HTTP_HOST="testserver").get(f"/api/v1/resources/{kit.pk}").status_code in (404, 410)
    assert matching_ids(world.network, "resource", "eau", public=True).ids == []
    assert not may_ask(world.nadia, Resource.objects.get(pk=kit.pk))


def test_those_who_harvest_are_told_that_it_left_and_that_it_came_back(world, kit, team):
    record = f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:{kit.uid}"
    assert "<dc:title>" in told(record)
    set_state(by=team, actor=world.lender, state="hidden")
    assert 'status="deleted"' in told(record)
    set_state(by=team, actor=world.lender, state="published")
    assert "<dc:title>" in told(record)
    assert not ResourceTombstone.objects.exists()


def test_the_page_of_what_an_archived_actor_offered_says_so(world, kit, team):
    collection = collected(world, kit)
    archive(by=team, actor=world.lender, reason="dissoute")
    answer = Client(HTTP_HOST="testserver").get(kit.get_absolute_url())
    assert (answer.status_code, "n’est plus en activité" in answer.content.decode()) == (410, True)
    assert kit.get_absolute_url() in told(collection)
    assert all("Malle à eau" not in told(path) for path in EVERYWHERE)
    assert not may_ask(world.nadia, Resource.objects.get(pk=kit.pk))
    unarchive(by=team, actor=world.lender)
    assert Client(HTTP_HOST="testserver").get(kit.get_absolute_url()).status_code == 200
    assert "Malle à eau" in told("/ressources/")


def test_what_was_offered_no_more_by_a_hidden_actor_leaves_no_stub(world, kit, team):
    actions.retire_resource(by=world.helene, resource=kit)
    set_state(by=team, actor=world.lender, state="hidden")
    assert Client(HTTP_HOST="testserver").get(kit.get_absolute_url()).status_code == 404


def test_an_actor_that_the_network_has_not_accepted_offers_nothing_yet(world):
    new = make_actor(world.network, "Nouvelle venue", state="draft")
    person = make_person(world.network, "Zoé Neuve", actor=new)
    resource = make_resource(person, new, state="proposed")
    assert resource.state == "proposed"
    for act in (actions.publish_resource, actions.submit_resource):
        with pytest.raises(Refused):
            act(by=world.team, resource=resource)
    set_state(by=Viewer.as_system(world.network, "essai"), actor=new, state="published")
    assert actions.publish_resource(by=world.team, resource=resource).is_shown


def test_its_people_still_see_it_and_are_told_why_others_do_not(world, kit, team):
    set_state(by=team, actor=world.lender, state="hidden")
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.helene.user)
    assert "Les visiteurs ne voient pas" in client.get(kit.get_absolute_url()).content.decode()
    assert "reviendra avec elle" in client.get(f"/catalogue/{kit.pk}/").content.decode()


def test_an_opinion_does_not_name_an_actor_that_is_hidden(world, kit, team):
    actor = make_actor(world.network, "Fablab discret")
    person = make_person(world.network, "Yves Discret", actor=actor)
    use = actions.declare_use(by=person, resource=kit, used_on=kit.created_at.date(), actor=actor)
    actions.write_feedback(by=person, use=use, stars=4, words="Bien.")
    assert "Fablab discret" in told(kit.get_absolute_url())
    set_state(by=team, actor=actor, state="hidden")
    assert "Fablab discret" not in told(kit.get_absolute_url())


def test_a_presence_that_is_undone_takes_what_was_offered_with_it(world, kit):
    assert matching_ids(world.network, "resource", "eau", public=True).ids == [kit.pk]
    world.lender.listings.get(network=world.network).delete()
    assert matching_ids(world.network, "resource", "eau", public=True).ids == []
    assert ResourceTombstone.objects.filter(resource_id=kit.pk).exists()
