"""A hidden community leaks nothing to who is not in it (GRP-1), archived ones change no more (GRP-4), what leaves is public."""

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from maillage.activity.models import Entry, Notice
from maillage.communities import actions
from maillage.communities.actions import joining
from maillage.communities.actions.telling import tell_placed
from maillage.communities.models import Community, CommunityMember, Follow, Placement
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.search.actions import rebuild
from maillage.search.models import Document
from tests.factories.agenda import make_event
from tests.factories.communities import CHARTER, join, make_community
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db
NAME = "Zibelines du forum"
_TOKEN = re.compile(r'(?<=csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture
def secret(world: Any) -> Community:
    """Animated by Nadia, who placed a text, an event and a sheet there."""
    sky, cahors = make_term("theme", "ciel"), make_commune("46042", "Cahors")
    community = make_community(
        world.network, NAME, access="hidden", animators=[world.nadia.user], charter=CHARTER, themes=[sky],
        departments=[cahors.department],
    )  # fmt: skip
    world.text = make_publication(world.nadia, "Texte de tous", terms=[sky.pk])
    world.event = make_event(world.network, "Événement de tous", commune=cahors)
    world.actor = make_actor(world.network, "Acteur de tous", commune=cahors)
    for each in ({"publication": world.text}, {"event": world.event}, {"actor": world.actor}):
        actions.place(by=world.nadia, community=community, **each)
    return community


def test_no_page_of_the_site_names_it_to_others(world, secret, signed):
    pages = ["/communautes/", "/communautes/?archivees=oui", "/communautes/?theme=ciel&departement=46",
             "/recherche/?q=zibelines", "/mon-reseau/", "/mon-reseau/communautes/", "/mon-reseau/suivis/",
             "/sitemap-communautes-1.xml", "/articles/flux.rss?texte=complet", "/api/v1/publications", "/",
             world.text.get_absolute_url(), world.event.get_absolute_url(), world.actor.get_absolute_url(),
             reverse("communities:place", args=["texte", world.text.pk])]  # fmt: skip
    for reader in (None, world.zoe, world.team):
        client = signed(reader)
        named = [path for path in pages if NAME in client.get(path, follow=True).content.decode()]
        assert named == [], reader
    member = signed(world.nadia)
    assert [path for path in pages if NAME in member.get(path, follow=True).content.decode()] == [
        "/mon-reseau/", "/mon-reseau/communautes/", "/mon-reseau/suivis/", *(each.get_absolute_url() for each in (world.text, world.event, world.actor)),
    ]  # fmt: skip


def test_its_addresses_do_not_exist_for_others_and_read_as_any_unknown_one(world, secret, signed):
    home = secret.get_absolute_url()
    for reader in (None, world.zoe, world.team):
        client = signed(reader)
        for path in ("", "flux.rss", "charte/"):
            assert client.get(home + path).status_code == 404
        unknown, hidden = (
            _TOKEN.sub("", client.get(path).content.decode()) for path in ("/communautes/inconnue/", home)
        )
        assert hidden.replace(secret.slug, "inconnue") == unknown
    assert signed(world.zoe).get(f"{home}membres/").status_code == 404
    assert signed(world.zoe).post(f"{home}rejoindre/").status_code == 404
    assert signed(world.nadia).get(f"{home}flux.rss").status_code == 404


def test_the_search_has_no_document_of_it_whoever_looks(world, secret):
    public = make_community(world.network, "Cercle public")
    rebuild(["community"])
    assert list(Document.objects.filter(kind="community").values_list("title", flat=True)) == ["Cercle public"]
    fields = {"name": "Cercle public", "summary": "Devenu discret.", "access": "hidden"}
    join(public, world.nadia, animates=True)
    actions.follow(by=world.zoe, target=public)
    actions.edit_community(by=world.nadia, community=public, fields=fields)
    assert not Document.objects.filter(kind="community").exists()
    assert not Follow.objects.filter(user=world.zoe.user).exists()


def test_the_team_reads_its_name_and_counts_alone_and_may_archive_it(world, secret, signed):
    team, home = signed(world.team), secret.get_absolute_url()
    table = team.get("/travail/communautes/").content.decode()
    assert NAME in table
    assert f'href="{home}"' not in table
    assert [team.get(home + path).status_code for path in ("", "membres/", "modifier/", "export.zip")] == [
        404,
        403,
        403,
        403,
    ]
    assert team.post(f"{home}archiver/").status_code == 302
    assert Community.objects.get(pk=secret.pk).is_archived


def test_notices_of_what_is_placed_there_go_to_members_alone(world, secret):
    join(secret, world.omar)
    Follow.objects.create(network=world.network, user=world.zoe.user, community=secret)  # As an old line would be.
    other = make_publication(world.nadia, "Autre texte")
    actions.place(by=world.nadia, community=secret, publication=other)
    run_waiting()
    told = Notice.objects.filter(kind="followed", title__contains="Autre texte")
    assert set(told.values_list("user", flat=True)) == {world.omar.user.pk}
    assert (
        not Notice.objects.filter(title__contains=NAME).exclude(user__in=[world.omar.user, world.nadia.user]).exists()
    )


def test_an_archived_one_is_read_and_nothing_changes_nor_leaves_by_mail(world, signed):
    community = make_community(world.network, animators=[world.nadia.user], charter=CHARTER)
    join(community, world.omar)
    asked = make_community(world.network, "Demandes", access="request", animators=[world.nadia.user])
    actions.join_community(by=world.zoe, community=asked)
    text, other = (make_publication(world.nadia, name) for name in ("Déjà là", "Trop tard"))
    placement = actions.place(by=world.omar, community=community, publication=text)
    for each in (community, asked):
        actions.archive_community(by=world.nadia, community=each)
    tell_placed.enqueue(placement_id=placement.pk)
    run_waiting()
    assert not Notice.objects.filter(kind="followed").exists()
    assert CommunityMember.objects.get(community=asked, user=world.zoe.user).state == "refused"
    row, sha = CommunityMember.objects.get(community=community, user=world.omar.user), community.charters.get().sha256
    for act in (
        lambda: actions.place(by=world.omar, community=community, publication=other),
        lambda: actions.unplace(by=world.omar, placement=placement),
        lambda: actions.put_first(by=world.nadia, placement=placement, first=True),
        lambda: actions.join_community(by=world.zoe, community=community, charter=sha),
        lambda: actions.invite(by=world.nadia, community=community, email="x@exemple.test"),
        lambda: actions.remove_member(by=world.nadia, row=row),
        lambda: actions.change_charter(by=world.nadia, community=community, body="<p>Autre</p>"),
        lambda: actions.edit_community(by=world.nadia, community=community, fields={"name": "Autre"}),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 409
    page = signed().get(community.get_absolute_url()).content.decode()
    assert "archivée depuis" in page
    assert "Déjà là" in page
    assert "Ciel nocturne" not in signed().get("/communautes/").content.decode()
    assert "Ciel nocturne" in signed().get("/communautes/?archivees=oui").content.decode()
    actions.reopen_community(by=world.nadia, community=community)
    actions.place(by=world.omar, community=community, publication=other)


def test_its_animators_take_it_away_whole(world, secret, signed):
    join(secret, world.omar)
    CommunityMember.objects.filter(user=world.omar.user).update(words="=1+1")
    answer = signed(world.nadia).get(f"{secret.get_absolute_url()}export.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["communaute.json", "membres.csv", "charte-1.txt", "charte-1.html"]
    told = json.loads(archive.read("communaute.json"))
    assert (told["nom"], told["departements"]) == (NAME, ["46"])
    assert sorted(each["titre"] for each in told["contenus"]) == [
        "Acteur de tous",
        "Texte de tous",
        "Événement de tous",
    ]
    rows = list(csv.reader(io.StringIO(archive.read("membres.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Nadia Ferrand", "Omar Saidi"]
    assert signed(world.omar).get(f"{secret.get_absolute_url()}export.zip").status_code == 403


def test_what_everyone_reads_alone_is_placed_once_and_a_page_shows_where(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    join(community, world.omar)
    text, draft = make_publication(world.omar, "Texte"), make_publication(world.omar, "Brouillon", state="draft")
    omar = signed(world.omar)
    page = omar.get(text.get_absolute_url()).content.decode()
    path = reverse("communities:place", args=["texte", text.pk])
    assert path in page
    assert path not in signed(world.zoe).get(text.get_absolute_url()).content.decode()
    assert omar.post(path, {"community": community.pk, "words": "Pour le ciel"}).status_code == 302
    assert omar.post(path, {"community": community.pk}).status_code == 422
    assert omar.get(reverse("communities:place", args=["texte", draft.pk])).status_code == 404
    with pytest.raises(Refused):
        actions.place(by=world.omar, community=community, publication=draft)
    assert Placement.objects.count() == 1
    visitor = signed().get(text.get_absolute_url()).content.decode()
    assert f'<a href="{community.get_absolute_url()}">Ciel nocturne</a>' in visitor
    feed = signed().get(f"{community.get_absolute_url()}flux.rss").content.decode()
    assert ("<title>Texte</title>" in feed, "Pour le ciel" in feed) == (True, True)
    second = actions.place(by=world.nadia, community=community, publication=make_publication(world.nadia, "Second"))
    home = signed(world.nadia).get(community.get_absolute_url()).content.decode()
    assert home.index(">Second</a>") < home.index(">Texte</a>")
    first = Placement.objects.get(publication=text)
    signed(world.nadia).post(f"{community.get_absolute_url()}contenus/{first.pk}/", {"acte": "tete"})
    home = signed(world.nadia).get(community.get_absolute_url()).content.decode()
    assert home.index(">Texte</a>") < home.index(">Second</a>")
    assert omar.post(f"{community.get_absolute_url()}contenus/{second.pk}/", {"acte": "retirer"}).status_code == 403


def test_pages_cost_the_same_whatever_they_hold(world, signed, same_queries):
    community = make_community(world.network, animators=[world.nadia.user])
    numbers = iter(range(100))

    def add() -> None:
        n = next(numbers)
        make_community(world.network, f"Cercle {n}", animators=[world.nadia.user])
        for each in ({"publication": make_publication(world.nadia, f"T{n}")}, {"event": make_event(world.network, f"E{n}")},
                     {"actor": make_actor(world.network, f"A{n}")}):  # fmt: skip
            actions.place(by=world.nadia, community=community, **each)

    for reader, path in ((None, "/communautes/"), (world.nadia, community.get_absolute_url()),
                         (world.nadia, "/mon-reseau/communautes/"), (world.team, "/travail/communautes/")):  # fmt: skip
        client = signed(reader)
        same_queries(page=lambda client=client, path=path: client.get(path), add=add)


def test_a_community_is_opened_by_the_team_written_by_its_animators_and_two_writers_are_told(world, signed):
    team = signed(world.team)
    given = {"name": "Sciences à la campagne", "summary": "Y revenir.", "access": "request", "charter": CHARTER,
             "animator": "nadia@exemple.test"}  # fmt: skip
    assert team.post("/travail/communautes/nouvelle/", {**given, "name": ""}).status_code == 422
    assert team.post("/travail/communautes/nouvelle/", given)["Location"] == "/communautes/sciences-a-la-campagne/"
    community = Community.objects.get()
    assert CommunityMember.objects.filter(community=community, role="animator").count() == 2
    path = f"{community.get_absolute_url()}modifier/"
    assert signed(world.nadia).get(path).status_code == 403
    page = team.get(path).content.decode()
    seen = page.split('name="vu" value="')[1].split('"')[0]
    values = {"name": "Autre nom", "summary": "Y revenir.", "access": "request", "description": "", "vu": seen}
    Community.objects.filter(pk=community.pk).update(name="Changé ailleurs")
    assert team.post(path, values).status_code == 409
    Community.objects.filter(pk=community.pk).update(name="Sciences à la campagne")
    assert team.post(path, values).status_code == 302
    assert Community.objects.get().name == "Autre nom"


def test_a_community_whose_animator_cannot_be_invited_is_not_opened_at_all(world, signed, monkeypatch):
    monkeypatch.setattr(joining, "MOST_INVITED", 0)
    given = {"name": "À moitié", "summary": "Y revenir.", "access": "open", "charter": CHARTER,
             "animator": "nadia@exemple.test"}  # fmt: skip
    assert signed(world.team).post("/travail/communautes/nouvelle/", given).status_code == 422
    assert not Community.objects.exists()


def test_a_picture_comes_with_its_words_and_goes_alone(world, signed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    community = make_community(world.network, animators=[world.nadia.user])
    path, nadia = f"{community.get_absolute_url()}modifier/", signed(world.nadia)

    def send(**given: Any) -> int:
        seen = nadia.get(path).content.decode().split('name="vu" value="')[1].split('"')[0]
        kept = {"name": "Ciel nocturne", "summary": "Observer, raconter, éteindre.", "access": "open", "vu": seen}
        return nadia.post(path, {**kept, **given}).status_code

    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "navy").save(stream, "PNG")
    words = {
        "image_role": "decrit",
        "image_alt": "La Voie lactée",
        "image_credit": "Marie Durand",
        "image_licence": "cc-by",
    }
    photo = {"image": SimpleUploadedFile("ciel.png", stream.getvalue(), "image/png")}
    assert send(**photo) == 422
    photo["image"].seek(0)
    assert send(**photo, **words) == 302
    kept = Community.objects.get()
    assert (kept.image_alt, kept.image.name.startswith("communities/")) == ("La Voie lactée", True)
    assert 'alt="La Voie lactée"' in signed().get(kept.get_absolute_url()).content.decode()
    assert send(**words, remove="on") == 302
    assert not Community.objects.get().image


def test_a_member_places_a_page_of_the_site_by_its_address_alone(world, signed):
    community = make_community(world.network, animators=[world.nadia.user])
    event, club = make_event(world.network, "Veillée"), make_actor(world.network, "Astroclub")
    text = make_publication(world.nadia, "Texte")
    draft = make_publication(world.nadia, "Brouillon", state="draft")
    nadia, path = signed(world.nadia), f"{community.get_absolute_url()}contenus/placer/"
    for each in (event, club, text):
        assert nadia.post(path, {"address": f"https://testserver{each.get_absolute_url()}?x=1"}).status_code == 302
    wrong = (draft.get_absolute_url(), "https://ailleurs.test/agenda/x/", "/agenda/", "/compte/avis/", "")
    assert {nadia.post(path, {"address": address}).status_code for address in wrong} == {422}
    assert Placement.objects.count() == 3


def test_the_journal_says_neither_who_is_in_a_hidden_one_nor_what_it_holds(world, secret):
    join(secret, world.omar)
    actions.leave_community(by=world.omar, community=secret)
    entries = Entry.objects.about(secret).exclude(verb="community.create")
    assert entries.filter(verb="community.place").count() == 3
    assert {(entry.user_id, entry.system, str(entry.details), str(entry.changes)) for entry in entries} == {
        (None, "Une personne de la communauté", "{}", "{}")
    }


def test_its_archive_tells_what_its_animator_may_still_read(world, secret, signed):
    type(world.text).objects.filter(pk=world.text.pk).update(state="hidden")
    answer = signed(world.nadia).get(f"{secret.get_absolute_url()}export.zip")
    told = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("communaute.json"))
    assert [each["titre"] for each in told["contenus"] if each["titre"] == "Texte de tous"] == []
    assert len(told["contenus"]) == 2


def test_the_filters_of_the_team_tell_nothing_of_it_but_its_name(world, secret, signed):
    Community.objects.filter(pk=secret.pk).update(summary="Zinc et zircon")
    team = signed(world.team)
    for query, seen in (("q=zibelines", True), ("q=zircon", False), ("theme=ciel", False), ("departement=46", False)):
        assert (NAME in team.get(f"/travail/communautes/?{query}").content.decode()) is seen
