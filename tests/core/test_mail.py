"""core.mail: one door, headers no one can forge, a dead server fails nothing."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from maillage.core import jobs, mail
from maillage.core.models import Job, JobStatus

pytestmark = [pytest.mark.django_db]
TEMPLATE = "tests/mail.html"
CONTEXT = {"name": "Fab'lab & Cie", "code": "123456"}


@pytest.fixture(autouse=True)
def _templates(settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.ROOT / "tests" / "support" / "templates"]}]


@pytest.fixture
def network():
    return SimpleNamespace(
        pk=7,
        name="Réseau d'Occitanie",
        host="reseau.exemple.fr",
        sender_name="",
        sender_email="bonjour@reseau.exemple.fr",
        contact_email="contact@reseau.exemple.fr",
        zone=ZoneInfo("Europe/Paris"),
        setting=lambda name: {"mails_per_hour": 2, "quiet_from": 0, "quiet_until": 0}[name],
    )


def deliver_to(sink):
    jobs.run_waiting()
    (message,) = sink.received
    return message


def test_a_message_has_text_and_html_and_the_sender_of_its_network(smtp_server, network):
    mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT, network=network)
    message = deliver_to(smtp_server)
    assert message["Subject"] == "Bienvenue à Fab'lab & Cie"
    assert message["From"] == "Réseau d'Occitanie <bonjour@reseau.exemple.fr>"
    assert (message["To"], message["Reply-To"]) == ("zoe@exemple.fr", "contact@reseau.exemple.fr")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    text, html = (part.get_content() for part in message.iter_parts())
    assert text == (
        "Bonjour Fab'lab & Cie\n\nVotre code : 123456, valable 15 minutes.\n\n- premier point\n\n"
        "- second point d'aide : https://exemple.fr/aide\n\n"
        "Vous recevez ce message parce que vous avez fait une demande sur le site.\n\nhttp://reseau.exemple.fr/\n"
    )
    assert '<html lang="fr">' in html
    assert "Fab&#x27;lab &amp; Cie" in html


def test_a_line_break_in_a_name_forges_no_header(smtp_server):
    mail.send(TEMPLATE, to="zoe@exemple.fr", context={"name": "X\r\nBcc: tous@exemple.fr", "code": "1"})
    message = deliver_to(smtp_server)
    assert (message["Subject"], message["Bcc"]) == ("Bienvenue à X Bcc: tous@exemple.fr", None)


def test_a_line_break_in_the_name_of_a_network_forges_no_header(smtp_server, network):
    network.sender_name = "X\r\nBcc: tous@exemple.fr"
    mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT, network=network)
    assert deliver_to(smtp_server)["Bcc"] is None


@pytest.mark.parametrize("to", ["a@exemple.fr\nBcc: b@exemple.fr", "a@exemple.fr, b@exemple.fr", "personne", ""])
def test_an_address_that_is_not_one_address_is_refused(to):
    with pytest.raises(ValueError, match="not an e-mail address"):
        mail.send(TEMPLATE, to=to or " ", context=CONTEXT)
    assert Job.objects.count() == 0


def test_a_message_one_may_stop_says_how_in_one_click(smtp_server, network):
    stop = "https://reseau.exemple.fr/desabonnement/abc/"
    mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT, network=network, unsubscribe_url=stop)
    message = deliver_to(smtp_server)
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = next(message.iter_parts()).get_content()
    assert text.endswith(f"Ne plus recevoir ces messages : {stop}\n")


@pytest.mark.parametrize("url", ["/relatif/", "javascript:x", "https://x.fr/\r\nBcc: y"])
def test_an_unsubscribe_address_is_absolute_and_on_one_line(url):
    with pytest.raises(ValueError, match="absolute"):
        mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT, unsubscribe_url=url)


def test_what_rolls_back_is_never_sent(smtp_server):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT)
        raise ZeroDivisionError
    assert jobs.run_waiting() == 0
    assert smtp_server.received == []


def test_a_dead_server_fails_no_request_and_the_message_waits(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    job = mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
    assert job.run_at > timezone.now()
    assert job.arguments["to"] == "zoe@exemple.fr"


def test_an_unknown_address_is_not_tried_again(smtp_server):
    job = mail.send(TEMPLATE, to="refused@exemple.fr", context=CONTEXT)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.status, job.attempts, job.arguments) == (JobStatus.FAILED, 1, {})
    assert job.error == "adresse refusée par le serveur de courrier (550)"


def test_a_greylisted_address_is_tried_again(smtp_server):
    job = mail.send(TEMPLATE, to="later@exemple.fr", context=CONTEXT)
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.status == JobStatus.WAITING


def test_the_words_of_a_message_are_forgotten_once_it_left(smtp_server):
    job = mail.send(TEMPLATE, to="zoe@exemple.fr", context=CONTEXT)
    deliver_to(smtp_server)
    job.refresh_from_db()
    assert (job.status, job.arguments) == (JobStatus.DONE, {})


def test_messages_that_are_not_urgent_wait_when_the_hourly_limit_is_reached(network):
    stop = "https://reseau.exemple.fr/stop/"
    sent = [
        mail.send(TEMPLATE, to="z@exemple.fr", context=CONTEXT, network=network, unsubscribe_url=stop) for _ in range(3)
    ]
    urgent = mail.send(TEMPLATE, to="z@exemple.fr", context=CONTEXT, network=network)
    soon = timezone.now() + timedelta(minutes=1)
    assert [job.run_at < soon for job in [*sent, urgent]] == [True, True, False, True]


def test_links_are_built_on_the_configured_address(settings, network):
    settings.HTTPS = True
    assert mail.absolute_url(network, "/acteurs/") == "https://reseau.exemple.fr/acteurs/"
    settings.HTTPS, settings.PORT = False, 8123
    network.host = "hdf.localhost"
    assert mail.absolute_url(network) == "http://hdf.localhost:8123/"
