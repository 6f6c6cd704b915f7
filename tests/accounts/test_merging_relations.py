"""What two accounts have, drawn at random: nothing is lost, the stricter and the stronger hold, nothing clashes."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.accounts.actions import merge_accounts
from maillage.accounts.models import Role
from maillage.accounts.queries import rows_of
from maillage.accounts.queries.merging import following, told
from maillage.accounts.registry import declared_field
from maillage.activity.actions import read_stop_token, record, stop_token
from maillage.activity.enums import Channel, Rhythm
from maillage.activity.models import Notice, Preference
from maillage.activity.queries import choices_of
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.directory.actions.unmerging import undo_merge
from maillage.directory.enums import ClaimState, MemberRole
from maillage.directory.models import ActorMember, Claim, ClaimCode, Note, Revision, SavedView, Trust
from maillage.directory.models.claims import OPEN_STATES
from tests.factories.accounts import make_person, make_user, viewer
from tests.factories.directory import make_actor, make_network

pytestmark = pytest.mark.django_db
KINDS = [RoleKind.MEMBER, RoleKind.ANIMATOR, RoleKind.POLE_MEMBER]
COUNTED = [Role, ActorMember, Claim, SavedView, Note, Notice, Preference]


class Rolledback(Exception):
    pass


def draw(data, user, world):
    """Whatever an account may have."""
    for network in world["networks"]:
        for kind in KINDS:
            for revoked in data.draw(st.sampled_from([[], [None], [timezone.now()], [timezone.now(), None]])):
                Role.objects.create(user=user, network=network, kind=kind, revoked_at=revoked)
        for name in data.draw(st.lists(st.sampled_from(["Vue", "Vue (2)", "v" * 80]), unique=True)):
            SavedView.objects.create(network=network, owner=user, name=name)
    for actor in world["actors"]:
        if role := data.draw(st.sampled_from(["", *MemberRole.values])):
            ActorMember.objects.create(actor=actor, user=user, role=role)
        for state in data.draw(st.lists(st.sampled_from(ClaimState.values), max_size=2)):
            if state in OPEN_STATES and Claim.objects.open().filter(actor=actor, user=user).exists():
                continue
            Claim.objects.create(
                network=world["networks"][0], actor=actor, user=user, way="decision", state=state,
                deadline=timezone.now(), decided_at=timezone.now(), decided_by=user,
            )  # fmt: skip
        if data.draw(st.booleans()):
            ClaimCode.objects.create(actor=actor, user=user, expires_at=timezone.now() + timedelta(hours=1))
        Note.objects.create(network=world["networks"][0], actor=actor, body="Note", author=user)
    draw_preferences(data, user)
    Notice.objects.create(user=user, kind="import_finished", channel="site", key=f"k{user.pk}", title="Import")


def draw_preferences(data, user):
    for choice in choices_of(user.pk):
        for channel in Channel:
            if (wanted := data.draw(st.sampled_from([None, True, False]))) is not None:
                rhythm = data.draw(st.sampled_from(["", *Rhythm])) if wanted and channel == Channel.MAIL else ""
                Preference.objects.create(user=user, kind=choice.kind, channel=channel, wanted=wanted, rhythm=rhythm)


OFTEN_FIRST = [Rhythm.NOW, Rhythm.DAILY, Rhythm.WEEKLY, ""]  # "" is never.


def choices(user):
    """For each kind: told on the site or not, and how seldom by message."""
    return {each.kind: (each.on_site, OFTEN_FIRST.index(each.rhythm)) for each in choices_of(user.pk)}


def held(user):
    return {(role.network_id, role.kind, role.department) for role in Role.objects.held().filter(user=user)}


def sheets(user):
    return {member.actor_id: member.role for member in ActorMember.objects.filter(user=user)}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_nothing_is_lost_and_the_stricter_holds(db, data):
    try:
        with transaction.atomic():
            world = {"networks": [make_network(host=f"{name}.test") for name in "ab"]}
            world["actors"] = [make_actor(world["networks"][0], name) for name in ("Un", "Deux")]
            kept, gone = make_user(), make_user()
            for user in (kept, gone):
                draw(data, user, world)
            roles, members = held(kept) | held(gone), (sheets(kept), sheets(gone))
            wishes = (choices(kept), choices(gone))
            counts = {model: model._default_manager.count() for model in COUNTED}
            merge_accounts(by=viewer(kept, world["networks"][0]), other=gone, address=gone.email)
            assert held(kept) == roles
            assert sheets(kept) == {
                actor: "admin" if "admin" in (members[0].get(actor), members[1].get(actor)) else "editor"
                for actor in members[0].keys() | members[1].keys()
            }
            stricter = {
                kind: (site and wishes[1][kind][0], max(seldom, wishes[1][kind][1]))
                for kind, (site, seldom) in wishes[0].items()
            }
            assert choices(kept) == stricter
            for model in (Role, Claim, SavedView, Note, Notice):
                assert model._default_manager.count() == counts[model]
            waiting = Claim.objects.open().filter(user=kept)
            assert len({claim.actor_id for claim in waiting}) == waiting.count()
            assert not waiting.filter(actor__in=sheets(kept)).exists()
            assert not Claim.objects.filter(decided_by=gone).exists()
            raise Rolledback
    except Rolledback:
        pass


def test_the_sheets_of_the_other_account_are_held_at_once(client, network):
    kept, gone = make_person(network), make_person(network)
    actor = make_actor(network, "Astroclub")
    ActorMember.objects.create(actor=actor, user=gone, role=MemberRole.ADMIN)
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    client.force_login(kept)
    assert client.get(reverse("directory:actor_edit", args=[actor.pk])).status_code == 200


def test_a_sheet_given_back_later_is_held_by_the_account_that_stays(network):
    kept, gone = make_person(network), make_person(network)
    team = viewer(make_person(network, RoleKind.ANIMATOR), network)
    one, two = make_actor(network, "Astroclub"), make_actor(network, "Astroclub")
    for actor in (one, two):
        ActorMember.objects.create(actor=actor, user=gone, role=MemberRole.ADMIN)
    done = merge(by=team, kept=one, gone=two, chosen={})
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    undo_merge(by=team, merge=done)
    assert sheets(kept) == {one.pk: "admin", two.pk: "admin"}


def test_a_link_that_stops_messages_still_stops_them(network):
    kept, gone = make_person(network), make_person(network)
    token = stop_token(gone.pk, "import_finished")
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    assert read_stop_token(token) == (kept.pk, "import_finished")


def test_two_revisions_of_one_sheet_do_not_wait_together(network):
    kept, gone = make_person(network), make_person(network)
    actor = make_actor(network, "Astroclub")
    mine = Revision.objects.create(network=network, actor=actor, author=kept, values={"phone": "04 67 00 00 01"})
    theirs = Revision.objects.create(network=network, actor=actor, author=gone, values={"phone": "04 67 00 00 02"})
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    states = {each.pk: (each.author, each.state) for each in Revision.objects.select_related("author")}
    assert states == {mine.pk: (kept, "waiting"), theirs.pk: (kept, "withdrawn")}


def test_trust_given_to_both_accounts_counts_once(network):
    kept, gone = make_person(network), make_person(network)
    for user in (kept, gone):
        Trust.objects.create(network=network, user=user, reason="Écrit bien")
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    assert (Trust.objects.filter(user=kept).count(), Trust.objects.in_force().filter(user=kept).count()) == (2, 1)


def test_the_copy_of_ones_data_has_what_the_other_account_did(network):
    kept, gone = make_person(network), make_person(network)
    record("profile.changed", by=viewer(gone, network), subject=gone)
    merge_accounts(by=viewer(kept, network), other=gone, address=gone.email)
    field = declared_field("activity.Entry", "user")
    assert {entry.verb for entry in rows_of(kept, field)} == {"profile.changed", "account.merged"}


def test_the_preview_counts_what_follows_and_says_the_rule(network):
    kept, gone = make_person(network), make_person(network)
    lines = {line.label: line for line in told(following(kept, gone))}
    assert (lines["Rôles tenus"].moved, lines["Rôles tenus"].left) == (1, 0)
    assert lines["Adresses de connexion"].rule
    assert all(line.label for line in lines.values())
