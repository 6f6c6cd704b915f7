"""Publications through the API: as everyone reads them, followed by programs without loss."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from maillage.publications import actions
from maillage.publications.models import Publication
from tests.factories.directory import make_actor, make_commune, make_term
from tests.factories.publications import make_publication, make_publication_world

pytestmark = pytest.mark.django_db
LIST = "/api/v1/publications"


@pytest.fixture
def world(db: None) -> Any:
    return make_publication_world()


def walk(query: str = "limit=2") -> tuple[list[str], list[int], str]:
    """Every publication and tombstone met by following cursors."""
    met: list[str] = []
    gone: list[int] = []
    cursor = ""
    while cursor is not None:
        page = Client().get(f"{LIST}?{query}&cursor={cursor}").json()
        met += [item["title"] for item in page["items"]]
        gone += [item["id"] for item in page["tombstones"]]
        cursor = page["next"]
    return met, gone, page["marker"]


def written(moment: Any) -> str:
    return moment.isoformat().replace("+", "%2B")


def test_a_publication_is_told_whole_with_who_signs_it(world, client):
    cahors = make_commune("46042", "Cahors")
    one = make_publication(
        world.nadia, "Entier", kind="portrait", places=[cahors.pk], terms=[make_term("theme", "ciel", label="Ciel").pk],
        body='<p>Voir <a href="/agenda/">ici</a>.</p>',
    )  # fmt: skip
    told = client.get(f"{LIST}/{one.slug}").json()
    assert told["kind"] == "portrait"
    assert told["url"] == f"http://testserver/articles/{one.slug}/"
    assert told["text"].startswith('<p>Voir <a href="http://testserver/agenda/"')
    assert told["signatures"] == [{"name": "Nadia Ferrand", "url": "", "is_actor": False}]
    assert (told["themes"], told["places"]) == (
        [{"slug": "ciel", "label": "Ciel"}],
        [{"code": "46042", "name": "Cahors"}],
    )
    assert "author" not in told


def test_an_actor_is_led_to_only_where_its_sheet_is_public(world, client):
    for state in ("published", "draft"):
        actor = make_actor(world.network, f"Acteur {state}", state=state)
        one = make_publication(world.team, f"Signé {state}")
        one.credits.update(actor=actor, user=None, name="", state="accepted")
        url = f"http://testserver{actor.get_absolute_url()}" if state == "published" else ""
        told = client.get(f"{LIST}/{one.slug}").json()["signatures"]
        assert told == [{"name": actor.name, "url": url, "is_actor": True}]


def test_filters_are_those_of_the_pages(world):
    make_publication(world.team, "Un article")
    make_publication(world.team, "Un portrait", kind="portrait")
    make_publication(world.team, "Un poste", kind="announcement")
    assert walk()[0] == ["Un article", "Un portrait", "Un poste"]
    assert walk("rubrique=annonces")[0] == ["Un poste"]
    assert walk("nature=portrait")[0] == ["Un portrait"]
    assert walk("type=emploi")[0] == ["Un poste"]


def test_since_gives_changes_and_tombstones_once(world, client):
    kept, hidden, taken, still = (
        make_publication(world.team, title) for title in ("Gardé", "Retiré", "Repris", "Même")
    )
    before = timezone.now()
    marker = walk()[2]
    assert walk(f"since={marker}")[:2] == ([], [])
    actions.feature_publication(by=world.team, publication=kept, featured=True)
    actions.hide_publication(by=world.team, publication=hidden)
    actions.take_back_publication(by=world.team, publication=taken)
    for asked in (f"since={marker}", f"updated_since={written(before)}"):
        assert walk(f"limit=1&{asked}")[:2] == (["Gardé"], [hidden.pk, taken.pk])
    assert [client.get(f"{LIST}/{each.slug}").status_code for each in (hidden, taken, still)] == [410, 410, 200]


def test_nothing_is_said_of_what_nobody_has_read_yet(world, client):
    """Neither a draft, nor a refusal, nor what waits for its moment, even taken out before it."""
    draft = make_publication(world.nadia, "Brouillon", state="draft")
    proposed = make_publication(world.nadia, "Proposé", state="proposed")
    actions.refuse_publication(by=world.team, publication=proposed, code="inexact", reason="Sans source.")
    waiting = []
    for title in ("Sous embargo", "Ôté avant l'heure"):
        one = make_publication(world.team, title, state="draft")
        later = timezone.now() + timedelta(hours=1)
        actions.change_settings(by=world.team, publication=one, publish_at=later, comments_open=True)
        waiting.append(actions.submit_publication(by=world.team, publication=one))
    actions.hide_publication(by=world.team, publication=waiting[1])
    Publication.objects.filter(pk=waiting[1].pk).update(publish_at=timezone.now())
    long_ago = written(timezone.now() - timedelta(days=9))
    assert walk(f"updated_since={long_ago}")[:2] == ([], [])
    for each in (draft, proposed, *waiting):
        assert client.get(f"{LIST}/{each.slug}").status_code == 404


def test_the_end_of_an_embargo_is_a_change(world):
    one = make_publication(world.team, "Sous embargo")
    long_ago = timezone.now() - timedelta(days=9)
    Publication.objects.filter(pk=one.pk).update(publish_at=timezone.now(), updated_at=long_ago)
    assert walk(f"updated_since={written(timezone.now() - timedelta(hours=1))}")[0] == ["Sous embargo"]


def test_an_announcement_past_its_day_leaves(world, client):
    over = make_publication(world.team, "Terminée", kind="announcement")
    marker = walk()[2]
    yesterday = timezone.localdate() - timedelta(days=1)
    long_ago = timezone.now() - timedelta(days=30)
    Publication.objects.filter(pk=over.pk).update(closes_on=yesterday, updated_at=long_ago)
    two_days_ago = written(timezone.now() - timedelta(days=2))
    assert walk(f"updated_since={two_days_ago}")[:2] == ([], [over.pk])
    actions.minding.mark_changed(over)  # As the task of the day does: `close_announcements`.
    assert walk(f"since={marker}")[:2] == ([], [over.pk])
    assert client.get(f"{LIST}/{over.slug}").status_code == 410


def test_who_has_the_version_gets_304_until_something_changes(world, client):
    one = make_publication(world.team)
    etag = client.get(LIST)["ETag"]
    assert client.get(LIST, headers={"If-None-Match": etag}).status_code == 304
    actions.feature_publication(by=world.team, publication=one, featured=True)
    assert client.get(LIST, headers={"If-None-Match": etag}).status_code == 200


def test_the_number_of_queries_does_not_grow(world, same_queries: Callable[..., int]):
    sky = make_term("theme", "ciel")
    made = iter(range(9))
    same_queries(
        page=lambda: Client().get(f"{LIST}?theme=ciel"),
        add=lambda: make_publication(world.nadia, f"Texte {next(made)}", terms=[sky.pk]),
    )
