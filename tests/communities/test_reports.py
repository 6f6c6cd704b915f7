"""What people report of a community (MOD-3): withheld by enough of them, answered, contested; a hidden one still tells nothing."""

from typing import Any

import pytest
from django.urls import reverse

from maillage.activity.models import Entry
from maillage.communities import actions
from maillage.communities.models import Community
from maillage.communities.queries.followed import followed_by
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.moderation import actions as moderation
from maillage.moderation.models import Case
from maillage.moderation.registry import kind_named
from maillage.search.models import Document
from tests.factories.communities import CHARTER, join, make_community
from tests.factories.publications import make_person, make_publication

pytestmark = pytest.mark.django_db
CROWD = ("Alice Un", "Bruno Deux", "Chloé Trois")
KIND = "communaute"


def crowd(world: Any, community: Community) -> None:
    for name in CROWD:
        by = make_person(world.network, name)
        if community.is_hidden:
            join(community, by)
        moderation.report(by=by, kind=kind_named(KIND), content=community, reason="haineux")


@pytest.fixture
def circle(world: Any) -> Community:
    """Animated by Nadia, Omar in it, a text placed there."""
    community = make_community(world.network, animators=[world.nadia.user], charter=CHARTER)
    join(community, world.omar)
    world.text = make_publication(world.nadia, "Texte placé")
    actions.place(by=world.nadia, community=community, publication=world.text)
    return community


def test_anyone_who_reads_it_reports_it_from_its_page_but_its_animators(world, circle, signed):
    path = reverse("moderation:report", args=[KIND, circle.pk])
    for reader in (None, world.zoe, world.omar, world.team):
        client = signed(reader)
        assert path in client.get(circle.get_absolute_url()).content.decode()
        assert client.get(path).status_code == 200
    with pytest.raises(Refused):
        moderation.report(by=world.nadia, kind=kind_named(KIND), content=circle, reason="haineux")


def test_three_accounts_withhold_it_from_all_but_its_animators_and_the_team(world, circle, signed):
    crowd(world, circle)
    home = circle.get_absolute_url()
    for reader in (None, world.zoe, world.omar):
        client = signed(reader)
        assert [client.get(home + path).status_code for path in ("", "charte/", "flux.rss", "membres/", "rejoindre/")][
            :3
        ] == [404] * 3
        for page in ("/communautes/", "/mon-reseau/communautes/", "/mon-reseau/suivis/", world.text.get_absolute_url()):
            assert circle.name not in client.get(page, follow=True).content.decode()
    for reader in (world.nadia, world.team):
        page = signed(reader).get(home)
        assert "masquée en attendant" in page.content.decode()
    assert not Document.objects.filter(kind="community").exists()
    assert followed_by(world.omar).rows == ()
    for refused in (
        lambda: actions.place(by=world.omar, community=circle, publication=make_publication(world.omar, "Autre")),
        lambda: actions.edit_community(by=world.nadia, community=circle, fields={"name": "Autre"}),
        lambda: actions.join_community(by=world.zoe, community=circle, charter=circle.charters.get().sha256),
    ):
        with pytest.raises(Refused):
            refused()
    moderation.settle(by=world.team, case=Case.objects.get(), removed=False, words="Rien à redire.")
    assert signed().get(home).status_code == 200
    assert Document.objects.filter(kind="community").count() == 1
    assert [str(each.target) for each in followed_by(world.omar).rows] == [circle.name]
    assert circle.members.filter(state="member").count() == 2


def test_what_the_team_removes_is_contested_by_who_animates_and_put_back_as_it_was(world, circle, signed):
    actions.archive_community(by=world.nadia, community=circle)
    moderation.report(by=world.zoe, kind=kind_named(KIND), content=circle, reason="haineux")
    moderation.settle(by=world.team, case=Case.objects.get(), removed=True, words="Haineux.")
    assert signed().get(circle.get_absolute_url()).status_code == 404
    moderation.appeal(by=world.nadia, case=Case.objects.get(), words="C'était une citation.")
    other = make_person(world.network, "Denis Quatre", RoleKind.ANIMATOR)
    moderation.settle_appeal(by=other, case=Case.objects.get(), removed=False, words="C'en est une.")
    circle.refresh_from_db()
    assert (circle.withheld, circle.state) == ("", "archived")
    assert signed().get(circle.get_absolute_url()).status_code == 200


def test_of_a_hidden_one_the_team_decides_without_learning_who_is_in_it_nor_reading_it(world, signed):
    secret = make_community(
        world.network, "Zibelines", access="hidden", animators=[world.nadia.user], description="<p>Le terrier.</p>"
    )
    for reader in (None, world.zoe, world.team):
        assert signed(reader).get(reverse("moderation:report", args=[KIND, secret.pk])).status_code == 404
    crowd(world, secret)
    case, home = Case.objects.get(), secret.get_absolute_url()
    team = signed(world.team)
    page = team.get(reverse("moderation:case_show", args=[case.pk])).content.decode()
    told = [*CROWD, "Nadia Ferrand", "Le terrier", home]
    assert [word for word in told if word in page] == []
    assert team.get(home).status_code == 404
    moderation.settle(by=world.team, case=case, removed=True, words="Haineux.")
    moderation.appeal(by=world.nadia, case=case, words="C'est un jeu.")
    assert [signed(make_person(world.network, name)).get(home).status_code for name in CROWD] == [404, 404, 404]
    assert signed(world.nadia).get(home).status_code == 200
    made = Entry.objects.filter(verb__in=["report.made", "case.appealed", "community.withdraw"])
    assert set(made.values_list("user", flat=True)) == {None}
    for reader in (world.team, world.zoe):
        assert "Nadia" not in signed(reader).get(reverse("moderation:case_show", args=[case.pk])).content.decode()
