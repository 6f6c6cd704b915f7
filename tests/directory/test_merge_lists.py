"""Which of two sheets made one is seen, where, at which address, and what programs are told of it, both ways."""

import pytest
from django.urls import reverse

from maillage.directory import actions
from maillage.directory.actions.merging import merge
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.models import Actor, ActorMember, FormerSlug, Listing, Note, Tombstone
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    network = make_network(host="testserver")
    return network, make_actor(network, "Planète Sciences"), make_actor(network, "Planète Sciences")


def team(network):
    return viewer(make_person(network, "animator"), network)


def state_in(network, actor):
    return Listing.objects.get(network=network, actor=actor).state


def set_states(network, kept, gone, states):
    for actor, state in zip((kept, gone), states, strict=True):
        Listing.objects.filter(network=network, actor=actor).update(state=state)


@pytest.mark.parametrize(
    ("states", "publish", "state"),
    [
        (("published", "hidden"), False, "hidden"),
        (("hidden", "published"), False, "hidden"),
        (("hidden", "draft"), True, "hidden"),
        (("published", "hidden"), True, "published"),
        (("hidden", "published"), True, "published"),
        (("draft", "published"), False, "published"),
        (("pending", "draft"), True, "pending"),
    ],
)
def test_what_someone_hid_stays_hidden_unless_who_merges_says_otherwise(pair, states, publish, state):
    network, kept, gone = pair
    set_states(network, kept, gone, states)
    done = merge(by=team(network), kept=kept, gone=gone, chosen={}, publish=publish)
    assert state_in(network, kept) == state
    assert undo_merge(by=team(network), merge=done) == []
    assert (state_in(network, kept), state_in(network, gone)) == states


def test_nothing_is_published_in_another_network_than_where_it_was(pair):
    network, kept, gone = pair
    other = make_network()
    for actor, state in ((kept, "hidden"), (gone, "published")):
        Listing.objects.create(network=other, actor=actor, state=state)
    merge(by=team(network), kept=kept, gone=gone, chosen={}, publish=True)
    assert (state_in(network, kept), state_in(other, kept)) == ("published", "hidden")


def test_an_archived_sheet_publishes_nothing_where_it_is_no_longer_seen(pair):
    network, kept, gone = pair
    other = make_network()
    set_states(network, kept, gone, ("draft", "published"))
    Listing.objects.create(network=other, actor=gone, state="published")
    actions.archive(by=team(network), actor=gone, reason="closed")
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    assert (state_in(network, kept), state_in(other, kept)) == ("draft", "draft")


@pytest.mark.parametrize("states", [("draft", "published"), ("hidden", "published"), ("published", "hidden")])
def test_programs_are_told_what_enters_and_leaves_the_list_by_a_merging_and_by_its_undoing(pair, client, states):
    network, kept, gone = pair
    other, by = make_network(host="autre.test"), team(network)
    for actor in (kept, gone):
        actions.set_state(by=by, actor=actor, state="hidden")
    set_states(network, kept, gone, states)
    for actor, state in zip((kept, gone), states, strict=True):
        Listing.objects.create(network=other, actor=actor, state=state)
        Tombstone.objects.filter(actor_id=actor.pk).exclude(network=other if state == "hidden" else None).delete()

    def told(host):
        return [
            (answer.status_code, answer.json().get("merged_into"))
            for answer in (client.get(f"/api/v1/actors/{actor.pk}", headers={"host": host}) for actor in (kept, gone))
        ]

    def buried():
        return set(Tombstone.objects.values_list("network_id", "actor_id"))

    done = merge(by=by, kept=kept, gone=gone, chosen={})
    shown = set(Listing.objects.filter(state="published").values_list("network_id", "actor_id"))
    was = {(each.pk, actor.pk) for each in (network, other) for actor, state in zip((kept, gone), states, strict=True)
           if state == "published"}  # fmt: skip
    assert buried() == was - shown
    if states == ("draft", "published"):
        assert told("testserver") == told("autre.test") == [(200, None), (410, kept.pk)]
    undo_merge(by=by, merge=done)
    assert buried() == shown - was
    if states == ("draft", "published"):
        assert told("testserver") == told("autre.test") == [(410, None), (200, None)]


@pytest.mark.parametrize("taken_by", ["kept", "another", "a former address"])
def test_a_sheet_whose_address_was_taken_comes_back_under_a_free_one(pair, client, taken_by):
    network, kept, gone = pair
    by, address = team(network), gone.slug
    Actor.objects.filter(pk=kept.pk).update(name="Autre nom", slug="autre-nom")
    done = merge(by=by, kept=Actor.objects.get(pk=kept.pk), gone=gone, chosen={"name": "kept"})
    if taken_by == "kept":
        FormerSlug.objects.filter(slug=address).delete()
        Actor.objects.filter(pk=kept.pk).update(slug=address)
    else:
        FormerSlug.objects.filter(slug=address).delete()
        third = make_actor(network, "Troisième")
        if taken_by == "another":
            Actor.objects.filter(pk=third.pk).update(slug=address)
        else:
            FormerSlug.objects.create(actor=third, slug=address)
    assert any("adresse de sa page" in sentence for sentence in undo_merge(by=by, merge=done))
    back = Actor.objects.get(pk=gone.pk)
    assert back.slug != address
    assert client.get(back.get_absolute_url()).status_code == 200


def test_the_sheet_that_stays_may_take_the_name_of_the_other_before_the_undoing(pair):
    network, kept, gone = pair
    by = team(network)
    actions.update_actor(by=by, actor=kept, values={"name": "Club des étoiles"})
    kept.refresh_from_db()
    done = merge(by=by, kept=kept, gone=gone, chosen={"name": "kept"})
    actions.update_actor(by=by, actor=kept, values={"name": gone.name})
    undo_merge(by=by, merge=done)
    slugs = {actor.pk: actor.slug for actor in Actor.objects.filter(pk__in=[kept.pk, gone.pk])}
    assert len(set(slugs.values())) == 2
    assert not FormerSlug.objects.filter(slug__in=slugs.values()).exists()


@pytest.mark.parametrize("page", ["actor_show", "actor_contact", "actor_report", "actor_claim"])
def test_every_public_page_under_a_former_address_leads_to_the_same_one(pair, client, page):
    network, kept, gone = pair
    client.force_login(make_person(network))
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    old, new = (reverse(f"directory:{page}", args=[slug]) for slug in (gone.slug, kept.slug))
    response = client.get(f"{old}?de=lettre")
    assert (response.status_code, response["Location"]) == (302, f"{new}?de=lettre")
    assert client.post(old)["Location"] == kept.get_absolute_url()


@pytest.mark.parametrize(
    ("page", "role"),
    [
        ("actor_work", "animator"),
        ("actor_edit", "animator"),
        ("actor_members", "animator"),
        ("charter_actor", "animator"),
        ("own_sheet", ""),
        ("actor_edit", ""),
        ("actor_members", ""),
    ],
)
def test_every_working_page_of_what_went_leads_to_the_same_one_of_what_stays(pair, client, page, role):
    network, kept, gone = pair
    person = make_person(network, role)
    client.force_login(person)
    if not role:
        ActorMember.objects.create(actor=gone, user=person, role="admin")
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    old, new = (reverse(f"directory:{page}", args=[actor.pk]) for actor in (gone, kept))
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, new)
    assert client.get(new).status_code == 200


def test_what_was_to_be_written_on_a_sheet_that_went_is_not_and_it_is_said(pair, client):
    network, kept, gone = pair
    client.force_login(make_person(network, "animator"))
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    response = client.post(reverse("directory:actor_note", args=[gone.pk]), {"body": "Vu."}, follow=True)
    assert response.redirect_chain == [(reverse("directory:actor_work", args=[kept.pk]), 302)]
    assert "rien n&#x27;a été enregistré" in response.content.decode()
    assert not Note.objects.exists()


def test_who_may_not_know_of_a_merging_is_not_led_anywhere(pair, client):
    network, kept, gone = pair
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    client.force_login(make_person(network))
    assert client.get(reverse("directory:own_sheet", args=[gone.pk])).status_code == 404
