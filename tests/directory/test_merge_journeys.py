"""In a real browser: pairs judged by keyboard alone, two sheets made one and given back; the same without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from maillage.directory.actions.judging import renew_suspects
from maillage.directory.models import Actor, DistinctPair, Listing, Merge
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    network = make_network(host="localhost")
    auch, albi = make_commune("32013", "Auch", (43.6465, 0.5867)), make_commune("81004", "Albi", (43.9298, 2.148))
    make_actor(network, "Astroclub d'Auch", commune=auch, phone="05 62 00 00 00", summary="Le ciel, chaque vendredi.")
    make_actor(network, "ASTROCLUB D'AUCH", commune=auch, phone="05 62 00 00 00", website="https://astro.exemple")
    make_actor(network, "Musée des Pierres", commune=albi, phone="05 63 00 00 00")
    make_actor(
        network, "Musée des pierres fines", commune=albi, phone="05 63 11 11 11", email="contact@pierres.exemple"
    )
    make_actor(network, "Médiathèque", commune=albi)
    renew_suspects(network)
    return network


def test_an_animator_merges_and_tells_apart_by_keyboard_then_undoes(page, sign_in, network, axe, fits, shot):
    sign_in(page, make_person(network, "animator"))
    page.goto("/travail/doublons/")
    axe(page)
    fits(page)
    shot(page, "doublons")
    page.get_by_role("button", name="Examiner à la suite").press("Enter")
    expect(page.get_by_role("heading", name="Un acteur, ou deux ?")).to_be_visible()
    expect(page.locator("[data-keys]")).to_be_focused()
    expect(page.get_by_text("même téléphone")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "paire")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Deux fiches en une")).to_be_visible()
    expect(page.get_by_role("radio", name="Astroclub d'Auch – fiche gardée")).to_be_checked()
    axe(page)
    fits(page)
    shot(page, "fusion")
    page.get_by_role("button", name="Fusionner les deux fiches").press("Enter")
    expect(page.get_by_text("ne fait plus qu'une fiche")).to_be_visible()
    merged = Actor.objects.get(name="Astroclub d'Auch")
    assert (merged.phone, merged.website) == ("05 62 00 00 00", "https://astro.exemple")
    assert not Actor.objects.filter(name="ASTROCLUB D'AUCH").exists()
    expect(page.get_by_role("heading", name="Un acteur, ou deux ?")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text("Deux acteurs différents")).to_be_visible()
    expect(page.get_by_text("Plus aucune paire n'attend ici.")).to_be_visible()
    assert DistinctPair.objects.count() == 1
    page.get_by_role("link", name="Fusions faites").press("Enter")
    axe(page)
    fits(page)
    shot(page, "fusions")
    page.get_by_role("button", name="Annuler la fusion").press("Enter")
    expect(page.get_by_role("heading", name="ASTROCLUB D'AUCH")).to_be_visible()
    assert Merge.objects.get().undone_at is not None
    assert Actor.objects.get(pk=merged.pk).website == ""


def test_a_pair_is_judged_on_a_phone_without_javascript(browse, sign_in, network, fits):
    page = browse(width=390, javascript=False)
    sign_in(page, make_person(network, "animator"))
    page.goto("/travail/doublons/")
    fits(page)
    page.get_by_role("button", name=re.compile("Examiner Astroclub")).click()
    fits(page)
    page.get_by_role("button", name=re.compile("La seconde est une antenne")).click()
    expect(page.get_by_text("est maintenant une antenne de l'autre")).to_be_visible()
    assert Actor.objects.exclude(parent=None).count() == 1


def test_two_sheets_that_nobody_suspected_are_found_by_name_and_merged(page, sign_in, network, axe, fits):
    sign_in(page, make_person(network, "animator"))
    page.goto(f"/travail/acteurs/{Actor.objects.get(name='Médiathèque').pk}/")
    page.get_by_role("link", name="Fusionner avec une autre fiche").click()
    axe(page)
    fits(page)
    page.get_by_label("Nom de l’autre fiche").fill("pierres fines")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name=re.compile("Choisir ce qui reste")).click()
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    expect(page.get_by_text("A absorbé")).to_be_visible()
    assert Actor.objects.count() == 4


@pytest.mark.parametrize("width", [1280, 390])
def test_a_verdict_is_taken_back_a_pair_left_and_a_hidden_sheet_asked_about(
    browse, sign_in, network, axe, fits, shot, width
):
    page = browse(width=width)
    sign_in(page, make_person(network, "animator", name="Ana Dupond"))
    page.goto("/travail/doublons/")
    page.get_by_role("button", name="Examiner à la suite").click()
    page.get_by_role("button", name="Deux différents").click()
    expect(page.get_by_text("Deux acteurs différents")).to_be_visible()
    shot(page, "paire-en-main")
    page.get_by_role("button", name="Laisser cette paire").click()
    expect(page.get_by_text("La paire attend de nouveau")).to_be_visible()
    page.get_by_role("link", name="Décidées").click()
    axe(page)
    fits(page)
    shot(page, "paires-decidees")
    expect(page.get_by_text("Ana Dupond").last).to_be_visible()
    page.get_by_role("button", name="Revenir sur cette décision").click()
    expect(page.get_by_text("Aucune décision", exact=True)).to_be_visible()
    assert not DistinctPair.objects.exists()
    kept, gone = Actor.objects.filter(name__iexact="Astroclub d'Auch").order_by("pk")
    Listing.objects.filter(actor=kept).update(state="published")
    Listing.objects.filter(actor=gone).update(state="hidden")
    page.goto(f"/travail/acteurs/{kept.pk}/fusionner/{gone.pk}/")
    axe(page)
    fits(page)
    shot(page, "fusion-masquee")
    page.get_by_label("Publier la fiche gardée").check()
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    expect(page.get_by_text("ne fait plus qu'une fiche")).to_be_visible()
    assert Listing.objects.get(actor=kept).state == "published"
