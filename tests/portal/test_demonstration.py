"""The demonstration: whole, lived in, the same each time, kept from one start to the next."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from maillage.accounts.models import Invitation, Role, User
from maillage.accounts.queries import viewer_for
from maillage.activity.actions import first_broken_seal, seal_entries
from maillage.activity.models import Entry, Notice
from maillage.core.models import Job
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
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
from maillage.portal.management.demo import life, plan, subjects, world
from maillage.territories.models import PostalCode, Territory
from maillage.territories.registry import name_key, shipped
from maillage.topics.actions import load_defaults
from maillage.topics.models import Term

pytestmark = pytest.mark.once  # The refusals beside it run on both databases.

SYSTEM = Viewer.as_system(None, "tests")
SMALL = 24


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The command as `run.py` calls it, once for the module; `other` is what a second, small building gave twice."""
    with django_db_blocker.unblock(), transaction.atomic():
        _load_two_regions()
        load_defaults(by=SYSTEM)
        twice = [_built_and_forgotten(), _built_and_forgotten()]
        said = StringIO()
        call_command("demo", stdout=said)
        yield SimpleNamespace(south=Network.objects.get(slug="occitanie"), said=said.getvalue(), twice=twice)
        transaction.set_rollback(True)


def _load_two_regions() -> None:
    """The shipped communes of Occitanie and Hauts-de-France: loading all of France takes most of a minute."""
    data = shipped("france")

    def made(kind: str, code: str, name: str, **fields: Any) -> Territory:
        slug = slugged(f"{kind} {name} {code}")
        return Territory(kind=kind, code=code, name=name, name_key=name_key(name), slug=slug, **fields)

    regions = {code: made("region", code, name) for code, name in data["regions"] if code in ("76", "32")}
    Territory.objects.bulk_create(regions.values())
    departments = {
        code: made("department", code, name, region=regions[region])
        for code, name, region in data["departments"]
        if region in regions
    }
    Territory.objects.bulk_create(departments.values())
    lines = [line for line in data["communes"] if line[2] in departments]
    here = {line[3] for line in lines}
    epcis = {code: made("epci", code, name) for code, name in data["epcis"] if code in here}
    Territory.objects.bulk_create(epcis.values())
    communes = [
        made(
            "commune", line[0], line[1], department=departments[line[2]], region=departments[line[2]].region,
            epci=epcis.get(line[3]), population=line[4], latitude=line[6], longitude=line[7], position_source="geonames",
        )
        for line in lines
    ]  # fmt: skip
    Territory.objects.bulk_create(communes, batch_size=2000)
    PostalCode.objects.bulk_create(
        PostalCode(code=code, commune=commune)
        for commune, line in zip(communes, lines, strict=True)
        for code in line[5].split()
    )


@pytest.fixture
def demo(demonstration: SimpleNamespace, db: None) -> SimpleNamespace:
    return demonstration


def _built_and_forgotten() -> str:
    savepoint = transaction.savepoint()
    world.build(SMALL, now=datetime(2026, 3, 3, 9, tzinfo=UTC), life=life.tell)
    found = digest()
    transaction.savepoint_rollback(savepoint)
    cache.clear()  # Elsewhere the database keeps it: what was counted goes with what was built.
    return found


def digest() -> str:
    """All that the two networks hold, told without the numbers that a database gives to its rows."""
    terms = dict(Term.objects.values_list("pk", "slug"))
    actors = [
        [
            actor.name, actor.slug, actor.kind, actor.summary, actor.description, actor.address, actor.phone, actor.email,
            actor.website, actor.latitude, actor.longitude, actor.completeness, actor.created_at, actor.confirmed_at,
            actor.archived_at, actor.commune.code if actor.commune else "", terms.get(actor.family_id),
            sorted(term.slug for term in actor.terms.all()),
            sorted((name, entry["origin"], entry["at"]) for name, entry in actor.provenance.items()),
        ]
        for actor in Actor.objects.select_related("commune").prefetch_related("terms").order_by("slug")
    ]  # fmt: skip
    rows = [
        list(Entry.objects.order_by("at", "verb", "label", "pk").values_list("at", "verb", "label", "user__email")),
        list(
            Qualification.objects.order_by("actor__slug", "nature", "since").values_list(
                "actor__slug", "nature", "circle", "since", "until", "reason"
            )
        ),
        list(Batch.objects.order_by("created_at", "title").values_list("created_at", "title", "status", "counts")),
        list(Listing.objects.order_by("actor__slug").values_list("actor__slug", "network__slug", "state")),
        list(Notice.objects.order_by("created_at", "title").values_list("created_at", "title", "channel")),
    ]
    told = json.dumps([actors, rows], default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


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
    # None is barred: who imports runs every département.
    assert set(waiting.lines.values_list("verdict", flat=True)) == set(Verdict.values) - {Verdict.BARRED}
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
    assert not Job.objects.filter(status="waiting").exists()


# --- its journal ------------------------------------------------------------------------------------------------------


def test_the_journal_tells_years_and_its_chain_is_whole(demo):
    months = Entry.objects.filter(network=demo.south).dates("at", "month")
    assert len(months) > 36
    assert (timezone.localdate() - Entry.objects.order_by("-at")[1].at.date()).days < 3
    dates = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert dates == sorted(dates)
    seal_entries.function(Job())
    assert not Entry.objects.filter(seal=None).exists()
    assert first_broken_seal() is None


def test_no_single_day_of_the_journal_holds_a_tenth_of_it(demo):
    days = Counter(at.date() for at in Entry.objects.filter(network=demo.south).values_list("at", flat=True))
    assert max(days.values()) < sum(days.values()) / 10


# --- its pages --------------------------------------------------------------------------------------------------------

_LINK = re.compile(r'<a\s[^>]*?href="([^"#]*)')
_ENGLISH = re.compile(
    r"\b(?:the|and|with|your|you|search|home|this|please|page not found|sign in|log in|next|previous|save|cancel)\b",
    re.IGNORECASE,
)


def _links(body: str) -> set[str]:
    return {link.replace("&amp;", "&") for link in _LINK.findall(body) if link.startswith("/")}


def _words(body: str) -> str:
    """What a person reads on the page."""
    visible = re.sub(r"(?s)<(script|style|svg|template)\b.*?</\1>", " ", body)
    return re.sub(r"<[^>]+>", " ", visible)


def test_every_page_within_two_clicks_of_home_answers_in_french(demo):
    browser = Client(headers={"host": "localhost"})
    seen: dict[str, int] = {}
    english: dict[str, list[str]] = {}
    here = {"/"}
    for _depth in range(3):
        after: set[str] = set()
        for path in sorted(here - seen.keys()):
            answer = browser.get(path, follow=True)
            seen[path] = answer.status_code
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                body = answer.content.decode()
                after |= _sample(_links(body))
                if found := _ENGLISH.findall(_words(body)):
                    english[path] = found
            if answer.streaming:  # Read to its end, a file closes itself.
                assert b"".join(answer)
        here = after
    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert english == {}
    assert len(seen) > 30


def _sample(links: set[str]) -> set[str]:
    """Every distinct page, but one of each kind of sheet or filter: the others are made by the same template."""
    kinds: dict[str, list[str]] = {}
    for link in sorted(links):
        kinds.setdefault(re.sub(r"=[^&]*", "=", re.sub(r"^(/acteurs/)[\w-]+(/?)", r"\1*\2", link)), []).append(link)
    return {link for alike in kinds.values() for link in alike[:1]}


# --- once it is there -------------------------------------------------------------------------------------------------


def test_a_second_start_keeps_what_is_there_and_tells_the_accounts(demo):
    before = (Actor.objects.count(), Entry.objects.count())
    said = StringIO()
    call_command("demo", stdout=said)
    assert (Actor.objects.count(), Entry.objects.count()) == before
    assert "admin@maillage.example" in said.getvalue()
    assert "autre version" not in said.getvalue()


def test_a_demonstration_made_by_another_version_is_kept_and_told(demo):
    entry = Entry.objects.get(verb="demo.loaded")
    Entry.objects.filter(pk=entry.pk).update(details={"version": "ancienne"})
    User.objects.filter(email="membre@maillage.example").delete()
    said = StringIO()
    call_command("demo", stdout=said)
    assert "faite par une autre version" in said.getvalue()
    assert "membre@maillage.example" not in said.getvalue()
    assert Actor.objects.filter(listings__network=demo.south).count() == 1400


def test_introductions_are_in_each_state_and_most_partnerships_are_confirmed(demo):
    introductions = Introduction.objects.filter(network=demo.south)
    assert introductions.count() >= 38
    assert set(introductions.values_list("state", flat=True)) == set(IntroductionState.values)
    assert set(introductions.exclude(ending="").values_list("ending", flat=True)) == set(Ending.values)
    states = Counter(Partnership.objects.filter(network=demo.south).values_list("state", flat=True))
    assert states == {"confirmed": 9, "declared": 2, "refused": 1}
