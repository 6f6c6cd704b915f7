"""Needs and offers: who may say them and read them, what becomes of them, what the night does with their words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions import archive
from maillage.directory.actions.merging import merge
from maillage.directory.models import ActorMember
from maillage.outreach.actions import asking
from maillage.outreach.actions import needs as actions
from maillage.outreach.enums import NeedState, Side
from maillage.outreach.models import Mismatch, Need
from maillage.outreach.panels.needs import needs_on_the_sheet
from maillage.outreach.queries.needs import figures, needs_due, needs_with
from maillage.territories.signals import commune_merged
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_need

pytestmark = pytest.mark.django_db
SAID = {"kind": "speaker", "title": "Un intervenant sur l'eau"}


@pytest.fixture
def team(network):
    return viewer(make_person(network, RoleKind.ANIMATOR), network)


@pytest.fixture
def lab(network):
    return make_actor(network, "Labo des eaux", commune=make_commune(), email="labo@exemple.test")


def people_of(actor, network):
    user = make_person(network)
    ActorMember.objects.create(actor=actor, user=user)
    return viewer(user, network)


def shown_to(by):
    return set(Need.objects.visible_to(by).values_list("title", flat=True))


def test_a_need_lasts_as_long_as_the_network_says_and_is_journalled(network, team, lab):
    network.settings = {"need_days": 90}
    network.save()
    theme = make_term()
    need = actions.record_need(by=viewer_for(team.user, network), actor=lab, terms=[theme], **SAID)
    assert need.expires_on == timezone.localdate() + timedelta(days=90)
    assert (need.side, need.state, need.is_own, list(need.terms.all())) == (Side.NEED, NeedState.OPEN, False, [theme])
    label = Entry.objects.filter(verb="need.recorded", object_id=need.pk).get().label
    assert label == str(need) and label.startswith("besoin du") and need.title not in label


def test_a_need_is_of_an_actor_or_was_heard_from_someone(team):
    with pytest.raises(ValidationError):
        actions.record_need(by=team, **SAID)
    assert actions.record_need(by=team, heard_from="Une enseignante de Sète", **SAID).whose == "Une enseignante de Sète"


def test_a_territory_elsewhere_is_refused(network, team, lab):
    network.perimeter.set([make_commune().department])
    with pytest.raises(Refused):
        actions.record_need(by=team, actor=lab, territory=make_commune("59350", "Lille"), **SAID)
    assert actions.record_need(by=team, actor=lab, territory=make_commune(), **SAID).department_code == "34"


def test_only_the_team_within_its_reach_and_the_people_of_an_actor_say_its_needs(network, lab):
    own = people_of(lab, network)
    assert actions.record_need(by=own, actor=lab, **SAID).is_own
    gard = viewer(make_person(network, RoleKind.ANIMATOR, "30"), network)
    for by in (gard, viewer(make_person(network), network), Viewer(network=network)):
        with pytest.raises(Refused):
            actions.record_need(by=by, actor=lab, **SAID)
    with pytest.raises(Refused):
        actions.record_need(by=own, actor=make_actor(network), **SAID)
    with pytest.raises(Refused):
        actions.record_need(by=Viewer.as_system(network, "essai"), actor=make_actor(make_network()), **SAID)


def test_each_reads_what_is_shared_with_them(network, team, lab):
    for sharing in ("team", "members", "public"):
        make_need(network, lab, title=sharing, sharing=sharing)
    make_need(network, lab, title="closed", sharing="public", state="abandoned")
    make_need(network, lab, title="theirs", sharing="team", is_own=True)
    make_need(network, make_actor(network, state="draft"), title="draft", sharing="public")
    make_need(make_network(), title="elsewhere", sharing="public")
    assert shown_to(Viewer(network=network)) == {"public"}
    assert shown_to(viewer(make_person(network), network)) == {"public", "members"}
    assert shown_to(people_of(lab, network)) == {"public", "members", "closed", "theirs"}
    assert shown_to(team) == {"team", "public", "members", "closed", "theirs", "draft"}


def test_what_the_team_keeps_for_itself_is_never_on_the_public_sheet(network, team, lab):
    make_need(network, lab, sharing="team")
    assert needs_on_the_sheet(team, lab) is None
    make_need(network, lab, sharing="members", title="Entre nous")
    assert needs_on_the_sheet(Viewer(network=network), lab) is None
    assert [each.title for each in needs_on_the_sheet(team, lab).context["needs"]] == ["Entre nous"]


def test_a_need_is_answered_with_by_whom_and_how_and_may_be_opened_again(network, team, lab):
    need, museum = make_need(network, lab), make_actor(network, "Musée")
    done = actions.answer_need(by=team, need=need, answered_by=museum, through="introduction", outcome="Le 12 mai")
    assert (done.state, done.answered_by, done.through, done.closed_on) == (
        "answered", museum, "introduction", timezone.localdate(),
    )  # fmt: skip
    again = actions.keep_need(by=team, need=need)
    assert (again.state, again.answered_by, again.through, again.outcome, again.closed_on) == (
        "open",
        None,
        "",
        "",
        None,
    )
    assert actions.abandon_need(by=team, need=need, outcome="Plus de budget").state == "abandoned"


def test_an_actor_does_not_answer_its_own_need_nor_an_archived_one_say_any(network, team, lab):
    need = make_need(network, lab)
    with pytest.raises(Refused):
        actions.answer_need(by=team, need=need, answered_by=lab)
    archive(by=team, actor=lab, reason="fermé")
    with pytest.raises(Refused):
        actions.record_need(by=team, actor=lab, **SAID)
    with pytest.raises(Refused):
        actions.keep_need(by=team, need=need)


def test_the_words_go_at_their_term_and_the_count_stays(network, team, lab):
    said = {"title": "Une visite pour Madame Untel", "description": "Elle attend", "outcome": "Fait"}
    need = make_need(network, heard_from="Madame Untel", state="answered", **said)
    actions.change_need(by=team, need=need, title=need.title)
    Entry.objects.about(need).update(label=need.title)  # As the journal named it once.
    Need.objects.filter(pk=need.pk).update(closed_on=timezone.localdate() - timedelta(days=1200))
    kept = make_need(network, lab, description="À garder")
    asking.forget_needs.function(None)
    need.refresh_from_db()
    kept.refresh_from_db()
    assert (need.heard_from, need.description, need.outcome, kept.description) == ("", "", "", "À garder")
    assert (need.state, need.title) == ("answered", need.get_kind_display())
    assert "untel" not in need.words + str([*Entry.objects.about(need).values("label", "changes", "details")]).lower()


def test_the_week_of_whoever_heard_a_need_shows_its_end(network, team, lab):
    make_need(network, lab, author=team.user, days=2, title="Bientôt")
    make_need(network, lab, author=team.user, days=40, title="Plus tard")
    make_need(network, lab, days=2, title="D'une autre")
    make_need(network, lab, author=team.user, wanted_on=timezone.localdate(), title="Attendu")
    until = timezone.localdate() + timedelta(days=6)
    assert [due.title for due in needs_due(team, until, False, 10)] == ["Attendu", "Bientôt"]
    assert {due.title for due in needs_due(team, until, True, 10)} == {"Attendu", "Bientôt", "D'une autre"}


def test_the_relation_tells_what_an_actor_said_and_what_it_answered(network, team, lab):
    make_need(network, lab, title="Une salle")
    make_need(network, title="Un débat", state="answered", answered_by=lab, outcome="Venu en mai")
    said = {line.title.replace("\xa0", " "): line.detail for line in needs_with(team, lab, None, 10)}
    assert said == {
        "Besoin : Une salle": "intervention ou animation · ouvert",
        "A répondu au besoin : Un débat": "Venu en mai",
    }


def test_figures_count_each_outcome_of_a_period(network, team, lab):
    today = timezone.localdate()
    make_need(network, lab)
    make_need(network, lab, state="answered", opened_on=today - timedelta(days=10))
    make_need(network, lab, state="expired")
    make_need(network, lab, side="offer")
    found = figures(team, today - timedelta(days=5), today)
    assert (found.said, found.answered, found.expired, found.open, found.days_to_answer) == (2, 1, 1, 1, 10)
    assert found.answered_percent == 50


def test_merging_two_sheets_keeps_their_needs_and_one_of_two_judgements(network, team, lab):
    twin, need = make_actor(network, "Labo des Eaux", commune=make_commune()), make_need(network)
    mine = make_need(network, twin)
    answered = make_need(network, state="answered", answered_by=twin)
    for actor in (lab, twin):
        Mismatch.objects.create(need=need, actor=actor)
    merge(by=team, kept=lab, gone=twin, chosen={})
    mine.refresh_from_db()
    answered.refresh_from_db()
    assert (mine.actor, answered.answered_by) == (lab, lab)
    assert Mismatch.objects.get().actor == lab


def test_a_need_follows_its_commune_when_it_is_merged(network):
    old, new = make_commune("34001", "Abeilhan"), make_commune("34002", "Adissan")
    need = make_need(network, territory=old)
    commune_merged.send(sender=None, old=old, new=new)
    need.refresh_from_db()
    assert need.territory == new


def test_the_database_refuses_a_closed_need_without_a_day(network):
    need = make_need(network)
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(state="expired")
