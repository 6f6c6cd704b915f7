"""Nobody finds words that were read by nobody, whichever way they come."""

import pytest

from maillage.catalogue import actions, rules
from maillage.catalogue.actions import minding, reporting
from maillage.catalogue.actions.stating import print_of
from maillage.catalogue.models import Resource, ResourceLink
from maillage.core.errors import Conflict, Refused
from maillage.core.http import Fetched
from tests.factories.catalogue import make_resource

MODULE = {"title": "Panneau 1", "surface": None, "details": ""}


@pytest.mark.parametrize(
    "act",
    [
        lambda by, one: actions.set_links(by=by, resource=one, links=[("Ici", "https://ici.test/")]),
        lambda by, one: actions.save_module(by=by, resource=one, fields=MODULE),
    ],
)
def test_what_came_beside_the_fields_since_the_page_was_opened_is_not_published_unread(world, act):
    resource = make_resource(world.igor, world.lender, state="proposed")
    seen = print_of(resource)
    act(world.igor, resource)
    with pytest.raises(Conflict):
        actions.publish_resource(by=world.team, resource=resource, seen=seen)


def test_what_was_taken_out_then_given_other_links_is_read_before_it_comes_back(world, monkeypatch):
    resource = make_resource(world.helene, world.lender)
    reporting.remove_resource(by=world.team, resource=resource, reason="non")
    monkeypatch.setattr(reporting, "_A_MOMENT", reporting._A_MOMENT * 0)
    actions.set_links(by=world.helene, resource=resource, links=[("Ici", "https://ici.test/")])
    reporting.restore_resource(by=world.team, resource=resource)
    resource.refresh_from_db()
    assert resource.state == "proposed"


def test_a_change_of_links_is_a_change_for_those_who_harvest(world):
    resource = make_resource(world.helene, world.lender)
    before = Resource.objects.get(pk=resource.pk).updated_at
    actions.set_links(by=world.helene, resource=resource, links=[("Ici", "https://ici.test/")])
    assert Resource.objects.get(pk=resource.pk).updated_at > before


def test_the_words_of_a_module_are_reviewed_as_those_of_the_sheet(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    actions.save_module(by=world.igor, resource=resource, fields=MODULE)
    resource.refresh_from_db()
    assert resource.state == "proposed"


def test_no_module_is_written_while_reports_wait_for_an_answer(world):
    resource = make_resource(world.helene, world.lender)
    reporting.suspend_resource(by=world.team, resource=resource)
    with pytest.raises(Refused):
        actions.save_module(by=world.igor, resource=resource, fields=MODULE)


def test_who_left_the_actor_writes_its_published_sheets_no_more(world):
    resource, draft = (
        make_resource(world.helene, world.lender),
        make_resource(world.helene, world.lender, state="draft"),
    )
    world.helene.user.actor_memberships.all().delete()
    resource.refresh_from_db()
    assert not rules.may_edit(world.helene, resource)
    assert rules.may_edit(world.helene, draft)
    assert list(Resource.objects.editable_by(world.helene)) == [draft]


def test_whoever_moves_a_sheet_looks_after_the_actor_that_it_leaves(world):
    draft = make_resource(world.helene, world.lender, state="draft")
    world.helene.user.actor_memberships.update(actor=world.other)
    with pytest.raises(Refused):
        actions.edit_resource(by=world.helene, resource=draft, fields={"actor": world.other}, seen=None)


def test_a_listed_collection_that_others_rewrite_leaves_the_list(world):
    words = {"title": "Eau", "summary": ""}
    collection = actions.create_collection(by=world.nadia, fields=words)
    actions.edit_collection(by=world.team, collection=collection, fields={**words, "is_listed": True})
    collection = actions.edit_collection(by=world.nadia, collection=collection, fields={**words, "summary": "Autre"})
    assert not collection.is_listed


def test_what_someone_else_put_in_a_collection_meanwhile_stays(world):
    first, second = make_resource(world.helene, world.lender), make_resource(world.helene, world.lender, "Deux")
    collection = actions.create_collection(by=world.nadia, fields={"title": "Eau", "summary": ""}, first=first)
    read = [(item.pk, "") for item in collection.items.all()]
    added = actions.add_item(by=world.nadia, collection=collection, resource=second, note="pourquoi")
    actions.arrange_items(by=world.nadia, collection=collection, items=read)
    assert collection.items.get(pk=added.pk).note == "pourquoi"


def test_a_french_address_is_asked_as_the_web_writes_it(world, monkeypatch):
    resource, asked = make_resource(world.helene, world.lender), []
    actions.set_links(by=world.helene, resource=resource, links=[("Wiki", "https://fr.test/Évolution")])
    monkeypatch.setattr(minding, "fetch", lambda url, **_more: asked.append(url) or Fetched(url, 200, "text/html", b""))
    minding.check_link(ResourceLink.objects.get().pk)
    assert asked == ["https://fr.test/%C3%89volution"]
