"""Messages that come back: those of ours count, for the address that they were sent to, when it is for good."""

import io
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from maillage.core import jobs, mail
from maillage.core.refusals import Refusal, read_return
from maillage.core.signals import address_refused
from tests.core.test_mail import CONTEXT, TEMPLATE

ADDRESS = "zoe@exemple.fr"


@pytest.fixture
def left(settings, smtp_server, db):
    """A message that left, as the mail server of its reader got it."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.ROOT / "tests" / "support" / "templates"]}]
    mail.send(TEMPLATE, to=ADDRESS, context=CONTEXT, reference="essai:12")
    jobs.run_waiting()
    return smtp_server.received[0]


def returned(left, *, status="5.1.1", address=ADDRESS, whole=True, kind="report"):
    """What a mail server writes when it gives up (RFC 3464)."""
    report = EmailMessage()
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@exemple.fr", "retours@reseau.fr", "Undelivered"
    report.set_content("Le message n'a pas pu être remis.")
    report.make_mixed()
    delivery = EmailMessage()
    fields = EmailMessage()
    fields["Final-Recipient"] = f"rfc822; {address}"
    fields["Action"], fields["Status"] = "failed", status
    fields["Diagnostic-Code"] = "smtp; 550 No such user"
    delivery["Content-Type"] = "message/delivery-status"
    delivery.set_payload([EmailMessage(), fields])
    report.attach(delivery)
    back = EmailMessage()
    if whole:
        back["Content-Type"] = "message/rfc822"
        back.set_payload([left])
    else:
        back.set_content(f"Subject: Bienvenue\nMessage-ID: {left['Message-ID']}\n", subtype="rfc822-headers")
    report.attach(back)
    report.replace_header("Content-Type", f'multipart/{kind}; report-type=delivery-status; boundary="=="')
    report.set_boundary("==")
    return report.as_bytes()


@pytest.mark.parametrize("whole", [True, False])
def test_a_return_of_ours_names_the_address_and_what_was_written(left, whole):
    assert read_return(returned(left, whole=whole)) == [Refusal(ADDRESS, "essai:12", "5.1.1 smtp; 550 No such user")]


@pytest.mark.parametrize(
    "changed",
    [{"status": "4.2.2"}, {"address": "autre@exemple.fr"}, {"kind": "mixed"}],
    ids=["later", "other", "reply"],
)
def test_a_delay_another_address_and_a_plain_answer_refuse_nobody(left, changed):
    assert read_return(returned(left, **changed)) == []


def test_a_made_up_return_refuses_nobody(left):
    fake = EmailMessage()
    fake["Message-ID"] = f"<1.2.3.{'0' * 32}-abc@reseau.fr>"
    fake.set_content("?")
    assert read_return(returned(fake)) == []


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"Content-Type: multipart/report\n\n", b"Content-Type: message/rfc822\n\n"]
)
def test_anything_else_is_nothing(raw):
    assert read_return(raw) == []


def test_the_command_reads_a_return_and_says_what_it_kept(left, monkeypatch):
    heard = []
    address_refused.connect(
        lambda **facts: heard.append((facts["address"], facts["reference"])), weak=False, dispatch_uid="here"
    )
    try:
        told = io.StringIO()
        for raw in (returned(left), b"bonjour"):
            monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
            call_command("receivebounce", stdout=told)
    finally:
        address_refused.disconnect(dispatch_uid="here")
    assert heard == [(ADDRESS, "essai:12")]
    assert told.getvalue().splitlines() == [
        "1 adresse refusée pour de bon.",
        "Rien à retenir\N{NO-BREAK SPACE}: ce n'est pas le retour d'un message d'ici, ou pas un refus définitif.",
    ]
