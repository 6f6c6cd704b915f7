"""The pages of an import: a real file from its deposit to its undoing, with and without JavaScript."""

import html
import re
import time

import pytest

from maillage.core import jobs
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor
from maillage.exchange.models import Batch, Recipe
from maillage.exchange.registry import target
from tests.exchange.test_reading import HOSTILE
from tests.factories.accounts import make_person
from tests.factories.directory import make_commune, make_network, make_term


@pytest.fixture
def animator(db):
    network = make_network(host="localhost")
    make_commune(postal_codes=["34000"])
    make_commune("31555", "Toulouse", postal_codes=["31000"])
    make_term("family", "fab-lab-et-tiers-lieu", label="Fab lab et tiers-lieu")
    return make_person(network, RoleKind.ANIMATOR, name="Ana")


def pages(batch):
    return f"/travail/imports/{batch.pk}/"


def deposit(client, tmp_path, content):
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with path.open("rb") as stream:
        return client.post("/travail/imports/nouveau/", {"file": stream, "target": "actors"})


def files_kept(settings):
    return {path for path in (settings.VAR / "imports").rglob("*") if path.is_file()}


HOSTILE_ON_THE_PAGE = [
    "vide",
    "page web",
    "xml à entités",
    "programme renommé",
    "binaire à zéros",
    "classeur tronqué",
    "bombe zip",
    "bombe d'entités",
    "cellule au bout du monde",
    "json emboîté",
    "un million de lignes",
    "ligne sans fin",
]


@pytest.mark.parametrize("name", HOSTILE_ON_THE_PAGE)
def test_a_hostile_file_is_refused_beside_its_field_and_nothing_is_kept(client, animator, tmp_path, name, settings):
    client.force_login(animator)
    kept = files_kept(settings)
    started = time.process_time()
    response = deposit(client, tmp_path, HOSTILE[name]())
    assert response.status_code == 422
    (sentence,) = response.context["form"].errors["file"]
    page = html.unescape(response.content.decode())
    assert sentence.endswith(".")
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert not Batch.objects.exists()
    assert files_kept(settings) == kept
    assert time.process_time() - started < 8


def test_a_file_too_heavy_is_refused_beside_its_field(client, animator, tmp_path, monkeypatch):
    monkeypatch.setattr("maillage.exchange.forms.MAX_BYTES", 10)
    client.force_login(animator)
    response = deposit(client, tmp_path, b"Nom;Ville\nAstro;Auch\n")
    assert (response.status_code, len(response.context["form"].errors["file"])) == (422, 1)
    assert "dépasse 50 Mo" in response.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "mac-roman"])
def test_a_file_of_another_encoding_is_read_with_its_accents(client, animator, tmp_path, encoding):
    client.force_login(animator)
    content = "Nom;Ville\nMédiathèque à la forêt;Sète\nÉcomusée du château;Nîmes\n".encode(encoding)
    page = client.get(deposit(client, tmp_path, content).url).content.decode()
    assert "Écomusée du château" in page


def test_a_recipe_is_kept_from_the_page_of_columns(client, animator, tmp_path):
    client.force_login(animator)
    deposit(client, tmp_path, b"Structure;CP;Ville\nAstro;34000;Montpellier\nB;31000;Toulouse\n")
    batch = Batch.objects.get()
    post = {"col-name": "0", "col-postal_code": "1", "col-commune": "2", "recipe_name": "Mes clubs", "source": "Clubs"}
    assert client.post(f"{pages(batch)}correspondances/", post).status_code == 302
    spec = Recipe.objects.get(name="Mes clubs").spec
    assert spec["fields"]["name"] == {"columns": ["Structure"], "steps": []}
    assert spec["source"] == "Clubs"


def mapped(**rest):
    return {"col-name": "0", "col-postal_code": "1", "col-commune": "2", **rest}


def test_a_recipe_that_the_team_uses_is_not_overwritten_nor_deleted_unasked(client, animator, tmp_path):
    client.force_login(animator)
    deposit(client, tmp_path, b"Structure;CP;Ville\nAstro;34000;Montpellier\n")
    address = f"{pages(Batch.objects.get())}correspondances/"
    client.post(address, mapped(recipe_name="Mes clubs", source="Clubs"))
    response = client.post(address, mapped(recipe_name="mes clubs", source="Autre liste"))
    page = html.unescape(response.content.decode())
    assert (response.status_code, Recipe.objects.get().spec["source"]) == (422, "Clubs")
    assert "Une recette « Mes clubs » existe déjà" in page
    assert 'value="mes clubs"' in page
    assert 'value="Autre liste"' in page
    client.post(address, mapped(recipe_name="mes clubs", source="Autre liste", replace="1"))
    recipe = Recipe.objects.get()
    assert (recipe.name, recipe.spec["source"]) == ("Mes clubs", "Autre liste")
    address = f"/travail/imports/recettes/{recipe.pk}/supprimer/"
    assert "Supprimer cette recette" in client.get(address).content.decode()
    assert Recipe.objects.exists()
    client.post(address)
    assert not Recipe.objects.exists()


def test_sheets_tell_everyone_the_source_that_was_named_and_never_the_file(client, animator, tmp_path):
    client.force_login(animator)
    path = tmp_path / "MAJ_v3_NE PAS DIFFUSER.csv"
    path.write_bytes(b"Nom;Code postal;Ville\nAstro;34000;Montpellier\n")
    with path.open("rb") as stream:
        client.post("/travail/imports/nouveau/", {"file": stream, "target": "actors"})
    batch = Batch.objects.get()
    address = f"{pages(batch)}correspondances/"
    response = client.post(address, mapped(source=" ", preview="1"))
    assert (response.status_code, "Dites d'où vient cette liste" in html.unescape(response.content.decode())) == (
        422,
        True,
    )
    client.post(address, mapped(source="Annuaire des clubs", preview="1", **{"opt-state": "published"}))
    jobs.run_waiting()
    client.post(f"{pages(batch)}appliquer/")
    jobs.run_waiting()
    actor = Actor.objects.get()
    assert (actor.source, actor.provenance["name"]["source"]) == ("Annuaire des clubs", "Annuaire des clubs")
    client.logout()
    assert "Source : Annuaire des clubs." in html.unescape(client.get(f"/acteurs/{actor.slug}/").content.decode())


def test_the_page_of_columns_shows_first_what_the_file_fills_and_keeps_the_rest_at_hand(client, animator, tmp_path):
    client.force_login(animator)
    address = deposit(client, tmp_path, b"Nom;CP;Ville;Humeur\nAstro;34000;Montpellier;bonne\n").url
    context = client.get(address).context
    assert [row.field.name for row in context["filled"]] == ["name", "postal_code", "commune"]
    assert [column.name for column in context["unused"]] == ["Humeur"]
    shown = [row.field.name for name in ("filled", "others", "rare") for row in context[name]]
    assert sorted(shown) == sorted(field.name for field in target("actors").fields(None))
    assert {"summary", "email"} <= {row.field.name for row in context["others"]}
    assert {"image_alt", "identifier:ror"} <= {row.field.name for row in context["rare"]}


def test_the_report_tells_each_line_and_is_safe_to_open(client, animator, tmp_path):
    client.force_login(animator)
    deposit(client, tmp_path, b"Nom;Code postal;Ville\n=cmd();34000;Montpellier\n;31000;Toulouse\n")
    batch = Batch.objects.get()
    client.post(f"{pages(batch)}correspondances/", mapped(preview="1", source="Essai"))
    jobs.run_waiting()
    report = client.get(f"{pages(batch)}rapport.csv").getvalue().decode("utf-8-sig")
    assert "'=cmd()" in report
    assert "Le nom manque." in report


@pytest.mark.parametrize("javascript", [True, False])
def test_a_real_list_is_imported_and_undone(
    animator, browse, sign_in, axe, fits, shared_data, javascript, transactional_db
):
    page = browse(javascript=javascript, width=1280 if javascript else 390)
    sign_in(page, animator)
    page.goto("/travail/imports/nouveau/")
    page.get_by_label("Fichier", exact=True).set_input_files(shared_data / "actors" / "tiers_lieux_occitanie_2016.csv")
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_text("Fichier reconnu").wait_for()
    if javascript:
        axe(page)
    page.get_by_text("Remplir des champs rares").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Colonne pour Langues parlées").wait_for()
    fits(page)
    page.get_by_role("button", name="Préparer l'aperçu").first.click()
    page.get_by_role("heading", name="Aperçu en préparation").wait_for()
    jobs.run_waiting()
    batch = Batch.objects.get()
    page.goto(pages(batch))
    page.get_by_role("heading", name=re.compile("Aperçu de l.import")).wait_for()
    if javascript:
        axe(page)
    fits(page)
    lines = page.get_by_role("region", name="Lignes du fichier")
    assert lines.evaluate("region => region.scrollWidth <= region.clientWidth")
    if batch.counts.get("error"):
        page.get_by_label(re.compile("Importer sans")).check()
    page.get_by_role("button", name="Importer", exact=True).click()
    page.get_by_role("heading", name="Import en cours").wait_for()
    jobs.run_waiting()
    assert Actor.objects.count() > 5
    page.goto(pages(batch))
    page.get_by_role("link", name="Annuler cet import").click()
    page.get_by_role("button", name="Annuler l'import").click()
    page.get_by_role("heading", name="Annulation en cours").wait_for()
    jobs.run_waiting()
    assert Actor.objects.count() == 0
    page.goto(pages(batch))
    page.get_by_role("heading", name="Import annulé").wait_for()
    page.get_by_text("Annulé par Ana").wait_for()
    fits(page)
    if javascript:
        axe(page)
