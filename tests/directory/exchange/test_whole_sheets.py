"""Whole sheets leave and come back: the same network finds them identical, an empty one has the same actors again."""

import io
import json
import unicodedata
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.richtext import sanitised
from maillage.directory.actions import create_actor, set_circle
from maillage.directory.enums import ListingState, PlaceAccess
from maillage.directory.exchange.fields import FIELDS
from maillage.directory.exchange.outgoing import LONGEST_CELL, whole_columns, whole_rows
from maillage.directory.models import Actor, Identifier, Listing, Qualification
from maillage.exchange import actions
from maillage.exchange.actions import undo_batch
from maillage.exchange.kit import csv_lines, json_parts, write_xlsx
from maillage.networks.actions import set_term
from tests.factories.accounts import make_admin, viewer
from tests.factories.directory import make_actor, make_term, make_territory
from tests.factories.imports import ran

pytestmark = pytest.mark.django_db
KINDS = ["csv", "xlsx", "json"]


@pytest.fixture
def world(world):
    world.communes = [world.montpellier, world.auch]
    world.terms = [make_term("theme", "astronomie"), make_term("theme", "climat"), make_term("audience", "familles")]
    return world


def exported(world, kind):
    ids = list(Actor.objects.order_by("-pk").values_list("pk", flat=True))
    rows = whole_rows(world.by, ids, longest=LONGEST_CELL if kind == "xlsx" else None)
    if kind == "xlsx":
        stream = io.BytesIO()
        write_xlsx(stream, whole_columns(), rows)
        return stream.getvalue()
    return b"".join({"csv": csv_lines, "json": json_parts}[kind](whole_columns(), rows))


def imported(world, content, kind, *, apply=True):
    file = ContentFile(content, name=f"fiches.{kind}")
    batch = actions.receive_file(by=world.by, file=file, target="actors")
    assert batch.recipe_key == "fiches-completes"
    batch = actions.use_recipe(by=world.by, batch=batch, key=batch.recipe_key, spec=batch.options["recipe"])
    return ran(world.by, batch, apply=apply)


def told(batch):
    return [(line.label, line.verdict, line.faults, line.changes) for line in batch.lines.exclude(verdict="identical")]


# Names as the forms of the site let them in: a formula, quotes, accents, capitals, what looks like code, other scripts.
_letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])
_text = st.text(_letters, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
_names = _text | st.sampled_from(
    [
        "=1+1",
        "'=2",
        '"Les Curieux"',
        "« Planète »",
        "MUSEE DES SCIENCES",
        "Écomusée ; suite",
        "-3",
        "＝cmd",
        "a | b",
        "12",
    ]
)
_paragraphs = st.lists(_text, min_size=1, max_size=3).map(
    lambda parts: sanitised("\n".join(f"<p>{part}</p>" for part in parts).replace("<p></p>", ""))
)
_actors = st.fixed_dictionaries(
    {"name": _names},
    optional={
        "kind": st.sampled_from(["organisation", "person"]),
        "acronym": st.sampled_from(["CNRS", "+A", "L'É"]),
        "siret": st.just("18008901303720"),
        "rna": st.just("W343012345"),
        "summary": _names,
        "description": _paragraphs,
        "address": _names,
        "postal_code": st.sampled_from(["34000", "09100"]),
        "website": st.sampled_from(["https://exemple.org/a;b?c=d", "http://musee.exemple.org/"]),
        "email": st.sampled_from(["bonjour@exemple.org", "a@b.fr"]),
        "phone": st.sampled_from(["04 67 00 00 00", "+32 2 123 45 67"]),
        "contact_name": _names,
        "contact_is_public": st.booleans(),
        "languages": st.lists(st.sampled_from(["fr", "oc", "fsl", "jv"]), unique=True),
        "place_access": st.lists(st.sampled_from(PlaceAccess.values), unique=True),
        "access_notes": _names,
        "image_alt": _names,
        "image_credit": _names,
        "update_rhythm": st.integers(1, 36),
        "source": _names,
        "commune": st.integers(0, 1),
        "point": st.booleans(),
        "terms": st.lists(st.integers(0, 2), unique=True),
        "zone": st.booleans(),
        "family": st.booleans(),
        "parent": st.booleans(),
        "circle": st.sampled_from([1, 2, 3]),
        "identifier": st.booleans(),
        "confirmed": st.booleans(),
        "state": st.sampled_from(ListingState.values),
        "since": st.dates(date(2001, 1, 1), date(2025, 1, 1)),
    },
)


def made(world, values, number, last):
    """An actor from drawn values; `last` is the one before it."""
    values = dict(values)
    drawn = {
        name: values.pop(name, None)
        for name in ("point", "zone", "family", "parent", "circle", "identifier", "confirmed", "state", "since")
    }
    if "commune" in values:
        values["commune"] = world.communes[values["commune"]]
        if drawn["point"]:
            values |= {"latitude": values["commune"].latitude + 0.0123, "longitude": values["commune"].longitude}
            values["position_quality"] = "address"
    values["terms"] = [world.terms[rank] for rank in values.get("terms", ())]
    if drawn["zone"]:
        values["zone"] = [
            make_territory("department", "34", "Département 34"),
            make_territory("region", "76", "Occitanie"),
        ]
    if drawn["family"]:
        values["family"] = world.family
    if drawn["parent"] and last is not None:
        values["parent"] = last
    identifiers = {"museofile": f"M{number}", "liste:essai": f"x={number}", "ror": f"0{number}"}
    actor = create_actor(by=world.by, values=values, identifiers=identifiers if drawn["identifier"] else None)
    if drawn["circle"]:
        set_circle(by=world.by, actor=actor, circle=drawn["circle"], reason="Vu sur place")
        Qualification.objects.filter(actor=actor).update(since=drawn["since"] or timezone.localdate())
    Listing.objects.filter(actor=actor).update(state=drawn["state"] or "published")
    if not drawn["confirmed"]:
        Actor.objects.filter(pk=actor.pk).update(confirmed_at=None)
    return actor


def composed(value):
    """A letter and its accent come back as one character: the same text, as people and Unicode understand it."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def everything():
    """All that is worth keeping, by address."""
    names = [
        field.name
        for field in Actor._meta.fields
        if field.name
        not in ("id", "created_at", "updated_at", "confirmed_at", "provenance", "home_network", "parent", "image")
    ]
    given = Qualification.objects.values_list("actor__slug", "circle", "reason", "since")
    circles = {slug: told for slug, *told in given}
    return {
        actor.slug: {
            **{name: composed(getattr(actor, name)) for name in names},
            "confirmed_on": actor.confirmed_at and timezone.localdate(actor.confirmed_at),
            "parent": actor.parent and actor.parent.slug,
            "terms": sorted(actor.terms.values_list("pk", flat=True)),
            "zone": sorted(actor.zone.values_list("pk", flat=True)),
            "identifiers": sorted(Identifier.objects.filter(actor=actor).values_list("scheme", "value")),
            "circle": circles.get(actor.slug),
            "state": actor.listings.get().state,
        }
        for actor in Actor.objects.select_related("parent")
    }


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(_actors, min_size=1, max_size=4))
def test_what_leaves_comes_back_identical_and_rebuilds_an_empty_network(world, kind, drawn):
    Actor.objects.all().delete()
    last = None
    for number, values in enumerate(drawn):
        last = made(world, values, number, last)
    content, before = exported(world, kind), everything()
    assert told(imported(world, content, kind, apply=False)) == []
    Actor.objects.all().delete()
    imported(world, content, kind)
    assert everything() == before


def test_every_field_of_an_import_has_its_column_and_the_reverse():
    assert whole_columns() == [str(field.label) for field in FIELDS]
    assert len(set(whole_columns())) == len(FIELDS)


def test_the_words_of_a_sheet_are_those_of_the_network(world):
    """A term that it hides is not told; one that it renames leaves, and comes back, under the name it has here."""
    admin = viewer(make_admin(world.network), world.network)
    set_term(by=admin, network=world.network, term=world.terms[0], hidden=True)
    set_term(by=admin, network=world.network, term=world.terms[1], label="Le temps qu'il fera")
    set_term(by=admin, network=world.network, term=world.family, hidden=True)
    actor = make_actor(world.network, "Astro", terms=world.terms, family=world.family)
    row = dict(zip(whole_columns(), *whole_rows(world.by, [actor.pk]), strict=True))
    assert (row["Famille"], row["Thématiques"], row["Publics"]) == ("", ["Le temps qu'il fera"], ["Familles"])
    assert told(imported(world, exported(world, "csv"), "csv", apply=False)) == []


def test_a_file_sets_the_state_of_new_sheets_alone(world):
    make_actor(world.network, "Astro", state="published")
    slug = Actor.objects.get().slug
    head = "Nom;Identifiant Maillage;État de la fiche"
    batch = imported(world, f"{head}\nAstro;{slug};masquée\nNeuf;neuf;à valider\n".encode(), "csv")
    assert dict(Listing.objects.values_list("actor__name", "state")) == {"Astro": "published", "Neuf": "pending"}
    undo_batch(by=world.by, batch=batch)
    assert [actor.name for actor in Actor.objects.all()] == ["Astro"]


def test_columns_taken_out_by_a_person_change_nothing(world):
    make_actor(world.network, "Musée", email="a@b.fr", commune=world.communes[0])
    head = ["Nom", "Identifiant Maillage", "En une phrase"]
    slug = Actor.objects.get().slug
    batch = imported(world, f"{';'.join(head)}\nMusée;{slug};Le ciel\n".encode(), "csv")
    actor = Actor.objects.get()
    assert (actor.summary, actor.email, batch.counts["updated"]) == ("Le ciel", "a@b.fr", 1)


def test_a_whole_sheet_asks_for_nothing_that_the_actor_lacks(world):
    """Neither the postal code of its commune, nor a commune from its point, nor the SIREN of its SIRET."""
    make_actor(world.network, "Sans lieu", siret="18008901303720")
    make_actor(world.network, "Sans code", commune=world.communes[0])
    assert told(imported(world, exported(world, "csv"), "csv", apply=False)) == []


def test_a_text_too_long_for_a_workbook_is_left_out_of_it_and_stays(world):
    actor = make_actor(world.network, "Bavard", description=f"<p>{'mot ' * 9000}</p>")
    assert told(imported(world, exported(world, "xlsx"), "xlsx")) == []
    before = actor.description
    actor.refresh_from_db()
    assert actor.description == before


def test_sheets_cost_the_same_for_one_and_three_actors(world, same_queries):
    ids = []
    same_queries(
        page=lambda: list(whole_rows(world.by, ids)),
        add=lambda: ids.append(
            make_actor(world.network, commune=world.communes[0], terms=world.terms, zone=world.communes).pk
        ),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_the_table_gives_whole_sheets_and_the_journal_keeps_it(client, world, kind):
    client.defaults["HTTP_HOST"] = "ici.test"
    client.force_login(world.user)
    make_actor(world.network, "=cmd()")
    response = client.post(reverse("directory:actor_table_export"), {"fiches": kind})
    content = response.getvalue()
    assert response["Content-Disposition"].startswith('attachment; filename="fiches-')
    if kind == "json":
        assert [row["Nom"] for row in json.loads(content)] == ["=cmd()"]
    assert told(imported(world, content, kind, apply=False)) == []
