"""The pages of an import: a real file from its deposit to its undoing, with and without JavaScript."""

import re

import pytest

from maillage.accounts.models import Role, User
from maillage.core import jobs
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor
from maillage.exchange.models import Batch, Recipe
from maillage.territories.models import PostalCode
from tests.factories.directory import make_commune, make_network, make_term


@pytest.fixture
def animator(db):
    network = make_network(host="localhost")
    for code, insee, name in (("34000", "34172", "Montpellier"), ("31000", "31555", "Toulouse")):
        PostalCode.objects.get_or_create(code=code, commune=make_commune(insee, name))
    make_term("family", "fab-lab-et-tiers-lieu", label="Fab lab et tiers-lieu")
    user = User.objects.create_user("ana@example.org", name="Ana")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    return user


def pages(batch):
    return f"/travail/imports/{batch.pk}/"


def deposit(client, tmp_path, content):
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with path.open("rb") as stream:
        return client.post("/travail/imports/nouveau/", {"file": stream, "target": "actors"})


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", b"<html>", b"PK\x03\x04 faux", b"[" * 5000, b"\x00\x01\x02\x03" * 100]
)
def test_a_hostile_file_is_refused_in_the_form_never_by_an_error_page(client, animator, tmp_path, content):
    client.force_login(animator)
    response = deposit(client, tmp_path, content)
    assert response.status_code in (302, 422)
    if response.status_code == 422:
        assert not Batch.objects.exists()


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
