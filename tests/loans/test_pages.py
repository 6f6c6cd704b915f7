"""The pages of borrowers and lenders: what they show, what comes back typed, who may open them, what they cost."""

import pytest
from django.utils import timezone

from maillage.catalogue.engine.halves import day_of
from maillage.loans import actions
from maillage.loans.enums import LoanState, WaitingState
from maillage.loans.models import Loan, Suspension, UnmetRequest, WaitingEntry
from maillage.outreach.models import Need
from tests.factories.loans import ask, day_in, easy_terms, make_loan, make_resource, noon_in
from tests.support.forms import values_of


def sign_in(client, viewer):
    client.force_login(viewer.user)


def typed(first=10, days=3, **values):
    return {
        "first_on": day_in(first).isoformat(), "first_half": "matin", "last_on": day_in(first + days - 1).isoformat(),
        "last_half": "apres-midi", "quantity": "1", "actor": "", "purpose": "Fête de la science", "place": "Salle B",
        "commune": "", "expected": "80", **values,
    }  # fmt: skip


def address(resource):
    return f"/ressources/{resource.slug}/demander/"


def test_a_request_is_sent_from_one_page(client, world):
    sign_in(client, world.basile)
    page = client.get(address(world.kit))
    assert page.status_code == 200
    assert str(world.borrower.pk) == values_of(page, address(world.kit))["actor"]

    answer = client.post(address(world.kit), typed(actor=str(world.borrower.pk)))

    loan = Loan.objects.get()
    assert answer.url == f"/prets/{loan.pk}/"
    assert (loan.actor, loan.contact, loan.expected) == (world.borrower, world.basile.user, 80)
    assert "Les exemplaires vous sont retenus" in client.get(answer.url).text


def test_what_is_taken_comes_with_other_dates_one_click_away_and_nothing_typed_is_lost(client, world):
    ask(world.nadia, world.kit, first=10)
    other = make_resource(world.network, world.lender, "Malle couleurs")
    sign_in(client, world.basile)

    answer = client.post(address(world.kit), typed())

    assert answer.status_code == 409
    assert values_of_page(answer)["place"] == "Salle B"
    chosen = answer.text.split('name="dates" value="')[1].split('"')[0]
    assert answer.text.count('name="dates" value="') == 3
    assert f'formaction="{address(other)}"' in answer.text

    client.post(address(world.kit), typed(dates=chosen))
    loan = Loan.objects.get(contact=world.basile.user)
    assert (f"{loan.first}:{loan.last}", loan.place) == (chosen, "Salle B")


def values_of_page(answer):
    from tests.support.forms import Forms

    return Forms(answer.text, "").values


def test_another_resource_is_asked_for_with_what_was_typed(client, world):
    other = make_resource(world.network, world.lender, "Expo", modules=["Un", "Deux"], kind="exposition")
    sign_in(client, world.basile)

    client.post(address(other), typed(**{f"modules-{world.kit.pk}": "1"}))

    assert Loan.objects.get().lines.count() == 2


def test_the_terms_of_the_lender_are_said_next_to_the_fields(client, world):
    easy_terms(world.network, world.lender, notice_days=15, max_days=2, borrowers="actors")
    sign_in(client, world.nadia)

    answer = client.post(address(world.kit), typed(first=3))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"first_on", "last_on", "actor"}
    assert not Loan.objects.exists()


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"open_halves": [0]}, "first_on"),
        ({"at_once": 1}, "actor"),
        ({"borrowers": "signatories"}, "actor"),
        ({"open_first_days": 5}, "first_on"),
    ],
)
def test_each_term_refuses_what_it_does_not_allow(client, world, terms, field):
    other = make_resource(world.network, world.lender, "Autre malle")
    ask(world.basile, other, first=60, actor=world.borrower)
    easy_terms(world.network, world.lender, **terms)
    sign_in(client, world.basile)

    answer = client.post(address(world.kit), typed(first=40, actor=str(world.borrower.pk)))

    assert field in answer.context["form"].errors


def test_who_is_suspended_learns_until_when_and_not_why(client, world):
    actions.suspend(
        by=world.louise, lender=world.lender, actor=world.borrower, until=day_in(30), reason="Trois retours cassés"
    )
    sign_in(client, world.basile)

    answer = client.post(address(world.kit), typed(actor=str(world.borrower.pk)))

    assert answer.status_code == 422
    assert "suspendus jusqu" in answer.text
    assert "cassés" not in answer.text
    Suspension.objects.update(until=day_in(-1))
    assert client.post(address(world.kit), typed(actor=str(world.borrower.pk))).status_code == 302


def test_what_nobody_could_lend_is_told_as_a_need_once_and_with_consent(client, world):
    ask(world.nadia, world.kit, first=10)
    sign_in(client, world.basile)
    sent = typed(actor=str(world.borrower.pk), acte="besoin")

    client.post(address(world.kit), sent)
    client.post(address(world.kit), sent)

    need, unmet = Need.objects.get(), UnmetRequest.objects.get()
    assert (need.actor, need.kind, unmet.need) == (world.borrower, "loan", need)
    assert need.territory == world.borrower.commune


def test_without_consent_nothing_is_told(client, world):
    ask(world.nadia, world.kit, first=10)
    sign_in(client, world.basile)

    client.post(address(world.kit), typed(actor=str(world.borrower.pk), acte="attendre"))

    assert not Need.objects.exists()
    assert UnmetRequest.objects.get().need is None
    assert WaitingEntry.objects.get().state == WaitingState.WAITING


def test_a_place_that_is_freed_is_offered_in_order_with_a_time_limit(client, world):
    loan = make_loan(world, first=10)
    for person in (world.nadia, world.team):
        actions.join_waiting(
            by=person, resource=world.kit, wanted={None: 1}, first=loan.first, last=loan.last, purpose="Attente"
        )
    actions.cancel_loan(by=world.basile, loan=loan)
    first, second = WaitingEntry.objects.all()
    assert (first.state, second.state) == (WaitingState.OFFERED, WaitingState.WAITING)

    actions.mind_network(world.network, at=first.expires_at)
    first, second = WaitingEntry.objects.all()
    assert (first.state, second.state) == (WaitingState.EXPIRED, WaitingState.OFFERED)

    sign_in(client, world.team)
    page = f"/prets/attente/{second.pk}/"
    assert "Une place s" in client.get(page).text
    client.post(page, {"acte": "prendre"})
    taken = Loan.objects.get(contact=world.team.user)
    assert (taken.state, taken.purpose) == (LoanState.ASKED, "Attente")


def test_both_sides_go_through_a_loan_on_its_page(client, world):
    loan = make_loan(world, first=0)
    page = f"/prets/{loan.pk}/"
    sign_in(client, world.louise)
    for act in ("accepter", "preparer", "remettre"):
        assert client.post(f"{page}{act}/", {"answer": "Bienvenue"}).status_code == 302, act
    unit = loan.units.get()
    sent = {f"unit-{unit.pk}": "damaged", f"note-{unit.pk}": "Vitre fendue"}
    assert client.post(f"{page}rendre/", sent).status_code == 302
    assert client.post(f"{page}clore/", {"reached": "120", "commune": ""}).status_code == 302
    sign_in(client, world.basile)
    shown = client.get(page).text
    assert "Vitre fendue" in shown
    loan.refresh_from_db()
    assert (loan.state, loan.reached) == (LoanState.CLOSED, 120)


def test_a_refusal_without_a_reason_comes_back_on_the_page(client, world):
    loan = make_loan(world)
    sign_in(client, world.louise)

    answer = client.post(f"/prets/{loan.pk}/refuser/", {"reason": ""})

    assert answer.status_code == 422
    assert "reason" in answer.context["failed"].errors


def test_an_act_that_is_not_ones_own_is_refused_and_writes_nothing(client, world):
    loan = make_loan(world)
    sign_in(client, world.basile)

    answer = client.post(f"/prets/{loan.pk}/accepter/", {"answer": ""})

    assert answer.status_code == 403
    loan.refresh_from_db()
    assert loan.state == LoanState.ASKED


def test_a_loan_exists_for_its_two_sides_and_the_team_alone(client, world):
    loan = make_loan(world)
    for person, status in ((world.basile, 200), (world.louise, 200), (world.team, 200), (world.nadia, 404)):
        sign_in(client, person)
        assert client.get(f"/prets/{loan.pk}/").status_code == status


def test_the_board_says_what_today_asks_for(client, world):
    kit = make_resource(world.network, world.lender, "Malle du jour", copies=4)
    make_loan(world, resource=kit, first=30)
    make_loan(world, resource=kit, state="accepted", first=0)
    late = make_loan(world, resource=kit, state="out", first=0, days=1)
    Loan.objects.filter(pk=late.pk).update(last=late.last - 10, first=late.first - 10)
    sign_in(client, world.louise)

    today = client.get("/travail/prets/").context["today"]

    assert [len(each) for each in (today.to_answer, today.leaving, today.late)] == [1, 1, 1]


def test_the_table_is_filtered_by_its_address_and_exported(client, world):
    make_loan(world, first=10)
    make_loan(world, first=30)
    sign_in(client, world.louise)

    asked = f"?etat=asked&du={day_in(20).isoformat()}&q=lumi%C3%A8re"

    assert client.get(f"/travail/prets/tous/{asked}").context["page"].paginator.count == 1
    lines = b"".join(client.get(f"/travail/prets/tous.csv{asked}").streaming_content).decode().splitlines()
    assert len(lines) == 2


def test_the_calendar_of_ones_loans_has_a_secret_address_that_can_be_changed(client, world):
    make_loan(world, state="accepted")
    sign_in(client, world.basile)
    client.post("/prets/calendrier/")
    first = client.get("/prets/").context["calendar"].partition("/prets/")[2]
    client.post("/prets/calendrier/")
    second = client.get("/prets/").context["calendar"].partition("/prets/")[2]
    client.logout()

    assert client.get(f"/prets/{first}").status_code == 404
    assert "SUMMARY:Malle lumière (accepté)" in client.get(f"/prets/{second}").content.decode()


PAGES = ["/prets/", "/travail/prets/", "/travail/prets/tous/", "/travail/prets/mois/", "/travail/prets/suspensions/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_cost_the_same_with_one_and_with_three_loans(client, world, same_queries, path):
    kit = make_resource(world.network, world.lender, "Beaucoup", copies=9)
    easy_terms(world.network, world.lender)
    sign_in(client, world.louise)

    same_queries(page=lambda: client.get(path), add=lambda: ask(world.louise, kit, first=0, quantity=1))


def test_the_page_of_a_loan_costs_the_same_with_one_and_with_three_copies(client, world, count_queries):
    kit = make_resource(world.network, world.lender, "Beaucoup", copies=9)
    one = make_loan(world, state="accepted", resource=kit)
    three = make_loan(world, state="accepted", resource=kit, quantity=3, first=20)
    sign_in(client, world.louise)
    client.get(f"/prets/{one.pk}/")

    costs = [count_queries(lambda pk=pk: client.get(f"/prets/{pk}/")) for pk in (one.pk, three.pk)]

    assert costs[0] == costs[1]


def test_names_are_forgotten_at_their_term_and_the_use_stays_counted(world):
    loan = make_loan(world, state="closed", first=0)
    Loan.objects.filter(pk=loan.pk).update(state_at=noon_in(-400))

    actions.forget_loans.function(None)

    loan.refresh_from_db()
    assert (loan.contact, loan.purpose, loan.reached) == (None, "", 40)
    assert day_of(loan.first) <= timezone.localdate()
