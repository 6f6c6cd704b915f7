"""Condition reports: what they say, what they do to the loan, what a device that sends twice gets, who sees the photos."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image

from maillage.activity.models import Notice
from maillage.catalogue.enums import CopyState
from maillage.catalogue.models import Hold
from maillage.core import images
from maillage.core.errors import Refused
from maillage.loans import actions
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import Condition, LoanState, Outcome, ReportKind
from maillage.loans.forms.reports import ReportForm
from maillage.loans.models import ConditionReport, DamageCase, ReportedUnit, ReportPhoto, Told
from maillage.loans.models.papers import private_storage
from tests.factories.loans import make_loan, make_loans_world, make_resource

BOTH = Signed("Louise Prêt", "Basile Emprunt")


def picture(name="rayure.jpg"):
    data = Image.Exif()
    data[0x8825] = {1: "N", 2: (43.0, 36.0, 0.0)}
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(content, "JPEG", exif=data)
    return SimpleUploadedFile(name, content.getvalue())


def prepared(world, **values):
    return make_loan(world, state="prepared", first=0, actor=world.borrower, **values)


def out(world, quantity=1):
    loan = prepared(world, quantity=quantity)
    looked = {unit.pk: Looked() for unit in loan.units.all()}
    actions.file_report(by=world.louise, loan=loan, kind=ReportKind.OUT, key=uuid4(), looked=looked, signed=BOTH)
    loan.refresh_from_db()
    return loan


def bring_back(world, loan, looked, **values):
    given = {"key": uuid4(), "signed": BOTH, **values}
    return actions.file_report(by=world.louise, loan=loan, kind=ReportKind.IN, looked=looked, **given)


def answers(units, *, kind="out", **values):
    given = {
        "cle": str(uuid4()), "fait": "", "notes": "", "lender": "Louise Prêt", "lender_attests": "on",
        "borrower": "Basile Emprunt", "borrower_attests": "on",
    }  # fmt: skip
    for unit in units:
        given[f"u{unit.pk}-condition"] = "fit"
        if kind == "in":
            given[f"u{unit.pk}-back"] = "on"
    return given | values


def test_the_report_of_departure_lets_the_loan_leave(world):
    loan = out(world)

    report = ConditionReport.objects.get()
    assert (loan.state, report.kind, report.author) == (LoanState.OUT, ReportKind.OUT, world.louise.user)
    assert loan.left_at == report.made_at
    assert (report.lender_name, report.borrower_name) == ("Louise Prêt", "Basile Emprunt")


def test_nothing_leaves_without_the_name_of_both(world):
    loan = prepared(world)
    looked = {unit.pk: Looked() for unit in loan.units.all()}

    with pytest.raises(Refused):
        actions.file_report(
            by=world.louise, loan=loan, kind=ReportKind.OUT, key=uuid4(), looked=looked, signed=Signed("Louise Prêt")
        )
    assert not ConditionReport.objects.exists()
    loan.refresh_from_db()
    assert loan.state == LoanState.PREPARED


def test_the_borrower_writes_no_report_of_the_lender(world):
    loan = prepared(world)
    looked = {unit.pk: Looked() for unit in loan.units.all()}

    with pytest.raises(Refused):
        actions.file_report(by=world.basile, loan=loan, kind=ReportKind.OUT, key=uuid4(), looked=looked, signed=BOTH)


@pytest.mark.on_both
def test_the_same_key_again_is_the_same_report(world):
    loan = out(world)
    key = uuid4()
    looked = {unit.pk: Looked(Condition.DAMAGED, notes="Rayée") for unit in loan.units.all()}

    first = bring_back(world, loan, looked, key=key)
    again = bring_back(world, loan, looked, key=key)

    assert first == again
    assert (ConditionReport.objects.filter(kind="in").count(), DamageCase.objects.count()) == (1, 1)


def test_the_key_of_another_loan_is_refused(db):
    world, key = make_loans_world(copies=2), uuid4()
    first = out(world)
    bring_back(world, first, {unit.pk: Looked() for unit in first.units.all()}, key=key)
    second = out(world)

    with pytest.raises(Refused):
        bring_back(world, second, {unit.pk: Looked() for unit in second.units.all()}, key=key)


def test_what_comes_back_in_part_is_free_at_once_and_the_rest_stays_out(db):
    world = make_loans_world(copies=3)
    loan = out(world, quantity=3)
    one, two, three = loan.units.order_by("pk")

    report = bring_back(world, loan, {one.pk: Looked(), two.pk: Looked(Condition.MISSING, missing="deux lentilles")})

    loan.refresh_from_db()
    two.refresh_from_db()
    assert loan.state == LoanState.PARTLY
    assert list(loan.units.away()) == [three]
    assert (two.outcome, two.note) == (Outcome.DAMAGED, "Il manque : deux lentilles.")
    assert (
        Hold.objects.get(booking=loan.booking, copy=three.copy).last
        > Hold.objects.get(booking=loan.booking, copy=one.copy).last
    )
    assert DamageCase.objects.get().report == report
    assert list(report.units.values_list("outcome", "missing")) == [("fit", ""), ("damaged", "deux lentilles")]


def test_a_lost_copy_is_promised_no_more_and_the_next_borrower_is_warned(world):
    loan = out(world)
    following = make_loan(world, state="accepted", by=world.nadia, first=20)
    unit = loan.units.get()

    bring_back(world, loan, {unit.pk: Looked(Condition.LOST, notes="Oubliée dans un train")})

    unit.copy.refresh_from_db()
    assert unit.copy.state == CopyState.LOST
    assert Told.objects.get().loan == following


def test_a_report_sent_late_tells_when_things_happened(db):
    world = make_loans_world(copies=2)
    loan = out(world)
    then = loan.left_at - timedelta(hours=5)

    report = bring_back(world, loan, {loan.units.get().pk: Looked()}, made_at=then)
    assert report.made_at == loan.left_at  # Nothing comes back before it left.

    other = out(world)
    report = bring_back(world, other, {other.units.get().pk: Looked()}, made_at=timezone.now() + timedelta(days=2))
    assert report.made_at <= timezone.now()


def test_the_page_of_departure_hands_over_with_its_photos(client, world):
    loan = prepared(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)
    sent = answers([unit], **{f"u{unit.pk}-photos": [picture(), picture("dos.jpg")], f"u{unit.pk}-camera": picture()})

    response = client.post(reverse("loans:report_write", args=[loan.pk, "depart"]), sent)

    report = ConditionReport.objects.get()
    assert response.url == reverse("loans:report_show", args=[report.pk])
    assert report.photos.filter(unit=unit, width=640, height=480).count() == 3
    with report.photos.first().image.open() as stored, Image.open(stored) as shown:
        assert (shown.format, dict(shown.getexif())) == ("WEBP", {})
    page = client.get(response.url).content.decode()
    assert all(reverse("loans:report_photo", args=[photo.pk]) in page for photo in report.photos.all())


def test_a_device_that_never_heard_the_answer_is_led_to_its_report(client, world):
    loan = prepared(world)
    sent = answers(loan.units.all())
    client.force_login(world.louise.user)
    url = reverse("loans:report_write", args=[loan.pk, "depart"])

    told = [client.post(url, sent, headers={"X-Report": "1"}).json() for _sending in range(2)]

    report = ConditionReport.objects.get()
    assert told == [{"to": reverse("loans:report_show", args=[report.pk])}] * 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lender_attests": ""}, "Cochez cette case pour signer le constat."),
        ({"borrower": ""}, "Écrivez le nom de qui atteste."),
        ({"condition": "missing"}, "Dites ce qui manque."),
        ({"condition": "lost"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_lacks_is_said_next_to_its_field_and_nothing_leaves(client, world, changes, said):
    loan = prepared(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)
    changes = {f"u{unit.pk}-condition" if name == "condition" else name: value for name, value in changes.items()}

    response = client.post(reverse("loans:report_write", args=[loan.pk, "depart"]), answers([unit], **changes))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not ConditionReport.objects.exists()


def test_a_file_that_is_no_picture_is_refused(client, world):
    loan = prepared(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)
    sent = answers([unit], **{f"u{unit.pk}-photos": SimpleUploadedFile("a.jpg", b"<svg/>")})

    response = client.post(reverse("loans:report_write", args=[loan.pk, "depart"]), sent)

    assert response.status_code == 422
    assert not ReportPhoto.objects.exists()


def test_the_page_of_return_takes_back_what_is_ticked(client, db):
    world = make_loans_world(copies=2)
    loan = out(world, quantity=2)
    one, two = loan.units.order_by("pk")
    client.force_login(world.louise.user)
    sent = answers([one, two], kind="in", borrower="", borrower_attests="")
    del sent[f"u{two.pk}-back"]

    response = client.post(reverse("loans:report_write", args=[loan.pk, "retour"]), sent)

    report = ConditionReport.objects.get(kind="in")
    assert response.url == reverse("loans:report_show", args=[report.pk])
    assert list(ReportedUnit.objects.filter(report=report).values_list("unit", flat=True)) == [one.pk]
    assert report.borrower_signed_at is None
    assert "personne n’était là pour signer" in client.get(response.url).content.decode()


def test_photos_are_seen_by_both_sides_and_the_team_alone(client, world):
    loan = prepared(world)
    unit = loan.units.get()
    client.force_login(world.louise.user)
    url = reverse("loans:report_write", args=[loan.pk, "depart"])
    client.post(url, answers([unit], **{f"u{unit.pk}-photos": picture()}))
    photo = ReportPhoto.objects.get()
    seen = {}
    for name in ("louise", "basile", "team", "nadia"):
        client.force_login(getattr(world, name).user)
        response = client.get(reverse("loans:report_photo", args=[photo.pk]))
        seen[name] = response.status_code
        if response.status_code == 200:
            assert response["Content-Type"] == "image/webp"
            assert response["Cache-Control"].startswith("private, no-store")
            b"".join(response.streaming_content)
    client.logout()

    assert seen == {"louise": 200, "basile": 200, "team": 200, "nadia": 404}
    assert client.get(reverse("loans:report_photo", args=[photo.pk])).status_code == 302


def test_a_report_that_fails_leaves_no_photo_on_the_disk(world):
    loan = make_loan(world, state="prepared", first=5)
    unit, folder = loan.units.get(), Path(private_storage().path("."))
    before = {path for path in folder.rglob("*") if path.is_file()}

    with pytest.raises(Refused, match="réservés"):
        actions.file_report(
            by=world.louise, loan=loan, kind=ReportKind.OUT, key=uuid4(), signed=BOTH,
            looked={unit.pk: Looked(photos=[images.received(picture())])},
        )  # fmt: skip

    assert {path for path in folder.rglob("*") if path.is_file()} == before
    assert not ConditionReport.objects.exists()


def test_a_report_costs_the_same_queries_whatever_the_number_of_photos(client, world, same_queries):
    loan = out(world)
    report, unit = ConditionReport.objects.get(), loan.units.get()
    client.force_login(world.team.user)

    def add():
        ReportPhoto.objects.create(report=report, unit=unit, key=uuid4(), image="x")

    same_queries(page=lambda: client.get(reverse("loans:report_show", args=[report.pk])), add=add)


def test_a_damage_is_followed_by_its_lender_and_told_to_the_borrower(client, world):
    loan = out(world)
    bring_back(world, loan, {loan.units.get().pk: Looked(Condition.DAMAGED, notes="Fendue")})
    case = DamageCase.objects.get()
    url = reverse("loans:case_show", args=[case.pk])
    client.force_login(world.basile.user)
    assert "Fendue" in client.get(url).content.decode()
    assert client.post(url, {"state": "settled"}).status_code == 403
    client.force_login(world.louise.user)
    assert client.post(url, {"state": "", "amount": "-3"}).status_code == 422
    sent = {"state": "settled", "amount": "30", "resolution": "Recollée", "is_fit": "on"}

    assert client.post(url, sent).status_code == 302

    case.refresh_from_db()
    case.unit.copy.refresh_from_db()
    assert (case.state, case.amount, case.unit.copy.state) == ("settled", 30, CopyState.FIT)
    assert Notice.objects.filter(user=world.basile.user, title__contains="La suite d’un dommage").exists()
    assert client.post(url, sent).status_code == 409
    client.force_login(world.nadia.user)
    assert client.get(url).status_code == 404


def test_the_page_of_the_loan_leads_to_its_reports(client, world):
    loan = prepared(world)
    client.force_login(world.louise.user)
    assert "Constat de départ" in client.get(loan.get_absolute_url()).content.decode()
    client.force_login(world.basile.user)
    assert "Constat de départ" not in client.get(loan.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([9, 0], "Huit photos au plus pour un exemplaire."),
        ([8, 8], "Soixante photos au plus"),
        ([1, 0], "pèsent trop lourd ensemble"),
    ],
)
def test_photos_are_counted_and_weighed_before_any_is_opened(world, monkeypatch, given, sentence):
    """None of these is a picture: whoever opened one would say that it cannot be read."""
    monkeypatch.setattr("maillage.loans.forms.reports.MOST_IN_ALL", 12)
    monkeypatch.setattr("maillage.loans.forms.reports.MOST_BYTES", 100)
    loan = prepared(world, resource=make_resource(world.network, world.lender, copies=2), quantity=2)
    units = list(loan.units.all())
    size = 200 if given == [1, 0] else 1
    files = MultiValueDict(
        {
            f"u{unit.pk}-photos": [SimpleUploadedFile("a.jpg", b"x" * size) for _each in range(count)]
            for unit, count in zip(units, given, strict=True)
        }
    )

    form = ReportForm(answers(units), files, units=units, kind=ReportKind.OUT)

    assert not form.is_valid()
    told = [str(each) for errors in form.errors.values() for each in errors]
    assert len(told) == 1
    assert sentence in told[0]
