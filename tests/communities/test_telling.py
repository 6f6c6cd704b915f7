"""What appears is told to those who follow it: once each, when everyone reads it, never to who wrote it, never what is hidden."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from maillage.activity.actions.letters import write_letter
from maillage.activity.models import Notice
from maillage.agenda.models import Event
from maillage.communities import actions
from maillage.communities.actions.telling import find_new, followers_of, tell_followers
from maillage.communities.models import Announced, CommunityMember, Follow
from maillage.core.jobs import run_waiting
from maillage.publications import actions as publishing
from maillage.publications.models import Credit, Publication
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.communities import join, make_community
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def appear() -> None:
    find_new.enqueue()
    run_waiting()


def told(by: Any) -> list[str]:
    found = Notice.objects.filter(user=by.user, kind="followed", channel="site").order_by("pk")
    return [title.replace("\xa0", " ") for title in found.values_list("title", flat=True)]


def test_one_notice_for_several_follows_and_none_to_who_wrote_or_signs(world):
    sky, cahors = make_term("theme", "ciel", label="Ciel"), make_commune("46042", "Cahors")
    club = make_actor(world.network, "Astroclub", commune=cahors)
    world.zoe.user.actor_memberships.create(actor=club)
    for by in (world.nadia, world.omar, world.zoe):
        for target in (sky, cahors.department, club):
            actions.follow(by=by, target=target)
    text = make_publication(world.nadia, "Étoiles", terms=[sky.pk], places=[cahors.pk])
    Credit.objects.create(publication=text, actor=club, state="accepted")
    appear()
    assert told(world.omar) == ["À lire : « Étoiles » – vous suivez Astroclub"]
    assert (told(world.nadia), told(world.zoe)) == ([], [])
    appear()
    tell_followers.enqueue(kind="publication", pk=text.pk)
    run_waiting()
    assert len(told(world.omar)) == 1


def test_an_event_is_told_to_those_around_it(world):
    cahors, nimes = make_commune("46042", "Cahors"), make_commune("30189", "Nîmes")
    actions.follow(by=world.omar, target=cahors.epci)
    actions.follow(by=world.zoe, target=nimes)
    make_event(world.network, "Veillée", commune=cahors)
    make_event(world.network, "Passé", commune=cahors)
    Event.objects.filter(title="Passé").update(last_at=timezone.now() - timedelta(days=1))
    appear()
    assert told(world.omar) == [f"À l'agenda : « Veillée » – vous suivez {cahors.epci.name}"]
    assert told(world.zoe) == []


def test_a_moment_that_was_set_is_kept_and_what_is_hidden_or_old_is_never_told(world):
    sky = make_term("theme", "ciel")
    actions.follow(by=world.omar, target=sky)
    later = make_publication(world.nadia, "Plus tard", terms=[sky.pk], state="draft")
    moment = timezone.now() + timedelta(hours=2)
    publishing.change_settings(by=world.nadia, publication=later, publish_at=moment, comments_open=True)
    publishing.submit_publication(by=world.nadia, publication=later)
    publishing.publish_publication(by=world.team, publication=later)
    make_publication(world.nadia, "Proposé", terms=[sky.pk], state="proposed")
    taken = make_publication(world.nadia, "Retiré", terms=[sky.pk])
    find_new.enqueue()
    publishing.hide_publication(by=world.team, publication=taken)
    old = make_publication(world.nadia, "Ancien", terms=[sky.pk])
    Publication.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=9))
    appear()
    assert told(world.omar) == []
    Publication.objects.filter(pk=later.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    appear()
    assert [title.split(" – ")[0] for title in told(world.omar)] == ["À lire : « Plus tard »"]
    assert Announced.objects.count() == 1


def test_what_is_hidden_between_the_search_and_the_telling_is_not_told(world):
    sky = make_term("theme", "ciel")
    actions.follow(by=world.omar, target=sky)
    text = make_publication(world.nadia, "Retiré aussitôt", terms=[sky.pk])
    tell_followers.enqueue(kind="publication", pk=text.pk)
    publishing.hide_publication(by=world.team, publication=text)
    run_waiting()
    assert told(world.omar) == []


def test_what_is_placed_in_a_community_is_told_to_its_followers_who_were_not(world):
    sky = make_term("theme", "ciel")
    circle = make_community(world.network, "Ciel nocturne", animators=[world.nadia.user])
    join(circle, world.omar, world.zoe)
    actions.follow(by=world.omar, target=sky)
    text = make_publication(world.team, "Étoiles", terms=[sky.pk])
    appear()
    actions.place(by=world.nadia, community=circle, publication=text)
    run_waiting()
    assert len(told(world.omar)) == 1
    assert told(world.zoe) == ["À lire : « Étoiles » – vous suivez Ciel nocturne"]
    assert told(world.nadia) == []


def test_who_may_not_read_a_closed_network_any_more_is_told_nothing(world):
    sky = make_term("theme", "ciel")
    for by in (world.omar, world.zoe):
        actions.follow(by=by, target=sky)
    world.zoe.user.roles.update(revoked_at=timezone.now())
    type(world.network).objects.filter(pk=world.network.pk).update(is_public=False)
    make_publication(world.nadia, "Étoiles", terms=[sky.pk])
    appear()
    assert (len(told(world.omar)), told(world.zoe)) == (1, [])


def test_finding_who_follows_costs_the_same_for_many_and_telling_them_a_few_queries_each(world, count_queries):
    sky = make_term("theme", "ciel")
    text = make_publication(world.nadia, "Étoiles", terms=[sky.pk])

    def more(number: int) -> None:
        people = [
            make_person(world.network, email=f"p{Follow.objects.count()}-{n}@exemple.test") for n in range(number)
        ]
        for user in people:
            actions.follow(by=viewer(user, world.network), target=sky)

    more(2)
    followers_of(Publication.objects.get(pk=text.pk))
    with_two = count_queries(lambda: followers_of(Publication.objects.select_related("network").get(pk=text.pk)))
    more(20)
    assert (
        count_queries(lambda: followers_of(Publication.objects.select_related("network").get(pk=text.pk))) == with_two
    )
    tell_followers.enqueue(kind="publication", pk=text.pk)
    spent = count_queries(run_waiting)
    assert Notice.objects.filter(kind="followed", channel="site").count() == 22
    again = make_publication(world.nadia, "Encore", terms=[sky.pk])
    more(60)
    tell_followers.enqueue(kind="publication", pk=again.pk)
    assert count_queries(run_waiting) <= spent + 2


def test_a_letter_leaves_without_what_was_hidden_and_without_the_communities_that_one_left(world):
    sky = make_term("theme", "ciel", label="Ciel")
    secret = make_community(world.network, "Cercle discret", access="hidden", animators=[world.nadia.user])
    join(secret, world.omar)
    actions.follow(by=world.omar, target=sky)
    kept, hidden = (make_publication(world.team, name, terms=[sky.pk]) for name in ("Gardé", "Masqué"))
    placed = make_publication(world.team, "Placé")
    appear()
    actions.place(by=world.nadia, community=secret, publication=placed)
    run_waiting()
    waiting = Notice.objects.waiting().filter(user=world.omar.user, kind="followed")
    assert waiting.count() == 3
    publishing.hide_publication(by=world.team, publication=hidden)
    actions.remove_member(by=world.nadia, row=CommunityMember.objects.get(community=secret, user=world.omar.user))
    mail.outbox.clear()
    at = timezone.now() + timedelta(days=8)
    write_letter(user=world.omar.user, network=world.network, at=at)
    run_waiting()
    letter = next(each.body for each in mail.outbox if "Gardé" in each.body)
    assert (kept.title in letter, "Masqué" in letter, "Cercle discret" in letter) == (True, False, False)
