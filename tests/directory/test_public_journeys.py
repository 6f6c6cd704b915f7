"""Journeys in a real browser: find an actor near me on a phone; by keyboard; without scripts; read by axe."""

import re

import pytest
from playwright.sync_api import expect

from maillage.core.forms import LEAST_SECONDS
from tests.factories.directory import make_actor, make_commune, make_network, make_term, many_actors


@pytest.fixture
def network(transactional_db):
    network = make_network(contact_email="equipe@exemple.fr", host="localhost")
    musee = make_term("family", "musee", label="Musée", hue=2, shape="square")
    labo = make_term("family", "laboratoire", label="Laboratoire", hue=1)
    climat = make_term("theme", "climat", label="Climat")
    sete = make_commune("34301", "Sète", (43.40, 3.69))
    montpellier = make_commune()
    for name, family, commune in (
        ("Musée de la Mer", musee, sete),
        ("Station marine", labo, sete),
        ("Muséum de Montpellier", musee, montpellier),
    ):
        make_actor(
            network,
            name,
            family=family,
            commune=commune,
            terms=[climat],
            summary="Des expériences à toucher, toute l'année.",
            description="<p>Une présentation.</p>",
            email="contact@exemple.fr",
            website="https://www.exemple.fr",
            address="1 rue des Lilas",
            languages=["fr", "oc"],
            place_access=["mi"],
        )
    return network


def test_find_an_actor_near_me_on_a_phone(phone, live_server, network, fits, shot):
    phone.goto(f"{live_server.url}/acteurs/")
    fits(phone)
    phone.get_by_role("combobox", name="Près de").fill("Sète")
    phone.get_by_role("button", name="Chercher", exact=True).click()
    expect(phone.get_by_role("heading", name="2 acteurs")).to_be_visible()
    phone.get_by_role("button", name="Filtrer").click()
    phone.get_by_label("Musée").check()
    phone.get_by_role("button", name="Voir 1 acteur").click()
    expect(phone.get_by_role("heading", name="1 acteur")).to_be_visible()
    expect(phone).to_have_url(f"{live_server.url}/acteurs/?famille=musee&pres=34301")
    phone.get_by_role("link", name="Musée de la Mer").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Musée de la Mer")
    expect(phone.get_by_role("link", name="Écrire", exact=True)).to_be_in_viewport(ratio=1)
    fits(phone)
    shot(phone, "actor-sheet")


def test_names_without_a_space_are_cut_rather_than_pushing_the_page_aside(phone, live_server, network, fits):
    endless = "Anticonstitutionnellement" * 6
    actor = make_actor(
        network,
        endless,
        acronym=endless[:40],
        summary=f"https://www.{endless.lower()}.example/".lower(),
        description=f"<p>{endless}</p>",
        source=endless[:120],
        access_notes=endless,
        contact_name=endless[:120],
        contact_is_public=True,
        commune=make_commune("34301", "Sète"),
        terms=[make_term("theme", "endless", label=endless[:80])],
    )
    sheet = actor.get_absolute_url()
    for path in (
        sheet,
        f"{sheet}contact/",
        f"{sheet}signaler/",
        "/acteurs/?q=anticonstitutionnellement",
        "/acteurs/?vue=carte",
    ):
        phone.goto(f"{live_server.url}{path}")
        fits(phone)


def test_the_list_follows_what_is_typed_and_says_how_many(page, live_server, network):
    page.goto(f"{live_server.url}/acteurs/")
    page.get_by_label("Nom, sujet, activité").press_sequentially("mus")
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()
    expect(page.locator("#annonce")).to_have_text("2 acteurs trouvés")
    expect(page).to_have_title("« mus » – Annuaire des acteurs – Réseau d'Occitanie")
    expect(page.get_by_label("Nom, sujet, activité")).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}/acteurs/?q=mus")
    page.go_back()
    expect(page.get_by_role("heading", name="3 acteurs")).to_be_visible()


def test_filtering_by_keyboard_keeps_the_focus_and_what_was_opened(page, live_server, network):
    page.goto(f"{live_server.url}/acteurs/")
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => said.push(annonce.textContent)).observe(annonce, { childList: true }); }"""
    )
    box = page.get_by_label("Musée")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()
    expect(page.get_by_label("Musée")).to_be_focused()
    expect(page.get_by_label("Musée")).to_be_checked()
    page.wait_for_timeout(200)
    assert page.evaluate("said.filter(Boolean)") == ["2 acteurs trouvés"]


def test_a_filter_is_taken_away_without_leaving_the_page_nor_the_place(page, live_server, network):
    page.goto(f"{live_server.url}/acteurs/?q=mus&famille=musee&theme=climat&pres=34301&rayon=50")
    page.evaluate("window.here = true")
    page.get_by_role("link", name="Retirer Famille : Musée").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/acteurs/?q=mus&theme=climat&pres=34301&rayon=50")
    expect(page.get_by_role("link", name="Retirer Thématique : Climat")).to_be_focused()
    page.get_by_role("link", name="Retirer Lieu").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/acteurs/?q=mus&theme=climat")
    expect(page.locator("#pres")).to_have_value("")
    page.get_by_role("link", name="Tout effacer").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/acteurs/")
    expect(page.get_by_role("heading", name="3 acteurs")).to_be_focused()
    expect(page.locator("#q")).to_have_value("")
    expect(page.get_by_label("Musée")).not_to_be_checked()
    assert page.evaluate("window.here")


def test_a_place_half_typed_asks_for_nothing_until_it_is_chosen(page, live_server, network):
    asked = []
    page.goto(f"{live_server.url}/acteurs/")
    page.on("request", lambda request: asked.append(request.url) if "/acteurs/?" in request.url else None)
    box = page.locator("#pres")
    box.press_sequentially("sèt")
    expect(page.get_by_role("option", name="Sète (34301)")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="Sète (34301)")).to_be_hidden()
    page.wait_for_timeout(300)
    assert asked == []
    box.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/acteurs/?pres=34301")
    box.fill("")
    page.keyboard.press("Tab")
    expect(page).to_have_url(f"{live_server.url}/acteurs/")


def test_one_sees_who_is_around_from_the_home_page(browse, live_server, network):
    page = browse(geolocation={"latitude": 43.4012345, "longitude": 3.69}, permissions=["geolocation"])
    page.goto("/")
    page.get_by_role("button", name="Voir autour de moi").click()
    expect(page).to_have_url(f"{live_server.url}/acteurs/?pres=43.401%2C3.690")
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()
    refused = browse()
    refused.goto("/")
    refused.get_by_role("button", name="Voir autour de moi").click()
    expect(refused.locator("#position-refusee")).to_contain_text("tapez le nom de votre commune")
    expect(refused.locator("#accueil-pres")).to_be_focused()
    plain = browse(javascript=False)
    plain.goto("/")
    expect(plain.get_by_role("button", name="Voir autour de moi")).to_be_hidden()
    plain.get_by_label("Près de").fill("Sète")
    plain.get_by_role("button", name="Chercher", exact=True).click()
    expect(plain).to_have_url(f"{live_server.url}/acteurs/?pres=34301")


def test_without_scripts_the_form_and_the_pages_do_all(browse, live_server, network):
    page = browse(javascript=False)
    page.goto(f"{live_server.url}/acteurs/")
    page.get_by_label("Laboratoire").check()
    page.get_by_label("Près de").fill("sete")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/acteurs/?famille=laboratoire&pres=34301")
    expect(page.get_by_role("heading", name="1 acteur")).to_be_visible()
    page.get_by_role("link", name="Retirer Famille : Laboratoire").click()
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()
    page.get_by_role("link", name="Carte").click()
    expect(page.get_by_role("link", name="Station marine")).to_be_visible()


def test_a_commune_is_proposed_as_one_types_and_chosen_by_keyboard(page, live_server, network, axe):
    page.goto(f"{live_server.url}/acteurs/")
    box = page.get_by_role("combobox", name="Près de")
    box.press_sequentially("sèt")
    expect(page.get_by_role("option", name="Sète (34301)")).to_be_visible()
    axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/acteurs/?pres=34301")
    expect(box).to_be_focused()
    page.reload()
    expect(box).to_have_value("Sète")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_ambiguous_commune_is_asked_again_and_chosen(browse, live_server, network, axe, fits, javascript):
    make_commune("11337", "Sète", (43.1, 2.5))
    page = browse(width=390, javascript=javascript)
    page.goto(f"{live_server.url}/acteurs/")
    box = page.locator("#pres")
    box.fill("Sète")
    box.press("Enter")
    expect(page.get_by_text("Plusieurs communes correspondent à « Sète »").first).to_be_visible()
    expect(box).to_have_value("Sète")
    fits(page)
    if javascript:
        axe(page)
    page.get_by_role("link", name="Sète Département 34").click()
    expect(page).to_have_url(f"{live_server.url}/acteurs/?pres=34301")
    expect(page.get_by_role("heading", name="2 acteurs")).to_be_visible()


def test_from_the_list_to_a_message_with_the_keyboard_alone(page, live_server, network, tab_to):
    page.goto(f"{live_server.url}/acteurs/?famille=laboratoire")
    tab_to(page, page.get_by_role("link", name="Station marine", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Écrire", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Votre nom"))
    page.keyboard.type("Ana Roux")
    tab_to(page, page.get_by_label("Votre adresse e-mail"))
    page.keyboard.type("ana@exemple.fr")
    tab_to(page, page.get_by_label("Votre message"))
    page.keyboard.type("Bonjour, accueillez-vous des classes ?")
    page.wait_for_timeout(1000 * LEAST_SECONDS)  # Sooner, one is taken for a program.
    tab_to(page, page.get_by_role("button", name="Envoyer le message"))
    page.keyboard.press("Enter")
    expect(page.locator("#messages").get_by_role("status")).to_contain_text("Votre message est parti")
    expect(page.locator("#annonce")).to_contain_text("Votre message est parti")


def test_the_map_has_a_named_point_for_each_actor(page, live_server, network, axe, shot):
    page.goto(f"{live_server.url}/acteurs/?vue=carte")
    expect(page.locator("[data-drawn]")).to_have_attribute("data-drawn", "3")
    axe(page)
    shot(page, "actors-map")


def test_the_map_is_walked_by_keyboard_down_to_an_actor_and_back(page, live_server, network, axe):
    page.goto(f"{live_server.url}/acteurs/?vue=carte")
    group = page.get_by_role("button", name="2 acteurs, Sète et environs")
    group.focus()
    page.keyboard.press("Enter")
    held = page.locator(".pin:focus")
    expect(held).to_have_accessible_name(re.compile("Musée de la Mer|Station marine"))
    name = held.get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup").get_by_role("link", name=name)).to_be_focused()
    expect(page.get_by_role("button", name="Fermer", exact=True)).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # What the header half covers is taken for a small target.
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(held).to_have_attribute("title", name)
    page.keyboard.press("Escape")
    expect(group).to_be_focused()


def test_the_list_of_the_map_is_on_the_page_itself_not_in_a_box_to_scroll(phone, live_server, network):
    phone.goto(f"{live_server.url}/acteurs/?vue=carte")
    side = phone.locator(".map-view__side")
    assert side.evaluate("box => getComputedStyle(box).overflowY") == "visible"
    phone.get_by_role("link", name="Passer la carte et lire la liste").press("Enter")
    expect(side).to_be_focused()
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Musée de la Mer")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/acteurs/",
        "/acteurs/?q=rien-du-tout&pres=34301",
        "/acteurs/?q=mus&famille=musee&theme=climat",
        "/acteurs/musee-de-la-mer/",
        "/acteurs/musee-de-la-mer/contact/",
        "/acteurs/musee-de-la-mer/signaler/",
        "/acteurs/integrer/?famille=musee",
        "/acteurs/widget/",
    ],
)
def test_every_page_is_clean_and_fits(browse, live_server, network, axe, fits, path, width):
    page = browse(width=width)
    page.goto(f"{live_server.url}{path}")
    fits(page)
    axe(page)


def test_an_error_in_the_contact_form_is_said_where_it_is(page, live_server, network, axe):
    page.goto(f"{live_server.url}/acteurs/musee-de-la-mer/contact/")
    page.get_by_label("Votre nom").fill("Ana")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre adresse e-mail")
    expect(page.get_by_label("Votre nom")).to_have_value("Ana")
    axe(page)


def test_groups_of_a_crowded_map_never_cover_one_another(page, live_server, network, axe):
    many_actors(network, 1100)
    page.goto(f"{live_server.url}/acteurs/?vue=carte")
    page.locator("[data-drawn]").wait_for()
    boxes = page.locator(".leaflet-marker-icon:is(.cluster, .pin)").evaluate_all(
        "marks => marks.map(mark => { const box = mark.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2, box.width]; })"
    )
    assert len(boxes) > 1
    for one in boxes:
        for other in boxes:
            if one is not other:
                assert ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5 >= (one[2] + other[2]) / 2
    axe(page)
