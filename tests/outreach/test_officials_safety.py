"""What keeps elected officials safe: refusals that nothing undoes, traces that go, lists that one line cannot stop."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.activity.actions import first_broken_seal, seal_entries
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.exchange import actions
from maillage.exchange.models import Change, Line
from maillage.outreach.actions.contacts import change_contact, log_contact
from maillage.outreach.actions.letters import write_letter
from maillage.outreach.actions.officials import (
    add_official,
    forget_officials,
    object_to_be_kept,
    remove_mandate,
    remove_official,
    stop_letters,
)
from maillage.outreach.actions.promises import note_promise
from maillage.outreach.models import ContactOfficial, Letter, Mandate, Official, Promise
from tests.factories.directory import make_actor, make_commune
from tests.factories.imports import ran
from tests.factories.outreach import make_official
from tests.outreach.test_officials_import import ANA, BOB, HEAD, deposited, imported, places, verdicts

__all__ = ["places"]
pytestmark = pytest.mark.django_db


def told(by, *lines, **rest):
    """The verdict of each line, and the first reason why."""
    return [(verdict, faults[0] if faults else "") for verdict, faults in verdicts(by, *lines, **rest)]


# --- one line cannot stop a list ------------------------------------------------------------------------------------------


def test_an_end_before_the_beginning_that_is_known_is_an_error_on_its_line_alone(animator, network, places):
    held = make_official(network, "Vidal", first_name="Ana", since=date(2020, 5, 18), territory=places.montpellier)
    head = "Code de la commune;Nom de l'élu;Prénom de l'élu;Date de fin du mandat"
    lines = "34172;VIDAL;Ana;01/01/2019", "34301;ROUX;Bob;"
    (verdict, reason), (other, _none) = told(animator, *lines, head=head)
    assert (verdict, other) == ("error", "create") and "finirait avant d'avoir commencé" in reason
    imported(animator, *lines, head=head)
    assert Official.objects.filter(last_name="ROUX").exists()
    assert held.mandates.get().until is None


def test_a_beginning_after_the_end_that_is_known_is_an_error_too(animator, network, places):
    make_official(network, "Vidal", first_name="Ana", until=date(2019, 1, 1), territory=places.montpellier)
    ((verdict, reason),) = told(animator, ANA)
    assert verdict == "error" and "finirait avant d'avoir commencé" in reason


def test_of_two_mandates_the_one_of_that_day_is_the_one_of_the_line(animator, network, places):
    official = make_official(network, "Vidal", first_name="Ana", civility="mme", territory=places.montpellier)
    dated = {"since": date(2020, 5, 18), "until": date(2026, 3, 21), "function": "maire"}
    Mandate.objects.create(official=official, territory=places.montpellier, **dated)
    assert told(animator, ANA) == [("identical", "")]


# --- what goes leaves nothing in the imports -------------------------------------------------------------------------------

REACHED = f"{HEAD};Courriel;Téléphone;Adresse"
ANA_REACHED = f"{ANA};ana.secret@mairie.test;0467123456;1 rue du Secret"
SECRETS = "ana.secret", "0467123456", "rue du Secret"


def kept_of_imports():
    return str([*Line.objects.values(), *Change.objects.values()])


def test_an_objection_takes_away_what_imports_kept_but_the_name(animator, places):
    imported(animator, ANA_REACHED, head=REACHED)
    waiting = ran(animator, deposited(animator, ANA_REACHED.replace("0467123456", "0499"), head=REACHED), apply=False)
    official = Official.objects.get()
    assert all(secret in kept_of_imports() for secret in SECRETS)
    object_to_be_kept(by=animator, official=official)
    assert "VIDAL" in kept_of_imports() and not any(secret in kept_of_imports() for secret in SECRETS)
    first, second = Line.objects.order_by("pk")
    assert (first.data, second.data, second.verdict) == ({}, {}, "error")
    assert "s'est opposée" in second.faults[0]["reason"]
    assert ran(animator, waiting, preview=False, without_faulty=True).status == "applied"
    assert Official.objects.get().objected_at is not None


@pytest.mark.parametrize("way", ["removed", "at its term"])
def test_a_sheet_that_goes_takes_the_name_away_too(animator, places, way):
    batch = imported(animator, ANA_REACHED, head=REACHED)
    note_promise(by=animator, official=Official.objects.get(), text="Prêter la salle")
    assert Entry.objects.filter(label="Ana VIDAL").exists()
    seal_entries.function(None)
    if way == "removed":
        remove_official(by=animator, official=Official.objects.get())
    else:
        Mandate.objects.update(until=date(2021, 1, 1))
        Official.objects.update(created_at=timezone.now() - timedelta(days=4000))
        forget_officials.enqueue()
        run_waiting()
    assert not Official.objects.exists()
    assert not any(each in kept_of_imports() for each in ("VIDAL", *SECRETS))
    assert "VIDAL" not in str([*Entry.objects.values("label", "changes", "details")])
    assert first_broken_seal() is None
    actions.undo_batch(by=animator, batch=batch)


def test_an_import_that_is_undone_keeps_no_way_to_reach_whom_it_brought(animator, places):
    batch = imported(animator, ANA_REACHED, head=REACHED)
    actions.undo_batch(by=animator, batch=batch)
    assert not Official.objects.exists()
    assert not any(each in str([*Change.objects.values()]) for each in SECRETS)


# --- refusals that nothing undoes ------------------------------------------------------------------------------------------


def test_a_sheet_that_remembers_a_refusal_of_letters_is_not_removed(animator, network):
    official = make_official(network, email="ana@mairie.test")
    stop_letters(by=animator, official=official)
    with pytest.raises(Refused, match="sa fiche reste") as refusal:
        remove_official(by=animator, official=official)
    assert refusal.value.status == 409
    assert not Official.objects.get().may_be_written_to


def test_removing_is_offered_to_those_alone_who_may(client, animator, network):
    official = make_official(network, email="ana@mairie.test")
    url = reverse("outreach:official_remove", args=[official.pk])
    assert url in client.get(official.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 200
    stop_letters(by=animator, official=official)
    assert url not in client.get(official.get_absolute_url()).content.decode()
    refused = client.get(url)
    assert refused.status_code == 409
    assert "sa fiche reste" in refused.content.decode()


def test_undoing_an_import_keeps_who_wants_no_more_letters(animator, places):
    batch = imported(animator, ANA, BOB)
    stop_letters(by=animator, official=Official.objects.get(last_name="VIDAL"))
    actions.undo_batch(by=animator, batch=batch)
    assert [str(each) for each in Official.objects.all()] == ["Ana VIDAL"]
    (kept,) = batch.changes.exclude(kept={})
    assert "ne veut plus de courrier" in kept.kept[""]
    imported(animator, ANA)
    assert not Official.objects.get().may_be_written_to


def test_someone_of_the_name_of_who_objected_is_entered_elsewhere_by_hand_alone(animator, places):
    imported(animator, ANA)
    object_to_be_kept(by=animator, official=Official.objects.get())
    there = ANA.replace("34172;Montpellier;VIDAL;Ana", "34301;Sète;Vidal;ANA")
    ((verdict, reason),) = told(animator, there)
    assert (verdict, reason) == ("error", "Une personne de ce nom s'est opposée : vérifiez, puis ajoutez-la à la main.")
    imported(animator, there, BOB)
    assert Official.objects.filter(name_key="vidal ana").count() == 1
    values = {"first_name": "Ana", "last_name": "Vidal", "source": "Site de la mairie"}
    add_official(by=animator, mandate={"function": "maire", "territory": places.sete}, **values)
    ((verdict, _reason),) = told(animator, there)
    assert verdict == "update"


def test_a_line_previewed_before_the_objection_enters_nobody_after_it(animator, places):
    imported(animator, ANA)
    there = ANA.replace("34172;Montpellier", "34301;Sète")
    batch = ran(animator, deposited(animator, there), apply=False)
    Official.objects.update(objected_at=timezone.now(), email="", phone="", address="")
    ran(animator, batch, preview=False)
    assert Official.objects.count() == 1
    assert batch.lines.get().outcome == "refused"


# --- what was read before a refusal ---------------------------------------------------------------------------------------


@pytest.fixture
def read_before(animator, network):
    """An official as a page read it, who objected while the page was being filled in."""
    official = make_official(network)
    object_to_be_kept(by=animator, official=official)
    return official


def test_a_meeting_is_not_noted_with_someone_who_objected_meanwhile(animator, network, read_before):
    with pytest.raises(Refused, match="s'oppose"):
        log_contact(by=animator, officials=[read_before], about="Il a dit que…")
    contact = log_contact(by=animator, actors=[make_actor(network)])
    with pytest.raises(Refused, match="s'oppose"):
        change_contact(by=animator, contact=contact, officials=[read_before])
    assert not ContactOfficial.objects.exists()


def test_a_letter_is_not_written_to_someone_who_refused_meanwhile(animator, network, read_before):
    stopped = make_official(network)
    stop_letters(by=animator, official=stopped)
    for refusing in (read_before, stopped):
        with pytest.raises(Refused, match="ne veut pas de courrier"):
            write_letter(
                by=animator, subject="A", body="<p>B</p>", to=[(make_official(network), None), (refusing, None)]
            )
    assert not Letter.objects.exists()


def test_a_letter_is_written_for_a_mandate_that_is_still_there_alone(animator, network):
    official, other = make_official(network), make_official(network)
    taken_away = Mandate.objects.create(official=official, function="municipal", territory=make_commune())
    to = [(other, other.mandates.get()), (official, taken_away)]
    remove_mandate(by=animator, mandate=Mandate.objects.get(pk=taken_away.pk))
    letter = write_letter(by=animator, subject="A", body="<p>B</p>", to=to)
    assert {each.official: each.mandate for each in letter.recipients.all()} == {
        other: other.mandates.get(),
        official: None,
    }


def test_nothing_is_noted_with_a_sheet_that_was_removed_meanwhile(animator, network):
    gone = make_official(network)
    remove_official(by=animator, official=Official.objects.get())
    with pytest.raises(Conflict, match="supprimé"):
        log_contact(by=animator, officials=[gone])


def test_the_first_of_the_people_met_is_the_one_who_promised(animator, network):
    first, second = make_official(network), make_official(network)
    log_contact(by=animator, officials=[second, first], promise={"text": "Prêter la salle"})
    assert Promise.objects.get().official == second


def test_officials_are_locked_in_one_query_whatever_their_number(animator, network, count_queries):
    def written_to(many):
        to = [(make_official(network), None) for _each in range(many)]
        return count_queries(lambda: write_letter(by=animator, subject="A", body="<p>B</p>", to=to))

    assert written_to(1) == written_to(3)
