"""Following in one click, and « Mon réseau »: what appears, why, what is coming; nobody else knows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.agenda.models import Event
from maillage.communities import actions
from maillage.communities.models import Follow
from maillage.directory.actions.merging import merge
from maillage.publications import actions as publishing
from maillage.publications.models import Credit, Publication
from tests.factories.agenda import make_event
from tests.factories.communities import join, make_community
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def page_of(signed: Any, viewer: Any, path: str = "/mon-reseau/") -> str:
    return signed(viewer).get(path).content.decode().replace("\xa0", " ")


def test_a_click_follows_a_second_one_stops_and_one_comes_back_where_one_was(world, signed):
    sky = make_term("theme", "ciel", label="Ciel")
    text = make_publication(world.nadia, "Étoiles", terms=[sky.pk])
    omar, path = signed(world.omar), text.get_absolute_url()
    page = omar.get(path).content.decode()
    assert f'name="suivre" value="term-{sky.pk}"' in page
    assert f'name="suivre" value="person-{world.nadia.user.pk}"' in page
    sent = omar.post("/suivre/", {"suivre": f"term-{sky.pk}", "retour": path})
    assert (sent.status_code, sent["Location"]) == (302, path)
    omar.post("/suivre/", {"suivre": f"term-{sky.pk}", "retour": path})
    assert [row.code for row in Follow.objects.all()] == [f"term-{sky.pk}"]
    assert f'name="arreter" value="term-{sky.pk}"' in omar.get(path).content.decode()
    omar.post("/suivre/", {"arreter": f"term-{sky.pk}", "retour": path})
    assert not Follow.objects.exists()
    assert not Entry.objects.filter(user=world.omar.user).exists()


@pytest.mark.parametrize("back", ["https://ailleurs.test/", "//ailleurs.test/", "javascript:alert(1)", ""])
def test_one_is_never_led_to_another_site(world, signed, back):
    sky = make_term("theme", "ciel")
    sent = signed(world.omar).post("/suivre/", {"suivre": f"term-{sky.pk}", "retour": back})
    assert sent["Location"] == "/mon-reseau/"


def test_what_may_not_be_named_may_not_be_followed(world, signed):
    draft = make_actor(world.network, "Fiche cachée", state="draft")
    hidden = make_community(world.network, "Secrète", access="hidden", animators=[world.nadia.user])
    region = make_commune().region
    unsigned = world.zoe.user
    audience = make_term("audience", "familles")
    omar = signed(world.omar)
    codes = [f"actor-{draft.pk}", f"community-{hidden.pk}", f"territory-{region.pk}", f"person-{unsigned.pk}",
             f"person-{world.omar.user.pk}", f"term-{audience.pk}", "term-", "x-1", "term-99999999999999999999"]  # fmt: skip
    assert {omar.post("/suivre/", {"suivre": code}).status_code for code in codes} == {404}
    assert not Follow.objects.filter(user=world.omar.user).exists()


def test_the_database_keeps_one_line_for_one_target(world):
    sky, cahors = make_term("theme", "ciel"), make_commune("46042", "Cahors")
    kept = {"network": world.network, "user": world.omar.user}
    Follow.objects.create(**kept, term=sky)
    for wrong in ({"term": sky}, {"term": sky, "territory": cahors}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Follow.objects.create(**kept, **wrong)


def test_my_network_tells_what_appeared_on_what_i_follow_and_why(world, signed):
    sky, bugs = make_term("theme", "ciel", label="Ciel"), make_term("theme", "insectes", label="Insectes")
    cahors = make_commune("46042", "Cahors")
    club = make_actor(world.network, "Astroclub", commune=cahors)
    for target in (sky, cahors.department, club, world.nadia.user):
        actions.follow(by=world.omar, target=target)
    both = make_publication(world.nadia, "Nuit sur Cahors", terms=[sky.pk], places=[cahors.pk])
    make_publication(world.zoe, "Fourmis", terms=[bugs.pk])
    make_publication(world.zoe, "Brouillon du ciel", terms=[sky.pk], state="draft")
    signed_by_club = make_publication(world.zoe, "Carnet du club")
    Credit.objects.create(publication=signed_by_club, actor=club, state="accepted")
    make_event(world.network, "Veillée", commune=cahors)
    make_event(world.network, "En ligne", attendance="online", commune=None)
    page = page_of(signed, world.omar)
    shown = ["Nuit sur Cahors", "Carnet du club", "Veillée"]
    assert [title for title in (*shown, "Fourmis", "Brouillon du ciel", "En ligne") if f">{title}</a>" in page] == shown
    assert f"parce que vous suivez Ciel, {cahors.department.name}, Nadia Ferrand" in page
    assert "parce que vous suivez Astroclub" in page
    narrowed = page_of(signed, world.omar, f"/mon-reseau/?suivi=actor-{club.pk}")
    assert [title for title in shown if f">{title}</a>" in narrowed] == ["Carnet du club"]
    coming = page_of(signed, world.omar, "/mon-reseau/a-venir/")
    assert [title for title in shown if f">{title}</a>" in coming] == ["Veillée"]
    publishing.hide_publication(by=world.team, publication=both)
    assert ">Nuit sur Cahors</a>" not in page_of(signed, world.omar)


def test_an_embargo_is_kept_and_the_latest_to_appear_comes_first(world, signed):
    sky = make_term("theme", "ciel")
    actions.follow(by=world.omar, target=sky)
    old, later = (make_publication(world.nadia, name, terms=[sky.pk]) for name in ("Ancien", "Plus tard"))
    Publication.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=9))
    Publication.objects.filter(pk=later.pk).update(
        published_at=timezone.now() - timedelta(days=20), publish_at=timezone.now() + timedelta(hours=1)
    )
    assert ">Plus tard</a>" not in page_of(signed, world.omar)
    Publication.objects.filter(pk=later.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    page = page_of(signed, world.omar)
    assert page.index(">Plus tard</a>") < page.index(">Ancien</a>")


def test_who_follows_nothing_is_told_where_to_begin(world, signed):
    sky, cahors = make_term("theme", "ciel", label="Ciel"), make_commune("46042", "Cahors")
    mine = make_actor(world.network, "Ma structure", commune=cahors, terms=[sky])
    world.omar.user.actor_memberships.create(actor=mine)
    circle = make_community(world.network, "Lotois curieux")
    hidden = make_community(world.network, "Secrète", access="hidden")
    page = page_of(signed, world.omar)
    offered = [f"term-{sky.pk}", f"territory-{cahors.department.pk}", f"community-{circle.pk}"]
    assert [code for code in (*offered, f"community-{hidden.pk}") if f'value="{code}"' in page] == offered
    assert "Vous ne suivez encore rien" in page
    assert "Secrète" not in page
    for path in ("a-venir/", "communautes/", "suivis/"):
        assert signed(world.omar).get(f"/mon-reseau/{path}").status_code == 200


def test_my_network_costs_the_same_whatever_it_holds(world, signed, same_queries):
    sky, cahors = make_term("theme", "ciel"), make_commune("46042", "Cahors")
    club = make_actor(world.network, "Astroclub", commune=cahors)
    circle = make_community(world.network)
    for target in (sky, cahors, club, circle, world.nadia.user):
        actions.follow(by=world.omar, target=target)
    made = iter(range(100))

    def add() -> None:
        n = next(made)
        text = make_publication(world.nadia, f"Texte {n}", terms=[sky.pk], places=[cahors.pk])
        Credit.objects.create(publication=text, actor=club, state="accepted")
        event = make_event(world.network, f"Événement {n}", commune=cahors)
        event.organisers.create(actor=club)
        actions.place(by=type(world.omar).as_system(world.network, "t"), community=circle, publication=text)

    client = signed(world.omar)
    assert same_queries(page=lambda: client.get("/mon-reseau/"), add=add) < 40
    same_queries(page=lambda: client.get("/mon-reseau/a-venir/"), add=add)


def test_pages_are_long_enough_and_keep_what_is_asked(world, signed):
    sky = make_term("theme", "ciel")
    actions.follow(by=world.omar, target=sky)
    first = make_publication(world.nadia, "Premier", terms=[sky.pk])
    kept = {name: getattr(first, name) for name in ("network", "author", "kind", "state", "published_at")}
    made = Publication.objects.bulk_create(Publication(**kept, title=f"T{n}", slug=f"t{n}") for n in range(30))
    through = Publication.terms.through
    through.objects.bulk_create(through(publication=each, term=sky) for each in made)
    page = page_of(signed, world.omar, f"/mon-reseau/?suivi=term-{sky.pk}&page=2")
    assert page.count("stream__item") == 11
    assert f"suivi=term-{sky.pk}" in page


def test_a_sheet_and_an_event_offer_what_they_are_about_and_a_visitor_a_way_in(world, signed):
    sky, cahors = make_term("theme", "ciel"), make_commune("46042", "Cahors")
    club = make_actor(world.network, "Astroclub", commune=cahors)
    event = make_event(world.network, "Veillée", commune=cahors, terms=[sky])
    event.organisers.create(actor=club)
    sheet = signed(world.omar).get(club.get_absolute_url()).content.decode()
    assert f'value="actor-{club.pk}"' in sheet
    assert f'value="territory-{cahors.pk}"' in sheet
    page = signed(world.omar).get(event.get_absolute_url()).content.decode()
    for code in (f"term-{sky.pk}", f"actor-{club.pk}", f"territory-{cahors.epci.pk}"):
        assert f'value="{code}"' in page
    for path in (club.get_absolute_url(), event.get_absolute_url()):
        visitor = signed().get(path).content.decode()
        assert "/compte/connexion/?next=" in visitor
        assert "csrfmiddlewaretoken" not in visitor


def test_sheets_made_one_are_followed_once(world):
    kept, gone = make_actor(world.network, "Gardé"), make_actor(world.network, "Parti")
    for each in (kept, gone):
        actions.follow(by=world.omar, target=each)
    actions.follow(by=world.zoe, target=gone)
    merge(by=world.team, kept=kept, gone=gone, chosen={})
    assert set(Follow.objects.values_list("user", "actor")) == {
        (world.omar.user.pk, kept.pk), (world.zoe.user.pk, kept.pk)
    }  # fmt: skip


def test_members_follow_what_is_placed_in_their_community(world, signed):
    circle = make_community(world.network, "Ciel nocturne", animators=[world.nadia.user])
    join(circle, world.omar)
    text = make_publication(world.nadia, "Placé là")
    actions.place(by=world.nadia, community=circle, publication=text)
    assert "parce que vous suivez Ciel nocturne" in page_of(signed, world.omar)
    assert Event.objects.count() == 0


def test_what_may_be_named_no_more_leaves_ones_follows(world, signed):
    text = make_publication(world.nadia, "Signé")
    club = make_actor(world.network, "Astroclub")
    for target in (world.nadia.user, club):
        actions.follow(by=world.omar, target=target)
    page = page_of(signed, world.omar, "/mon-reseau/suivis/")
    assert [name for name in ("Nadia Ferrand", "Astroclub") if name in page] == ["Nadia Ferrand", "Astroclub"]
    text.credits.update(state="removed")
    club.listings.update(state="hidden")
    page = page_of(signed, world.omar, "/mon-reseau/suivis/")
    assert [name for name in ("Nadia Ferrand", "Astroclub") if name in page] == []
