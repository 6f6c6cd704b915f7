"""An event that people report: out of all that everyone reads until the team answers, then back, or gone."""

import pytest
from django.urls import reverse

from maillage.agenda.actions import hide_event, publish_event, submit_event
from maillage.agenda.actions.duplicating import duplicate_event
from maillage.agenda.actions.pairing import keep_one
from maillage.agenda.actions.reporting import remove_reported, suspend_reported
from maillage.agenda.actions.telling import writers_of
from maillage.agenda.models import Event, EventRevision, EventTombstone
from maillage.agenda.queries.fields import held_fields
from maillage.core.errors import Refused
from maillage.core.seen import marks
from maillage.core.viewer import Viewer
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from maillage.moderation.actions import settle
from maillage.moderation.registry import kind_named
from maillage.search.models import Document
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.directory import make_actor
from tests.factories.moderation import case_of, report_by_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(network):
    return make_person(network, name="Léo Astier")


@pytest.fixture
def event(network, author):
    made = make_event(network, "Nuit des étoiles", summary="Le ciel d'été.")
    Event.objects.filter(pk=made.pk).update(author=author)
    made.refresh_from_db()
    return made


@pytest.fixture
def suspended(network, event):
    report_by_accounts(network, event, 3)
    event.refresh_from_db()
    return event


def public_places(client, event):
    """Where everyone finds it."""
    places = {
        "page": client.get(event.get_absolute_url()).status_code == 200,
        "search": Document.objects.visible_to(Viewer(network=event.network)).filter(object_id=event.pk).exists(),
    }
    for name, address in (
        ("list", reverse("agenda:event_list")),
        ("feed", reverse("agenda:event_feed")),
        ("calendar", reverse("agenda:event_calendar")),
        ("json", "/agenda/donnees.json"),
        ("api", "/api/v1/events"),
        ("map of the site", "/sitemap-agenda-1.xml"),
    ):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        places[name] = event.slug.encode() in body
    return places


def test_it_leaves_every_public_place_and_comes_back_when_kept(client, network, event):
    shown = public_places(client, event)
    assert set(shown.values()) == {True}, shown
    report_by_accounts(network, event, 3)
    gone = public_places(client, event)
    assert set(gone.values()) == {False}, gone
    assert EventTombstone.objects.filter(event_id=event.pk).exists()
    team = viewer(make_person(network, "animator"), network)
    settle(by=team, case=case_of(event), removed=False, words="Vérifié.")
    assert set(public_places(client, event).values()) == {True}
    assert not EventTombstone.objects.filter(event_id=event.pk).exists()


def test_the_page_of_an_event_has_a_link_to_report_it(client, event):
    assert (
        f'href="{reverse("moderation:report", args=["evenement", event.pk])}"'
        in client.get(event.get_absolute_url()).text
    )


def test_its_author_follows_it_and_cannot_put_it_back(client, network, author, suspended):
    by = viewer(author, network)
    for act in (submit_event, publish_event):
        with pytest.raises(Refused):
            act(by=by, event=suspended)
    with pytest.raises(Refused):
        duplicate_event(by=by, event=suspended, first_on=None)
    client.force_login(author)
    page = client.get(reverse("agenda:event_work", args=[suspended.pk])).text
    assert "masqué en attendant" in page
    assert reverse("moderation:case_own", args=[case_of(suspended).pk]) in page
    suspended.refresh_from_db()
    assert suspended.state == "suspended"


def test_the_team_answers_the_reports_rather_than_publish_or_pair_it(network, suspended):
    team = viewer(make_person(network, "animator"), network)
    with pytest.raises(Refused, match="réponde aux signalements"):
        publish_event(by=team, event=suspended)
    with pytest.raises(Refused):
        hide_event(by=team, event=suspended, reason="Autrement")
    with pytest.raises(Refused):
        keep_one(by=team, kept=make_event(network, "Autre"), other=suspended)


def test_what_its_author_writes_meanwhile_still_waits(client, network, author, suspended):
    client.force_login(author)
    by = viewer(author, network)
    names = ["title", "summary", "description", "parent", "languages", "themes", "action_kinds"]
    given = {"title": suspended.title, "summary": "Autre chose", "vu": marks(held_fields(suspended, by, names))}
    client.post(reverse("agenda:event_edit_step", args=[suspended.pk, "essentiel"]), given)
    suspended.refresh_from_db()
    assert (suspended.summary, EventRevision.objects.get().values) == ("Le ciel d'été.", {"summary": "Autre chose"})


def test_what_is_removed_stays_out_even_for_its_author(network, author, suspended):
    team = viewer(make_person(network, "animator"), network)
    settle(by=team, case=case_of(suspended), removed=True, words="Annonce trompeuse.")
    suspended.refresh_from_db()
    assert (suspended.state, suspended.reason) == ("hidden", "Annonce trompeuse.")
    with pytest.raises(Refused, match="retiré cet événement"):
        submit_event(by=viewer(author, network), event=suspended)


def test_without_an_author_the_people_of_its_organisers_answer_for_it(network):
    actor, person = make_actor(network, "Musée des sels"), make_person(network)
    ActorMember.objects.create(actor=actor, user=person, role=MemberRole.EDITOR)
    event = make_event(network, organisers=[actor])
    assert writers_of(event) == [person]
    assert kind_named("evenement").authors(event) == [person]


def test_those_who_do_not_review_do_not_hide_by_this_way_either(network, event):
    by, nobody = viewer(make_person(network), network), Viewer(network=network)
    for act in (
        lambda who: suspend_reported(by=who, event=event),
        lambda who: remove_reported(by=who, event=event, reason=""),
    ):
        for who in (by, nobody):
            with pytest.raises(Refused):
                act(who)


def test_an_event_that_is_not_published_is_left_as_it_is(network):
    draft = make_event(network, state="draft")
    assert suspend_reported(by=Viewer.as_system(network, "tests"), event=draft).state == "draft"
