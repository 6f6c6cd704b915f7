"""Trust given and taken back; nothing of what waits leaks; the queue's ages and pairs; programs; the night."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import create_token
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions import minding, reminding, revising, set_state, suggesting, trusting, update_actor
from maillage.directory.actions.merging import merge
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember, Revision, Suspect, Trust
from maillage.directory.queries.revisions import accepted_in_a_row
from maillage.directory.queries.waiting import waiting_count
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", phone="04 67 00 00 00", commune=make_commune())


def editor_of(network, *actors, name="Léo Astier"):
    user = make_person(network, name=name)
    for actor in actors:
        ActorMember.objects.create(actor=actor, user=user, role=MemberRole.EDITOR)
    return viewer(user, network)


@pytest.fixture
def author(network, actor):
    return editor_of(network, actor)


@pytest.fixture
def team(network):
    return viewer(make_person(network, "animator", name="Noé Cabanel"), network)


def propose(author, actor, **fields):
    return revising.propose_edit(by=author, actor=actor, fields=fields, seen=None)


def read(client, page):
    return client.get(page).getvalue().decode()


# --- trust --------------------------------------------------------------------------------------------------------------


def test_trust_is_given_with_a_reason_told_to_the_person_and_in_force_at_once(client, network, actor, author, team):
    client.force_login(team.user)
    address = reverse("directory:contributor_show", args=[author.user_id])
    assert "Léo Astier" in client.get(reverse("directory:contributor_list")).text
    assert client.post(address, {"geste": "donner", "reason": ""}).status_code == 422
    form = values_of(client.get(address), address)
    assert client.post(address, form | {"geste": "donner", "reason": "Trois ans de fiches justes."}).status_code == 302
    trust = Trust.objects.get()
    assert (trust.user, trust.given_by, trust.reason) == (author.user, team.user, "Trois ans de fiches justes.")
    update_actor(by=author, actor=actor, values={"phone": "2"})
    members = client.get(reverse("directory:actor_members", args=[actor.pk])).text
    assert "de confiance" in members
    trusted = client.get(reverse("directory:contributor_list") + "?confiance=oui").text
    assert "Léo Astier" in trusted
    run_waiting()
    assert next(each.subject for each in mail.outbox if each.to == [author.user.email]).startswith(
        "Vous avez la confiance"
    )
    assert Entry.objects.get(verb="trust.given").details == {"reason": "Trois ans de fiches justes."}


def test_trust_taken_back_holds_from_the_next_edit_and_says_why(client, network, actor, author, team):
    trust = trusting.give_trust(by=team, user=author.user, reason="Sûr")
    with pytest.raises(Conflict):
        trusting.give_trust(by=team, user=author.user, reason="Encore")
    client.force_login(team.user)
    address = reverse("directory:contributor_show", args=[author.user_id])
    assert client.post(address, {"geste": "retirer", "reason": "Deux textes publicitaires."}).status_code == 302
    assert client.post(address, {"geste": "retirer", "reason": "Encore"}).status_code == 409
    with pytest.raises(Refused, match="relue"):
        update_actor(by=author, actor=actor, values={"phone": "2"})
    run_waiting()
    letter = next(each for each in mail.outbox if "de nouveau relues" in each.subject)
    assert "Deux textes publicitaires." in letter.body
    trust.refresh_from_db()
    assert trust.revoked_by == team.user and "Deux textes" in client.get(address).text


def test_trust_is_of_one_network_alone(actor, author, team):
    there = make_network("Réseau voisin")
    elsewhere = make_actor(there, "Planétarium")
    ActorMember.objects.create(actor=elsewhere, user=author.user)
    trusting.give_trust(by=team, user=author.user, reason="Sûr")
    with pytest.raises(Refused, match="relue"):
        update_actor(by=viewer(author.user, there), actor=elsewhere, values={"phone": "2"})


def test_who_may_not_give_trust(network, actor, author, team):
    bound = viewer(make_person(network, "animator", "34"), network)
    for by in (author, bound, viewer(make_person(network), network)):
        with pytest.raises(Refused):
            trusting.give_trust(by=by, user=author.user, reason="Sûr")
    with pytest.raises(Refused, match="aucune fiche"):
        trusting.give_trust(by=team, user=make_person(network), reason="Sûr")
    ActorMember.objects.create(actor=actor, user=team.user)
    with pytest.raises(Refused, match="Quelqu'un d'autre"):
        trusting.give_trust(by=team, user=team.user, reason="Sûr")


def test_trust_is_suggested_after_several_in_a_row_and_never_given_alone(client, network, actor, author, team):
    client.force_login(team.user)
    for number in range(3):
        revision = propose(author, actor, phone=f"04 67 00 00 1{number}")
        page = client.get(reverse("directory:revision_show", args=[revision.pk]))
        assert "Faut-il lui faire confiance" not in page.text
        address = reverse("directory:revision_accept", args=[revision.pk])
        client.post(address, {"vu": values_of(page, address)["vu"], "champs": ["phone"]})
    revision = propose(author, actor, phone="04 67 00 00 19")
    page = reverse("directory:revision_show", args=[revision.pk])
    assert "Les 3 dernières modifications" in client.get(page).text and not Trust.objects.exists()
    revising.refuse_revision(by=team, revision=revision, code="inexact", reason="Faux")
    assert accepted_in_a_row(author.user_id, network.pk) == 0


def test_the_list_of_contributors_costs_the_same_for_one_and_three(client, network, actor, author, team, same_queries):
    client.force_login(team.user)
    same_queries(
        page=lambda: client.get(reverse("directory:contributor_list")),
        add=lambda: editor_of(network, actor, name="Une collègue"),
    )


# --- nothing leaks ------------------------------------------------------------------------------------------------------


def test_what_waits_is_read_by_its_author_and_the_team_alone(client, network, actor, author, team):
    colleague = editor_of(network, actor, name="Une collègue")
    revision = propose(author, actor, summary="Zirconium feuilleté", phone="04 99 88 77 66")
    address = reverse("directory:revision_show", args=[revision.pk])
    public = [
        reverse("directory:actor_show", args=[actor.slug]),
        reverse("directory:actor_list") + "?q=zirconium",
        reverse("directory:actor_feed"),
        reverse("directory:actor_export", args=["json"]),
        reverse("directory:actor_widget"),
        "/api/v1/actors",
        reverse("directory:sitemap"),
        reverse("directory:actor_points"),
    ]
    for who in (None, make_person(network), colleague.user):
        client.force_login(who) if who else client.logout()
        for page in public:
            text = read(client, page)
            assert "Zirconium feuilleté" not in text and "04 99 88 77 66" not in text
        assert client.get(address).status_code in (302, 404)
    assert "Zirconium" not in client.get(reverse("directory:own_sheet", args=[actor.pk])).text
    assert Entry.objects.visible_to(colleague).count() == 0
    assert "Zirconium" not in str(list(Entry.objects.values_list("changes", "details", "label")))
    neighbour = make_person(make_network("Réseau voisin"), "network_admin")
    client.force_login(neighbour)
    assert client.get(address).status_code == 404


def test_a_hidden_sheet_leaves_lists_feeds_and_programs_even_with_words_that_wait(client, actor, author, team):
    propose(author, actor, summary="Zirconium feuilleté")
    set_state(by=team, actor=actor, state="hidden")
    assert client.get(reverse("directory:actor_show", args=[actor.slug])).status_code == 404
    for page in (
        reverse("directory:actor_list"),
        reverse("directory:actor_feed"),
        reverse("directory:actor_export", args=["csv"]),
        reverse("directory:actor_widget"),
        reverse("directory:sitemap_part", args=["1"]),
        "/api/v1/actors",
    ):
        text = read(client, page)
        assert "Musée des sels" not in text and actor.slug not in text
    assert client.get(f"/api/v1/actors/{actor.pk}").status_code in (404, 410)


# --- programs and links -------------------------------------------------------------------------------------------------


def test_a_program_that_writes_for_an_editor_is_answered_202_with_the_revision(client, network, actor, author):
    _token, secret = create_token(by=author, name="Notre site", scopes=["read", "write"], days=30)
    answer = client.patch(
        f"/api/v1/actors/{actor.pk}",
        {"summary": "Par notre site."},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    revision = Revision.objects.get()
    assert answer.status_code == 202
    assert answer.json() | {"sent_at": ""} == {
        "id": revision.pk,
        "state": "waiting",
        "fields": ["summary"],
        "sent_at": "",
        "url": answer.json()["url"],
    }
    assert answer.json()["url"].endswith(reverse("directory:revision_show", args=[revision.pk]))
    actor.refresh_from_db()
    assert actor.summary == ""


def test_the_personal_link_of_the_actor_writes_at_once(actor, author, team):
    update_actor(by=team, actor=actor, values={"email": "musee@sels.fr"})
    actor.refresh_from_db()
    reminder = reminding.remind(by=team, actor=actor)
    reminding.answer_edited(reminder=reminder, fields={"phone": "2"}, seen=None)
    actor.refresh_from_db()
    assert actor.phone == "2" and not Revision.objects.exists()


# --- the queue ----------------------------------------------------------------------------------------------------------


def test_the_queue_filters_by_age(client, network, actor, author, team):
    old, new = propose(author, actor, phone="2"), make_actor(network, "Planétarium", commune=make_commune())
    Revision.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=8))
    suggesting.suggest(by=Viewer(network=network), kind="wrong", actor=new, values={"phone": "3"})
    client.force_login(team.user)
    queue = reverse("directory:queue")
    for query, shown in (("", (True, True)), ("?depuis=7", (True, False)), ("?depuis=30", (False, False))):
        page = client.get(queue + query).text
        assert ("Musée des sels" in page, "Planétarium" in page) == shown
    assert "depuis plus de 7 jours" in client.get(queue + "?depuis=7").text
    assert client.get(queue + "?depuis=x&nature=revision").status_code == 200


def test_pairs_have_their_tab_and_do_not_swell_the_count_of_the_menu(client, network, actor, team):
    other = make_actor(network, "Musée du sel", commune=make_commune())
    first, second = sorted((actor.pk, other.pk))
    pair = Suspect.objects.create(network=network, first_id=first, second_id=second, score=0.9, band="certain")
    client.force_login(team.user)
    assert waiting_count(team) == 0
    address = reverse("directory:pair_show", args=[pair.pk])
    assert address in client.get(reverse("directory:queue") + "?nature=pair").text
    assert address not in client.get(reverse("directory:queue")).text


# --- merging and the night ----------------------------------------------------------------------------------------------


def test_words_that_wait_follow_the_sheet_into_another_once(network, actor, author, team):
    gone = make_actor(network, "Musée du sel", commune=make_commune())
    ActorMember.objects.create(actor=gone, user=author.user)
    kept_words, gone_words = propose(author, actor, phone="2"), propose(author, gone, phone="3")
    merge(by=team, kept=actor, gone=gone, chosen={})
    assert set(Revision.objects.values_list("pk", "actor", "state")) == {
        (kept_words.pk, actor.pk, "waiting"),
        (gone_words.pk, actor.pk, "withdrawn"),
    }


def test_what_was_answered_is_forgotten_at_its_term_and_what_waits_is_not(network, actor, author, team):
    answered = propose(author, actor, phone="2")
    revising.refuse_revision(by=team, revision=answered, code="inexact", reason="Faux")
    waits = propose(author, actor, phone="3")
    trust = trusting.give_trust(by=team, user=author.user, reason="Sûr")
    trusting.revoke_trust(by=team, trust=trust, reason="Fini")
    Trust.objects.update(revoked_at=timezone.now() - timedelta(days=366))
    Revision.objects.filter(pk=answered.pk).update(decided_at=timezone.now() - timedelta(days=190))
    Revision.objects.filter(pk=waits.pk).update(sent_at=timezone.now() - timedelta(days=190))
    minding.forget_claims.function(Job())
    assert list(Revision.objects.all()) == [waits] and not Trust.objects.exists()
