"""In a real browser: a host asks, a tour is planned, changed by hand and published; every page clean and within the screen."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.core.jobs import run_waiting
from maillage.tours import actions
from maillage.tours.models import HostRequest, Season, Stop
from tests.factories.tours import MONDAY, make_request, make_tour_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    cache.clear()
    return make_tour_world("localhost")


def test_a_host_asks_on_a_phone(phone, sign_in, world, axe, fits):
    sign_in(phone, world.host.user)
    phone.goto(reverse("tours:season_show", args=[world.season.slug]))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Demander un passage").click()
    phone.get_by_role("combobox", name="Commune").fill("Albi")
    phone.get_by_label("Lieu").fill("Cour de la médiathèque")
    phone.get_by_label("Jours d'ouverture").fill("2")
    phone.get_by_label("Personnes attendues").fill("250")
    phone.get_by_label("Période possible 1 : du").fill("2027-03-01")
    phone.get_by_label("Surface disponible").fill("90")
    phone.get_by_role("button", name="Envoyer la demande").click()
    expect(phone.get_by_role("alert")).to_contain_text("Donnez les deux dates")
    axe(phone)
    phone.get_by_label("Période possible 1 : au").fill("2027-03-12")
    phone.get_by_role("button", name="Envoyer la demande").click()
    expect(phone.get_by_text("Votre demande est enregistrée")).to_be_visible()
    axe(phone)
    fits(phone)
    assert HostRequest.objects.get().people == 250


def test_a_tour_is_planned_and_changed(page, sign_in, world, axe, fits, tab_to):
    for place in range(3):
        make_request(world.team, world.season, place, people=300)
    sign_in(page, world.team.user)
    page.goto(reverse("tours:season_table"))
    axe(page)
    page.get_by_role("link", name="Printemps du Propulseur").click()
    axe(page)
    button = page.get_by_role("button", name="Calculer la tournée")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_text("La tournée se calcule")).to_be_visible()
    axe(page)
    run_waiting()
    expect(page.get_by_text("C’est la meilleure possible")).to_be_visible()
    axe(page)
    fits(page)
    stop = Stop.objects.order_by("first_on").first()
    page.get_by_role("row", name=re.compile(re.escape(stop.request.actor.name))).get_by_role("link").click()
    page.get_by_label(re.compile("Arrivée")).fill((MONDAY + timedelta(days=14)).isoformat())
    page.get_by_role("button", name="Voir ce que cela coûte").click()
    expect(page.get_by_role("heading", name=re.compile("Ce que coûterait"))).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Placer la halte").click()
    expect(page.get_by_text("La halte est placée et fixée.")).to_be_visible()
    assert Stop.objects.get(request=stop.request_id).first_on == MONDAY + timedelta(days=14)
    page.get_by_role("button", name="Publier la tournée").click()
    expect(page.get_by_text("La tournée est publiée")).to_be_visible()
    page.goto(Season.objects.get().get_absolute_url())
    expect(page.get_by_text("Prochaines haltes")).to_be_visible()
    axe(page)
    fits(page)


def test_the_other_pages_are_clean(page, phone, sign_in, world, axe, fits):
    asked = make_request(world.team, world.season, feasible=False)
    served = make_request(world.team, world.season, 1)
    actions.move_stop(by=world.team, season=world.season, request=served, day=MONDAY)
    for screen in (page, phone):
        sign_in(screen, world.team.user)
        for address in (
            reverse("tours:season_work", args=[world.season.pk]),
            reverse("tours:season_add"),
            reverse("tours:season_edit", args=[world.season.pk]),
            reverse("tours:request_table", args=[world.season.pk]),
            reverse("tours:request_work", args=[world.season.pk, asked.pk]),
            reverse("tours:season_list"),
            reverse("tours:request_list"),
        ):
            screen.goto(address)
            axe(screen)
            fits(screen)
