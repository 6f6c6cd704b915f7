"""In a real browser: an animator qualifies and changes many actors; someone edits their own sheet."""

import re

import pytest
from playwright.sync_api import expect

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor, ActorMember, Qualification
from maillage.territories.models import Contour, Territory
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    network = make_network(host="localhost")
    make_term("family", "musee", label="Musée")
    for name in ("Musée des étoiles", "Association du ciel", "Médiathèque de la mer"):
        make_actor(network, name, commune=make_commune(), terms=[make_term()], state="published")
    return network


@pytest.fixture
def animator(network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    return user


@pytest.fixture
def representative(network):
    user = User.objects.create_user("r@exemple.test", name="Lou Martin")
    ActorMember.objects.create(actor=Actor.objects.get(name="Musée des étoiles"), user=user, role="admin")
    return user


def test_an_animator_qualifies_by_keyboard_then_changes_many_and_undoes(page, sign_in, animator, axe, fits, shot):
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    axe(page)
    fits(page)
    shot(page, "table")
    page.get_by_role("link", name="Association du ciel", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Médiathèque de la mer", exact=True)).to_be_focused()
    widths = page.locator("[data-grid] thead th").evaluate_all("heads => heads.map(head => head.offsetWidth)")
    page.keyboard.press("F2")
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_be_focused()
    heads = page.locator("[data-grid] thead th")
    assert heads.evaluate_all("heads => heads.map(head => head.offsetWidth)") == widths
    page.get_by_role("combobox", name="Cercle", exact=True).select_option("2")
    page.get_by_label("Motif du cercle").fill("Rencontrée au forum")
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Médiathèque de la mer", exact=True)).to_be_focused()
    assert Qualification.objects.get().reason == "Rencontrée au forum"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 acteurs cochés")).to_be_visible()
    page.get_by_role("button", name="Modifier les acteurs cochés").click()
    expect(page.get_by_role("heading", name="Modifier 2 acteurs")).to_be_visible()
    axe(page)
    page.get_by_label("Source de la fiche").fill("Forum 2025")
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_role("heading", name="Aperçu de la modification")).to_be_visible()
    axe(page)
    shot(page, "bulk-preview")
    page.get_by_role("button", name="Modifier 2 acteurs").click()
    expect(page.get_by_role("button", name="Annuler ces modifications")).to_be_visible()
    assert Actor.objects.filter(source="Forum 2025").count() == 2
    axe(page)
    page.get_by_role("button", name="Annuler ces modifications").click()
    expect(page.get_by_text("Tout est revenu comme avant.")).to_be_visible()
    assert Actor.objects.filter(source="Forum 2025").count() == 0


def test_a_letter_alone_does_nothing_even_in_the_table(page, sign_in, animator):
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.get_by_role("link", name="Association du ciel", exact=True).focus()
    page.keyboard.press("e")
    page.keyboard.press("x")
    expect(page.locator("[data-row-form]")).to_have_count(0)
    expect(page.get_by_text("Aucun acteur coché")).to_be_visible()


def test_an_icon_alone_says_its_name_when_reached_with_the_keyboard_and_escape_puts_it_away(page, sign_in, animator):
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.get_by_label("Cocher Association du ciel").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    name = page.get_by_role("link", name="Modifier Association du ciel").locator("span")
    assert name.bounding_box()["width"] > 100
    page.keyboard.press("Escape")
    assert name.bounding_box()["width"] < 5


def test_what_two_people_write_in_a_cell_is_told_in_the_row(page, sign_in, animator, axe):
    sign_in(page, animator)
    page.goto("/travail/acteurs/?colonnes=sigle")
    page.get_by_role("link", name="Association du ciel", exact=True).press("F2")
    page.get_by_role("textbox", name="Sigle").fill("ADC")
    Actor.objects.filter(name="Association du ciel").update(acronym="AC")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Valeur actuelle : AC")).to_be_visible()
    expect(page.get_by_role("textbox", name="Sigle")).to_be_focused()
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="ADC", exact=True)).to_be_visible()


def test_the_focus_stays_where_one_sorts_and_filters_and_the_change_is_said(page, sign_in, network, animator):
    family = make_term("family", "musee", label="Musée")
    Actor.objects.filter(name="Musée des étoiles").update(family=family)
    make_actor(network, "Muséum", family=family)
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.get_by_role("link", name="Commune", exact=True).press("Enter")
    expect(page.get_by_role("columnheader", name="Commune")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#annonce")).to_have_text("4 acteurs, tri croissant par Commune")
    expect(page.get_by_role("link", name="Commune", exact=True)).to_be_focused()
    page.locator("#filtre-famille > summary").press("Enter")
    choice = page.get_by_role("group", name="Famille").get_by_role("checkbox").first
    choice.press("Space")
    expect(page).to_have_title(re.compile("Acteurs : 2 répondent aux filtres"))
    expect(choice).to_be_focused()
    page.get_by_role("link", name="Retirer le filtre Musée").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("region", name="Acteurs du réseau")).to_be_focused()
    page.get_by_role("searchbox", name="Nom").fill("mer")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=mer"))


def test_the_table_is_used_on_a_phone(phone, sign_in, network, animator, axe, fits):
    make_actor(network, "Station à valider", state="pending")
    sign_in(phone, animator)
    phone.goto("/travail/acteurs/")
    inside = "cells => cells.every(cell => { const box = cell.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; })"
    assert phone.locator("[data-grid] tbody td:visible").evaluate_all(inside)
    expect(phone.locator("#filtre-etat")).to_be_hidden()
    phone.get_by_role("button", name="Filtrer").click()
    expect(phone.locator("#filtre-autres > summary")).to_have_text("Autres filtres")
    phone.locator("#filtre-etat > summary").click()
    phone.get_by_role("group", name="État").get_by_role("checkbox", name="publiée").check()
    expect(phone.get_by_role("button", name="Voir les 3 acteurs")).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Voir les 3 acteurs").click()
    phone.get_by_role("link", name="Modifier Association du ciel").click()
    phone.get_by_role("combobox", name="État").select_option("hidden")
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_role("cell", name="masquée")).to_be_visible()


def test_thirty_rows_show_at_once_and_the_head_stays(page, sign_in, network, animator, axe):
    for number in range(120):
        make_actor(network, f"Club des curieux numéro {number:03}")
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    heights = page.locator("[data-grid] tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert set(heights) == {24}
    shown = """rows => { const foot = document.querySelector(".actors__foot").getBoundingClientRect().top;
        return rows.filter(row => row.getBoundingClientRect().bottom <= Math.min(foot, innerHeight)).length; }"""
    assert page.locator("[data-grid] tbody tr").evaluate_all(shown) >= 30
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    axe(page)
    page.get_by_role("link", name="Club des curieux numéro 098", exact=True).focus()
    expect(page.get_by_role("columnheader", name="Nom")).to_be_in_viewport()


def test_the_less_used_filters_are_behind_one_button(page, sign_in, network, animator):
    make_actor(network, "Station placée à la main", latitude=43.6, longitude=3.9)
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.locator("#filtre-autres > summary").press("Enter")
    page.locator("#filtre-position > summary").press("Enter")
    page.get_by_role("group", name="Position").get_by_role("checkbox").first.press("Space")
    expect(page.locator("#filtre-autres > summary")).to_contain_text("1 choisis")
    expect(page).to_have_url(re.compile("position="))


def test_the_table_works_without_script(browse, sign_in, animator):
    page = browse(javascript=False)
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.get_by_role("link", name="Modifier Association du ciel").click()
    page.get_by_label("Sigle").fill("ADC")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Association du ciel")
    assert Actor.objects.get(name="Association du ciel").acronym == "ADC"


def test_many_are_changed_with_the_keyboard_alone(page, sign_in, animator, tab_to):
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    tab_to(page, page.get_by_label("Cocher Association du ciel"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Modifier les acteurs cochés"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Source de la fiche"))
    page.keyboard.type("Forum 2025")
    tab_to(page, page.get_by_role("button", name="Voir ce qui changerait"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Modifier un acteur"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Annuler ces modifications")).to_be_visible()
    assert [actor.name for actor in Actor.objects.filter(source="Forum 2025")] == ["Association du ciel"]


def test_many_are_changed_without_script(browse, sign_in, animator):
    page = browse(javascript=False)
    sign_in(page, animator)
    page.goto("/travail/acteurs/?q=mus&par=50")
    page.get_by_label("Cocher Musée des étoiles").check()
    page.get_by_role("button", name="Modifier les acteurs cochés").click()
    page.get_by_label("Source de la fiche").fill("Forum 2025")
    page.get_by_role("button", name="Voir ce qui changerait").click()
    page.get_by_role("button", name="Modifier un acteur").click()
    assert [actor.name for actor in Actor.objects.filter(source="Forum 2025")] == ["Musée des étoiles"]


def test_the_table_is_filtered_without_script(browse, sign_in, network, animator):
    make_actor(network, "Station placée à la main", latitude=43.6, longitude=3.9)
    page = browse(javascript=False)
    sign_in(page, animator)
    page.goto("/travail/acteurs/")
    page.locator("#filtre-autres > summary").click()
    page.locator("#filtre-position > summary").click()
    page.get_by_role("checkbox", name="placée à la main ou").check()
    page.get_by_role("button", name="Filtrer", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_an_actor_is_placed_with_a_click_between_its_point_and_its_commune(page, sign_in, network, animator, axe, fits):
    """The map names the commune and marks the point, far apart as they are."""
    commune = make_commune()
    Territory.objects.filter(pk=commune.pk).update(population=300_000)
    network.perimeter.add(commune.department)
    square = {"type": "Polygon", "coordinates": [[[3.0, 43.0], [4.5, 43.0], [4.5, 44.5], [3.0, 44.5], [3.0, 43.0]]]}
    Contour.objects.create(territory=commune.department, geometry=square, source="essai")
    actor = make_actor(network, "Égaré", commune=commune, latitude=44.93, longitude=2.35)
    sign_in(page, animator)
    page.goto(f"/travail/acteurs/{actor.pk}/placer/")
    canvas = page.locator("#carte-a-placer[data-drawn]")
    expect(canvas.get_by_text("Montpellier")).to_be_visible()
    expect(canvas.locator(".place-mark")).to_be_in_viewport()
    point, town = (place.bounding_box() for place in (canvas.locator(".place-mark"), canvas.get_by_text("Montpellier")))
    page.mouse.click((point["x"] + town["x"] + town["width"] / 2) / 2, (point["y"] + town["y"]) / 2)
    west, south = (float(page.get_by_label(name).input_value().replace(",", ".")) for name in ("Longitude", "Latitude"))
    assert (43.7 < south < 44.8, 2.5 < west < 3.7) == (True, True)
    page.get_by_label("Latitude").fill("43,7")
    page.get_by_label("Longitude").fill("3,8")
    page.keyboard.press("Tab")
    axe(page)
    fits(page)
    page.get_by_role("button", name="Placer", exact=True).click()
    actor.refresh_from_db()
    assert (actor.latitude, actor.longitude) == (43.7, 3.8)


def test_someone_edits_their_own_sheet_on_a_phone(phone, sign_in, representative, axe, fits, shot):
    sign_in(phone, representative)
    phone.goto("/mes-fiches/")
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Musée des étoiles").click()
    axe(phone)
    fits(phone)
    shot(phone, "own-sheet")
    phone.get_by_role("link", name="Modifier : Ce que fait l'acteur").click()
    zone = phone.get_by_role("textbox", name="Présentation")
    expect(zone).to_be_visible()
    axe(phone)
    fits(phone)
    zone.fill("Un planétarium ouvert à tous.")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_text("Un planétarium ouvert à tous.")).to_be_visible()
    actor = Actor.objects.get(name="Musée des étoiles")
    assert actor.description == "<p>Un planétarium ouvert à tous.</p>"
    assert actor.wrote_itself("description")
    phone.get_by_role("button", name="Tout est à jour").click()
    expect(phone.get_by_text("Merci : la fiche est confirmée à jour.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_working_page_is_clean(browse, sign_in, animator, axe, fits, width):
    page = browse(width=width)
    sign_in(page, animator)
    actor = Actor.objects.get(name="Musée des étoiles")
    for address in (
        "/travail/",
        "/travail/acteurs/",
        "/travail/acteurs/nouveau/",
        "/travail/acteurs/a-placer/",
        f"/travail/acteurs/{actor.pk}/",
        f"/travail/acteurs/{actor.pk}/placer/",
        f"/travail/acteurs/modifier/?acteur={actor.pk}",
        *(f"/fiches/{actor.pk}/modifier/{step}/" for step in ("identite", "activite", "lieu", "contact", "image")),
    ):
        page.goto(address)
        axe(page)
        fits(page)
