"""Deciding many resemblances of an import at once: only after enough were judged, and only where they were right."""

import pytest
from django.urls import reverse

from maillage.core.errors import Refused
from maillage.directory.actions.merging import merge
from maillage.directory.models import Actor, DistinctPair, Lesson
from maillage.exchange import actions
from maillage.exchange.models import Line
from maillage.exchange.queries.automating import automation_of
from maillage.linkage.queries.reviewing import ENOUGH
from tests.factories.directory import make_actor
from tests.factories.imports import previewed

pytestmark = pytest.mark.django_db
HEAD = "Nom;Code postal;Ville;Téléphone"
FIRST = [
    "Atelier",
    "Maison",
    "Cercle",
    "Grange",
    "Moulin",
    "Verger",
    "Refuge",
    "Comptoir",
    "Pavillon",
    "Carrefour",
    "Jardin",
    "Phare",
]
SECOND = [
    "cigales",
    "marmottes",
    "comètes",
    "fougères",
    "hérissons",
    "orages",
    "volcans",
    "libellules",
    "galets",
    "boussoles",
]


def phone(number):
    return f"05 62 {number // 100:02} {number % 100:02} 11"


@pytest.fixture
def names():
    return [f"{one} des {other}" for one in FIRST for other in SECOND]


@pytest.fixture
def batch(world, names):
    """A list that writes the names of 120 known actors a little otherwise."""
    for number, name in enumerate(names):
        make_actor(world.network, name, commune=world.auch, postal_code="32000", phone=phone(number))
    lines = [f"Association {name.upper()};32000;Auch;{phone(number)}" for number, name in enumerate(names)]
    return previewed(world, lines, head=HEAD)


def judge(world, batch, count, decision="same"):
    for _each in range(count):
        found = automation_of(batch)
        line = found.next_line
        actions.decide(by=world.by, batch=batch, decision=decision, lines=[line])


def judge_at_once(world, batch, count, decision="same"):
    chosen = list(batch.lines.filter(decision="").order_by("pk").values_list("pk", flat=True)[:count])
    actions.decide(by=world.by, batch=batch, decision=decision, lines=chosen)


def test_every_line_resembles_the_actor_that_it_is(batch):
    assert batch.counts["lookalike"] == 120
    line = batch.lines.first()
    assert line.alike[0]["values"]["phone_same"] == 1
    assert all("values" not in alike for alike in line.alike[1:])


def test_nothing_is_decided_at_once_before_enough_were_judged(world, batch):
    judge(world, batch, 3)
    told = automation_of(batch).automation
    assert (told.judged, told.asked, told.allowed) == (3, ENOUGH, False)
    with pytest.raises(Refused):
        actions.decide_certain(by=world.by, batch=batch)


def test_a_person_does_not_say_the_same_of_all_without_looking(world, batch):
    with pytest.raises(Refused, match="une à une"):
        actions.decide(by=world.by, batch=batch, decision="same", lines=None)
    assert actions.decide(by=world.by, batch=batch, decision="skip", lines=None) == 120


def test_what_was_judged_right_vouches_for_the_rest(world, batch):
    judge_at_once(world, batch, ENOUGH)
    told = automation_of(batch).automation
    assert (told.allowed, told.precision, len(told.certain)) == (True, 1.0, 20)
    assert 0.9 < told.low < told.high == pytest.approx(1)
    assert actions.decide_certain(by=world.by, batch=batch) == 20
    assert batch.lines.filter(unseen=True, decision="same").count() == 20
    assert automation_of(batch) is None, "nothing is left to decide"
    assert actions.withdraw_certain(by=world.by, batch=batch) == 20
    assert automation_of(batch).automation.judged == ENOUGH, "what was not looked at judged nothing"
    assert batch.lines.filter(decision="").count() == 20


def test_what_was_judged_wrong_forbids_the_rest(world, batch):
    judge_at_once(world, batch, ENOUGH - 4)
    judge_at_once(world, batch, 4, "different")
    told = automation_of(batch).automation
    assert (told.judged, told.allowed) == (ENOUGH, False)
    with pytest.raises(Refused):
        actions.decide_certain(by=world.by, batch=batch)


def test_two_lines_that_resemble_one_actor_are_left_to_people(world, names):
    for number, name in enumerate(names):
        make_actor(world.network, name, commune=world.auch, postal_code="32000", phone=phone(number))
    lines = [f"Association {name.upper()};32000;Auch;{phone(number)}" for number, name in enumerate(names)]
    lines.append(f"{names[-1].upper()};32000;Auch;{phone(119)}")
    batch = previewed(world, lines, head=HEAD)
    last = Actor.objects.get(name=names[-1])
    twice = [line.pk for line in batch.lines.all() if line.alike[0]["ref"] == last.pk]
    assert len(twice) == 2
    judge_at_once(world, batch, ENOUGH)
    actions.decide_certain(by=world.by, batch=batch)
    assert set(Line.objects.filter(pk__in=twice).values_list("decision", flat=True)) == {""}


def test_what_people_judged_teaches_the_network_once_applied(world, batch):
    judge_at_once(world, batch, ENOUGH)
    actions.decide_certain(by=world.by, batch=batch)
    actions.apply(batch)
    assert Lesson.objects.filter(network=world.network, same=True).count() == ENOUGH
    assert Actor.objects.count() == 120


def test_the_page_judges_one_line_after_another_and_then_offers_the_rest(world, batch, client):
    client.force_login(world.user)
    shown = reverse("exchange:batch_show", args=[batch.pk])
    assert "Juger l’une après l’autre" in client.get(shown).content.decode()
    address = reverse("exchange:batch_judge", args=[batch.pk])
    response = client.get(address)
    line = response.context["each"].line.pk
    assert client.post(address, {"ligne": line, "decision": ""}).status_code == 422
    assert client.post(address, {"ligne": line, "decision": "same"})["Location"] == address
    assert client.get(address).context["each"].line.pk != line
    judge_at_once(world, batch, ENOUGH - 1)
    assert "« C'est le même » pour les 20 plus nettes" in client.get(shown).content.decode().replace(
        "\xa0", " "
    ).replace("&#x27;", "'")
    client.post(reverse("exchange:batch_automate", args=[batch.pk]))
    assert batch.lines.filter(unseen=True).count() == 20


@pytest.mark.parametrize("decision", ["same", "different", "branch"])
def test_what_was_decided_of_a_sheet_that_went_into_another_holds_of_that_one(world, decision):
    """Or of nobody, when it is gone: an import is never stopped by what happened since its preview."""
    known = make_actor(world.network, "Observatoire des Baronnies", commune=world.auch, phone="05 62 00 00 00")
    kept = make_actor(world.network, "Observatoire", commune=world.albi)
    batch = previewed(world, ["Observatoire des baronnies;32000;Auch;05 62 00 00 00"], head=HEAD)
    actions.decide(by=world.by, batch=batch, decision=decision, lines=[batch.lines.get().pk])
    merge(by=world.by, kept=kept, gone=known, chosen={"name": "kept"})
    actions.apply(batch)
    line = batch.lines.get()
    assert line.outcome == ("updated" if decision == "same" else "created")
    if decision == "same":
        assert line.subject_id == kept.pk
    else:
        made = Actor.objects.get(pk=line.subject_id)
        assert DistinctPair.objects.filter(first=kept, second=made).exists()
        assert made.parent == (kept if decision == "branch" else None)
