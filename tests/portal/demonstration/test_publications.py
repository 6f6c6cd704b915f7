"""What the demonstration publishes: its figures, every kind and state, what each of its accounts finds."""

import re
from collections import Counter

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from maillage.accounts.models import Role, User
from maillage.accounts.queries import viewer_for
from maillage.core.viewer import RoleKind, Viewer
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import ACCOUNTS
from maillage.publications.enums import (
    AnnouncementType,
    CommentState,
    CreditState,
    Kind,
    RefusalReason,
    State,
    VersionState,
)
from maillage.publications.models import Comment, Credit, Piece, Publication, Reading, Version
from maillage.publications.queries.documents import KINDS
from maillage.publications.queries.gathering import pieces_in
from maillage.publications.queries.own import asked_of, own_publications
from maillage.publications.queries.waiting import COMMENTS, PROPOSED, VERSIONS
from maillage.publications.registry.gathered import all_gathered
from maillage.search.models import Document
from maillage.territories.models import Territory

pytestmark = pytest.mark.once


def _texts(demo, **fields):
    return Publication.objects.filter(network=demo.south, **fields)


def _viewer(demo, name):
    return viewer_for(User.objects.get(email=f"{name}@maillage.example"), demo.south)


def test_a_year_of_articles_portraits_announcements_and_dossiers(demo):
    held = Counter(_texts(demo).values_list("kind", flat=True))
    # In proportion of the actors: those of regions that are not loaded here are not planned.
    assert 420 <= held[Kind.ARTICLE] <= 440
    assert 57 <= held[Kind.PORTRAIT] <= 60
    assert 84 <= held[Kind.ANNOUNCEMENT] <= 90
    assert held[Kind.DOSSIER] == 20
    shown = _texts(demo).shown()
    today = timezone.localdate()
    assert all(0 <= (today - timezone.localdate(each.appeared_at)).days <= 366 for each in shown)


def test_texts_are_in_every_state(demo):
    held = Counter(_texts(demo).values_list("state", flat=True))
    assert {state: held[state] for state in held if state != State.PUBLISHED} == {
        State.DRAFT: 10,
        State.PROPOSED: 10,
        State.REFUSED: 5,
        State.TAKEN_BACK: 7,
        State.HIDDEN: 4,
    }
    embargoed = [each for each in _texts(demo, state=State.PUBLISHED) if each.is_embargoed]
    assert len(embargoed) == 4
    assert set(_texts(demo, state=State.REFUSED).values_list("code", flat=True)) <= set(RefusalReason.values)
    assert not _texts(demo, state=State.REFUSED, reason="").exists()
    assert Counter(bool(each.replaced_by_id) for each in _texts(demo, state=State.TAKEN_BACK)) == {True: 4, False: 3}
    assert _texts(demo).exclude(featured_at=None).count() == 5


def test_no_two_texts_read_the_same(demo):
    for name in ("title", "body", "slug"):
        assert [value for value, times in Counter(_texts(demo).values_list(name, flat=True)).items() if times > 1] == []


def test_each_text_is_one_that_its_forms_would_take(demo):
    for publication in _texts(demo).order_by("pk")[::20]:
        publication.full_clean()
        for row in (*publication.credits.all(), *publication.pieces.all(), *publication.versions.all()):
            row.full_clean()


def test_announcements_are_of_every_type_and_a_third_is_open(demo):
    announced = _texts(demo, kind=Kind.ANNOUNCEMENT).shown()
    assert set(announced.values_list("announcement", flat=True)) == set(AnnouncementType.values)
    assert not announced.filter(contact="").exists()
    assert not announced.filter(closes_on=None).exists()
    assert 0.25 < announced.open_on(timezone.localdate()).count() / announced.count() < 0.4


def test_a_dossier_holds_three_to_eight_things_of_every_sort(demo):
    held = _texts(demo, kind=Kind.DOSSIER, state=State.PUBLISHED).annotate(
        count=Count("pieces", filter=Q(pieces__kind=""))
    )
    assert {each.count for each in held} <= {3, 4, 5, 6, 7, 8}  # Beside what is gathered of other apps.
    of = Piece.objects.filter(dossier__in=held)
    assert min(of.exclude(**{name: None}).count() for name in ("publication", "event", "actor")) > 0
    assert of.exclude(url="").count() == held.count()


def test_texts_are_signed_with_the_agreement_of_those_named(demo):
    states = Counter(Credit.objects.filter(publication__network=demo.south).values_list("state", flat=True))
    assert set(states) == set(CreditState.values)
    assert not Credit.objects.exclude(state=CreditState.WAITING).exclude(email="").exists()
    signed = Credit.objects.accepted().values("publication")
    assert not _texts(demo).exclude(pk__in=signed).exists()
    several = _texts(demo).annotate(signed=Count("credits", filter=Q(credits__state=CreditState.ACCEPTED)))
    assert several.filter(signed__gte=3).count() > 50


def test_those_named_are_members_of_the_network_or_invented_too(demo):
    first, last = "|".join(FIRST_NAMES), "|".join(LAST_NAMES)
    invented = re.compile(rf"({first}) ({last})(, .+)?")
    known = {name for _address, name, *_rest in ACCOUNTS}
    names = set(Credit.objects.exclude(name="").values_list("name", flat=True)) - known
    names |= set(Publication.objects.exclude(reviewer="").values_list("reviewer", flat=True))
    assert [name for name in names if not invented.fullmatch(name)] == []
    told = "\n".join(Publication.objects.values_list("contact", flat=True))
    assert [line for line in told.split() if not line.endswith(".example")] == []


def test_the_network_has_its_700_members(demo):
    held = Role.objects.held().filter(network=demo.south)
    assert 670 <= held.values("user").distinct().count() <= 710
    light = User.objects.filter(roles__in=held.filter(kind=RoleKind.MEMBER), email__endswith="@courriel.example")
    assert 660 <= light.count() <= 690
    assert not any(user.has_usable_password() for user in light)


def test_most_texts_say_what_they_stand_on(demo):
    read = _texts(demo, kind__in=[Kind.ARTICLE, Kind.PORTRAIT]).shown()
    assert 0.5 < read.exclude(sources="").count() / read.count() < 0.75
    assert 0.35 < read.exclude(reviewer="").count() / read.count() < 0.6
    bodies = "\n".join(read.values_list("body", flat=True))
    for mark in ("<h2>", "<ul>", "<blockquote>", "<table>", "[note", "[média 1]"):
        assert bodies.count(mark) > 30


def test_texts_are_spread_over_the_departements_as_actors_are(demo):
    found = Counter(
        Territory.objects.departments()
        .filter(publications__network=demo.south, publications__kind=Kind.ARTICLE)
        .values_list("code", flat=True)
    )
    assert len(found) == 13
    assert {code for code, _number in found.most_common(2)} == {"31", "34"}
    assert found["31"] > 5 * found["48"]


def test_versions_tell_corrections_and_one_of_each_is_open(demo):
    versions = Version.objects.filter(publication__network=demo.south)
    assert versions.published().exclude(note="").count() == 5
    assert Counter(versions.being_written().values_list("state", flat=True)) == {
        VersionState.WORKING: 1,
        VersionState.WAITING: 1,
        VersionState.REFUSED: 1,
    }
    once_read = _texts(demo).exclude(published_at=None)
    assert set(versions.published().values_list("publication", flat=True)) == set(
        once_read.values_list("pk", flat=True)
    )


def test_comments_are_shown_wait_were_refused_and_removed(demo):
    states = Counter(Comment.objects.filter(network=demo.south).values_list("state", flat=True))
    assert 135 <= states.pop(CommentState.SHOWN) <= 145
    assert states == {CommentState.WAITING: 5, CommentState.REFUSED: 1, CommentState.REMOVED: 1}
    assert all(each.at >= each.publication.published_at for each in Comment.objects.select_related("publication"))


def test_texts_are_found_by_the_search_as_they_are_read(demo):
    shown = set(_texts(demo).shown().values_list("pk", flat=True))
    found = Document.objects.filter(kind__in=KINDS, network=demo.south)
    assert set(found.filter(is_public=True).values_list("object_id", flat=True)) == shown
    days = dict(found.values_list("object_id", "on"))
    assert {each.pk for each in _texts(demo).shown() if days[each.pk] != timezone.localdate(each.appeared_at)} == set()
    assert not _texts(demo, revision=0).exists()


def test_readings_are_of_days_since_each_text_appeared(demo):
    assert Reading.objects.values("publication").distinct().count() > 550
    assert not Reading.objects.filter(day__gt=timezone.localdate()).exists()
    for reading in Reading.objects.select_related("publication")[::50]:
        assert reading.day >= timezone.localdate(reading.publication.published_at)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("acteur", {State.DRAFT, State.PUBLISHED, State.TAKEN_BACK}),
        ("membre", {State.DRAFT, State.PROPOSED, State.PUBLISHED, State.REFUSED}),
        ("animation", {State.DRAFT, State.PUBLISHED}),
    ],
)
def test_each_shown_account_has_texts_of_its_own(demo, name, states):
    assert set(own_publications(_viewer(demo, name)).values_list("state", flat=True)) == states


def test_two_shown_accounts_are_asked_to_sign(demo):
    assert [asked_of(_viewer(demo, name)).count() for name in ("acteur", "membre")] == [1, 1]


def test_the_team_has_texts_changes_and_comments_to_read(demo):
    team = _viewer(demo, "animation")
    assert [kind.rows(team).count() for kind in (PROPOSED, VERSIONS, COMMENTS)] == [10, 1, 5]


def test_dossiers_gather_resources_episodes_and_communities(demo):
    dossiers = list(_texts(demo, kind=Kind.DOSSIER).shown())
    held = pieces_in(dossiers, Viewer(network=demo.south))
    kinds = {piece.kind for pieces in held.values() for piece in pieces if piece.kind}
    assert kinds == {gathered.kind for gathered in all_gathered()}
