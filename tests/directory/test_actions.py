"""What the verbs of the directory promise."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import mark
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.enums import Nature, Origin, PositionQuality
from maillage.directory.models import Actor, ActorMember, FormerSlug, Listing, Qualification, Tombstone
from maillage.directory.queries.pairs import known_distinct
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network()


@pytest.fixture
def animator(network):
    return Viewer(
        network=network, user=User.objects.create_user("a@exemple.fr"), roles=frozenset({RoleHeld(RoleKind.ANIMATOR)})
    )


def test_an_actor_without_point_takes_the_centre_of_its_commune_and_says_so(network):
    actor = make_actor(network, commune=make_commune())
    assert (actor.latitude, actor.longitude) == (43.6109, 3.8761)
    assert (actor.position_quality, actor.position_score) == (PositionQuality.COMMUNE, 0.5)


def test_a_point_far_from_the_commune_is_left_to_be_placed_by_hand(network):
    actor = make_actor(network, commune=make_commune(), latitude=48.85, longitude=2.35)
    assert (actor.position_quality, actor.position_score) == (PositionQuality.TO_PLACE, 0.1)


def test_moving_to_another_commune_moves_a_point_that_was_only_its_centre(network, animator):
    actor = make_actor(network, commune=make_commune())
    actions.update_actor(by=animator, actor=actor, values={"commune": make_commune("31555", "Toulouse", (43.6, 1.44))})
    actor.refresh_from_db()
    assert (actor.latitude, actor.longitude) == (43.6, 1.44)


def test_two_actors_of_one_name_have_two_addresses(network):
    assert [make_actor(network, "Musée de l'Œuf").slug for _ in range(3)] == [
        "musee-de-l-oeuf",
        "musee-de-l-oeuf-2",
        "musee-de-l-oeuf-3",
    ]


def test_no_actor_takes_the_address_of_a_page_of_the_directory(network):
    assert make_actor(network, "Widget").slug == "widget-2"


def test_renaming_keeps_the_old_address(network, animator):
    actor = make_actor(network, "Ancien nom")
    actions.update_actor(by=animator, actor=actor, values={"name": "Nouveau nom"})
    actor.refresh_from_db()
    assert actor.slug == "nouveau-nom"
    assert FormerSlug.objects.get(slug="ancien-nom").actor == actor


def test_an_import_leaves_what_the_actor_wrote_and_never_erases(network):
    actor = make_actor(network, website="https://ancien.fr", summary="Avant")
    user = User.objects.create_user("r@exemple.fr")
    ActorMember.objects.create(actor=actor, user=user, role="admin")
    representative = Viewer(network=network, user=user)
    actions.update_actor(by=representative, actor=actor, values={"summary": "Écrit par nous"})
    written = actions.update_actor(
        by=Viewer.as_system(network, "import"),
        actor=actor,
        values={"summary": "Écrit par un fichier", "website": "", "phone": "04 67 00 00 00"},
        stamp=Stamp(Origin.IMPORT, "fichier.csv", batch=7),
    )
    actor.refresh_from_db()
    assert (actor.summary, actor.website, actor.phone) == ("Écrit par nous", "https://ancien.fr", "04 67 00 00 00")
    assert written.kept == ["summary"]
    assert list(written.changes) == ["phone"]
    assert actor.provenance["phone"]["source"] == "fichier.csv"
    assert actor.provenance["summary"]["origin"] == "actor"


def test_a_field_that_may_not_be_written_is_refused(network, animator):
    with pytest.raises(KeyError):
        actions.update_actor(by=animator, actor=make_actor(network), values={"slug": "autre"})


def test_rich_text_is_made_harmless_whoever_writes_it(network):
    actor = make_actor(network, description="<p onclick=x>Oui</p><script>non()</script>")
    actor.refresh_from_db()
    assert actor.description == "<p>Oui</p>"


def test_a_wrong_siren_is_refused_with_an_example(network):
    with pytest.raises(ValidationError) as refusal:
        make_actor(network, siren="123456789")
    assert refusal.value.message_dict["siren"] == ["Ce SIREN n'est pas valable : 9 chiffres, par exemple 180 089 013."]
    assert Actor.objects.count() == 0


def test_a_field_changed_since_it_was_shown_is_refused(network, animator):
    actor = make_actor(network, summary="Ce qui était montré")
    seen = {"summary": mark(actor.summary)}
    actions.update_actor(by=animator, actor=actor, values={"summary": "Écrit par une autre"})
    with pytest.raises(Conflict):
        actions.edit_sheet(by=animator, actor=actor, fields={"summary": "x"}, seen=seen)


def test_who_may_not_edit_is_refused_before_anything_is_said_of_what_moved(network, animator):
    actor = make_actor(network, summary="Ce qui est là")
    with pytest.raises(Refused) as refusal:
        actions.edit_sheet(by=Viewer(network), actor=actor, fields={"summary": "x"}, seen={})
    assert refusal.value.status == 403


def test_writing_the_same_values_changes_nothing_and_journals_nothing(network, animator):
    theme = make_term()
    actor = make_actor(network, summary="Pareil", terms=[theme])
    revision = actor.listings.get().revision
    before = Entry.objects.count()
    written = actions.update_actor(by=animator, actor=actor, values={"summary": "Pareil", "terms": [theme]})
    assert written.changes == {}
    assert Entry.objects.count() == before
    assert actor.listings.get().revision == revision


def test_an_edit_is_flagged_in_the_other_network_that_lists_the_actor(network, animator):
    other = make_network("Réseau du Nord")
    actor = make_actor(network)
    Listing.objects.create(network=other, actor=actor, state="published")
    actions.update_actor(by=animator, actor=actor, values={"summary": "Nouveau"})
    assert actor.listings.get(network=other).changed_since_cleared
    assert not actor.listings.get(network=network).changed_since_cleared


def test_the_team_of_another_network_does_not_edit_the_record(network):
    other = make_network("Réseau du Nord")
    actor = make_actor(network)
    Listing.objects.create(network=other, actor=actor, state="published")
    theirs = Viewer(
        network=other,
        user=User.objects.create_user("n@exemple.fr"),
        roles=frozenset({RoleHeld(RoleKind.NETWORK_ADMIN)}),
    )
    with pytest.raises(Refused, match="autre réseau"):
        actions.update_actor(by=theirs, actor=actor, values={"summary": "x"})


def test_an_animator_of_one_departement_edits_only_there(network):
    gard = Viewer(
        network=network,
        user=User.objects.create_user("g@exemple.fr"),
        roles=frozenset({RoleHeld(RoleKind.ANIMATOR, "30")}),
    )
    herault_actor, gard_actor = (
        make_actor(network, commune=make_commune()),
        make_actor(network, commune=make_commune("30189", "Nîmes")),
    )
    actions.update_actor(by=gard, actor=gard_actor, values={"summary": "x"})
    with pytest.raises(Refused, match="département"):
        actions.update_actor(by=gard, actor=herault_actor, values={"summary": "x"})
    assert set(Actor.objects.editable_by(gard)) == {gard_actor}


def test_past_figures_use_the_circle_valid_then(network, animator):
    actor = make_actor(network)
    spring, autumn = date(2025, 3, 1), date(2025, 10, 1)
    actions.set_circle(by=animator, actor=actor, circle=3, reason="Repéré au forum", source="Forum", on=spring)
    actions.set_circle(by=animator, actor=actor, circle=1, reason="Mission première", on=autumn)
    circles = {day: Qualification.objects.valid_on(day).get().circle for day in (spring, date(2025, 9, 30), autumn)}
    assert circles == {spring: 3, date(2025, 9, 30): 3, autumn: 1}
    first = Qualification.objects.get(circle=3)
    assert (first.until, first.reason, first.source, first.author) == (
        autumn,
        "Repéré au forum",
        "Forum",
        animator.user,
    )


def test_assessed_and_declared_circles_are_kept_apart(network, animator):
    actor = make_actor(network)
    actions.set_circle(by=animator, actor=actor, circle=1)
    actions.set_circle(by=animator, actor=actor, circle=3, nature=Nature.DECLARED)
    held = Qualification.objects.in_force().values_list("nature", "circle")
    assert set(held) == {("assessed", 1), ("declared", 3)}


def test_a_circle_cannot_begin_before_the_one_in_force(network, animator):
    actor = make_actor(network)
    actions.set_circle(by=animator, actor=actor, circle=1, on=date(2025, 6, 1))
    with pytest.raises(Refused, match="plus récente"):
        actions.set_circle(by=animator, actor=actor, circle=2, on=date(2025, 5, 1))


def test_two_changes_on_a_day_keep_the_later_one(network, animator):
    actor = make_actor(network)
    for circle in (1, 2):
        actions.set_circle(by=animator, actor=actor, circle=circle)
    assert list(Qualification.objects.values_list("circle", "until")) == [(2, None)]


def test_an_archived_actor_leaves_the_lists_but_keeps_its_page_and_leaves_a_tombstone(network, animator):
    actor = make_actor(network)
    actions.archive(by=animator, actor=actor, reason="Fermé")
    public = Viewer(network=network)
    assert list(Actor.objects.visible_to(public)) == [actor]
    assert list(Actor.objects.visible_to(public).current()) == []
    assert Tombstone.objects.get().actor_id == actor.pk
    actions.unarchive(by=animator, actor=actor)
    assert not Tombstone.objects.exists()


def test_a_hidden_actor_does_not_exist_for_the_public(network, animator):
    actor = make_actor(network)
    actions.set_state(by=animator, actor=actor, state="hidden")
    assert list(Actor.objects.visible_to(Viewer(network=network))) == []
    assert list(Actor.objects.visible_to(animator)) == [actor]


def test_published_elsewhere_is_not_visible_here(network):
    other = make_network("Réseau du Nord")
    actor = make_actor(network, state="published")
    Listing.objects.create(network=other, actor=actor, state="draft")
    assert list(Actor.objects.visible_to(Viewer(network=other))) == []


def test_each_change_takes_the_next_revision_of_the_network(network, animator):
    first, second = make_actor(network), make_actor(network)
    actions.update_actor(by=animator, actor=first, values={"summary": "x"})
    revisions = [actor.listings.get().revision for actor in (second, first)]
    assert revisions == sorted(revisions) and len(set(revisions)) == 2
    network.refresh_from_db()
    assert network.content_version >= max(revisions)


def test_a_pair_found_distinct_is_remembered_from_both_sides(network, animator):
    one, other = make_actor(network), make_actor(network)
    actions.remember_distinct(by=animator, actor=other, others=[one])
    assert (known_distinct(one.pk), known_distinct(other.pk)) == ({other.pk}, {one.pk})


def test_a_member_of_the_public_neither_creates_nor_qualifies(network):
    visitor = Viewer(network=network)
    actor = make_actor(network)
    for attempt in (
        lambda: actions.create_actor(by=visitor, values={"name": "x"}),
        lambda: actions.update_actor(by=visitor, actor=actor, values={"summary": "x"}),
        lambda: actions.set_circle(by=visitor, actor=actor, circle=1),
        lambda: actions.set_state(by=visitor, actor=actor, state="hidden"),
        lambda: actions.archive(by=visitor, actor=actor, reason="x"),
        lambda: actions.add_note(by=visitor, actor=actor, body="x"),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_sheet_is_stale_after_the_rhythm_its_actor_chose(network, animator):
    actor = make_actor(network, update_rhythm=6)
    actions.confirm(by=animator, actor=actor, at=timezone.now() - timedelta(days=181))
    actor.refresh_from_db()
    assert actor.is_stale
    actions.confirm(by=animator, actor=actor)
    actor.refresh_from_db()
    assert not actor.is_stale
