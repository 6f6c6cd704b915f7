"""Who looks after a sheet: invitations, roles, departures; never nobody responsible in silence (CLM-4, CLM-6)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import erase_account, forbid_address
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.directory.actions import claiming, members, minding
from maillage.directory.enums import ClaimState, MemberRole
from maillage.directory.models import ActorInvitation, ActorMember, Claim
from tests.factories.accounts import make_person, make_user, viewer
from tests.factories.directory import make_actor, make_network
from tests.support.forms import Forms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des sels", email="contact@sels.fr")


@pytest.fixture
def animator(network):
    return viewer(make_person(network, "animator"), network)


def member(actor, role=MemberRole.ADMIN, **fields):
    return ActorMember.objects.create(actor=actor, user=make_person(actor.home_network, **fields), role=role)


def acting(one):
    return viewer(one.user, one.actor.home_network)


def told(address="equipe@exemple.test"):
    run_waiting()
    return [message.subject for message in mail.outbox if message.to == [address]]


ORPHAN = "Plus personne n'est responsable de « Musée des sels »"


# --- leaving ------------------------------------------------------------------------------------------------------------


def test_the_last_responsible_person_names_a_successor_or_releases_the_sheet(actor):
    head, editor = member(actor), member(actor, MemberRole.EDITOR)
    with pytest.raises(Refused, match="nommez quelqu'un"):
        members.leave(by=acting(head), actor=actor)
    members.leave(by=acting(head), actor=actor, successor=editor)
    assert list(actor.members.values_list("user", "role")) == [(editor.user_id, MemberRole.ADMIN)]
    assert told() == []
    members.leave(by=acting(editor), actor=actor, releasing=True)
    assert not actor.members.exists()
    assert told() == [ORPHAN]
    assert Entry.objects.filter(verb="actor.released").count() == 1


def test_others_leave_without_a_word(actor):
    member(actor)
    for role in MemberRole.values:
        members.leave(by=acting(member(actor, role)), actor=actor)
    assert actor.members.count() == 1 and told() == []


@pytest.mark.parametrize("page", ["actor_leave", "actor_join"])
def test_leaving_and_joining_sent_twice_succeed_twice(actor, client, page):
    head, person = member(actor), make_person(actor.home_network, email="ana@exemple.test")
    if page == "actor_leave":
        args = [actor.pk]
        ActorMember.objects.create(actor=actor, user=person, role=MemberRole.EDITOR)
    else:
        given = members.invite_member(by=acting(head), actor=actor, email="ana@exemple.test", role=MemberRole.EDITOR)
        args = [given.pk, given.token]
    client.force_login(person)
    address = reverse(f"directory:{page}", args=args)
    sent = Forms(client.get(address).content.decode(), address).values
    answers = [client.post(address, sent) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert ActorMember.objects.filter(actor=actor, user=person).exists() == (page == "actor_join")


def test_a_successor_who_left_meanwhile_is_no_successor(actor):
    head, editor = member(actor), member(actor, MemberRole.EDITOR)
    ActorMember.objects.filter(pk=editor.pk).delete()
    with pytest.raises(Conflict):
        members.leave(by=acting(head), actor=actor, successor=editor)


def test_nobody_is_removed_or_lowered_into_an_orphan_unknowingly(actor, animator):
    head = member(actor)
    for act in (
        lambda **values: members.set_role(by=animator, member=head, role=MemberRole.EDITOR, **values),
        lambda **values: members.remove_member(by=animator, member=head, **values),
    ):
        with pytest.raises(Refused, match="Plus personne"):
            act()
    members.remove_member(by=animator, member=head, releasing=True)
    assert told() == [ORPHAN]


def test_an_account_asleep_does_not_count_as_responsible(actor):
    head, asleep = member(actor), member(actor)
    type(asleep.user).objects.filter(pk=asleep.user_id).update(is_active=False)
    with pytest.raises(Refused, match="Plus personne"):
        members.leave(by=acting(head), actor=actor)


@pytest.mark.django_db(transaction=True)
def test_two_responsible_people_who_leave_at_once_never_leave_nobody_in_silence():
    network = make_network(host="testserver")
    for _round in range(5):
        actor = make_actor(network)
        heads = [member(actor), member(actor)]
        together = Barrier(2)

        def leave(head, together=together, actor=actor):
            try:
                together.wait()
                members.leave(by=acting(head), actor=actor)
            except Refused as refusal:
                return refusal.status
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, heads), key=str) == [409, None]
        assert ActorMember.objects.responsible().filter(actor=actor).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_request_sent_at_once_waits_once_and_two_proofs_make_one_responsible_person():
    network = make_network(host="testserver")
    twice, free = make_actor(network), make_actor(network, website="https://sels.fr")
    person = make_person(network)
    colleagues = [make_person(network, email=f"{name}@sels.fr") for name in ("ana", "leo")]
    acts = [
        lambda: claiming.ask(by=viewer(person, network), actor=twice, message="Je dirige cette structure."),
        lambda: claiming.ask(by=viewer(person, network), actor=twice, message="Je dirige cette structure."),
        *(
            lambda colleague=colleague: claiming.claim_by_domain(by=viewer(colleague, network), actor=free)
            for colleague in colleagues
        ),
    ]
    together = Barrier(len(acts))

    def play(act):
        try:
            together.wait()
            return act().state
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        states = list(pool.map(play, acts))
    assert sorted(states[:2]) == ["refused", ClaimState.WAITING]
    assert sorted(states[2:]) == [ClaimState.ACCEPTED, ClaimState.WAITING]
    assert Claim.objects.filter(actor=twice).count() == ActorMember.objects.filter(actor=free).count() == 1


# --- erasure ------------------------------------------------------------------------------------------------------------


def test_an_erased_account_leaves_no_ghost_and_the_team_knows(
    network, actor, animator, django_capture_on_commit_callbacks
):
    head, editor = member(actor), member(actor, MemberRole.EDITOR)
    waiting = claiming.ask(by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.")
    invitation = members.invite_member(by=acting(head), actor=actor, email="suite@sels.fr")
    erase_account(by=acting(head), user=head.user)
    assert list(actor.members.values_list("user", "role")) == [(editor.user_id, MemberRole.EDITOR)]
    assert ORPHAN in told()
    assert not ActorInvitation.objects.get(pk=invitation.pk).is_open
    assert claiming.decide(by=animator, claim=waiting, accepted=True, role="admin").state == ClaimState.ACCEPTED


def test_erasing_an_account_takes_its_requests_their_documents_and_its_invitations_away(
    network, actor, django_capture_on_commit_callbacks
):
    person = make_person(network, email="ana@exemple.test")
    claim = claiming.ask(
        by=viewer(person, network), actor=actor, message="Je dirige cette structure.",
        document=ContentFile(b"%PDF-1.4 %%EOF"), document_type="application/pdf",
    )  # fmt: skip
    invitation = members.invite_member(by=acting(member(actor)), actor=actor, email="ANA@exemple.test")
    stored = claim.document
    assert stored.storage.exists(stored.name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(by=viewer(person, network), user=person)
    assert not Claim.objects.exists()
    assert not stored.storage.exists(stored.name)
    invitation.refresh_from_db()
    assert (invitation.email, invitation.is_open) == ("", False)


def test_the_name_of_an_erased_person_leaves_the_notices_of_the_others(network, actor):
    head, editor = member(actor), member(actor, MemberRole.EDITOR, name="Léo Astier")
    members.leave(by=acting(editor), actor=actor)
    assert Notice.objects.filter(user=head.user, title__contains="Léo Astier").exists()
    erase_account(by=acting(editor), user=editor.user)
    assert not Notice.objects.filter(title__contains="Léo Astier").exists()


def test_proofs_then_closed_requests_are_forgotten_at_their_term(network, actor, animator):
    claim = claiming.ask(
        by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.",
        document=ContentFile(b"%PDF-1.4 %%EOF"), document_type="application/pdf",
    )  # fmt: skip
    claiming.decide(by=animator, claim=claim, accepted=False, reason="Inconnue")
    stored = claim.document

    def night(days_after):
        Claim.objects.update(decided_at=timezone.now() - timedelta(days=days_after))
        minding.forget_claims.function(Job())
        return Claim.objects.exists(), stored.storage.exists(stored.name)

    assert [night(29), night(31), night(364), night(367)] == [
        (True, True),
        (True, False),
        (True, False),
        (False, False),
    ]


# --- invitations --------------------------------------------------------------------------------------------------------


def link_of(message):
    return re.search(r"http://[^/]+(/fiches/invitations/\d+/[0-9a-f]{64}/)", message.body)[1]


def test_whoever_holds_the_link_joins_with_their_own_account(network, actor):
    head = member(actor)
    members.invite_member(by=acting(head), actor=actor, email="suite@sels.fr", role=MemberRole.ADMIN)
    run_waiting()
    link = link_of(mail.outbox[0])
    client, person = Client(), make_user("tout-autre@ailleurs.fr")
    client.force_login(person)
    assert client.get(link).status_code == 200 and not actor.members.filter(user=person).exists()
    assert client.post(link)["Location"] == reverse("directory:own_sheet", args=[actor.pk])
    assert actor.members.get(user=person).role == MemberRole.ADMIN
    again = Client()
    again.force_login(make_user())
    assert again.post(link).status_code == 403


def test_a_closed_network_takes_in_whom_a_sheet_of_it_invites(network, actor):
    network.is_public = False
    network.save()
    members.invite_member(by=acting(member(actor)), actor=actor, email="suite@sels.fr")
    run_waiting()
    client, person = Client(), make_user("tout-autre@ailleurs.fr")
    client.force_login(person)
    assert client.get(reverse("directory:own_sheets")).status_code == 404
    assert client.post(link_of(mail.outbox[0]), follow=True).status_code == 200
    assert person.roles.held().get(network=network).kind == "member"


def test_an_editor_asks_to_be_responsible_and_becomes_so(client, actor, animator):
    editor = member(actor, MemberRole.EDITOR)
    client.force_login(editor.user)
    claim = reverse("directory:actor_claim", args=[actor.slug])
    assert claim in client.get(reverse("directory:own_sheet", args=[actor.pk])).text
    asked = claiming.ask(by=acting(editor), actor=actor, message="La responsable est partie en retraite.")
    claiming.decide(by=animator, claim=asked, accepted=True, role=MemberRole.ADMIN)
    assert actor.members.get().role == MemberRole.ADMIN


def test_an_invitation_expires_is_sent_again_and_is_cancelled(network, actor):
    by, client = acting(member(actor)), Client()
    invitation = members.invite_member(by=by, actor=actor, email="suite@sels.fr")
    run_waiting()
    first = link_of(mail.outbox[0])
    ActorInvitation.objects.update(expires_at=timezone.now(), sent_at=timezone.now() - timedelta(hours=2))
    client.force_login(make_user())
    assert "a expiré" in client.get(first).text
    members.resend_invitation(by=by, invitation=invitation)
    run_waiting()
    second = link_of(mail.outbox[1])
    assert client.get(first).status_code == 404
    assert "Accepter en tant que" in client.get(second).text
    members.cancel_invitation(by=by, invitation=invitation)
    assert client.post(second).status_code == 403
    assert not ActorMember.objects.filter(role=MemberRole.EDITOR).exists()


def test_whoever_holds_a_forwarded_link_proves_no_address_with_it(actor, client):
    members.invite_member(by=acting(member(actor)), actor=actor, email="suite@sels.fr")
    run_waiting()
    path = link_of(mail.outbox[0])
    door = client.post(path, {"door": "signup"})["Location"]
    client.post(door, {"email": "suite@sels.fr", "name": "Voleur", "password1": "", "next": path})
    run_waiting()
    assert not EmailAddress.objects.filter(email="suite@sels.fr", verified=True).exists()
    assert mail.outbox[-1].to == ["suite@sels.fr"], "the usual code"
    assert client.post(path).status_code == 302 and not actor.members.exclude(role=MemberRole.ADMIN).exists()


def an_hour_later():
    for invitation in ActorInvitation.objects.all():
        ActorInvitation.objects.filter(pk=invitation.pk).update(sent_at=invitation.sent_at - timedelta(minutes=61))


def test_an_address_that_waits_is_sent_its_invitation_again_once_an_hour_and_three_times_a_day(actor, client):
    head = member(actor)
    by = acting(head)
    sent = members.invite_member(by=by, actor=actor, email="Suite@sels.fr")
    with pytest.raises(Refused, match="moins d'une heure") as refusal:
        members.invite_member(by=by, actor=actor, email="suite@SELS.fr ")
    assert refusal.value.status == 429
    members.cancel_invitation(by=by, invitation=sent)
    for again in (
        lambda: members.resend_invitation(by=by, invitation=sent),
        lambda: members.invite_member(by=acting(member(actor)), actor=actor, email="suite@sels.fr"),
    ):
        with pytest.raises(Refused, match="moins d'une heure"):
            again()
        an_hour_later()
        again()
    an_hour_later()
    client.force_login(head.user)
    resent = client.post(reverse("directory:member_resend", args=[sent.pk]), follow=True)
    assert "a déjà reçu 3 invitations aujourd&#x27;hui" in resent.text.replace("\xa0", " ")
    assert ActorInvitation.objects.count() == 1
    run_waiting()
    assert [message.to for message in mail.outbox] == [["suite@sels.fr"]] * 3


def test_invitations_are_limited_and_die_with_the_role_of_who_sent_them(network, actor, animator):
    head = member(actor)
    for number in range(10):
        members.invite_member(by=acting(head), actor=actor, email=f"a{number}@sels.fr")
    with pytest.raises(Refused) as refusal:
        members.invite_member(by=acting(head), actor=actor, email="a10@sels.fr")
    assert refusal.value.status == 429
    members.remove_member(by=animator, member=head, releasing=True)
    assert not ActorInvitation.objects.open().exists()


def test_accepting_never_lowers_a_role(actor):
    head = member(actor)
    invitation = members.invite_member(by=acting(head), actor=actor, email="moi@sels.fr", role=MemberRole.EDITOR)
    members.accept_invitation(by=acting(head), invitation=invitation)
    assert actor.members.get().role == MemberRole.ADMIN


def test_an_editor_manages_nobody_and_a_team_elsewhere_neither(network, actor):
    editor = member(actor, MemberRole.EDITOR)
    there = make_network("Réseau voisin")
    actor.listings.create(network=there, state="published")
    for by in (acting(editor), viewer(make_person(there, "network_admin"), there)):
        with pytest.raises(Refused):
            members.invite_member(by=by, actor=actor, email="x@y.fr")


def test_the_page_of_members_costs_the_same_queries_whatever_their_number(client, actor, animator, same_queries):
    client.force_login(animator.user)
    member(actor)
    address = reverse("directory:actor_members", args=[actor.pk])

    def add():
        joined = member(actor, MemberRole.EDITOR)
        members.invite_member(by=animator, actor=actor, email=f"p{joined.pk}@sels.fr")
        asking = make_person(actor.home_network)
        claiming.ask(by=viewer(asking, actor.home_network), actor=actor, message="Je dirige cette structure.")

    same_queries(page=lambda: client.get(address), add=add)


def test_what_was_typed_is_kept_and_leaving_is_confirmed_on_the_page(client, actor):
    head = member(actor)
    client.force_login(head.user)
    page = client.post(
        reverse("directory:member_invite", args=[actor.pk]), {"email": "pas une adresse", "role": "admin"}
    )
    assert page.status_code == 422 and 'value="pas une adresse"' in page.text
    leave = reverse("directory:actor_leave", args=[actor.pk])
    assert client.post(leave).status_code == 422 and actor.members.exists()
    assert client.post(leave, {"releasing": "on"}).status_code == 302 and not actor.members.exists()


def test_nothing_is_sent_to_an_address_that_objected_and_the_sender_reads_no_more_than_needed(network, actor, client):
    head = member(actor)
    waiting = members.invite_member(by=acting(head), actor=actor, email="plus.tard@sels.fr")
    forbid_address(email="non@sels.fr", reason="objection")
    forbid_address(email="plus.tard@sels.fr", reason="objection")
    client.force_login(head.user)
    page = reverse("directory:member_invite", args=[actor.pk])
    response = client.post(page, {"email": "Non@sels.fr", "role": MemberRole.EDITOR, "message": "Bonjour"})
    assert response.status_code == 422
    (said,) = response.context["form"].errors["email"]
    assert "Nous n'écrivons pas à cette adresse" in said and "Non@sels.fr" in said
    waiting.refresh_from_db()
    assert waiting.email == "" and not waiting.is_open
    assert "plus.tard@sels.fr" not in client.get(reverse("directory:actor_members", args=[actor.pk])).text
    with pytest.raises(Refused, match="est effacée"):
        members.resend_invitation(by=acting(head), invitation=waiting)
    nonce = waiting.nonce
    resent = client.post(reverse("directory:member_resend", args=[waiting.pk]), follow=True)
    assert "est effacée" in resent.text
    assert ActorInvitation.objects.get().nonce == nonce


def test_an_address_of_ones_own_is_invited_whatever_it_refused(actor):
    head = member(actor)
    forbid_address(email=head.user.email, reason="objection")
    members.invite_member(by=acting(head), actor=actor, email=head.user.email.upper())
    run_waiting()
    assert [message.to for message in mail.outbox] == [[head.user.email]]


def test_an_invitation_that_waits_does_not_leave_once_its_address_objected(actor):
    for email in ("non@sels.fr", "suite@sels.fr"):
        members.invite_member(by=acting(member(actor)), actor=actor, email=email)
    forbid_address(email="Non@sels.fr", reason="objection")
    run_waiting()
    assert [message.to for message in mail.outbox] == [["suite@sels.fr"]]
    assert not Job.objects.filter(arguments__to="non@sels.fr").exists()
