"""Undoing an import: what goes, what stays, what is told of it."""

import pytest

from maillage.accounts.actions import forbid_address
from maillage.accounts.models import Role
from maillage.accounts.queries import viewer_for
from maillage.core import jobs
from maillage.core.errors import Conflict, Refused
from maillage.directory.actions import add_note, update_actor
from maillage.directory.models import Actor, Tombstone
from maillage.directory.queries.index import ActorIndex
from maillage.exchange import actions
from maillage.exchange.models import Batch
from maillage.exchange.queries.showing import undoing
from maillage.search.models import Document
from tests.factories.directory import make_actor, make_network
from tests.factories.imports import LINES, imported

pytestmark = pytest.mark.django_db


def test_undoing_removes_what_was_created_and_leaves_tombstones(world):
    batch = imported(world, LINES)
    ids = set(Actor.objects.values_list("pk", flat=True))
    actions.request_undo(by=world.by, batch=batch)
    jobs.run_waiting()
    batch.refresh_from_db()
    assert (batch.status, Actor.objects.count()) == ("undone", 0)
    with pytest.raises(Conflict, match=r"Déjà annulé le .* par "):
        actions.request_undo(by=world.by, batch=batch)
    assert set(Tombstone.objects.filter(network=world.network).values_list("actor_id", flat=True)) == ids


def test_what_was_undone_is_counted_and_found_no_more_even_if_it_was_never_published(world):
    batch = imported(world, LINES, state="draft")
    index = ActorIndex(world.network.pk)
    index.refresh(version(world))
    assert (index.listed.bit_count(), Document.objects.count()) == (2, 2)
    actions.undo_batch(by=world.by, batch=batch)
    index.refresh(version(world))
    assert (index.listed.bit_count(), Document.objects.count()) == (0, 0)


def test_undoing_takes_an_actor_of_another_network_off_this_list_alone(world):
    neighbour = make_network("Réseau voisin")
    actor = make_actor(neighbour, "Musée des sciences", website="https://musee.example.org", commune=world.montpellier)
    batch = imported(world, LINES[:1], decision="same")
    assert set(Document.objects.values_list("network", flat=True)) == {neighbour.pk, world.network.pk}
    actions.undo_batch(by=world.by, batch=batch)
    assert [listing.network for listing in actor.listings.all()] == [neighbour]
    assert [document.network for document in Document.objects.all()] == [neighbour]
    assert [grave.network for grave in Tombstone.objects.all()] == [world.network]


def version(world):
    world.network.refresh_from_db()
    return world.network.content_version


def test_undoing_gives_back_the_old_values_but_keeps_what_changed_since(world):
    first = imported(world, LINES)
    second = imported(world, ["Musée neuf;M1;34000;Montpellier;neuf.example.org;;"])
    actor = Actor.objects.get(identifiers__value="M1")
    update_actor(by=world.by, actor=actor, values={"website": "https://retouche.example.org"})
    actions.undo_batch(by=world.by, batch=second)
    actor.refresh_from_db()
    assert (actor.name, actor.website) == ("Musée des sciences", "https://retouche.example.org")
    assert actor.slug == "musee-des-sciences"
    assert list(second.changes.get().kept) == ["website"]
    actions.undo_batch(by=world.by, batch=first)
    assert [each.name for each in Actor.objects.all()] == ["Musée des sciences"]


def test_undoing_does_not_bring_back_the_contact_of_who_objected_since_and_says_so(world):
    head = "Nom;Code;Code postal;Ville;E-mail;Téléphone"
    imported(world, ["Astroclub;A1;32000;Auch;odile@exemple.test;05 62 00 00 00"], head=head)
    second = imported(world, ["Club du ciel;A1;32000;Auch;accueil@exemple.test;05 62 11 11 11"], head=head)
    forbid_address(email="Odile@exemple.test", reason="objection")
    actions.undo_batch(by=world.by, batch=second)
    actor = Actor.objects.get()
    assert (actor.name, actor.email, actor.phone) == ("Astroclub", "accueil@exemple.test", "05 62 11 11 11")
    (kept,) = undoing(Batch.objects.get(pk=second.pk)).kept
    ((fields, why),) = kept.reasons
    assert why == "la personne concernée a demandé que ce ne soit plus enregistré"
    assert "éléphone" in fields


def test_who_animates_one_departement_only_undoes_nothing_of_the_others(world):
    """Neither what they imported when they animated them all, nor what the program imported."""
    known = make_actor(world.network, "Fossiles", commune=world.montpellier, siret="18008901303720")
    lines = [f"Fossiles et volcans;34000;Montpellier;{known.siret}", "Labo;34000;Montpellier;", "Astroclub;32000;Auch;"]
    batch = imported(world, lines, head="Nom;Code postal;Ville;SIRET")
    Role.objects.filter(user=world.user).update(department="32")
    limited = viewer_for(world.user, world.network)
    actions.undo_batch(by=limited, batch=batch)
    assert list(Actor.objects.values_list("name", flat=True)) == ["Fossiles et volcans", "Labo"]
    reasons = [reason for change in undoing(Batch.objects.get()).kept for reason in change.reasons]
    assert reasons == [("", "elle est dans un département que vous n'animez pas")] * 2
    Batch.objects.update(author=None, status="applied")
    with pytest.raises(Refused, match="départements"):
        actions.undo_batch(by=limited, batch=Batch.objects.get())
    Role.objects.filter(user=world.user).update(department="")
    Batch.objects.get().changes.update(undone_at=None, kept={})
    actions.undo_batch(by=viewer_for(world.user, world.network), batch=Batch.objects.get())
    assert list(Actor.objects.values_list("name", flat=True)) == ["Fossiles"]


def test_an_undone_import_tells_who_when_and_what_was_kept_in_words(world):
    batch = imported(world, [*LINES, "Planète;M3;32000;Auch;;;"])
    first, second, _third = Actor.objects.order_by("pk")
    update_actor(by=world.by, actor=first, values={"website": "https://retouche.example.org", "summary": "Retouché"})
    add_note(by=world.by, actor=second, body="Appelé mardi")
    actions.undo_batch(by=world.by, batch=batch)
    batch.refresh_from_db()
    told = undoing(batch)
    assert (told.who, told.at, told.removed, told.restored, told.kept_count) == ("Ana", batch.undone_at, 1, 0, 2)
    assert {kept.label: kept.reasons for kept in told.kept} == {
        "Astroclub d'Auch": [
            ("", "des personnes suivent cette fiche, la demandent, y ont laissé un mot ou ont signé la charte")
        ],
        "MUSEE DES SCIENCES": [("En une phrase, Site web", "modifié depuis")],
    }
