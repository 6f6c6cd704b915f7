"""The communities of the demonstration: every access and state, who is in them, what those who show the site find."""

import pytest

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.communities.models import Announced, Community, CommunityMember, Follow, Placement
from maillage.communities.queries.followed import coming, followed_by, news
from maillage.communities.queries.reading import asked_count, of_viewer
from maillage.publications.models import Publication

pytestmark = pytest.mark.once


def _viewer(demo, name):
    return viewer_for(User.objects.get(email=f"{name}@maillage.example"), demo.south)


def test_six_communities_their_members_and_what_they_hold(demo):
    held = Community.objects.filter(network=demo.south).order_by("pk").values_list("access", "state")
    assert sorted(held) == sorted(
        [("open", "open")] * 3 + [("request", "open"), ("hidden", "open"), ("open", "archived")]
    )
    members = CommunityMember.objects.current().filter(community__network=demo.south)
    assert 140 <= members.count() <= 165
    assert not members.filter(charter=None).exists()
    assert 50 <= Placement.objects.filter(community__network=demo.south).count() <= 65
    assert Follow.objects.filter(network=demo.south, community=None).count() >= 380
    assert Announced.objects.filter(publication__isnull=False).count() == (
        Publication.objects.filter(network=demo.south).shown().count()
    )


@pytest.mark.parametrize("name", ["membre", "acteur"])
def test_those_who_show_the_site_have_much_to_read_and_something_to_run(demo, name):
    viewer = _viewer(demo, name)
    followed = followed_by(viewer)
    assert len(followed.rows) >= 12
    assert news(viewer, followed, None).paginator.count > 60
    assert coming(viewer, followed, None).paginator.count > 20
    assert any(each.is_hidden for each in of_viewer(viewer))
    assert any(each.row.is_animator for each in of_viewer(viewer))
    assert viewer.user.notices.filter(kind="followed", channel="site").exists()


def test_requests_wait_for_who_animates(demo):
    assert asked_count(_viewer(demo, "acteur")) == 3
    assert asked_count(_viewer(demo, "membre")) == 0
