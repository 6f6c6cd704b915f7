"""Coming in with the charter, asking, being invited, leaving, being removed; who animates; what each is told."""

import re
from typing import Any

import pytest
from django.core import mail

from maillage.activity.models import Entry, Notice
from maillage.communities import actions
from maillage.communities.enums import MemberRole
from maillage.communities.models import Community, CommunityMember, Follow
from maillage.communities.queries.waiting import REQUESTS
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from tests.factories.accounts import make_person, viewer
from tests.factories.communities import CHARTER, join, make_community
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def row_of(community: Community, by: Any) -> CommunityMember:
    return CommunityMember.objects.filter(community=community, user=by.user).latest("pk")


def told(by: Any, kind: str) -> list[str]:
    found = Notice.objects.filter(user=by.user, kind=kind, channel="site").order_by("pk")
    return [title.replace("\xa0", " ") for title in found.values_list("title", flat=True)]


def test_one_comes_in_by_accepting_the_charter_whose_print_is_kept(world, signed):
    community = make_community(world.network, animators=[world.nadia.user], charter=CHARTER)
    text, omar = community.charters.get(), signed(world.omar)
    path = f"/communautes/{community.slug}/rejoindre/"
    assert "cite ses sources" in omar.get(path).content.decode()
    refused = omar.post(path, {"charter": text.sha256})
    assert refused.status_code == 422
    assert not CommunityMember.objects.filter(user=world.omar.user).exists()
    assert omar.post(path, {"charter": "0" * 64, "accepted": "on"}).status_code == 409
    assert omar.post(path, {"charter": text.sha256, "accepted": "on"}).status_code == 302
    row = row_of(community, world.omar)
    assert (row.state, row.charter, row.charter_sha256) == ("member", text, text.sha256)
    assert row.charter_accepted_at is not None
    assert Follow.objects.filter(user=world.omar.user, community=community).exists()
    assert Entry.objects.filter(verb="community.join", user=world.omar.user).count() == 1


def test_a_charter_that_changes_is_a_new_text_that_members_are_asked_to_accept(world, signed):
    community = make_community(world.network, animators=[world.nadia.user], charter=CHARTER)
    first = community.charters.get()
    actions.join_community(by=world.omar, community=community, charter=first.sha256)
    assert actions.change_charter(by=world.nadia, community=community, body=CHARTER) is None
    second = actions.change_charter(by=world.nadia, community=community, body="<p>Autre <script>x</script></p>")
    assert (second.number, second.body) == (2, "<p>Autre </p>")
    omar, home = signed(world.omar), community.get_absolute_url()
    assert "La charte a changé" in omar.get(home).content.decode()
    assert row_of(community, world.omar).charter_sha256 == first.sha256
    omar.post(f"{home}ma-place/", {"charte": second.sha256})
    assert row_of(community, world.omar).charter_sha256 == second.sha256
    assert "La charte a changé" not in omar.get(home).content.decode()


def test_a_request_waits_for_its_animators_who_answer_with_a_reason(world, signed):
    community = make_community(world.network, access="request", animators=[world.nadia.user])
    home = community.get_absolute_url()
    signed(world.omar).post(f"{home}rejoindre/", {"words": "J'ai un télescope."})
    signed(world.zoe).post(f"{home}rejoindre/", {"words": "Moi aussi."})
    assert [row_of(community, each).state for each in (world.omar, world.zoe)] == ["asked", "asked"]
    assert len(told(world.nadia, "community_asked")) == 2
    assert not REQUESTS.rows(world.team).exists()
    page = signed(world.nadia).get(f"{home}membres/").content.decode()
    assert "J&#x27;ai un télescope." in page
    asked = row_of(community, world.zoe)
    nadia = signed(world.nadia)
    answer = f"{home}membres/{asked.pk}/repondre/"
    assert nadia.post(answer, {"acte": "refuser", "reason": " "}).status_code == 422
    assert nadia.post(answer, {"acte": "refuser", "reason": "C'est complet."}).status_code == 302
    assert nadia.post(answer, {"acte": "accepter"}).status_code == 409
    nadia.post(f"{home}membres/{row_of(community, world.omar).pk}/repondre/", {"acte": "accepter"})
    assert [row_of(community, each).state for each in (world.omar, world.zoe)] == ["member", "refused"]
    assert told(world.omar, "community_answer") == ["Vous êtes membre de « Ciel nocturne »"]
    assert told(world.zoe, "community_answer") == ["Votre demande pour « Ciel nocturne » n'est pas retenue"]
    actions.join_community(by=world.zoe, community=community)
    assert CommunityMember.objects.filter(user=world.zoe.user).count() == 2


def test_a_request_waits_for_the_team_only_while_nobody_animates(world):
    community = make_community(world.network, access="request")
    actions.join_community(by=world.omar, community=community)
    rows = REQUESTS.rows(world.team)
    assert [row.user for row in rows] == [world.omar.user]
    assert REQUESTS.told(world.team, [row.pk for row in rows])[rows[0].pk].url.endswith("/membres/")
    actions.accept_request(by=world.team, row=row_of(community, world.omar))
    actions.set_animator(by=world.team, row=row_of(community, world.omar), animates=True)
    actions.join_community(by=world.zoe, community=community)
    assert not REQUESTS.rows(world.team).exists()
    with pytest.raises(Refused):
        actions.accept_request(by=world.team, row=row_of(community, world.zoe))


def test_an_invitation_by_mail_is_taken_by_its_link_alone_after_a_button(world, signed, settings):
    community = make_community(world.network, access="hidden", animators=[world.nadia.user], charter=CHARTER)
    home = community.get_absolute_url()
    nadia = signed(world.nadia)
    sent = nadia.post(f"{home}membres/inviter/", {"email": "Zoe@Ailleurs.test", "words": "Venez !"})
    assert sent.status_code == 302
    run_waiting()
    letter = next(each for each in mail.outbox if each.to == ["zoe@ailleurs.test"])
    path = re.search(r"/communautes/invitation/[\w-]+/", letter.body)[0]
    zoe = signed(world.zoe)
    assert zoe.get(home).status_code == 404
    assert "Nadia Ferrand vous invite" in zoe.get(path).content.decode()
    assert zoe.get(home).status_code == 404
    assert zoe.post(path)["Location"] == f"{home}rejoindre/"
    assert signed(world.omar).get(path).status_code == 404
    page = zoe.get(home).content.decode()
    assert "Accepter l" in page
    assert "Ce qu’elle rassemble" not in page
    text = community.charters.get()
    assert zoe.post(f"{home}rejoindre/", {"charter": text.sha256, "accepted": "on"}).status_code == 302
    row = row_of(community, world.zoe)
    assert (row.state, row.email) == ("member", "")
    with pytest.raises(Refused):
        actions.invite(by=world.omar, community=community, email="x@exemple.test")


def test_a_person_is_invited_by_name_only_among_those_who_sign(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    make_publication(world.omar, "Signé")
    invite = f"{community.get_absolute_url()}membres/inviter/"
    nadia = signed(world.nadia)
    unknown = nadia.post(invite, {"person": "Zoé Blanc"})
    assert (unknown.status_code, "ne signe de texte ici" in unknown.content.decode()) == (422, True)
    assert nadia.post(invite, {"person": "omar saidi", "words": "Viens"}).status_code == 302
    assert told(world.omar, "community_invited") == ["Nadia Ferrand vous invite dans la communauté « Ciel nocturne »"]
    assert nadia.post(invite, {"person": "Omar Saidi"}).status_code == 409
    signed(world.omar).post(f"{community.get_absolute_url()}decliner/")
    assert row_of(community, world.omar).state == "refused"


def test_one_who_is_removed_loses_all_at_once_and_what_they_placed_stays(world, signed):
    community = make_community(world.network, access="hidden", animators=[world.nadia.user])
    join(community, world.omar)
    text = make_publication(world.nadia, "Placé par Omar")
    actions.place(by=world.omar, community=community, publication=text)
    home, omar = community.get_absolute_url(), signed(world.omar)
    assert omar.get(home).status_code == 200
    row = row_of(community, world.omar)
    signed(world.nadia).post(f"{home}membres/{row.pk}/", {"acte": "retirer"})
    assert [omar.get(path).status_code for path in (home, f"{home}membres/", f"{home}charte/")] == [404, 404, 404]
    assert "Ciel nocturne" not in omar.get(text.get_absolute_url()).content.decode()
    assert "Ciel nocturne" not in omar.get("/mon-reseau/communautes/").content.decode()
    assert not Follow.objects.filter(user=world.omar.user).exists()
    with pytest.raises(Refused):
        actions.place(by=world.omar, community=community, publication=make_publication(world.omar, "Autre"))
    assert "placé par Omar Saidi" in signed(world.nadia).get(home).content.decode()
    assert told(world.omar, "community_answer") == ["Vous ne faites plus partie de « Ciel nocturne »"]


def test_who_was_removed_from_an_open_one_comes_back_once_its_animators_agree(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    join(community, world.omar)
    actions.remove_member(by=world.nadia, row=row_of(community, world.omar), reason="Assez.")
    home, omar = community.get_absolute_url(), signed(world.omar)
    assert "Demander à entrer" in omar.get(home).content.decode()
    assert omar.post(f"{home}rejoindre/", {"words": "Pardon."}).status_code == 302
    row = row_of(community, world.omar)
    assert (row.state, row.words) == ("asked", "Pardon.")
    assert told(world.nadia, "community_asked") != []
    actions.leave_community(by=world.omar, community=community)  # Taking the request back opens no door.
    actions.join_community(by=world.omar, community=community)
    assert row_of(community, world.omar).state == "asked"
    actions.accept_request(by=world.nadia, row=row_of(community, world.omar))
    assert row_of(community, world.omar).state == "member"
    actions.leave_community(
        by=world.omar, community=community
    )  # Let back, then gone by themselves: the door is open again.
    assert "Demander à entrer" not in omar.get(home).content.decode()
    actions.join_community(by=world.omar, community=community)
    assert row_of(community, world.omar).state == "member"


def test_an_invitation_sent_before_a_person_was_removed_lets_nobody_back_and_a_new_one_does(world):
    community = make_community(world.network, access="hidden", animators=[world.nadia.user])
    join(community, world.omar)
    older = actions.invite(by=world.nadia, community=community, email="omar@ailleurs.test")
    actions.remove_member(by=world.nadia, row=row_of(community, world.omar))
    with pytest.raises(Refused, match="retiré depuis"):
        actions.take_invitation(by=world.omar, row=older, token=older.token)
    assert row_of(community, world.omar).state == "removed"
    newer = actions.invite(by=world.nadia, community=community, email="omar@encore.test")
    actions.take_invitation(by=world.omar, row=newer, token=newer.token)
    actions.join_community(by=world.omar, community=community)
    assert row_of(community, world.omar).state == "member"


def test_a_member_who_is_offered_to_animate_at_another_address_does(world):
    community = make_community(world.network, animators=[world.nadia.user])
    join(community, world.omar)
    offer = actions.invite(by=world.nadia, community=community, email="omar@ailleurs.test", role=MemberRole.ANIMATOR)
    actions.take_invitation(by=world.omar, row=offer, token=offer.token)
    row = row_of(community, world.omar)
    assert (row.state, row.role) == ("member", "animator")
    assert not CommunityMember.objects.filter(pk=offer.pk).exists()


def test_the_last_to_animate_names_another_before_leaving(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    join(community, world.omar)
    home, nadia = community.get_absolute_url(), signed(world.nadia)
    assert "nommez-en d" in nadia.get(f"{home}quitter/").content.decode()
    assert nadia.post(f"{home}quitter/").status_code == 409
    own = row_of(community, world.nadia)
    assert nadia.post(f"{home}membres/{own.pk}/", {"acte": "ne-plus-animer"}).status_code == 409
    nadia.post(f"{home}membres/{row_of(community, world.omar).pk}/", {"acte": "animer"})
    assert nadia.post(f"{home}quitter/").status_code == 302
    assert row_of(community, world.nadia).state == "left"


def test_names_are_read_by_members_and_by_others_where_their_owner_agreed(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    join(community, world.omar)
    home = community.get_absolute_url()
    for reader in (None, world.zoe):
        page = signed(reader).get(home).content.decode()
        assert "Omar Saidi" not in page
        assert "Nadia Ferrand" not in page
    assert "Omar Saidi" in signed(world.nadia).get(f"{home}membres/").content.decode()
    signed(world.omar).post(f"{home}ma-place/", {"nom": "oui"})
    assert "Omar Saidi" in signed().get(home).content.decode()
    signed(world.omar).post(f"{home}ma-place/", {"nom": "non"})
    assert "Omar Saidi" not in signed().get(home).content.decode()


def test_two_accounts_made_one_keep_the_stronger_place_and_one_follow_each(world):
    from maillage.accounts.actions import erase_account, merge_accounts

    community = make_community(world.network, access="request", animators=[world.nadia.user])
    gone = make_person(world.network, email="omar@perso.test", name="Omar S.")
    other = viewer(gone, world.network)
    join(community, other)
    actions.join_community(by=world.omar, community=community)
    actions.follow(by=world.omar, target=world.nadia.user)
    actions.follow(by=other, target=world.nadia.user)
    actions.follow(by=other, target=world.omar.user)
    merge_accounts(by=world.omar, other=gone, address=gone.email)
    assert row_of(community, world.omar).state == "member"
    followed = Follow.objects.filter(user=world.omar.user)
    assert sorted(row.kind for row in followed) == ["community", "person"]
    erase_account(by=world.omar, user=world.omar.user)
    assert not Follow.objects.filter(user=world.omar.user).exists()
    assert not CommunityMember.objects.filter(user=world.omar.user).exists()


def test_a_form_sent_twice_asks_once(world, signed):
    community = make_community(world.network, access="request", animators=[world.nadia.user])
    path, omar = f"{community.get_absolute_url()}rejoindre/", signed(world.omar)
    key = re.search(r'name="cle" value="([^"]+)"', omar.get(path).content.decode())[1]
    answers = [omar.post(path, {"cle": key, "words": "Bonjour"}).status_code for _time in range(2)]
    assert answers == [302, 302]
    assert CommunityMember.objects.filter(user=world.omar.user).count() == 1
