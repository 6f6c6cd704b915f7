"""What the search knows of publications: a kind for each section."""

import importlib
import re

import pytest
from django.apps import apps
from django.db.models import Value
from django.db.models.functions import Replace
from django.http import QueryDict
from django.utils import timezone

from maillage.publications.actions import submit_publication
from maillage.publications.actions.composing import add_piece
from maillage.publications.models import Publication
from maillage.publications.queries.documents import KINDS
from maillage.publications.queries.filters import Filters
from maillage.publications.queries.selecting import select
from maillage.search.actions import rebuild
from maillage.search.models import Document
from maillage.search.queries import search
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(world):
    """An article, a portrait, an announcement and a dossier about salt."""
    make_publication(world.team, "Le sel A")
    make_publication(world.team, "Le sel B", kind="portrait")
    make_publication(world.team, "Le sel C", kind="announcement", announcement="emploi", closes_on=timezone.localdate())
    dossier = make_publication(world.team, "Le sel D", kind="dossier", state="draft")
    add_piece(by=world.team, dossier=dossier, publication=Publication.objects.get(kind="article"))
    submit_publication(by=world.team, publication=dossier)
    world.network.refresh_from_db()
    return world


def letters(html):
    return [letter for letter in "ABCD" if f"Le sel {letter}</a>" in html]


@pytest.mark.parametrize(
    ("nature", "found"),
    [("", "ABCD"), ("article", "AB"), ("announcement", "C"), ("dossier", "D"), ("publication", "ABCD")],
)
def test_the_search_narrows_to_articles_announcements_or_dossiers(client, texts, nature, found):
    html = client.get("/recherche/", {"q": "sel", "nature": nature}).content.decode()
    assert letters(html) == list(found)
    assert [f'{label} <span class="badge">{number}</span>' in html for label, number in (("Articles", 2), ("Annonces", 1), ("Dossiers", 1))] == [
        True, True, True,
    ]  # fmt: skip


def test_the_address_of_the_former_kind_is_kept_by_the_forms(client, texts):
    html = client.get("/recherche/", {"q": "sel", "nature": "publication"}).content.decode()
    assert '<input type="hidden" name="nature" value="publication">' in html
    assert re.findall(r'<a class="tabs__link"[^>]*aria-current="page"[^>]*>(?:<svg.*?</svg>)?(\w+)', html) == [
        "Articles",
        "Annonces",
        "Dossiers",
    ]


def test_an_upgrade_tells_apart_what_was_of_one_kind(texts):
    before = {(row.pk, row.kind, row.scope) for row in Document.objects.filter(kind__in=KINDS)}
    for kind in KINDS:
        Document.objects.filter(kind=kind).update(
            kind="publication", scope=Replace("scope", Value(kind), Value("publication"))
        )
    assert search(texts.network, "sel", kinds=["dossier"]).total == 0
    importlib.import_module("maillage.publications.migrations.0004_kinds_of_the_search").tell_apart(apps, None)
    assert {(row.pk, row.kind, row.scope) for row in Document.objects.all()} == before
    assert [hit.title for hit in search(texts.network, "sel", kinds=["dossier"]).hits] == ["Le sel D"]


def test_each_kind_is_read_again_from_its_own_source(texts):
    assert rebuild(KINDS) == {"article": 2, "announcement": 1, "dossier": 1}


def test_a_list_finds_the_texts_of_its_section_alone(texts):
    for section, number in (("articles", 2), ("annonces", 1), ("dossiers", 1), ("", 4)):
        assert len(select(Filters.from_params(QueryDict("q=sel"), texts.network, section)).matched.ids) == number


def test_an_announcement_is_worth_less_past_its_day(texts):
    assert Document.objects.get(kind="announcement").ends_on == timezone.localdate()
    assert set(Document.objects.exclude(kind="announcement").values_list("ends_on", flat=True)) == {None}
