"""A damage that its lender finds once the copy is back: said with photos, answered by its borrower, as any other damage for those after."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.activity.models import Notice
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Copy
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.actions.forgetting import forget_signer
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import Condition, Outcome, ReportKind
from maillage.loans.models import ConditionReport, DamageCase, LoanUnit, Told
from tests.factories.loans import make_loan, make_loans_world
from tests.loans.test_reports import picture


def returned(world, state="returned", **values):
    loan = make_loan(world, state="out", first=0, actor=world.borrower, **values)
    units = {unit.pk: actions.Back() for unit in loan.units.all()}
    loan = actions.return_units(by=world.louise, loan=loan, units=units)
    return loan if state == "returned" else actions.close_loan(by=world.louise, loan=loan, reached=12)


def later(unit, **values):
    return {
        "cle": str(uuid4()), "fait": "", "notes": "", "lender": "Louise Prêt", "lender_attests": "on",
        f"u{unit.pk}-back": "on", f"u{unit.pk}-condition": "damaged", f"u{unit.pk}-notes": "Prisme fendu", **values,
    }  # fmt: skip


def page(loan):
    return reverse("loans:report_write", args=[loan.pk, "apres"])


def tell(world, loan, by=None):
    looked = {unit.pk: Looked(Condition.DAMAGED, notes="Prisme fendu") for unit in loan.units.all()}
    return actions.file_report(
        by=by or world.louise, loan=loan, kind=ReportKind.LATER, key=uuid4(), looked=looked, signed=Signed("Louise")
    )


@pytest.mark.parametrize("state", ["returned", "closed"])
def test_a_damage_found_once_the_loan_is_back_opens_a_case_with_its_photos(client, world, state):
    loan = returned(world, state)
    unit = loan.units.get()
    following = make_loan(world, state="accepted", by=world.nadia, first=20)
    client.force_login(world.louise.user)
    assert page(loan) in client.get(loan.get_absolute_url()).content.decode()
    assert "Dommage découvert après le retour" in client.get(page(loan)).content.decode()

    response = client.post(page(loan), later(unit, **{f"u{unit.pk}-photos": [picture(), picture()]}))

    report, case = ConditionReport.objects.get(), DamageCase.objects.get()
    assert response.url == reverse("loans:report_show", args=[report.pk])
    assert (case.unit, case.report, case.outcome, case.description) == (unit, report, Outcome.DAMAGED, "Prisme fendu")
    unit.refresh_from_db()
    unit.copy.refresh_from_db()
    loan.refresh_from_db()
    assert (loan.state, unit.outcome, unit.copy.state) == (state, Outcome.DAMAGED, CopyState.DAMAGED)
    assert Told.objects.get().loan == following
    shown = client.get(reverse("loans:case_show", args=[case.pk])).content.decode()
    for photo in report.photos.all():
        assert reverse("loans:report_photo", args=[photo.pk]) in shown
        with photo.image.open() as stored, Image.open(stored) as opened:
            assert (opened.format, dict(opened.getexif())) == ("WEBP", {})
    assert report.photos.count() == 2
    told = Notice.objects.filter(title__contains="Un dommage est constaté après le retour")
    assert set(told.values_list("user", flat=True)) == {world.basile.user.pk}


def test_what_is_in_order_needs_no_report_and_at_least_one_copy_is_ticked(client, world):
    loan = returned(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)

    unticked = later(unit)
    del unticked[f"u{unit.pk}-back"]
    assert client.post(page(loan), unticked).status_code == 422
    assert client.post(page(loan), later(unit, **{f"u{unit.pk}-condition": "fit"})).status_code == 422
    assert not DamageCase.objects.exists()


def test_it_is_told_within_the_days_that_the_network_gives(client, world):
    loan = returned(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)
    for days, status in ((13, 200), (15, 409)):
        then = timezone.now() - timedelta(days=days)
        LoanUnit.objects.filter(pk=unit.pk).update(left_at=then, returned_at=then)
        assert client.post(page(loan), later(unit, lender="")).status_code == (422 if status == 200 else 409)
    assert page(loan) not in client.get(loan.get_absolute_url()).content.decode()
    assert "Le délai pour signaler un dommage est passé" in client.get(page(loan)).content.decode()


def test_what_left_again_since_is_no_longer_theirs_to_answer_for(world):
    loan = returned(world)
    now = timezone.now() + timedelta(minutes=1)
    again = make_loan(world, state="prepared", by=world.nadia, first=1)
    LoanUnit.objects.filter(loan=again).update(left_at=now)

    with pytest.raises(Refused, match="ont changé"):
        tell(world, loan)


@pytest.mark.parametrize("state", ["accepted", "out"])
def test_nothing_is_found_on_what_is_not_back(world, state):
    with pytest.raises(Refused, match="Rien de ce prêt n’est encore revenu"):
        tell(world, make_loan(world, state=state, first=0))


def test_only_its_lender_tells_of_it(client, world):
    loan = returned(world)
    with pytest.raises(Refused):
        tell(world, loan, by=world.basile)
    client.force_login(world.basile.user)
    assert client.get(page(loan)).status_code == 404


def test_its_borrower_answers_until_it_is_settled(client, world):
    tell(world, returned(world))
    case = DamageCase.objects.get()
    url = reverse("loans:case_answer", args=[case.pk])
    client.force_login(world.basile.user)
    assert url in client.get(reverse("loans:case_show", args=[case.pk])).content.decode()
    assert client.post(url, {"answer": " "}).status_code == 422

    for _time in range(2):
        assert client.post(url, {"answer": "Il l’était déjà au départ."}).status_code == 302

    case.refresh_from_db()
    assert (case.answer, case.answered_by) == ("Il l’était déjà au départ.", world.basile.user)
    told = Notice.objects.filter(title__contains="Une réponse sur un dommage")
    assert list(told.filter(channel="site").values_list("user", flat=True)) == [world.louise.user.pk]
    client.force_login(world.louise.user)
    assert "Il l’était déjà au départ." in client.get(reverse("loans:case_show", args=[case.pk])).content.decode()
    assert client.post(url, {"answer": "Non"}).status_code == 403
    actions.follow_case(by=world.louise, case=case, state="dropped")
    client.force_login(world.basile.user)
    late = client.post(url, {"answer": "Merci quand même"})
    assert (late.status_code, "Merci quand même" in late.content.decode()) == (409, True)
    forget_signer(user=world.basile.user)
    case.refresh_from_db()
    assert case.answer == ""


def test_photos_added_to_a_copy_mended_meanwhile_withdraw_it_again(world):
    loan = returned(world)
    tell(world, loan)
    case = DamageCase.objects.get()
    actions.follow_case(by=world.louise, case=case, state="claimed", is_fit=True)
    tell(world, loan)
    copy = Copy.objects.get(loan_units__loan=loan)
    assert (DamageCase.objects.count(), copy.state) == (1, CopyState.DAMAGED)


def test_a_case_without_photos_takes_some_later(client, world):
    loan = make_loan(world, state="out", first=0, actor=world.borrower)
    unit = loan.units.get()
    actions.return_units(by=world.louise, loan=loan, units={unit.pk: actions.Back(Outcome.DAMAGED, "Poignée cassée")})
    client.force_login(world.louise.user)

    client.post(page(loan), later(unit, **{f"u{unit.pk}-photos": picture()}))

    case = DamageCase.objects.get()
    photo = ConditionReport.objects.get().photos.get()
    assert case.description == "Poignée cassée"
    shown = client.get(reverse("loans:case_show", args=[case.pk])).content.decode()
    assert reverse("loans:report_photo", args=[photo.pk]) in shown


def test_other_copies_serve_those_who_come_after(db):
    world = make_loans_world(copies=2)
    loan = returned(world)
    make_loan(world, state="accepted", by=world.nadia, first=20)

    tell(world, loan)

    assert not Told.objects.exists()
