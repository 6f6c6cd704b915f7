"""The national register of elected officials, imported: previewed, once, where one animates, undone."""

from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from maillage.accounts.actions import forbid_address
from maillage.core.viewer import RoleKind
from maillage.exchange import actions
from maillage.outreach.actions.contacts import log_contact
from maillage.outreach.actions.officials import object_to_be_kept
from maillage.outreach.models import Mandate, Official
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_commune
from tests.factories.imports import ran
from tests.factories.outreach import make_official

pytestmark = pytest.mark.django_db
HEAD = (
    "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Nom de l'élu;Prénom de l'élu;"
    "Code sexe;Date de naissance;Date de début du mandat;Date de début de la fonction"
)
SOURCE = "Répertoire national des élus"
ANA = "34;Hérault;34172;Montpellier;VIDAL;Ana;F;01/02/1970;18/05/2020;25/05/2020"
BOB = "34;Hérault;34301;Sète;ROUX;Bob;M;01/02/1960;18/05/2020;25/05/2020"


@pytest.fixture
def places():
    return SimpleNamespace(montpellier=make_commune(), sete=make_commune("34301", "Sète"))


def deposited(by, *lines, head=HEAD, function="maire"):
    file = ContentFile("\n".join([head, *lines]).encode(), name="elus-maires.csv")
    batch = actions.receive_file(by=by, file=file, target="officials")
    spec = batch.options["recipe"]
    spec = {**spec, "source": SOURCE, "options": {**spec["options"], "function": function}}
    return actions.use_recipe(by=by, batch=batch, key="", spec=spec)


def imported(by, *lines, **rest):
    return ran(by, deposited(by, *lines, **rest), without_faulty=True)


def verdicts(by, *lines, **rest):
    batch = ran(by, deposited(by, *lines, **rest), apply=False)
    lines = batch.lines.order_by("number")
    return [(line.verdict, [fault["reason"].replace("\xa0", " ") for fault in line.faults]) for line in lines]


def test_the_columns_of_the_register_are_recognised_and_what_is_not_asked_is_not_kept(animator, places):
    imported(animator, ANA, BOB)
    ana, bob = Official.objects.with_mandates().order_by("-last_name")
    assert (ana.civility, str(ana), ana.source) == ("mme", "Ana VIDAL", SOURCE)
    (mandate,) = ana.mandates.all()
    assert (mandate.function, mandate.territory, mandate.since.isoformat()) == (
        "maire",
        places.montpellier,
        "2020-05-18",
    )
    assert bob.mandates.get().territory == places.sete


def test_the_same_list_twice_changes_nothing(animator, places):
    imported(animator, ANA, BOB)
    assert [verdict for verdict, _faults in verdicts(animator, ANA, BOB)] == ["identical", "identical"]
    imported(animator, ANA, BOB)
    assert Official.objects.count() == Mandate.objects.count() == 2


def test_a_re_election_is_another_mandate_that_ends_the_one_before_and_undoing_gives_it_back(animator, places):
    imported(animator, ANA)
    again = imported(animator, ANA.replace("18/05/2020", "22/03/2026"))
    assert [
        (one.since.isoformat(), one.until and one.until.isoformat()) for one in Mandate.objects.order_by("since")
    ] == [
        ("2020-05-18", "2026-03-21"),
        ("2026-03-22", None),
    ]
    actions.undo_batch(by=animator, batch=again)
    (mandate,) = Mandate.objects.all()
    assert (mandate.since.isoformat(), mandate.until) == ("2020-05-18", None)


def test_an_import_is_undone_but_for_those_whom_one_met_since(animator, places):
    batch = imported(animator, ANA, BOB)
    ana = Official.objects.with_mandates().get(last_name="VIDAL")
    log_contact(by=animator, officials=[ana])
    actions.undo_batch(by=animator, batch=batch)
    assert list(Official.objects.all()) == [ana]
    (kept,) = batch.changes.exclude(kept={})
    assert "rencontres" in kept.kept[""]


def test_contact_is_brought_up_to_date_and_put_back_unless_someone_changed_it(animator, places, network):
    official = make_official(network, "Vidal", territory=places.montpellier, first_name="Ana", phone="01")
    head = f"{HEAD};Courriel;Téléphone"
    batch = imported(animator, f"{ANA};neuf@mairie.test;02", head=head)
    official.refresh_from_db()
    assert (official.email, official.phone, official.source) == ("neuf@mairie.test", "02", SOURCE)
    Official.objects.update(phone="03")
    actions.undo_batch(by=animator, batch=batch)
    official.refresh_from_db()
    assert (official.phone, official.source) == ("03", "Site de la mairie")
    assert official.email != "neuf@mairie.test"
    assert Mandate.objects.get().since is None


def test_each_fault_is_said_on_its_line(animator, places):
    wrong = ANA.replace("34172", "99999"), ANA.replace("VIDAL", ""), ANA.replace("34172", "")
    assert [(verdict, faults[0]) for verdict, faults in verdicts(animator, *wrong)] == [
        ("error", "Aucun territoire n'a le code « 99999 »."),
        ("error", "Le nom manque."),
        ("error", "Le code de la commune, ou d'un autre territoire, manque."),
    ]


def test_who_objected_is_not_brought_back(animator, places):
    imported(animator, ANA)
    object_to_be_kept(by=animator, official=Official.objects.get())
    ((verdict, faults),) = verdicts(animator, ANA)
    assert verdict == "error" and "s'est opposée" in faults[0]
    forbid_address(email="bob@mairie.test", reason="objection")
    imported(animator, f"{BOB};bob@mairie.test", head=f"{HEAD};Courriel")
    assert Official.objects.get(last_name="ROUX").email == ""


def test_an_animator_brings_in_those_of_their_departement_alone(network, places):
    nimes = make_commune("30189", "Nîmes")
    of_gard = viewer(make_person(network, RoleKind.ANIMATOR, "30"), network)
    there = ANA.replace("34;Hérault;34172", "30;Gard;30189")
    assert [verdict for verdict, _faults in verdicts(of_gard, ANA, there)] == ["barred", "create"]
    imported(of_gard, ANA, there)
    assert Mandate.objects.get().territory == nimes


def test_a_deputy_and_a_councillor_are_told_from_their_function(animator, places):
    head = "Code du département;Code de la commune;Nom de l'élu;Prénom de l'élu;Libellé de la fonction"
    imported(
        animator,
        "34;172;ROUX;Bob;2ème adjoint au maire",
        "34;172;PONS;Eva;",
        head=head,
        function="municipal",
    )
    assert set(Mandate.objects.values_list("function", flat=True)) == {"adjoint", "municipal"}


def test_other_levels_are_found_by_their_own_code(animator, places):
    imported(animator, "34;PONS;Eva", head="Code du département;Nom;Prénom", function="departemental")
    imported(animator, f"{places.sete.epci.code};PONS;Ida", head="N° SIREN;Nom;Prénom", function="epci")
    assert {mandate.territory for mandate in Mandate.objects.all()} == {places.sete.department, places.sete.epci}


def test_a_line_about_someone_whom_the_list_just_brought_adds_a_mandate(animator, places):
    head = "Code de la commune;Nom de l'élu;Prénom de l'élu;Libellé de la fonction"
    imported(animator, "34172;ROUX;Bob;Maire", "34172;ROUX;Bob;1er adjoint au maire", head=head)
    assert Official.objects.count() == 1
    assert set(Mandate.objects.values_list("function", flat=True)) == {"maire", "adjoint"}
