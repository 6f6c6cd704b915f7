"""Campaigns: a closed language, a recap that says whom and why not, one message an actor whatever happens, one-click answers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Notice
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import Interrupted, run_waiting
from maillage.core.models import Job, JobStatus
from maillage.core.viewer import RoleKind
from maillage.directory.models import Reminder
from maillage.outreach.actions import sending
from maillage.outreach.actions.answering import answer_campaign, forget_messages, stop_campaigns
from maillage.outreach.actions.campaigns import change_campaign, try_campaign, write_campaign
from maillage.outreach.actions.sending import resume_campaign, send_campaign, start_campaign, stop_campaign
from maillage.outreach.enums import CampaignAnswer, CampaignState, Skip, Stage
from maillage.outreach.models import Approach, CampaignMessage
from maillage.outreach.queries.campaign_letters import letter_for
from maillage.outreach.queries.recipients import recap
from maillage.outreach.validators import fill
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_approach, make_campaign, make_list, make_message

pytestmark = pytest.mark.django_db


def reachable(network, name="", **values):
    name = name or f"Club {timezone.now().timestamp():.6f}"
    email = values.pop("email", f"{name.replace(' ', '-').replace('.', '-').lower()}@exemple.test")
    return make_actor(network, name, email=email, **values)


def letters(smtp_server, to):
    return [each for each in smtp_server.received if each["To"] == to]


@pytest.mark.parametrize(
    "words",
    [
        "{acteur.email}",
        "{user}",
        "{{settings}}",
        "{acteur",
        "acteur}",
        "{}",
        "{% now %}",
        "{acteur!r}",
        "{0}",
        "{acteur:>9}",
    ],
)
def test_what_is_not_in_the_closed_list_of_names_is_refused(network, animator, words):
    with pytest.raises(ValidationError):
        write_campaign(by=animator, target_list=make_list(network), subject="Bonjour", body=words)
    with pytest.raises(ValidationError):
        write_campaign(by=animator, target_list=make_list(network), subject=words, body="Bonjour")


@pytest.mark.parametrize("words", ["Vous êtes du cercle 3", "les acteurs des cercles 2 et 3", "le Troisième cercle"])
def test_a_campaign_never_says_the_circle(network, animator, words):
    with pytest.raises(ValidationError, match="interne"):
        write_campaign(by=animator, target_list=make_list(network), subject="Bonjour", body=words)


def test_a_subject_stays_on_its_line(network, animator):
    with pytest.raises(ValidationError):
        write_campaign(by=animator, target_list=make_list(network), subject="Bonjour\nBcc: x@y.test", body="Bonjour")


def test_names_are_filled_once_and_a_paragraph_left_empty_goes():
    values = {"acteur": "Le {commune}", "commune": "Alès", "pourquoi": ""}
    assert fill("Bonjour {acteur}\n\n{pourquoi}\n\nÀ {commune}", values) == "Bonjour Le {commune}\n\nÀ Alès"


def test_a_letter_reads_the_approach_and_whoever_follows_it(network, animator):
    actor = reachable(network, "Ferme des Aulnes", commune=make_commune())
    campaign = make_campaign(network, actor, author=animator.user)
    letter = letter_for(campaign, actor)
    assert letter.subject == "Une balade à Montpellier"
    assert letter.paragraphs == ["Bonjour,", "Ferme des Aulnes vient-il ?", "Camille Rey"]
    other = make_person(network, RoleKind.ANIMATOR, name="Ana Sol")
    make_approach(actor, reason="Vos haies sont un laboratoire.", follower=other)
    assert letter_for(campaign, actor).paragraphs[1:] == [
        "Vos haies sont un laboratoire.",
        "Ferme des Aulnes vient-il ?",
        "Ana Sol",
    ]


def test_the_recap_says_who_will_receive_it_and_why_the_others_will_not(network, count_queries):
    bound = viewer(make_person(network, RoleKind.ANIMATOR, "34"), network)
    here = {"commune": make_commune()}
    plain = [reachable(network, name, **here) for name in ("Ana", "Bob")]
    twin = reachable(network, "Zoe", email="ANA@exemple.test", **here)
    expected = {Skip.DUPLICATE: twin}
    expected[Skip.NO_ADDRESS] = make_actor(network, "Muette", **here)
    expected[Skip.ARCHIVED] = reachable(network, "Fermee", **here)
    expected[Skip.ARCHIVED].archived_at = timezone.now()
    expected[Skip.ARCHIVED].save()
    expected[Skip.REACH] = reachable(network, "Loin", commune=make_commune("30007", "Alès"))
    expected[Skip.OBJECTED] = reachable(network, "Opposee", **here)
    forbid_address(email="opposee@exemple.test", reason="objection")
    expected[Skip.STOPPED] = reachable(network, "Lassee", **here)
    expected[Skip.BOUNCED] = reachable(network, "Perdue", **here)
    now = timezone.now()
    for skip, name in ((Skip.STOPPED, "stopped_at"), (Skip.BOUNCED, "failed_at")):
        actor = expected[skip]
        Reminder.objects.create(network=network, actor=actor, email=actor.email, expires_at=now, **{name: now})
    expected[Skip.DECLINED] = reachable(network, "Refus", **here)
    make_approach(expected[Skip.DECLINED], Stage.DECLINED)
    chosen = make_list(network, *plain, *expected.values())
    found = recap(bound, chosen)
    assert found.actors == plain
    assert found.skipped == {skip: [actor] for skip, actor in expected.items()}
    assert found.without_reason == 2
    small = make_list(network, plain[0])
    assert count_queries(lambda: recap(bound, small)) == count_queries(lambda: recap(bound, chosen))


def test_a_sheet_of_another_network_is_not_written_to(network, animator):
    home = make_network()
    actor = reachable(home, "Ailleurs")
    actor.listings.create(network=network, state="published")
    assert recap(animator, make_list(network, actor)).skipped == {Skip.AWAY: [actor]}


def test_sending_writes_one_message_an_actor_and_advances_the_approaches(network, animator, smtp_server):
    first, second = reachable(network, "Un"), reachable(network, "Deux")
    silent = make_actor(network, "Muette")
    approach = make_approach(first, Stage.TO_IDENTIFY, reason="Vos sorties.")
    campaign = make_campaign(network, first, second, silent, author=animator.user)
    found = recap(animator, campaign.target_list)
    start_campaign(by=animator, campaign=campaign, read=sending.print_of(campaign, found))
    run_waiting()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENT
    assert set(CampaignMessage.objects.values_list("actor__name", "skipped")) == {
        ("Un", ""), ("Deux", ""), ("Muette", Skip.NO_ADDRESS),
    }  # fmt: skip
    (letter,) = letters(smtp_server, "un@exemple.test")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    message = CampaignMessage.objects.get(actor=first)
    text = letter.get_body(("plain",)).get_content()
    assert f"/proposition/{message.pk}/{message.token}/" in text
    assert "Vos sorties." in text
    assert "cercle" not in text.lower()
    approach.refresh_from_db()
    assert approach.stage == Stage.CONTACTED
    assert Approach.objects.get(actor=second).follower == animator.user
    with pytest.raises(Refused):
        start_campaign(by=animator, campaign=campaign)
    with pytest.raises(Refused, match="ne change plus"):
        change_campaign(by=animator, campaign=campaign, subject="Autre")


def test_what_changed_since_the_recap_was_read_is_to_be_read_again(network, animator):
    actor = reachable(network, "Un")
    campaign = make_campaign(network, actor)
    read = sending.print_of(campaign, recap(animator, campaign.target_list))
    forbid_address(email=actor.email, reason="objection")
    with pytest.raises(Conflict):
        start_campaign(by=animator, campaign=campaign, read=read)
    with pytest.raises(Refused, match="Aucun"):
        start_campaign(by=animator, campaign=campaign)


def test_a_worker_killed_in_the_middle_sends_nothing_twice(network, animator, smtp_server, monkeypatch):
    actors = [reachable(network, f"Club {rank}") for rank in range(4)]
    campaign = make_campaign(network, *actors)
    start_campaign(by=animator, campaign=campaign)
    real, calls = sending.progress, []

    def dying(job, done, total):
        calls.append(done)
        if len(calls) == 2:
            raise Interrupted
        real(job, done, total)

    with monkeypatch.context() as killed:
        killed.setattr(sending, "progress", dying)
        run_waiting(limit=1)
    assert CampaignMessage.objects.sent().count() == 2
    run_waiting()
    send_campaign.enqueue(campaign_id=campaign.pk)
    run_waiting()
    assert sorted(each["To"] for each in smtp_server.received) == sorted(actor.email for actor in actors)


def test_no_more_leave_in_an_hour_than_the_network_says_and_stopping_keeps_the_rest(network, animator, smtp_server):
    network.settings = {"mails_per_hour": 2}
    network.save()
    campaign = make_campaign(network, *(reachable(network, f"Club {rank}") for rank in range(5)))
    start_campaign(by=animator, campaign=campaign)
    run_waiting()
    assert len(smtp_server.received) == 2
    later = Job.objects.get(task=send_campaign.name, status=JobStatus.WAITING)
    assert later.run_at > timezone.now()
    Job.objects.filter(pk=later.pk).update(run_at=timezone.now())
    run_waiting()
    assert len(smtp_server.received) == 2
    stop_campaign(by=animator, campaign=campaign)
    Job.objects.exclude(task=send_campaign.name).update(run_at=timezone.now() - timedelta(hours=2))
    Job.objects.filter(status=JobStatus.WAITING).update(run_at=timezone.now())
    run_waiting()
    assert len(smtp_server.received) == 2
    assert CampaignMessage.objects.filter(skipped=Skip.HALTED).count() == 3
    assert Approach.objects.count() == 2
    with pytest.raises(Refused):
        resume_campaign(by=animator, campaign=campaign)


def test_a_wish_made_after_the_recap_is_respected_as_the_message_leaves(network, animator, smtp_server):
    one, other = reachable(network, "Un"), reachable(network, "Deux")
    campaign = make_campaign(network, one, other)
    start_campaign(by=animator, campaign=campaign)
    forbid_address(email=one.email, reason="objection")
    run_waiting()
    assert [each["To"] for each in smtp_server.received] == [other.email]
    message = CampaignMessage.objects.get(actor=one)
    assert (message.skipped, message.email) == (Skip.OBJECTED, "")


def test_a_trial_goes_to_oneself_alone(network, animator, smtp_server):
    actor = reachable(network, "Un")
    try_campaign(by=animator, campaign=make_campaign(network, actor), actor=actor)
    run_waiting()
    (letter,) = smtp_server.received
    assert (letter["To"], letter["Subject"].startswith("[Essai]")) == ("a@exemple.test", True)
    assert not CampaignMessage.objects.exists()


def test_an_answer_moves_the_approach_and_tells_whoever_follows_it(network, animator):
    actor = reachable(network, "Un")
    approach = make_approach(actor, Stage.CONTACTED, follower=animator.user)
    message = make_message(make_campaign(network, actor), actor)
    month = timezone.localdate() + timedelta(days=60)
    for answer, stage, later in (
        (CampaignAnswer.LATER, Stage.LATER, month),
        (CampaignAnswer.NO, Stage.DECLINED, None),
        (CampaignAnswer.INTERESTED, Stage.INTERESTED, None),
    ):
        answer_campaign(message=message, answer=answer, later_on=month, word="À  bientôt")
        approach.refresh_from_db()
        assert (approach.stage, approach.next_on) == (stage, later)
    assert approach.is_open
    message.refresh_from_db()
    assert (message.answer, message.word, message.later_on) == ("interested", "À bientôt", None)
    titles = Notice.objects.filter(user=animator.user, kind="campaign_answers", channel="site")
    assert sorted(title.replace("\xa0", " ") for title in titles.values_list("title", flat=True)) == [
        "Un a répondu « intéressé »", "Un a répondu « non merci »", "Un a répondu « plus tard »",
    ]  # fmt: skip


def test_the_same_answer_twice_is_one(network, animator):
    actor = reachable(network, "Un")
    message = make_message(make_campaign(network, actor, author=animator.user), actor)
    for _each in range(2):
        answer_campaign(message=message, answer=CampaignAnswer.INTERESTED)
    assert Approach.objects.get(actor=actor).stage == Stage.INTERESTED
    assert Notice.objects.filter(kind="campaign_answers", channel="site").count() == 1


def test_a_member_who_answers_stays_a_member(network):
    actor = reachable(network, "Un")
    approach = make_approach(actor, Stage.MEMBER)
    answer_campaign(message=make_message(make_campaign(network, actor), actor), answer=CampaignAnswer.NO)
    approach.refresh_from_db()
    assert approach.stage == Stage.MEMBER


def test_who_says_no_or_stops_is_left_alone_by_the_next_campaigns(network, animator):
    refusing, stopping, willing = (reachable(network, name) for name in ("Non", "Stop", "Oui"))
    campaign = make_campaign(network, refusing, stopping, willing)
    answer_campaign(message=make_message(campaign, refusing), answer=CampaignAnswer.NO)
    stop_campaigns(message=make_message(campaign, stopping))
    found = recap(animator, campaign.target_list)
    assert found.actors == [willing]
    assert found.skipped == {Skip.DECLINED: [refusing], Skip.STOPPED: [stopping]}
    other = make_network()
    twin = make_actor(other, "Stop ailleurs", email=stopping.email)
    elsewhere = viewer(make_person(other, RoleKind.ANIMATOR), other)
    assert recap(elsewhere, make_list(other, twin)).actors == [twin]
    long_ago = timezone.now() - timedelta(days=700)
    CampaignMessage.objects.filter(actor=refusing).update(answered_at=long_ago)
    Approach.objects.filter(actor=refusing).update(closed_at=long_ago)
    assert recap(animator, campaign.target_list).actors == [refusing, willing]


def test_a_refused_address_is_noted_and_left_alone(network, animator, smtp_server):
    lost = reachable(network, "Perdu", email="refused@exemple.test")
    campaign = make_campaign(network, lost)
    start_campaign(by=animator, campaign=campaign)
    run_waiting()
    assert CampaignMessage.objects.get().failed_at is not None
    assert recap(animator, campaign.target_list).skipped == {Skip.BOUNCED: [lost]}


def test_a_link_dies_with_its_term_and_with_the_address_of_the_sheet(network):
    actor = reachable(network, "Un")
    message = make_message(make_campaign(network, actor), actor, expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused):
        answer_campaign(message=message, answer=CampaignAnswer.NO)
    message.expires_at = timezone.now() + timedelta(days=1)
    message.save()
    actor.email = "autre@exemple.test"
    actor.save()
    with pytest.raises(Refused):
        answer_campaign(message=message, answer=CampaignAnswer.NO)


def test_addresses_and_words_are_forgotten_at_term_and_with_an_objection(network):
    old, objecting, stopped = (reachable(network, name) for name in ("Vieux", "Oppose", "Stop"))
    campaign = make_campaign(network)
    type(campaign).objects.update(created_at=timezone.now() - timedelta(days=1200))
    make_message(campaign, old, word="Bonjour")
    make_message(campaign, stopped, stopped_at=timezone.now())
    recent = make_message(make_campaign(network), objecting, word="Non")
    kept = make_message(recent.campaign, old, word="Oui")
    forbid_address(email=objecting.email, reason="objection")
    forget_messages.function(None)
    rows = dict(CampaignMessage.objects.values_list("pk", "word"))
    assert CampaignMessage.objects.get(actor=stopped).email == stopped.email
    assert rows[kept.pk] == "Oui"
    assert [pk for pk, word in rows.items() if word] == [kept.pk]
    assert CampaignMessage.objects.get(pk=recent.pk).email == ""
