"""Two sheets made one, and given back: nothing is lost on the way, whatever pointed to them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.following import may_clash, name_of, pointing_to
from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions import claiming
from maillage.directory.actions.merging import frozen, merge, state_of
from maillage.directory.actions.unmerging import forget_old_merges, undo_merge
from maillage.directory.actions.withdrawing import withdraw_own_sheets
from maillage.directory.enums import ClaimState, ListingState, MemberRole, Nature
from maillage.directory.models import (
    Actor,
    ActorMember,
    Claim,
    DistinctPair,
    FormerSlug,
    Identifier,
    Listing,
    Merge,
    Note,
    Qualification,
    Suggestion,
    Suspect,
    Tombstone,
)
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.merging import choices
from maillage.directory.queries.relations import planned
from maillage.directory.registry.relations import relation_of
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import (
    make_actor,
    make_charter,
    make_commune,
    make_network,
    make_signature,
    make_term,
)

pytestmark = pytest.mark.django_db
VOLATILE = {"updated_at", "revision", "changed_since_cleared"}  # Other networks are told, both times.


def team(network):
    return viewer(make_person(network, "animator"), network)


def everything():
    """Every row of what may point to an actor, and the actors with their lists."""
    tables = {model for model, _field in pointing_to(Actor)} | {Actor} - {Merge}
    tables |= {field.remote_field.through for field in Actor._meta.many_to_many}
    found = {}
    for model in tables - {Merge}:
        rows = [frozen(row) for row in QuerySet(model).order_by("pk")]
        if model in {field.remote_field.through for field in Actor._meta.many_to_many}:
            rows = sorted([{key: value for key, value in row.items() if key != "id"} for row in rows], key=str)
        found[model.__name__] = [{key: row[key] for key in row.keys() - VOLATILE} for row in rows]
    return found


class Rolledback(Exception):
    pass


STATES = st.sampled_from(ListingState.values)
SIDES = st.sampled_from(["kept", "gone", "both"])


def draw_people(data, actor, world):
    """Who looks after a sheet, asks for it, writes about it."""
    for user in world["users"]:
        if data.draw(st.booleans()):
            ActorMember.objects.create(actor=actor, user=user, role=data.draw(st.sampled_from(MemberRole.values)))
        if state := data.draw(st.sampled_from(["", *ClaimState.values])):
            dates = {"deadline": timezone.now(), "decided_at": timezone.now()}
            Claim.objects.create(network=world["network"], actor=actor, user=user, way="decision", state=state, **dates)
    if data.draw(st.booleans()):
        Suggestion.objects.create(network=world["network"], actor=actor, kind="wrong", values={"phone": "05"})


def draw_dates(data, actor, world):
    """Where a sheet is shown, its circles, the charters it signed."""
    Listing.objects.filter(actor=actor).update(state=data.draw(STATES))
    if data.draw(st.booleans()):
        Listing.objects.create(actor=actor, network=world["other"], state=data.draw(STATES))
    for network in (world["network"], world["other"]):
        for nature in Nature.values:
            day = date(2020, 1, 1) + timedelta(days=data.draw(st.integers(0, 900)))
            for last in [False] * data.draw(st.integers(0, 2)) + [True] * data.draw(st.booleans()):
                until = None if last else day + timedelta(days=data.draw(st.integers(0, 400)))
                circle = data.draw(st.integers(1, 3))
                Qualification.objects.create(
                    network=network, actor=actor, nature=nature, circle=circle, since=day, until=until
                )
                day = until or day
    for version in world["charters"]:
        for last in [False] * data.draw(st.integers(0, 1)) + [True] * data.draw(st.booleans()):
            ended = None if last else date(2026, 2, 1)
            make_signature(actor, version, signed_on=date(2026, 1, 5), withdrawn_on=ended)


def draw_relations(data, actor, world):
    """Whatever a sheet may have, drawn at random."""
    draw_people(data, actor, world)
    draw_dates(data, actor, world)
    for number in range(data.draw(st.integers(0, 2))):
        Note.objects.create(network=world["network"], actor=actor, body=f"Note {number}")
        Identifier.objects.create(actor=actor, scheme=f"liste{number}", value=f"{actor.pk}-{number}")
        FormerSlug.objects.create(actor=actor, slug=f"ancienne-{actor.pk}-{number}")
    actor.terms.set([term for term in world["terms"] if data.draw(st.booleans())])
    actor.zone.set([commune for commune in world["communes"] if data.draw(st.booleans())])
    for name, values in (
        ("summary", ["", "Une phrase.", "Une autre."]),
        ("phone", ["", "05 61 00 00 00"]),
        ("languages", [[], ["fr"], ["oc", "fr"]]),
        ("contact_is_public", [True, False]),
    ):
        setattr(actor, name, data.draw(st.sampled_from(values)))
    if data.draw(st.booleans()):
        actor.provenance = {"summary": {"origin": "actor", "at": "2026-01-01T00:00:00+00:00"}}
    actor.completeness = completeness(actor, set(actor.terms.values_list("vocabulary", flat=True)))
    actor.save()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_merging_loses_nothing_and_undoing_gives_all_back(db, data):
    try:
        with transaction.atomic():
            _merge_and_undo(data)
            raise Rolledback
    except Rolledback:
        pass


def _merge_and_undo(data):
    network, other = make_network(), make_network()
    by = Viewer.as_system(network, "essai")
    world = {
        "network": network,
        "other": other,
        "users": [make_person(network) for _each in range(2)],
        "terms": [make_term("theme", slug) for slug in ("astronomie", "geologie")],
        "communes": [make_commune(), make_commune("46042", "Cahors", (44.4475, 1.4406))],
        "charters": [make_charter(network), make_charter(network, "<p>Autre.</p>", major=2)],
    }
    kept, gone, third = (
        make_actor(network, name) for name in data.draw(st.permutations(["Astroclub", "Astroclub", "Tiers"]))
    )
    for actor in (kept, gone, third):
        draw_relations(data, actor, world)
    for child in (kept, gone, third):
        parent = data.draw(st.sampled_from([None, kept, gone, third]))
        if parent is not None and parent != child:
            Actor.objects.filter(pk=child.pk).update(parent=parent)
    for one, two in ((kept, gone), (kept, third), (gone, third)):
        first, second = sorted([one.pk, two.pk])
        if data.draw(st.booleans()):
            DistinctPair.objects.create(first_id=first, second_id=second, verdict="different")
        if data.draw(st.booleans()):
            Suspect.objects.create(network=network, first_id=first, second_id=second, score=0.5, band="doubtful")
    kept, gone = Actor.objects.get(pk=kept.pk), Actor.objects.get(pk=gone.pk)
    before, plans = everything(), planned(kept, gone)
    expected = {plan.name: plan.moved for plan in plans}
    counts = {plan.name: QuerySet(plan.model).count() for plan in plans}

    chosen = {choice.name: data.draw(SIDES) for choice in choices(kept, gone)}
    chosen = {name: side for name, side in chosen.items() if side != "both" or name in ("terms", "zone", "languages")}
    done = merge(by=by, kept=kept, gone=gone, chosen=chosen)

    assert not Actor.objects.filter(pk=gone.pk).exists()
    for model, field in pointing_to(Actor):
        assert not QuerySet(model).filter(**{field: gone.pk}).exists(), name_of(model, field)
    for plan in plans:
        if plan.model not in (Actor, FormerSlug):  # An actor goes, an address is added.
            assert QuerySet(plan.model).count() == counts[plan.name] - _removed(plans, plan.model), plan.name
    assert sum(expected.values()) == sum(plan.moved for plan in plans)
    circles = Qualification.objects.filter(actor=kept)
    for network_id, nature in set(circles.values_list("network", "nature")):
        periods = sorted(
            circles.filter(network=network_id, nature=nature).values_list("since", "until"),
            key=lambda pair: (pair[0], pair[1] or date.max),
        )
        for (_since, until), (since, _until) in pairwise(periods):
            assert until is not None and until <= since

    assert undo_merge(by=by, merge=done) == []
    assert everything() == before


def _removed(plans, model):
    return sum(plan.left for plan in plans if plan.model is model)


def test_a_model_whose_rows_may_be_there_once_says_what_becomes_of_two():
    silent = [
        name_of(model, field)
        for model, field in pointing_to(Actor)
        if may_clash(model, field)
        and not ((told := relation_of(name_of(model, field))) and (told.rule or told.rewrite))
    ]
    assert silent == []


@pytest.fixture
def pair():
    network = make_network(host="testserver")
    commune = make_commune()
    kept = make_actor(network, "Planète Sciences", commune=commune, phone="05 61 00 00 00")
    gone = make_actor(
        network, "Planète Sciences", commune=commune, website="https://planete.exemple", summary="Ateliers."
    )
    return network, kept, gone


def test_what_one_sheet_alone_says_completes_the_other_with_who_wrote_it(pair):
    network, kept, gone = pair
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    kept.refresh_from_db()
    assert (kept.phone, kept.website, kept.summary) == ("05 61 00 00 00", "https://planete.exemple", "Ateliers.")
    assert kept.provenance["website"] == gone.provenance["website"]


def test_merging_proposes_the_address_that_one_of_the_two_gives():
    network, commune = make_network(), make_commune()
    kept = make_actor(network, "Musée du Pont", commune=commune, address="2 place de la Mairie")
    gone = make_actor(network, "Musée du pont", commune=commune)
    gone.provenance = {"commune": {"origin": "actor", "at": timezone.now().isoformat()}}
    gone.save()
    for one, other, side in ((kept, gone, "kept"), (gone, kept, "gone")):
        place = next(choice for choice in choices(one, other) if choice.name == "place")
        assert (place.default, place.alone) == (side, True)


def test_both_addresses_lead_to_the_sheet_that_stays_and_the_api_says_where_the_other_went(pair, client):
    network, kept, gone = pair
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    response = client.get(gone.get_absolute_url())
    assert (response.status_code, response["Location"]) == (302, kept.get_absolute_url())
    response = client.get(f"/api/v1/actors/{gone.pk}")
    assert (response.status_code, response.json()["merged_into"]) == (410, kept.pk)
    assert Tombstone.objects.get(network=network, actor_id=gone.pk).merged_into == kept.pk


def test_undoing_takes_the_tombstone_away_and_leaves_what_was_written_since(pair, client):
    network, kept, gone = pair
    by = team(network)
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    actions.update_actor(by=by, actor=kept, values={"summary": "Réécrit depuis."})
    left = undo_merge(by=by, merge=done)
    kept.refresh_from_db()
    assert (kept.summary, kept.website, left) == ("Réécrit depuis.", "", ["En une phrase : modifié depuis"])
    assert Actor.objects.get(pk=gone.pk).website == "https://planete.exemple"
    assert client.get(gone.get_absolute_url()).status_code == 200
    assert client.get(f"/api/v1/actors/{gone.pk}").status_code == 200


def test_undoing_brings_back_nobody_who_asked_to_be_recorded_no_more(pair):
    network, kept, gone = pair
    by = team(network)
    actions.update_actor(by=by, actor=kept, values={"email": "lea@exemple.test", "contact_name": "Léa"})
    actions.update_actor(
        by=by, actor=gone, values={"email": "Odile@exemple.test", "contact_name": "Odile", "phone": "05 61 22 22 22"}
    )
    kept.refresh_from_db()
    done = merge(by=by, kept=kept, gone=gone, chosen={"email": "gone", "phone": "gone", "contact": "gone"})
    kept.refresh_from_db()
    assert kept.email == "Odile@exemple.test"
    actions.update_actor(by=by, actor=kept, values={"email": "accueil@exemple.test"})
    for email in ("odile@exemple.test", "lea@exemple.test"):
        forbid_address(email=email, reason="erasure")
    left = undo_merge(by=by, merge=done)
    why = "e-mail, téléphone et nom du contact\xa0: la personne concernée a demandé que ce ne soit plus enregistré"
    assert left[0] == why
    back = Actor.objects.get(pk=gone.pk)
    kept.refresh_from_db()
    assert (back.email, back.phone, back.contact_name) == ("", "", "")
    assert kept.email == "accueil@exemple.test" and "Léa" not in kept.contact_name


def test_merges_of_one_sheet_are_undone_from_the_last(pair):
    network, kept, gone = pair
    by, third = team(network), make_actor(network, "Planète Sciences Toulouse")
    first = merge(by=by, kept=kept, gone=gone, chosen={})
    second = merge(by=by, kept=third, gone=kept, chosen={})
    with pytest.raises(Refused, match="annulez d'abord la fusion de « Planète Sciences »"):
        undo_merge(by=by, merge=first)
    undo_merge(by=by, merge=second)
    undo_merge(by=by, merge=first)
    assert set(Actor.objects.filter(pk__in=[kept.pk, gone.pk, third.pk]).values_list("pk", flat=True)) == {
        kept.pk, gone.pk, third.pk,
    }  # fmt: skip


def test_a_merge_is_undone_once_and_within_its_term(pair):
    network, kept, gone = pair
    by = team(network)
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    Merge.objects.update(until=done.at)
    with pytest.raises(Refused, match="délai"):
        undo_merge(by=by, merge=done)
    forget_old_merges.enqueue()
    run_waiting()
    assert Merge.objects.get().undo == {}


def test_a_sheet_that_changed_while_one_chose_is_read_again_first(pair):
    network, kept, gone = pair
    seen = state_of(kept, gone)
    actions.update_actor(by=team(network), actor=gone, values={"phone": "05 62 00 00 00"})
    with pytest.raises(Conflict):
        merge(by=team(network), kept=kept, gone=gone, chosen={}, seen=seen)
    assert Actor.objects.filter(pk=gone.pk).exists()


def test_only_a_team_that_may_change_both_sheets_merges_them(pair):
    network, kept, _gone = pair
    elsewhere = make_network()
    theirs = make_actor(elsewhere, "Planète Sciences")
    Listing.objects.create(network=network, actor=theirs)
    with pytest.raises(Refused):
        merge(by=team(network), kept=kept, gone=theirs, chosen={})
    member = make_person(network)
    ActorMember.objects.create(actor=kept, user=member)
    with pytest.raises(Refused):
        merge(by=viewer(member, network), kept=kept, gone=_gone, chosen={})


def test_who_asked_for_both_sheets_waits_once_and_twice_again_after_the_undoing():
    network = make_network()
    kept, gone = make_actor(network, "Astroclub"), make_actor(network, "Astro-club")
    person = make_person(network)
    asked = [
        claiming.ask(by=viewer(person, network), actor=actor, message="Je préside ce club.") for actor in (kept, gone)
    ]
    by = team(network)
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    assert [claim.state for claim in Claim.objects.filter(actor=kept).order_by("pk")] == ["waiting", "cancelled"]
    undo_merge(by=by, merge=done)
    assert {(claim.actor_id, claim.state) for claim in Claim.objects.all()} == {
        (claim.actor_id, "waiting") for claim in asked
    }


def test_two_sheets_that_signed_have_one_signature_in_force_and_both_in_the_history(pair):
    network, kept, gone = pair
    charter = make_charter(network)
    stays, ends = (
        make_signature(actor, charter, signer_name=name) for actor, name in ((kept, "Odile"), (gone, "Paul"))
    )
    (plan,) = [plan for plan in planned(kept, gone) if plan.name == "directory.Signature.actor"]
    assert "la signature de la fiche gardée vaut" in str(plan.relation.rule)
    merged = merge(by=team(network), kept=kept, gone=gone, chosen={})
    stays.refresh_from_db()
    ends.refresh_from_db()
    assert (stays.actor, stays.withdrawn_on) == (kept, None)
    assert (ends.actor, ends.withdrawal_reason) == (kept, "Fiches fusionnées")
    undo_merge(by=team(network), merge=merged)
    ends.refresh_from_db()
    assert (ends.actor_id, ends.withdrawn_on, ends.withdrawal_reason) == (gone.pk, None, "")


def test_a_sheet_never_becomes_the_branch_of_itself(pair):
    network, kept, gone = pair
    between = make_actor(network, "Antenne", parent=gone)
    Actor.objects.filter(pk=kept.pk).update(parent=between)
    done = merge(by=team(network), kept=kept, gone=gone, chosen={"parent": "kept"})
    assert Actor.objects.get(pk=kept.pk).parent is None
    assert Actor.objects.get(pk=between.pk).parent == kept
    undo_merge(by=team(network), merge=done)
    assert Actor.objects.get(pk=kept.pk).parent == between
    assert Actor.objects.get(pk=between.pk).parent == gone


def test_what_a_sheet_pointed_to_may_be_gone_when_it_comes_back(pair):
    network, kept, gone = pair
    head = make_actor(network, "Maison mère")
    actions.update_actor(by=team(network), actor=gone, values={"parent": head})
    done = merge(by=team(network), kept=kept, gone=gone, chosen={"parent": "kept"})
    Actor.objects.filter(pk=head.pk).delete()
    undo_merge(by=team(network), merge=done)
    assert Actor.objects.get(pk=gone.pk).parent is None


def test_the_erasure_of_a_person_leaves_nothing_of_the_sheet_that_went_into_theirs(pair):
    network, kept, gone = pair
    Actor.objects.filter(pk__in=[kept.pk, gone.pk]).update(kind="person")
    person = make_person(network)
    ActorMember.objects.create(actor=kept, user=person)
    merge(by=team(network), kept=kept, gone=gone, chosen={})
    withdraw_own_sheets(by=viewer(person, network), user=person)
    assert not Merge.objects.exists()
    assert not Entry.objects.filter(label__contains="Planète").exists()
    assert not Tombstone.objects.exclude(slug="").exists()


def test_the_erasure_of_who_shares_a_sheet_makes_its_merges_final(pair):
    network, kept, gone = pair
    person = make_person(network)
    ActorMember.objects.create(actor=gone, user=person)
    done = merge(by=team(network), kept=kept, gone=gone, chosen={})
    withdraw_own_sheets(by=viewer(person, network), user=person)
    with pytest.raises(Refused, match="délai"):
        undo_merge(by=team(network), merge=done)
