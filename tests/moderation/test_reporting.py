"""Who may report, what counts, what hides until the team decides."""

import time

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from maillage.accounts.actions import erase_account, merge_accounts
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import Viewer
from maillage.moderation.actions import settle
from maillage.moderation.models import Case, Report
from maillage.networks.actions import save_settings
from tests.factories.accounts import make_admin, make_person, viewer
from tests.factories.activity import wishes
from tests.factories.agenda import make_event
from tests.factories.directory import make_network
from tests.factories.moderation import case_of, report_by_accounts, report_event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def address(event, name="report"):
    return reverse(f"moderation:{name}", args=["evenement", event.pk])


def sent(**changes):
    opened = signing.dumps(int(time.time()) - 30, salt="directory.contact")
    return {"reason": "faux", "words": "La Lune n'est pas une étoile.", "site": "", "opened": opened, **changes}


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def state_of(event):
    event.refresh_from_db()
    return event.state


# --- the form -----------------------------------------------------------------------------------------------------------


def test_a_visitor_without_an_account_reports_what_is_public(client, event):
    response = client.post(address(event), sent())
    assert response["Location"] == address(event, "report_done")
    assert "Merci de votre signalement" in client.get(response["Location"]).text
    made = Report.objects.get()
    assert (made.reporter, made.reason, made.words) == (None, "faux", "La Lune n'est pas une étoile.")
    assert (made.case.object_id, made.case.title, made.state) == (event.pk, "Nuit des étoiles", "open")


@pytest.mark.parametrize(
    "trap", [{"site": "http://pub.example"}, {"opened": ""}, {"opened": signing.dumps(1, salt="x")}]
)
def test_a_program_is_told_from_a_person(client, event, trap):
    assert client.post(address(event), sent(**trap)).status_code == 422
    assert not Report.objects.exists()


def test_an_address_reports_ten_times_an_hour_at_most(client, network, event):
    others = [make_event(network, f"Événement {number}") for number in range(10)]
    answers = [client.post(address(each), sent()).status_code for each in [event, *others]]
    assert answers == [302] * 10 + [429]


def test_something_else_is_said_in_words(client, event):
    response = client.post(address(event), sent(reason="autre", words=" "))
    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert "Dites en quelques mots" in response.text


def test_what_one_may_not_see_is_not_reported(client, network, event):
    draft = make_event(network, "Brouillon", state="draft")
    abroad = make_event(make_network(host="ailleurs.test"), "Ailleurs")
    unknown = reverse("moderation:report", args=["roman", event.pk])
    for page in (address(draft), address(abroad), unknown, reverse("moderation:report", args=["evenement", 10**17])):
        assert client.get(page).status_code == 404
        assert client.post(page, sent()).status_code == 404
    assert not Case.objects.exists()


def test_the_form_sent_twice_makes_one_report(client, event):
    key = {"cle": "6f7a2c1e-6c0b-4b7e-9a51-2f6b7d0a1c11"}
    given = sent(**key)
    first, second = client.post(address(event), given), client.post(address(event), given)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_an_account_reports_a_content_once_until_it_is_answered(client, network, event, animator):
    person = make_person(network)
    client.force_login(person)
    assert client.post(address(event), sent()).status_code == 302
    assert "Vous l'avez déjà signalé" in text(client.get(address(event)))
    assert client.post(address(event), sent(reason="haineux")).status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(case=case_of(event), reporter=person, reason="faux")
    settle(by=animator, case=case_of(event), removed=False, words="C'est juste.")
    assert client.post(address(event), sent()).status_code == 302
    assert Case.objects.about("evenement", event.pk).count() == 2


def test_a_content_has_one_open_case(network, event):
    report_event(Viewer(network=network), event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(network=network, kind="evenement", object_id=event.pk, title="Encore")


def test_nobody_reports_what_they_wrote(client, network, event, author):
    client.force_login(author)
    assert "vous qui l'avez écrit" in text(client.get(address(event)))
    assert client.post(address(event), sent()).status_code == 403
    assert not Report.objects.exists()


# --- hiding until somebody decides --------------------------------------------------------------------------------------


def test_three_accounts_hide_it_and_its_author_and_the_team_are_told(network, event, author):
    team = make_person(network, "animator")
    report_by_accounts(network, event, 2)
    assert (state_of(event), case_of(event).state) == ("published", "open")
    assert not Notice.objects.filter(user=author).exists()
    report_by_accounts(network, event, 1)
    case = case_of(event)
    assert (state_of(event), case.state, case.reports.count()) == ("suspended", "hidden", 3)
    told = Notice.objects.filter(channel="site")
    assert told.get(user=author).url == reverse("moderation:case_own", args=[case.pk])
    assert [each.url for each in told.filter(user=team)] == [reverse("moderation:case_show", args=[case.pk])] * 2
    assert set(Entry.objects.about(case).values_list("verb", "system")) == {
        ("report.made", ""),
        ("case.suspended", "Maillage"),
    }


def test_a_crowd_without_accounts_takes_nothing_down(network, event):
    for _each in range(10):
        report_event(Viewer(network=network), event)
    report_by_accounts(network, event, 2)
    assert (state_of(event), case_of(event).reports.count()) == ("published", 12)


def test_a_network_sets_how_many_and_none_means_never(network, event, admin):
    by = viewer(admin, network)
    save_settings(by=by, network=network, values={"reports_to_hide": 0})
    network.refresh_from_db()
    report_by_accounts(network, event, 4)
    assert state_of(event) == "published"
    save_settings(by=by, network=network, values={"reports_to_hide": 1})
    network.refresh_from_db()
    other = make_event(network, "Autre")
    report_by_accounts(network, other, 1)
    assert state_of(other) == "suspended"


def test_what_the_team_wrote_is_never_hidden_by_reports(network):
    team = make_person(network, "animator")
    event = make_event(network, by=viewer(team, network))
    report_by_accounts(network, event, 5)
    assert (state_of(event), case_of(event).state) == ("published", "open")


def test_accounts_that_were_wrong_about_a_content_do_not_hide_it_again(network, event, animator):
    people = report_by_accounts(network, event, 3)
    settle(by=animator, case=case_of(event), removed=False, words="Vérifié.")
    for person in people:
        report_event(viewer(person, network), event)
    assert state_of(event) == "published"
    report_by_accounts(network, event, 3)
    assert state_of(event) == "suspended"


def test_a_report_outlives_the_account_that_made_it_and_counts_no_more(network, event):
    people = report_by_accounts(network, event, 2)
    erase_account(by=viewer(people[0], network), user=people[0])
    assert sorted(case_of(event).reports.values_list("reporter", flat=True), key=str) == [people[1].pk, None]
    report_by_accounts(network, event, 1)
    assert state_of(event) == "published"
    report_by_accounts(network, event, 1)
    assert state_of(event) == "suspended"


def test_two_accounts_made_one_count_once(network, event):
    kept, gone = report_by_accounts(network, event, 2)
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    assert sorted(case_of(event).reports.values_list("reporter", flat=True), key=str) == [kept.pk, None]
    report_by_accounts(network, event, 1)
    assert state_of(event) == "published"


# --- who is told --------------------------------------------------------------------------------------------------------


def test_who_reports_is_told_that_it_is_received(network, event):
    (person,) = report_by_accounts(network, event, 1)
    run_waiting()
    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.subject.replace("\xa0", " ") == "Votre signalement est reçu : « Nuit des étoiles »"


def test_moderators_choose_whether_they_are_alerted(client, network, event):
    keen, calm = make_person(network, "animator"), make_person(network, "animator")
    client.force_login(calm)
    page = client.get(reverse("activity:preferences"))
    assert "un contenu est signalé, ou une décision contestée" in page.text
    asked = {name: value for name, value in wishes(calm).items() if name != "site-moderation_alert"}
    client.post(reverse("activity:preferences"), {**asked, "mail-moderation_alert": ""})
    report_by_accounts(network, event, 1)
    assert set(Notice.objects.filter(kind="moderation_alert").values_list("user", flat=True)) == {keen.pk}


def test_only_those_who_may_decide_are_alerted(network, event):
    here, far = make_person(network, "animator", "34"), make_person(network, "animator", "65")
    abroad = make_admin(make_network(host="ailleurs.test"))
    report_by_accounts(network, event, 1)
    assert set(Notice.objects.filter(kind="moderation_alert").values_list("user", flat=True)) == {here.pk}
    assert not Notice.objects.filter(user__in=[far, abroad]).exists()


def test_a_program_does_not_report(network, event):
    with pytest.raises(Refused):
        report_event(Viewer.as_system(network, "tests"), event)
