"""Agendas read into the network: what a line becomes, read again, whole files, undoing, look-alikes."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry
from maillage.agenda.actions import update_event
from maillage.agenda.actions.importing import GONE
from maillage.agenda.models import DistinctEvents, Event
from maillage.agenda.queries.schedules import schedule_of
from maillage.core.viewer import RoleKind
from maillage.exchange import actions
from maillage.exchange.models import Batch
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor
from tests.factories.events import deposited_events, event_of, imported_events, told
from tests.factories.imports import ran, verdicts

LATER = ("2031-08-16T21:00:00+02:00", "2031-08-16T23:30:00+02:00")
FIRST = ("2031-08-09T21:00:00+02:00", "2031-08-09T23:30:00+02:00")


def outcomes(batch: Batch) -> dict[str, int]:
    return {
        name: count
        for name, count in batch.figures.items()
        if count and name in ("created", "updated", "unchanged", "left", "refused", "removed")
    }


def test_an_event_comes_with_all_that_its_source_tells(event_world: SimpleNamespace) -> None:
    make_actor(event_world.network, "Planète Sciences", commune=event_world.montpellier)
    event = told(
        41,
        longDescription={"fr": "<p>Le ciel <script>mal()</script><b>d'été</b></p>"},
        keywords={"fr": ["Astronomie et espace", "Atelier", "Bricolage"]},
        accessibility={"mi": True},
        age={"min": 6, "max": 99},
        registration=[{"type": "email", "value": "ciel@exemple.org"}, {"type": "link", "value": "javascript:mal()"}],
        conditions={"fr": "Entrée libre"},
        canonicalUrl="https://openagenda.com/ciel",
        location={"name": "MUSEUM DE MONTPELLIER"},
        contributor={"organization": "Planete sciences"},
        status=5,
    )
    imported_events(event_world, [event])
    made = event_of(41)
    assert (made.title, made.state, made.status, made.source) == ("Nuit des étoiles", "published", "full", "OpenAgenda")
    assert (made.description, made.source_url) == (
        "<p>Le ciel <strong>d'été</strong></p>",
        "https://openagenda.com/ciel",
    )
    assert (made.venue, made.commune, made.price) == (event_world.museum, event_world.montpellier, "free")
    assert [each.actor.name for each in made.organisers.all()] == ["Planète Sciences"]
    assert {term.pk for term in made.terms.all()} == {event_world.astronomy.pk, event_world.workshop.pk}
    assert (made.age_min, made.age_max, made.organiser_name) == (6, None, "")
    assert made.bookings == [{"for": "public", "by": "email", "value": "ciel@exemple.org"}]
    assert [timing.starts_at.isoformat() for timing in made.timings.all()] == ["2031-08-09T19:00:00+00:00"]
    assert (made.image.name, made.image_credit) == ("", "")


def test_the_same_file_read_again_changes_nothing(event_world: SimpleNamespace) -> None:
    file = [told(1), told(2, "Visite des serres", timings=[FIRST, LATER])]
    imported_events(event_world, file)
    before = list(Event.objects.order_by("pk").values())
    batch = imported_events(event_world, file)
    assert verdicts(batch) == [(2, "identical"), (3, "identical")]
    assert list(Event.objects.order_by("pk").values()) == before


def test_what_changed_in_the_source_alone_changes_and_the_other_dates_keep_their_names(
    event_world: SimpleNamespace,
) -> None:
    imported_events(event_world, [told(1, timings=[FIRST, LATER]), told(2, "Visite des serres")])
    uids = [timing.uid for timing in event_of(1).timings.all()]
    moved = ("2031-08-16T20:00:00+02:00", "2031-08-16T22:00:00+02:00")
    batch = imported_events(event_world, [told(1, timings=[FIRST, moved]), told(2, "Visite des serres")])
    assert outcomes(batch) == {"updated": 1, "unchanged": 1}
    event = event_of(1)
    assert [timing.uid for timing in event.timings.all()] == uids
    assert (event.sequence, [slot.starts.hour for slot in schedule_of(event).slots]) == (1, [21, 20])
    assert list(batch.changes.get().after) == ["schedule"]


def test_what_somebody_wrote_here_is_kept_and_an_empty_cell_erases_nothing(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1)])
    update_event(by=event_world.by, event=event_of(1), values={"title": "La nuit des étoiles de Montpellier"})
    changed = told(1, "Soirée", description={"fr": ""}, location={"name": "Jardin des plantes"})
    batch = imported_events(event_world, [changed])
    event = event_of(1)
    assert (event.title, event.summary) == ("La nuit des étoiles de Montpellier", "Observer le ciel.")
    assert event.place_name == "Jardin des plantes"
    assert batch.lines.get().outcome_note == "Laissé à qui l'a écrit\u00a0: title"


def test_an_organiser_who_left_is_not_put_back(event_world: SimpleNamespace) -> None:
    file = [told(1, contributor={"organization": "Muséum de Montpellier"})]
    imported_events(event_world, file)
    event_of(1).organisers.update(withdrawn_at="2026-01-01T00:00:00Z")
    assert verdicts(imported_events(event_world, file)) == [(2, "identical")]


def test_what_a_whole_file_tells_no_more_leaves_the_agenda_and_comes_back_with_it(event_world: SimpleNamespace) -> None:
    passed = told(3, "Fête passée", timings=[("2020-01-04T10:00:00+01:00", "2020-01-04T12:00:00+01:00")])
    imported_events(event_world, [told(1), told(2, "Visite des serres"), passed])
    imported_events(event_world, [told(4, "Concert de grillons")], source="Une autre source")
    batch = imported_events(event_world, [told(1)], complete="yes")
    assert outcomes(batch) == {"unchanged": 1, "removed": 1}
    gone = event_of(2)
    assert (gone.state, gone.code, gone.is_shown) == ("hidden", GONE, False)
    assert Entry.objects.about(gone).filter(verb="event.gone").count() == 1
    assert {event_of(uid).state for uid in (1, 3, 4)} == {"published"}
    batch = imported_events(event_world, [told(1), told(2, "Visite des serres")], complete="yes")
    assert (outcomes(batch), event_of(2).state) == ({"unchanged": 1, "updated": 1}, "published")


def test_a_line_in_error_is_still_told_by_the_file(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1), told(2, "Visite des serres")])
    batch = imported_events(event_world, [told(1), told(2, "")], complete="yes")
    assert verdicts(batch) == [(2, "identical"), (3, "error")]


def test_undoing_takes_away_what_came_and_gives_back_what_changed(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1), told(2, "Visite des serres"), told(5, "Atelier boussole")])
    before = {event.pk: (event.summary, schedule_of(event).slots[0].starts) for event in Event.objects.all()}
    file = [
        told(1, description={"fr": "Autrement."}, timings=[LATER]),
        told(2, "Visite des serres"),
        told(3, "Bal"),
        told(4, "Jeu"),
    ]
    batch = imported_events(event_world, file, complete="yes")
    assert outcomes(batch) == {"created": 2, "updated": 1, "unchanged": 1, "removed": 1}
    update_event(by=event_world.by, event=event_of(4), values={"summary": "Un mot de plus."})
    actions.undo_batch(by=event_world.by, batch=batch)
    assert sorted(Event.objects.values_list("title", flat=True)) == [
        "Atelier boussole", "Jeu", "Nuit des étoiles", "Visite des serres",
    ]  # fmt: skip
    restored = Event.objects.filter(pk__in=before)
    assert {event.pk: (event.summary, schedule_of(event).slots[0].starts) for event in restored} == before
    assert (event_of(5).state, event_of(1).wrote_itself("summary")) == ("published", False)
    kept = {change.label: sorted(change.kept) for change in batch.changes.exclude(kept={})}
    assert kept == {"Jeu": ["summary"]}


def test_what_was_changed_since_is_left_by_the_undoing(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1)])
    batch = imported_events(event_world, [told(1, description={"fr": "Autrement."}, location={"name": "Serre"})])
    update_event(by=event_world.by, event=event_of(1), values={"summary": "Avec les mots d'Ana."})
    actions.undo_batch(by=event_world.by, batch=batch)
    event = event_of(1)
    assert (event.summary, event.place_name) == ("Avec les mots d'Ana.", "Parc")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": {"fr": ""}}, "Le titre manque."),
        ({"timings": []}, "Aucune date n'a été trouvée."),
        ({"timings": [(FIRST[1], FIRST[0])]}, "La fin (2031-08-09T21:00:00+02:00) vient avant le début (2031-08-09T23:30:00+02:00)."),
        ({"timings": [("2031-02-30", "2031-02-30")]}, "«\u00a02031-02-30\u00a0» n'est pas une date, comme 2026-03-03T14:00."),
        ({"timings": [("2031-01-01", "2039-01-01")]}, "Une même date dure trois ans au plus."),
        ({"location": {"city": "Ysville", "postalCode": "", "address": ""}}, "Aucune commune ne correspond."),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_an_event_says_why(event_world: SimpleNamespace, fields: Any, reason: str) -> None:
    batch = ran(event_world.by, deposited_events(event_world, [{**told(1), **told(1, **fields)}]), apply=False)
    assert [fault["reason"] for fault in batch.lines.get().faults if fault["blocking"]] == [reason]


def test_an_event_online_needs_no_commune_and_one_elsewhere_is_left(event_world: SimpleNamespace) -> None:
    nowhere = {"location": {"city": "", "postalCode": "", "address": "", "name": ""}}
    online = told(1, "Webinaire", attendanceMode=2, onlineAccessLink="https://visio.exemple.org/a", **nowhere)
    elsewhere = told(2, "Fête d'Albi", location={"city": "Albi", "postalCode": "81000", "address": ""})
    batch = imported_events(event_world, [online, elsewhere])
    assert (outcomes(batch), batch.figures["skipped"]) == ({"created": 1}, 1)
    assert (event_of(1).attendance, event_of(1).commune) == ("online", None)


def test_an_event_told_by_two_sources_waits_for_a_person(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1)])
    partner = told(77, "La nuit des étoiles à Montpellier", description={"fr": "Avec le club."})
    batch = ran(
        event_world.by, deposited_events(event_world, [partner], scheme="partenaire", source="Le club"), apply=False
    )
    line = batch.lines.get()
    assert line.verdict == "lookalike"
    assert line.alike[0]["label"] == "Nuit des étoiles (9 août 2031 · Parc, Montpellier)"
    assert line.alike[0]["reasons"][1:] == ["à la même heure", "au même endroit"]
    assert {"title", "summary"} <= line.alike[0]["changes"].keys()
    actions.decide(by=event_world.by, batch=batch, decision="different", lines=[line.pk])
    ran(event_world.by, batch, preview=False)
    assert DistinctEvents.objects.values_list("first", "second").get() == (event_of(1).pk, event_of(77).pk)


def test_the_same_event_said_so_is_changed_and_known_by_both_keys(event_world: SimpleNamespace) -> None:
    imported_events(event_world, [told(1)])
    partner = [told(77, "La nuit des étoiles à Montpellier")]
    imported_events(event_world, partner, decision="same", scheme="partenaire", source="Le club")
    assert event_of(77).pk == event_of(1).pk
    assert verdicts(imported_events(event_world, partner, scheme="partenaire", source="Le club")) == [(2, "identical")]


def test_an_animator_imports_within_the_departments_that_they_animate(event_world: SimpleNamespace) -> None:
    user = make_person(event_world.network, RoleKind.ANIMATOR, name="Gus", department="32")
    event_world.by = viewer_for(user, event_world.network)
    auch = {"city": "Auch", "postalCode": "32000", "address": "", "name": "Halle"}
    batch = imported_events(event_world, [told(1), told(2, "Fête d'Auch", location=auch)])
    assert (verdicts(batch), outcomes(batch)) == ([(2, "barred"), (3, "create")], {"created": 1, "refused": 1})


def test_creating_events_costs_the_same_whatever_their_number(
    event_world: SimpleNamespace, count_queries: Callable[..., int]
) -> None:
    def applying(uids: range) -> int:
        file = [told(uid, f"Soirée numéro {uid}") for uid in uids]
        batch = ran(event_world.by, deposited_events(event_world, file), apply=False)
        batch.status = "applying"
        batch.save()
        return count_queries(lambda: actions.apply(batch))

    applying(range(1, 2))
    assert applying(range(2, 3)) == applying(range(3, 8))
