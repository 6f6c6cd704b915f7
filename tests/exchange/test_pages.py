"""The pages of an import: a real file from its deposit to its undoing, with and without JavaScript."""

import html
import re
import time

import pytest

from maillage.core import jobs
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor
from maillage.exchange.models import Batch, Recipe
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


def test_the_report_tells_each_line_and_is_safe_to_open(client, animator, tmp_path):
    client.force_login(animator)
    deposit(client, tmp_path, b"Nom;Code postal;Ville\n=cmd();34000;Montpellier\n;31000;Toulouse\n")
    batch = Batch.objects.get()
    client.post(
        f"{pages(batch)}correspondances/", {"col-name": "0", "col-postal_code": "1", "col-commune": "2", "preview": "1"}
    )
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
    page.get_by_label("Fichier").set_input_files(shared_data / "actors" / "tiers_lieux_occitanie_2016.csv")
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_text("Fichier reconnu").wait_for()
    if javascript:
        axe(page)
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
    fits(page)
