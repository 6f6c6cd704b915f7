"""What the demonstration holds: whole, lived in, the same each time."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import Invitation, Role, User
from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry, Notice
from maillage.agenda.actions.minding import lift_embargo
from maillage.agenda.enums import Attendance, EventState
from maillage.agenda.models import Event, Timing
from maillage.core.models import Job
from maillage.directory.enums import MembershipState, Nature, Origin, SigningWay
from maillage.directory.models import (
    Actor,
    ActorMember,
    CharterVersion,
    Listing,
    Note,
    Qualification,
    Revision,
    SavedView,
    Signature,
    SigningLink,
    Trust,
)
from maillage.directory.queries.charter import calendar_of, counts_by_state
from maillage.exchange.actions import undo_batch
from maillage.exchange.enums import BatchKind, BatchStatus, Verdict
from maillage.exchange.models import Batch, Recipe
from maillage.moderation.enums import CaseState
from maillage.moderation.models import Case
from maillage.networks.models import ConsortiumMember, Network
from maillage.networks.queries import vocabularies
from maillage.outreach.enums import Ending, IntroductionState, NeedState
from maillage.outreach.models import (
    CampaignMessage,
    Contact,
    Introduction,
    Letter,
    Need,
    Official,
    Partnership,
    Promise,
)
from maillage.outreach.queries.approaches import actors_by_stage
from maillage.portal.management.demo import plan, subjects, world
from maillage.publications.actions.minding import lift_embargo as lift_embargo_of_text
from maillage.sharing.actions import follow_home
from maillage.sharing.models import Share
from maillage.territories.models import Territory
from maillage.topics.models import Term

pytestmark = pytest.mark.once  # Its refusals, beside this folder, run on both databases.


def test_it_is_the_same_each_time(demo):
    assert demo.twice[0] == demo.twice[1]


def test_words_of_editors_wait_were_refused_and_taken_and_one_contributor_is_trusted(demo):
    states = Counter(Revision.objects.filter(network=demo.south).values_list("state", flat=True))
    assert states == {"waiting": 2, "refused": 1, "accepted": 1}
    assert Trust.objects.in_force().get(network=demo.south).user.email == "acteur@maillage.example"


# --- what it holds ----------------------------------------------------------------------------------------------------


def test_occitanie_has_its_1400_actors_of_every_family_and_circle(demo):
    actors = Actor.objects.filter(listings__network=demo.south)
    assert actors.count() == 1400
    families = set(actors.values_list("family__slug", flat=True))
    assert families == {term.slug for term in vocabularies(demo.south)["family"]}
    held = Qualification.objects.filter(network=demo.south, nature=Nature.ASSESSED).in_force()
    assert set(held.values_list("circle", flat=True)) == {1, 2, 3}
    assert min(Counter(held.values_list("circle", flat=True)).values()) > 200


def test_every_actor_is_in_a_real_commune_of_its_network(demo):
    for network in Network.objects.all():
        communes = Territory.objects.communes().filter(region__in=network.perimeter.all())
        assert not Actor.objects.filter(home_network=network).exclude(commune__in=communes).exists()


def test_every_record_is_one_that_a_form_would_take(demo):
    for actor in Actor.objects.select_related("commune", "family").order_by("pk")[::40]:
        actor.full_clean()


def test_the_consortium_shares_the_thirteen_departements_out(demo):
    held = ConsortiumMember.objects.filter(network=demo.south)
    codes = [code for member in held for code in member.territories.values_list("code", flat=True)]
    assert len(codes) == 13
    assert set(codes) == set(Territory.objects.departments().filter(region__code="76").values_list("code", flat=True))


def test_each_actor_speaks_of_what_its_name_says_to_those_whom_its_kind_welcomes(demo):
    held = {name: {term.slug for term in terms} for name, terms in vocabularies(None).items()}
    asked = {"theme": set().union(*subjects.NAMED.values()), "audience": set(), "action_kind": set()}
    for usual in subjects.USUAL.values():
        for name, slugs in zip(asked, usual, strict=True):
            asked[name] |= set(slugs)
    assert {name: slugs - held[name] for name, slugs in asked.items()} == {name: set() for name in asked}
    museums = Actor.objects.filter(home_network=demo.south, name__startswith="Musée des fossiles").prefetch_related(
        "terms"
    )
    spoken = {term.slug for museum in museums for term in museum.terms.all() if term.vocabulary == "theme"}
    assert spoken == {"geologie-et-sciences-de-la-terre", "archeologie-et-prehistoire"}
    stars = Actor.objects.filter(family__slug="amateur-passionne").exclude(terms=None)
    assert not stars.exclude(terms__slug="astronomie-et-espace").exists()


def test_the_name_of_a_place_is_not_taken_for_a_subject():
    assert plan._without("Le Château", "Médiathèque du Château") == "Médiathèque du "


def test_no_sheet_was_modified_on_the_day_of_the_demonstration_without_a_reason(demo):
    today = timezone.now() - timedelta(hours=12)
    assert Actor.objects.filter(updated_at__gt=today).count() < 30


def test_the_team_and_its_recipe_are_not_of_the_day_of_the_demonstration(demo):
    today = timezone.localtime().replace(hour=0, minute=0)
    assert not Role.objects.filter(created_at__gt=today).exists()
    assert not Recipe.objects.filter(updated_at__gt=today).exists()
    assert not Job.objects.filter(Q(created_at__gt=today) | Q(finished_at__gt=today)).exists()


def test_accounts_of_every_role_sign_in_with_the_password_that_is_told(demo):
    addresses = re.findall(r"\S+@maillage\.example", demo.said)
    assert len(addresses) == 9
    for address in addresses:
        assert authenticate(None, email=address, password=world.PASSWORD) is not None
    kinds = {role.kind for user in User.objects.all() for role in viewer_for(user, demo.south).roles}
    assert len(kinds) == 6


def test_the_second_network_shares_nothing_with_the_first(demo):
    north = Network.objects.get(slug="hauts-de-france")
    assert Listing.objects.filter(network=north).count() == 69
    assert not Actor.objects.filter(listings__network=north).filter(listings__network=demo.south).exists()


def test_an_import_is_done_and_the_next_one_waits_for_decisions(demo):
    done, waiting = Batch.objects.filter(network=demo.south, kind=BatchKind.IMPORT).order_by("created_at")
    assert (done.status, done.counts["created"], done.can_be_undone) == (BatchStatus.APPLIED, 16, True)
    assert waiting.status == BatchStatus.PREVIEWED
    # None is barred: who imports runs every département; a list of actors takes none away.
    never = {Verdict.BARRED, Verdict.GONE}
    assert set(waiting.lines.values_list("verdict", flat=True)) == set(Verdict.values) - never
    assert Recipe.objects.get(network=demo.south).name == waiting.source


def test_the_finished_import_can_be_undone_but_for_the_sheet_that_someone_took_over(demo):
    batch = Batch.objects.get(kind=BatchKind.IMPORT, status=BatchStatus.APPLIED)
    by = viewer_for(User.objects.get(email="animation@maillage.example"), demo.south)
    undone = undo_batch(by=by, batch=batch)
    assert (undone.counts["undone"], undone.counts["kept"]) == (15, 1)


def test_what_the_representative_wrote_is_hers(demo):
    fanny = User.objects.get(email="acteur@maillage.example")
    assert ActorMember.objects.filter(user=fanny).count() == 3
    theirs = Actor.objects.filter(members__user=fanny)
    origins = {entry["origin"] for actor in theirs for entry in actor.provenance.values()}
    assert origins == {Origin.ACTOR, Origin.ANIMATOR, Origin.IMPORT}


def test_circles_have_a_history_declared_and_assessed(demo):
    past = Qualification.objects.filter(network=demo.south).exclude(until=None)
    assert past.filter(nature=Nature.ASSESSED).count() > 100
    assert past.filter(nature=Nature.DECLARED).count() > 50
    assert past.dates("until", "year").count() >= 2


def test_the_two_networks_share_in_both_directions(demo):
    south, north = demo.south, Network.objects.get(slug="hauts-de-france")
    given = Share.objects.filter(home=south, host=north)
    assert sorted(given.values_list("state", flat=True)) == ["accepted", "proposed", "refused", "withdrawn"]
    assert sorted(Share.objects.filter(home=north, host=south).values_list("state", flat=True)) == [
        "accepted",
        "proposed",
    ]


def test_every_feature_of_the_team_has_been_used(demo):
    south = demo.south
    assert Note.objects.filter(network=south).count() > 100
    assert SavedView.objects.filter(network=south, is_shared=True).exists()
    assert SavedView.objects.filter(network=south, is_shared=False).exists()
    bulk = Batch.objects.filter(network=south, kind=BatchKind.BULK)
    assert set(bulk.values_list("status", flat=True)) == {BatchStatus.APPLIED, BatchStatus.UNDONE}
    assert len({invitation.is_open for invitation in Invitation.objects.filter(network=south)}) == 2
    site = Notice.objects.filter(network=south, channel="site")
    assert site.filter(read_at=None).exists()
    assert site.exclude(read_at=None).exists()
    assert Term.objects.filter(is_shared=False).count() == 2
    assert Actor.objects.exclude(archived_at=None).exists()
    assert Actor.objects.exclude(parent=None).exists()
    verbs = set(Entry.objects.filter(network=south).values_list("verb", flat=True))
    assert verbs >= {"actor.contact", "actor.report", "actor.state", "batch.undo", "network.settings_changed"}


def test_someone_made_one_account_of_two(demo):
    (gone,) = User.objects.exclude(merged_into=None)
    assert Entry.objects.about(gone.merged_into).filter(verb="account.merged").count() == 1


def test_dozens_signed_the_charter_and_a_new_signature_is_under_way(demo):
    south = demo.south
    numbers = [each.number for each in CharterVersion.objects.filter(network=south).order_by("effective_on")]
    assert numbers == ["1.0", "1.1", "2.0"]
    counts = counts_by_state(south, calendar_of(south))
    assert min(counts[MembershipState.SIGNED], counts[MembershipState.TO_RESIGN]) > 20
    assert counts[MembershipState.WITHDRAWN] == 1
    signed = Signature.objects.filter(network=south)
    assert set(signed.values_list("way", flat=True)) == set(SigningWay.values)
    assert set(signed.values_list("name_is_public", flat=True)) == {True, False}
    assert len(signed.dates("signed_on", "month")) > 18
    assert SigningLink.objects.open().filter(network=south).exists()


def test_a_year_of_needs_and_offers_is_told_in_every_state(demo):
    said = Need.objects.filter(network=demo.south)
    assert Counter(said.values_list("side", flat=True)) == {"need": 61, "offer": 81}
    for side in ("need", "offer"):
        assert set(said.filter(side=side).values_list("state", flat=True)) == set(NeedState.values)
    assert said.filter(state="answered", answered_by__isnull=False).count() > 20
    assert said.filter(is_own=True).count() == 2
    assert said.filter(actor=None).exists()
    assert not said.filter(state="open", expires_on__lt=timezone.localdate()).exists()


def test_elected_officials_were_met_and_written_to(demo):
    officials = Official.objects.filter(network=demo.south)
    assert 55 <= officials.count() <= 70
    assert Contact.objects.filter(official_links__official__in=officials).distinct().count() >= 20
    assert set(Promise.objects.values_list("state", flat=True)) == {"waiting", "kept", "broken"}
    assert sorted(letter.recipients.sent().count() > 0 for letter in Letter.objects.all()) == [False, True]
    assert officials.exclude(objected_at=None).exists() and officials.exclude(stopped_at=None).exists()


def test_actors_are_approached_at_every_stage_and_answered_a_campaign(demo):
    stages = actors_by_stage(demo.south)
    assert all(stages.values())
    assert 100 < sum(stages.values()) < 140
    answers = CampaignMessage.objects.sent().values_list("answer", flat=True)
    assert (len(answers) > 50, set(answers)) == (True, {"interested", "later", "no", ""})


def test_no_message_waits_to_be_sent(demo):
    assert Job.objects.count() > 0
    waiting = Job.objects.filter(status="waiting")
    assert set(waiting.values_list("task", flat=True)) == {
        lift_embargo.name,
        lift_embargo_of_text.name,
        follow_home.name,  # What a network took, for its search.
    }


def test_introductions_are_in_each_state_and_most_partnerships_are_confirmed(demo):
    introductions = Introduction.objects.filter(network=demo.south)
    assert introductions.count() >= 38
    assert set(introductions.values_list("state", flat=True)) == set(IntroductionState.values)
    assert set(introductions.exclude(ending="").values_list("ending", flat=True)) == set(Ending.values)
    states = Counter(Partnership.objects.filter(network=demo.south).values_list("state", flat=True))
    assert states == {"confirmed": 9, "declared": 2, "refused": 1}


def test_a_year_of_the_agenda_is_in_every_shape_state_and_status(demo):
    events = Event.objects.filter(network=demo.south)
    assert 900 <= events.count() <= 920
    assert 8_000 < Timing.objects.filter(event__in=events).count() < 16_000
    assert set(events.values_list("state", flat=True)) == set(EventState.values)
    assert set(events.values_list("status", flat=True)) >= {
        "scheduled",
        "cancelled",
        "postponed",
        "full",
        "moved_online",
    }
    assert set(events.values_list("attendance", flat=True)) == set(Attendance.values)
    assert events.filter(by_appointment=True).exists()
    assert events.filter(patterns__last_on=None, patterns__isnull=False).exists()
    assert events.filter(parent__isnull=False).count() == 4
    assert events.filter(timings__is_cancelled=True).exists()
    assert events.exclude(featured_at=None).count() == 7
    assert events.shown().filter(last_at__gt=timezone.now()).count() > 250
    departments = events.exclude(commune=None).values_list("commune__department__code", flat=True)
    assert len(set(departments)) == 13


def test_events_were_reported_and_a_case_is_in_each_state(demo):
    cases = Case.objects.filter(network=demo.south)
    assert sorted(cases.values_list("state", flat=True)) == sorted(CaseState.values)
    assert cases.filter(reports__reporter=None).exists()
    assert cases.get(state="appealed").authors.get().user.name == "Fanny Castaing"
