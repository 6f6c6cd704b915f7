"""Handing over in a barn without a network: the phone keeps the report and its photos until the server has it, once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from maillage.loans.models import ConditionReport, DamageCase, Loan, ReportPhoto
from tests.factories.loans import make_loan, make_loans_world
from tests.loans.test_reports import out, picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def barn(phone, sign_in, live_server):
    """Louise's phone, on the page of a loan of two copies that is ready to leave."""
    world = make_loans_world("localhost", copies=2)
    world.loan = make_loan(world, state="prepared", first=0, actor=world.borrower, quantity=2)
    sign_in(phone, world.louise.user)
    world.url = f"{live_server.url}/prets/{world.loan.pk}/constat/"
    return world


def photo(folder, name="rayure.jpg"):
    path = Path(folder) / name
    path.write_bytes(picture().read())
    return path


def sign(page):
    page.get_by_label("Pour le prêteur : j’atteste").check()
    page.get_by_label("Pour l’emprunteur : nom").fill("Basile Emprunt")
    page.get_by_label("Pour l’emprunteur : j’atteste").check()


def test_a_report_written_without_a_network_leaves_when_it_is_back_and_once(phone, barn, axe, fits, shot, tmp_path):
    first, _second = barn.loan.units.order_by("pk")
    phone.goto(f"{barn.url}depart/")
    axe(phone)
    fits(phone)
    phone.context.set_offline(True)
    phone.locator(f"#id_u{first.pk}-notes").fill("Coin gauche rayé")
    phone.locator(f"#id_u{first.pk}-photos").set_input_files([photo(tmp_path), photo(tmp_path, "dos.jpg")])
    phone.locator(f"#id_u{first.pk}-camera").set_input_files([photo(tmp_path, "face.jpg")])
    expect(phone.get_by_role("img", name="Photo")).to_have_count(3)
    phone.get_by_role("button", name="Retirer : Photo 2").click()
    sign(phone)
    phone.get_by_role("button", name="Remettre et signer").click()
    expect(phone.get_by_text("En attente d’envoi")).to_be_visible()
    expect(phone.get_by_role("button", name="Envoyer maintenant")).to_be_visible()
    axe(phone)
    shot(phone, "constat", dark=False)
    assert not ConditionReport.objects.exists()

    phone.context.set_offline(False)

    phone.wait_for_url(re.compile("/prets/constats/"))
    report = ConditionReport.objects.get()
    assert report.units.get(unit=first).notes == "Coin gauche rayé"
    assert report.photos.count() == 2
    assert Loan.objects.get().state == "out"
    axe(phone)
    fits(phone)


def test_what_was_typed_survives_a_reload_and_a_session_that_ends(phone, barn, sign_in, tmp_path):
    first, _second = barn.loan.units.order_by("pk")
    phone.goto(f"{barn.url}depart/")
    phone.locator(f"#id_u{first.pk}-notes").fill("Coin gauche rayé")
    phone.locator(f"#id_u{first.pk}-photos").set_input_files([photo(tmp_path)])
    expect(phone.get_by_role("img", name="Photo")).to_have_count(1)

    phone.reload()

    expect(phone.get_by_text("Ce que vous aviez commencé ici est revenu.")).to_be_visible()
    expect(phone.locator(f"#id_u{first.pk}-notes")).to_have_value("Coin gauche rayé")
    expect(phone.get_by_role("img", name="Photo")).to_have_count(1)
    sign(phone)
    phone.context.clear_cookies()
    phone.get_by_role("button", name="Remettre et signer").click()
    expect(phone.get_by_text("votre session est terminée")).to_be_visible()
    assert not ConditionReport.objects.exists()

    sign_in(phone, barn.louise.user)
    phone.goto(f"{barn.url}depart/")

    phone.wait_for_url(re.compile("/prets/constats/"))
    assert (ConditionReport.objects.count(), ReportPhoto.objects.count()) == (1, 1)


def test_what_the_server_refuses_comes_back_with_its_photos(phone, barn, tmp_path):
    first, _second = barn.loan.units.order_by("pk")
    phone.goto(f"{barn.url}depart/")
    phone.locator(f"#id_u{first.pk}-photos").set_input_files([photo(tmp_path)])
    phone.get_by_role("button", name="Remettre et signer").click()

    expect(phone.get_by_role("alert")).to_contain_text("Cochez cette case pour signer le constat.")
    expect(phone.get_by_role("img", name="Photo")).to_have_count(1)
    sign(phone)
    phone.get_by_role("button", name="Remettre et signer").click()

    phone.wait_for_url(re.compile("/prets/constats/"))
    assert ReportPhoto.objects.count() == 1


def test_without_javascript_a_part_comes_back_damaged(browse, sign_in, live_server, tmp_path):
    world = make_loans_world("localhost", copies=2)
    loan = out(world, quantity=2)
    one, two = loan.units.order_by("pk")
    page = browse(width=390, height=844, javascript=False)
    sign_in(page, world.louise.user)
    page.goto(f"{live_server.url}/prets/{loan.pk}/constat/retour/")
    page.locator(f"#id_u{two.pk}-back").uncheck()
    page.locator(f"input[name='u{one.pk}-condition'][value=damaged]").check()
    page.locator(f"#id_u{one.pk}-notes").fill("Boîtier fendu")
    page.locator(f"#id_u{one.pk}-photos").set_input_files([photo(tmp_path)])
    sign(page)
    page.get_by_role("button", name="Reprendre et signer").click()

    page.wait_for_url(re.compile("/prets/constats/"))
    case = DamageCase.objects.get()
    assert (case.unit, case.report.photos.count()) == (one, 1)
    assert Loan.objects.get().state == "partly"


@pytest.mark.parametrize(
    ("status", "said"), [(413, "il est trop lourd"), (400, "il est trop lourd"), (404, "n’a pas pris ce constat")]
)
def test_what_the_site_does_not_take_is_said_once_and_nothing_is_lost(phone, barn, status, said):
    first, _second = barn.loan.units.order_by("pk")
    sent = []

    def answer(route):
        if route.request.method == "POST":
            sent.append(route.request.url)
            route.fulfill(status=status, body="")
        else:
            route.continue_()

    phone.goto(f"{barn.url}depart/")
    phone.route("**/constat/depart/", answer)
    phone.locator(f"#id_u{first.pk}-notes").fill("Coin gauche rayé")
    sign(phone)
    phone.get_by_role("button", name="Remettre et signer").click()

    expect(phone.get_by_text(said)).to_be_visible()
    expect(phone.get_by_role("button", name="Envoyer maintenant")).to_be_hidden()
    assert len(sent) == 1
    phone.unroute("**/constat/depart/")
    phone.reload()
    expect(phone.locator(f"#id_u{first.pk}-notes")).to_have_value("Coin gauche rayé")
    phone.get_by_role("button", name="Remettre et signer").click()
    phone.wait_for_url(re.compile("/prets/constats/"))
    assert ConditionReport.objects.get().units.get(unit=first).notes == "Coin gauche rayé"
