"""Fields that a list fills: zone, parent, languages, accessibility, consent; and what those who objected keep out."""

import pytest

from maillage.accounts.actions import forbid_address
from maillage.directory.models import Actor
from maillage.exchange import actions
from tests.factories.directory import make_actor, make_network, make_territory
from tests.factories.imports import applied, imported, previewed, verdicts

pytestmark = pytest.mark.django_db
PLACE = "Nom;Code postal;Ville"


def remarks(batch):
    return [(fault["column"], fault["cell"], fault["blocking"]) for line in batch.lines.all() for fault in line.faults]


def only(batch):
    """The one actor that a batch wrote."""
    return Actor.objects.get(pk=batch.changes.get().object_id)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Département 34", ["34"]),
        ("département de l'Hérault", ["34"]),
        ("34|region:76", ["34", "76"]),
        ("Occitanie | Auch", ["32013", "76"]),
        ("Montpellier (commune:34172)", ["34172"]),
        ("200000034", ["200000034"]),
    ],
)
def test_a_zone_of_action_is_told_by_names_or_codes(world, cell, codes):
    type(world.montpellier).objects.filter(kind="department", code="34").update(name="Hérault")
    if cell.startswith("Département"):
        type(world.montpellier).objects.filter(kind="department", code="34").update(name="Département 34")
    batch = imported(world, [f"Astro;34000;Montpellier;{cell}"], head=f"{PLACE};Zone d'action")
    assert sorted(only(batch).zone.values_list("code", flat=True)) == codes


def test_an_unknown_territory_is_told_and_the_others_stay(world):
    batch = imported(world, ["Astro;34000;Montpellier;Auch|Syldavie"], head=f"{PLACE};Zone d'action")
    assert remarks(batch) == [("Zone d'action", "Auch|Syldavie", False)]
    assert [zone.name for zone in only(batch).zone.all()] == ["Auch"]


def test_two_territories_of_one_name_are_told_apart_by_their_code(world):
    make_territory("epci", "200000001", "Communauté 34", name_key="communaute 34")
    batch = previewed(world, ["Astro;34000;Montpellier;Communauté 34"], head=f"{PLACE};Zone d'action")
    assert batch.lines.get().faults[0]["reason"] == (
        "Plusieurs territoires s'appellent « Communauté 34 » : écrivez le code."
    )


def test_territories_are_added_and_taken_back_by_the_undoing(world):
    actor = make_actor(world.network, "Astro", commune=world.montpellier, siret="18008901303720", zone=[world.albi])
    head, line = f"{PLACE};SIRET;Zone d'action", "Astro;34000;Montpellier;18008901303720;Auch"
    batch = imported(world, [line], head=head)
    assert {zone.name for zone in actor.zone.all()} == {"Albi", "Auch"}
    assert verdicts(previewed(world, [line], head=head)) == [(2, "identical")]
    actions.undo_batch(by=world.by, batch=batch)
    assert [zone.name for zone in actor.zone.all()] == ["Albi"]


def test_what_an_import_created_with_a_zone_is_removed_by_its_undoing(world):
    batch = imported(world, ["Astro;34000;Montpellier;Auch"], head=f"{PLACE};Zone d'action")
    actions.undo_batch(by=world.by, batch=batch)
    assert not Actor.objects.exists()


def test_a_branch_names_its_parent_among_the_network_or_the_earlier_lines(world):
    parent = make_actor(world.network, "Muséum", commune=world.montpellier, siret="18008901303720")
    lines = [
        "Antenne d'Auch;32000;Auch;museum",
        f"Antenne de Foix;32000;Auch;{parent.siret}",
        "Club;32000;Auch;Antenne d'Auch",
        "Atelier du club;32000;Auch;Club",
    ]
    imported(world, lines, head=f"{PLACE};Antenne de", decision="different")
    above = dict(Actor.objects.exclude(parent=None).values_list("name", "parent__name"))
    assert above == {
        "Antenne d'Auch": "Muséum",
        "Antenne de Foix": "Muséum",
        "Club": "Antenne d'Auch",
        "Atelier du club": "Club",
    }


def test_a_known_actor_becomes_a_branch_and_is_one_no_more_after_the_undoing(world):
    make_actor(world.network, "Muséum", commune=world.montpellier)
    branch = make_actor(world.network, "Antenne", commune=world.auch, siret="18008901303720")
    batch = imported(world, ["Antenne;32000;Auch;18008901303720;Muséum"], head=f"{PLACE};SIRET;Antenne de")
    branch.refresh_from_db()
    assert (branch.parent.name, batch.counts["updated"]) == ("Muséum", 1)
    actions.undo_batch(by=world.by, batch=batch)
    branch.refresh_from_db()
    assert branch.parent is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Inconnu", "Aucune fiche du réseau ni ligne précédente ne s'appelle « Inconnu »."),
        ("Jumeaux", "Plusieurs fiches s'appellent « Jumeaux » : écrivez l'identifiant de la bonne."),
        ("Ailleurs", "Aucune fiche du réseau ni ligne précédente ne s'appelle « Ailleurs »."),
        ("Seule", "Un acteur n'est pas sa propre antenne."),
    ],
)
def test_a_parent_that_cannot_be_told_is_an_error_of_its_cell(world, cell, reason):
    make_actor(world.network, "Seule", commune=world.auch, siret="18008901303720")
    for network, name in ((world.network, "Jumeaux"), (world.network, "Jumeaux"), (make_network("Nord"), "Ailleurs")):
        make_actor(network, name)
    batch = previewed(world, [f"Seule;32000;Auch;18008901303720;{cell}"], head=f"{PLACE};SIRET;Antenne de")
    line = batch.lines.get()
    assert (line.verdict, [(fault["column"], fault["cell"], fault["reason"]) for fault in line.faults]) == (
        "error",
        [("Antenne de", cell, reason)],
    )


def test_a_branch_waits_for_a_parent_that_was_set_aside_and_is_told_so(world):
    make_actor(world.network, "Astroclub d'Auch", commune=world.auch)
    lines = ["Astroclub d'Auch;32000;Auch;", "Atelier;34000;Montpellier;Maison"]
    batch = previewed(world, ["Maison;34000;Montpellier;", *lines], head=f"{PLACE};Antenne de")
    actions.decide(by=world.by, batch=batch, decision="skip", lines=[batch.lines.get(number=2).pk])
    applied(world, batch)
    line = batch.lines.get(number=4)
    assert (line.outcome, line.outcome_note) == (
        "refused",
        "La fiche dont elle est une antenne (ligne 2) n'a pas été importée.",
    )


def test_languages_accessibility_rhythm_and_texts_of_the_image_are_filled(world):
    head = f"{PLACE};Langues;Accessibilité;Précisions d'accès;Texte alternatif;Crédit photo;Vérifier tous les (mois)"
    line = "Astro;34000;Montpellier;français|oc;handicap moteur|vi;Rampe côté cour;Une coupole;Marie Durand;6"
    actor = only(imported(world, [line], head=head))
    assert (actor.languages, actor.place_access, actor.access_notes) == (["fr", "oc"], ["mi", "vi"], "Rampe côté cour")
    assert (actor.image_alt, actor.image_credit, actor.update_rhythm, actor.image.name) == (
        "Une coupole",
        "Marie Durand",
        6,
        "",
    )


def test_what_is_no_answer_is_left_out_and_told(world):
    head = f"{PLACE};Langues;Accessibilité;Contacts visibles de tous;Vérifier tous les (mois)"
    batch = imported(world, ["Astro;34000;Montpellier;klingon;ascenseur;peut-être;99"], head=head)
    assert sorted(column for column, _cell, blocking in remarks(batch) if not blocking) == [
        "Accessibilité",
        "Contacts visibles de tous",
        "Langues",
        "Vérifier tous les (mois)",
    ]
    actor = only(batch)
    assert (actor.languages, actor.place_access, actor.contact_is_public, actor.update_rhythm) == ([], [], True, 12)


def test_a_name_keeps_its_quotes(world):
    assert only(imported(world, ['Confrérie "Les Campènes";34000;Montpellier'], head=PLACE)).name == (
        'Confrérie "Les Campènes"'
    )


def test_no_actor_takes_the_address_of_a_page(world):
    assert only(imported(world, ["Widget;34000;Montpellier"], head=PLACE)).slug == "widget-2"


# --- those who objected -----------------------------------------------------------------------------------------------

CONTACTS = f"{PLACE};E-mail;Téléphone;Référent;Nature"


def test_an_organisation_comes_without_the_contact_of_who_objected(world):
    forbid_address(email="Camille@astro.example.org", reason="objection")
    line = "Astro;34000;Montpellier;camille@astro.example.org;04 67 00 00 00;Camille Roux;Structure"
    batch = imported(
        world, [line, "Planète;32000;Auch;p@planete.example.org;05 62 00 00 00;Lou;Structure"], head=CONTACTS
    )
    held = list(Actor.objects.order_by("name").values_list("name", "email", "phone", "contact_name"))
    assert held == [("Astro", "", "", ""), ("Planète", "p@planete.example.org", "05 62 00 00 00", "Lou")]
    fault = batch.lines.get(number=2).faults[0]
    assert (fault["column"], fault["blocking"]) == ("E-mail", False)
    assert "demandé à ne plus figurer" in fault["reason"]


def test_a_person_who_objected_does_not_come(world):
    forbid_address(email="camille@roux.example.org", reason="erasure")
    line = "Camille Roux;34000;Montpellier;camille@roux.example.org;06 11 22 33 44;;Personne indépendante"
    batch = previewed(world, [line], head=CONTACTS)
    assert (verdicts(batch), Actor.objects.count()) == ([(2, "error")], 0)
    assert batch.lines.get().faults[0]["reason"] == "Cette personne a demandé à ne plus figurer dans nos listes."


def test_who_objects_between_the_preview_and_the_import_is_left_out_too(world):
    batch = previewed(
        world, ["Astro;34000;Montpellier;camille@astro.example.org;04 67 00 00 00;;Structure"], head=CONTACTS
    )
    forbid_address(email="camille@astro.example.org", reason="objection")
    applied(world, batch)
    actor = Actor.objects.get()
    assert (actor.email, actor.phone) == ("", "")
