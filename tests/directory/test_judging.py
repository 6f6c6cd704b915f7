"""Pairs that may be one actor: found at night, taken in hand by one person at a time, judged, learnt from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions.judging import find_suspects, give_back, put_off, take, take_back, take_next, tell_apart
from maillage.directory.actions.merging import merge
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.enums import Band
from maillage.directory.models import Actor, DistinctPair, Lesson, Suspect
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def twins(network):
    """Two sheets of one club, and a few of other actors."""
    auch, albi = make_commune("32013", "Auch", (43.6465, 0.5867)), make_commune("81004", "Albi", (43.9298, 2.148))
    one = make_actor(network, "Observatoire astronomique du Gers", commune=auch, phone="05 62 00 00 00")
    other = make_actor(network, "Observatoire d'astronomie du Gers", commune=auch, phone="0562000000")
    for name in ("Musée des Pierres", "Médiathèque", "Planétarium du Tarn", "Fablab albigeois"):
        make_actor(network, name, commune=albi)
    return one, other


def animator(network, department=""):
    return viewer(make_person(network, "animator", department), network)


def look(network):
    find_suspects.enqueue(network_id=network.pk)
    run_waiting()
    return list(Suspect.objects.filter(network=network))


def test_the_night_finds_the_pairs_of_one_network(network, twins):
    other = make_network()
    make_actor(other, "Observatoire astronomique du Gers", commune=twins[0].commune)
    (pair,) = look(network)
    assert (pair.first_id, pair.second_id) == tuple(sorted(actor.pk for actor in twins))
    assert pair.score > 0.5 and pair.values["phone_same"] == 1
    assert look(other) == []


def test_looking_again_changes_nothing_that_someone_has_in_hand_or_put_off(network, twins):
    (pair,) = look(network)
    by = animator(network)
    put_off(by=by, suspect=pair)
    take(by=by, suspect=pair)
    before = Suspect.objects.get(pk=pair.pk)
    (after,) = look(network)
    assert (after.pk, after.holder_id, after.held_until, after.later_until) == (
        before.pk, by.user_id, before.held_until, before.later_until,
    )  # fmt: skip


def test_a_pair_that_is_no_longer_likely_goes(network, twins):
    assert len(look(network)) == 1
    actions.update_actor(
        by=animator(network), actor=twins[1], values={"name": "Club d'échecs", "phone": "05 63 11 11 11"}
    )
    assert look(network) == []


def test_a_few_wrong_verdicts_take_nothing_else_from_the_bench(network):
    """« Deux acteurs différents » said by mistake of pairs that are certainly one."""
    for rank, name in enumerate(("Observatoire des Baronnies", "Fougères", "Astroclub du Rieutort", "Galet bleu",
                                 "Cercle de Rochemaure", "Planétarium Hélios", "Vivarium", "Terrarium")):  # fmt: skip
        commune = make_commune(f"320{rank + 10}", f"Commune {rank}", (43.6 + rank / 10, 0.6))
        for each in (name, f"{name} (association)"):
            make_actor(network, each, commune=commune, phone=f"05 62 00 00 {rank:02}", email=f"contact{rank}@club.test")
    before = look(network)
    assert [pair.band for pair in before] == [Band.CERTAIN] * 8
    by = animator(network)
    for pair in before[:4]:
        tell_apart(by=by, suspect=pair)
    assert [(pair.pk, pair.score, pair.band) for pair in look(network)] == [
        (pair.pk, pair.score, pair.band) for pair in before[4:]
    ]


def test_a_pair_put_off_waits_even_when_it_is_no_longer_likely(network, twins):
    (pair,) = look(network)
    by = animator(network)
    put_off(by=by, suspect=pair)
    actions.update_actor(by=by, actor=twins[1], values={"name": "Club d'échecs", "phone": "05 63 11 11 11"})
    assert look(network) == [pair]
    Suspect.objects.update(later_until=timezone.now())
    assert look(network) == [pair] and take_next(by=by) == pair
    actions.update_actor(by=by, actor=twins[1], values={"parent": twins[0]})
    assert look(network) == []


def test_two_people_never_have_one_pair_in_hand(network, twins):
    (pair,) = look(network)
    ana, max_ = animator(network), animator(network)
    assert take_next(by=ana) == pair
    assert take_next(by=max_) is None
    with pytest.raises(Conflict, match="examine déjà"):
        take(by=max_, suspect=pair)
    with pytest.raises(Conflict, match="examine déjà"):
        tell_apart(by=max_, suspect=pair)
    with pytest.raises(Conflict, match="examine déjà"):
        merge(by=max_, kept=twins[0], gone=twins[1], chosen={})
    Suspect.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert take_next(by=max_) == pair


def test_a_pair_told_apart_is_not_proposed_again_and_teaches(network, twins):
    (pair,) = look(network)
    tell_apart(by=animator(network), suspect=pair)
    assert DistinctPair.objects.get().verdict == "different"
    lesson = Lesson.objects.get()
    assert (lesson.same, lesson.values) == (False, pair.values)
    assert look(network) == []
    with pytest.raises(Conflict, match="déjà décidé"):
        tell_apart(by=animator(network), suspect=pair)


def test_a_branch_gets_its_parent(network, twins):
    (pair,) = look(network)
    tell_apart(by=animator(network), suspect=pair, branch=twins[1])
    twins[1].refresh_from_db()
    assert twins[1].parent == twins[0]
    assert DistinctPair.objects.get().verdict == "branch"
    DistinctPair.objects.all().delete()
    assert look(network) == []


def test_a_merge_teaches_and_its_undoing_takes_the_lesson_back(network, twins):
    look(network)
    by = animator(network)
    done = merge(by=by, kept=twins[0], gone=twins[1], chosen={})
    assert list(Lesson.objects.values_list("same", flat=True)) == [True]
    assert not Suspect.objects.exists()
    undo_merge(by=by, merge=done)
    assert not Lesson.objects.exists()
    assert len(look(network)) == 1


def test_two_told_apart_then_merged_by_hand_teach_that_they_are_one_until_the_merging_is_undone(network, twins):
    (pair,) = look(network)
    by = animator(network)
    tell_apart(by=by, suspect=pair)
    done = merge(by=by, kept=twins[0], gone=twins[1], chosen={})
    assert [(lesson.same, lesson.values) for lesson in Lesson.objects.all()] == [(True, pair.values)]
    undo_merge(by=by, merge=done)
    assert [lesson.same for lesson in Lesson.objects.all()] == [False]
    assert DistinctPair.objects.exists()


def test_put_off_means_later_not_never(network, twins):
    (pair,) = look(network)
    by = animator(network)
    put_off(by=by, suspect=pair)
    assert take_next(by=by) is None
    Suspect.objects.update(later_until=timezone.now())
    assert take_next(by=by) == pair


def test_one_sees_the_pairs_of_which_one_may_change_both_sheets(network, twins):
    look(network)
    seen = [
        Suspect.objects.visible_to(by).count()
        for by in (
            animator(network, "32"),
            animator(network, "81"),
            viewer(make_person(network), network),
            animator(make_network()),
            Viewer(network=network),
        )
    ]
    assert seen == [1, 0, 0, 0, 0]


def test_two_establishments_of_one_body_are_perhaps_branches(network):
    auch = make_commune("32013", "Auch", (43.6465, 0.5867))
    for siret in ("18008901303720", "18008901300023"):
        make_actor(network, "Muséum", commune=auch, siren="180089013", siret=siret)
    (pair,) = look(network)
    assert pair.band == Band.BRANCH


def test_a_verdict_taken_back_is_forgotten_with_its_lesson_and_the_pair_comes_back(network, twins):
    (pair,) = look(network)
    by = animator(network)
    tell_apart(by=by, suspect=pair)
    decided = DistinctPair.objects.get()
    take_back(by=by, pair=decided)
    assert not Lesson.objects.exists()
    assert Entry.objects.about(Actor.objects.get(pk=pair.first_id)).filter(verb="actor.undecided").exists()
    run_waiting()
    assert [(each.first_id, each.second_id) for each in Suspect.objects.all()] == [(pair.first_id, pair.second_id)]
    with pytest.raises(Conflict, match="déjà revenu"):
        take_back(by=by, pair=decided)


def test_a_branch_taken_back_is_no_longer_one(network, twins):
    (pair,) = look(network)
    by = animator(network)
    tell_apart(by=by, suspect=pair, branch=twins[1])
    take_back(by=by, pair=DistinctPair.objects.get())
    twins[1].refresh_from_db()
    assert twins[1].parent is None
    run_waiting()
    assert Suspect.objects.count() == 1


def test_only_who_may_merge_the_two_takes_a_verdict_back(network, twins):
    (pair,) = look(network)
    tell_apart(by=animator(network), suspect=pair)
    decided = DistinctPair.objects.get()
    for by in (animator(network, "81"), animator(make_network()), viewer(make_person(network), network)):
        assert not DistinctPair.objects.visible_to(by).exists()
        with pytest.raises(Refused):
            take_back(by=by, pair=decided)
    assert list(DistinctPair.objects.visible_to(animator(network, "32"))) == [decided]


def test_a_pair_given_back_is_free_at_once(network, twins):
    (pair,) = look(network)
    ana, max_ = animator(network), animator(network)
    take(by=ana, suspect=pair)
    give_back(by=max_, suspect=pair)
    assert take_next(by=max_) is None
    give_back(by=ana, suspect=pair)
    assert take_next(by=max_) == pair
