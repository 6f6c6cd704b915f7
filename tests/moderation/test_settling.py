"""What the team decides, what an author says against it, who reads what."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.queries import people_of
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.moderation.actions import appeal, minding, settle, settle_appeal
from maillage.moderation.models import Case
from maillage.moderation.queries import waiting_cases
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.directory import make_network
from tests.factories.moderation import case_of, report_by_accounts, report_event

pytestmark = pytest.mark.django_db
WORDS = "Le titre annonce un remède que rien n'établit."


@pytest.fixture
def other(network):
    return viewer(make_person(network, "animator", name="Noé Sabatier"), network)


@pytest.fixture
def case(network, event):
    report_by_accounts(network, event, 3)
    return case_of(event)


@pytest.fixture
def removed(animator, case):
    return settle(by=animator, case=case, removed=True, words=WORDS)


def page(name, case):
    return reverse(f"moderation:{name}", args=[case.pk])


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def state_of(event):
    event.refresh_from_db()
    return event.state


# --- the decision -------------------------------------------------------------------------------------------------------


def test_the_team_keeps_and_it_is_shown_again_and_everyone_is_told(client, event, author, animator, case):
    mail.outbox.clear()
    assert "3 signalements" in text(client.get(page("case_show", case)))
    response = client.post(page("case_settle", case), {"decision": "garder", "words": "Vérifié auprès du musée."})
    assert response["Location"] == page("case_show", case)
    case.refresh_from_db()
    assert (state_of(event), case.state, case.decided_by) == ("published", "kept", animator.user)
    run_waiting()
    told = {message.to[0]: message.body for message in mail.outbox if "reste en ligne" in message.subject}
    assert set(told) == {author.email}
    reporters = set(case.reports.values_list("reporter__email", flat=True))
    answers = [message for message in mail.outbox if "est gardé" in message.subject]
    assert {message.to[0] for message in answers} == reporters
    assert all("Vérifié auprès du musée." in message.body for message in answers)
    assert Entry.objects.about(case).filter(verb="case.kept", user=animator.user).count() == 1


def test_the_team_removes_and_says_why(event, author, removed):
    assert (state_of(event), event.reason) == ("hidden", WORDS)
    run_waiting()
    (told,) = [message for message in mail.outbox if message.subject.startswith("Ce que vous avez écrit est retiré")]
    assert told.to == [author.email]
    assert WORDS in told.body and "contestez cette décision avant le" in told.body
    assert "faux, ou contraire" in told.body


def test_a_decision_without_reasons_is_not_taken(client, event, animator, case):
    assert client.post(page("case_settle", case), {"decision": "retirer", "words": " "}).status_code == 422
    assert state_of(event) == "suspended"
    with pytest.raises(Refused):
        settle(by=animator, case=case, removed=True, words="  ")


def test_what_is_decided_is_not_decided_again(client, event, animator, removed):
    again = client.post(page("case_settle", removed), {"decision": "garder", "words": "Finalement."})
    assert (again.status_code, state_of(event)) == (409, "hidden")


def test_what_was_not_hidden_by_reports_is_not_shown_by_keeping_it(network, event, animator):
    from maillage.agenda.actions import hide_event

    report_by_accounts(network, event, 1)
    hide_event(by=animator, event=event, reason="Double")
    settle(by=animator, case=case_of(event), removed=False, words="Rien à redire.")
    assert state_of(event) == "hidden"


def test_nobody_decides_of_what_they_wrote_unless_alone(network):
    alone = make_person(network, "network_admin")
    event = make_event(network, by=viewer(alone, network))
    report_event(Viewer(network=network), event)
    second = make_person(network, "animator")
    with pytest.raises(Refused, match="vous l'avez écrit"):
        settle(by=viewer(alone, network), case=case_of(event), removed=False, words="C'est moi.")
    second.roles.update(revoked_at=timezone.now())
    assert settle(by=viewer(alone, network), case=case_of(event), removed=False, words="Vérifié.").state == "kept"


def test_a_content_that_is_gone_leaves_only_an_answer_to_give(client, network, event, animator, case):
    type(event).objects.filter(pk=event.pk).delete()
    assert "n’existe plus" in text(client.get(page("case_show", case)))
    client.post(page("case_settle", case), {"decision": "retirer", "words": "Déjà parti."})
    case.refresh_from_db()
    assert case.state == "removed"


# --- the contest --------------------------------------------------------------------------------------------------------


def test_the_author_contests_once_and_another_moderator_answers(client, event, author, animator, other, removed):
    client.force_login(author)
    assert WORDS in text(client.get(page("case_own", removed)))
    assert client.post(page("case_appeal", removed), {"words": ""}).status_code == 422
    response = client.post(page("case_appeal", removed), {"words": "Le titre cite une étude publiée."})
    assert response["Location"] == page("case_own", removed)
    removed.refresh_from_db()
    assert (removed.state, removed.appealed_by, state_of(event)) == ("appealed", author, "hidden")
    assert client.post(page("case_appeal", removed), {"words": "Encore"}).status_code == 409
    assert Notice.objects.filter(user=other.user, title__startswith="Une décision est contestée").exists()
    client.force_login(animator.user)
    own = {"decision": "retirer", "words": "Je maintiens."}
    assert client.post(page("case_settle", removed), own).status_code == 403
    assert "vous avez pris la première décision" in text(client.get(page("case_show", removed)))
    client.force_login(other.user)
    client.post(page("case_settle", removed), {"decision": "garder", "words": "L'étude existe."})
    removed.refresh_from_db()
    assert (removed.state, removed.answered_by, state_of(event)) == ("kept", other.user, "published")
    assert (removed.decided_by, removed.words) == (animator.user, WORDS)


def test_a_removal_upheld_is_the_last_word(event, author, network, other, removed):
    by = viewer(author, network)
    appeal(by=by, case=removed, words="Injuste.")
    final = settle_appeal(by=other, case=removed, removed=True, words="Relu : rien n'établit ce remède.")
    assert (final.state, state_of(event), final.words) == ("removed", "hidden", WORDS)
    with pytest.raises(Refused) as refusal:
        appeal(by=by, case=final, words="Encore.")
    assert refusal.value.status == 409
    assert Notice.objects.filter(user=author, channel="site", title__startswith="Le retrait est maintenu").count() == 1


def test_the_only_moderator_answers_the_contest(network, event, author, animator, removed):
    appeal(by=viewer(author, network), case=removed, words="Injuste.")
    assert settle_appeal(by=animator, case=removed, removed=False, words="Vous avez raison.").state == "kept"
    assert state_of(event) == "published"


def test_a_decision_is_contested_within_thirty_days(network, author, removed):
    Case.objects.filter(pk=removed.pk).update(decided_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused, match="délai"):
        appeal(by=viewer(author, network), case=removed, words="Trop tard ?")


def test_only_its_author_contests(client, network, removed):
    reporter = removed.reports.first().reporter
    client.force_login(reporter)
    for name in ("case_own", "case_show"):
        assert client.get(page(name, removed)).status_code in (403, 404)
    assert client.post(page("case_appeal", removed), {"words": "Moi aussi"}).status_code == 404
    with pytest.raises(Refused):
        appeal(by=viewer(reporter, network), case=removed, words="Moi aussi")


def test_a_decision_is_not_answered_before_it_is_contested(animator, case, removed):
    with pytest.raises(Refused):
        settle_appeal(by=animator, case=removed, removed=False, words="Avant l'heure.")


# --- who reads what -----------------------------------------------------------------------------------------------------


def test_an_author_never_reads_who_reported_nor_their_words(client, network, event, author, animator):
    reporter = make_person(network, name="Zélie Quatrefages")
    report_event(viewer(reporter, network), event, words="Ce texte est de la main de mon voisin.")
    report_by_accounts(network, event, 2)
    case = case_of(event)
    settle(by=animator, case=case, removed=True, words=WORDS)
    run_waiting()
    client.force_login(author)
    pages = [client.get(page("case_own", case)), client.get(reverse("agenda:event_work", args=[event.pk]))]
    read = "".join(map(text, pages)) + "".join(each.body for each in mail.outbox if each.to == [author.email])
    assert WORDS in read
    assert "Quatrefages" not in read and "mon voisin" not in read
    client.force_login(animator.user)
    assert "Quatrefages" in text(client.get(page("case_show", case)))


def test_an_author_has_no_page_of_a_case_that_nobody_acted_on(client, network, event, author):
    report_by_accounts(network, event, 1)
    client.force_login(author)
    assert client.get(page("case_own", case_of(event))).status_code == 404


def test_the_cases_of_a_network_do_not_exist_in_another(client, animator, event, case):
    abroad = make_network(host="ailleurs.test")
    assert list(Case.objects.visible_to(Viewer.as_system(abroad, "tests"))) == []
    assert client.get(page("case_show", case), headers={"host": "ailleurs.test"}).status_code in (302, 403, 404)


def test_the_team_of_a_network_decides_of_nothing_in_another_even_of_what_is_gone(network, event, case):
    abroad = make_network(host="ailleurs.test")
    by = viewer(make_person(abroad, "network_admin"), abroad)
    type(event).objects.filter(pk=event.pk).delete()
    with pytest.raises(Refused) as refusal:
        settle(by=by, case=case, removed=True, words="D'ailleurs.")
    assert (refusal.value.status, case_of(event).state) == (404, "hidden")


def test_who_only_visits_reads_no_case(client, network, case):
    client.logout()
    assert client.get(page("case_own", case)).status_code == 302
    assert list(Case.objects.visible_to(Viewer(network=network))) == []


def test_the_queue_tells_cases_of_ones_departement_and_contests(client, network, event, author, animator, other, case):
    far = make_person(network, "animator", "65")
    queue = reverse("directory:queue")
    assert page("case_show", case) in text(client.get(queue))
    client.force_login(far)
    assert page("case_show", case) not in text(client.get(queue))
    settle(by=animator, case=case, removed=True, words=WORDS)
    assert list(waiting_cases(other)) == []
    appeal(by=viewer(author, network), case=case, words="Injuste.")
    client.force_login(other.user)
    assert "décision contestée" in text(client.get(queue + "?nature=report"))


def test_the_pages_of_the_team_cost_the_same_whatever_is_reported(client, network, animator, event, case, same_queries):
    def one_more():
        report_by_accounts(network, make_event(network, "Autre"), 1)
        report_event(animator if not case.reports.filter(reporter=animator.user) else other(), event)

    def other():
        return viewer(make_person(network, "animator"), network)

    assert same_queries(page=lambda: client.get(reverse("directory:queue") + "?nature=report"), add=one_more) < 40
    assert same_queries(page=lambda: client.get(page("case_show", case)), add=one_more) < 40


def test_settled_cases_are_forgotten_at_the_term_of_the_network(animator, event, case, removed):
    minding.forget_settled.function(Job())
    assert Case.objects.count() == 1
    Case.objects.update(decided_at=timezone.now() - timedelta(days=400))
    minding.forget_settled.function(Job())
    assert Case.objects.count() == 0


def test_the_journal_leads_the_team_to_the_case(client, admin, animator, network, case):
    client.force_login(admin)
    assert people_of(viewer(admin, network)).exists()
    assert page("case_show", case) in text(client.get(reverse("activity:journal")))
