"""In a real browser: an episode from the agenda to the listeners, by keyboard and on a phone; every page clean and within the screen."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.radio.models import Episode
from tests.factories.agenda import make_event
from tests.factories.directory import make_actor, make_commune
from tests.factories.radio import make_episode, make_radio_world, silent_mp3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    cache.clear()
    world = make_radio_world("localhost")
    world.museum = make_actor(world.network, "Muséum de Montpellier", commune=make_commune(), phone="0467000000")
    world.event = make_event(world.network, "Atelier robots", organisers=[world.museum])
    return world


def test_from_the_agenda_to_the_listeners(page, phone, sign_in, world, axe, fits, tab_to, shot):
    sign_in(page, world.team.user)
    page.goto(reverse("radio:episode_add"))
    page.get_by_label("Titre").fill("Robots d'hiver")
    page.get_by_role("button", name="Choisir dans l’agenda").click()
    axe(page)
    fits(page)
    box = page.get_by_role("checkbox", name=re.compile("Atelier robots"))
    tab_to(page, box)
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name=re.compile("Muséum de Montpellier")).check()
    page.get_by_role("button", name="Ajouter au conducteur").click()
    expect(page.get_by_text("2 séquences ajoutées")).to_be_visible()
    axe(page)
    fits(page)
    words = page.get_by_label(re.compile("Lancement de Atelier robots"))
    words.fill("un deux trois " * 100)
    expect(page.locator("#total")).to_have_text("6:00")
    expect(page.get_by_text(re.compile("^Enregistré à"))).to_be_visible()
    episode = Episode.objects.get()
    assert episode.items.first().word_count == 300
    up = page.get_by_role("button", name="Monter Muséum de Montpellier")
    tab_to(page, up)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Descendre Muséum de Montpellier")).to_be_visible()
    shot(page, "radio-conducteur")
    page.get_by_role("link", name="Script", exact=True).click()
    axe(page)
    fits(page)
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    page.emulate_media(media="print")
    breaks = page.locator(".script__item").first.evaluate("element => getComputedStyle(element).breakBefore")
    assert breaks == "page"
    assert page.get_by_text("0467000000").count() == 0
    page.emulate_media(media="screen")
    page.goto(reverse("radio:episode_work", args=[episode.pk]))
    page.get_by_role("button", name="Le conducteur est prêt").click()
    page.get_by_role("button", name="Il est enregistré").click()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("main").get_by_text("Déposez d'abord le fichier audio.").first).to_be_visible()
    page.get_by_role("link", name="Déposer le son").click()
    axe(page)
    page.get_by_label("Fichier audio").set_input_files(
        [{"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": b"<html>"}]
    )
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound = {"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": silent_mp3(8)}
    page.get_by_label("Fichier audio").set_input_files([sound])
    page.get_by_role("button", name="Déposer", exact=True).click()
    expect(page.get_by_text("il dure 0:08")).to_be_visible()
    page.get_by_role("link", name="Fiche et transcription").click()
    axe(page)
    fits(page)
    page.get_by_label("En deux phrases").fill("Des robots qui dansent.")
    page.get_by_label(re.compile("^Transcription")).fill("Camille : bonjour.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("il est sur le site et dans le podcast")).to_be_visible()
    phone.goto(reverse("radio:show_list"))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Robots d'hiver").tap()
    expect(phone.get_by_role("heading", name="Transcription")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "radio-episode")
    length = phone.locator("audio").evaluate(
        "audio => new Promise(done => { audio.onloadedmetadata = () => done(audio.duration); audio.onerror = () => done(-1); audio.preload = 'metadata'; audio.load(); })"
    )
    assert length == pytest.approx(8, abs=0.5) or length == -1  # A browser without the codec says so.
    phone.get_by_role("link", name="Muséum de Montpellier").tap()
    expect(phone.get_by_role("heading", name="À la radio")).to_be_visible()


def test_every_other_page_is_clean_on_a_phone_and_without_scripts(phone, browse, sign_in, world, axe, fits):
    at = timezone.now() - timedelta(days=2)
    aired = make_episode(world.team, world.show, "Écouté", state="published", events=[world.event], planned_at=at)
    episode = make_episode(world.team, world.show, "Suivant", actors=[world.museum])
    item = episode.items.get()
    sign_in(phone, world.team.user)
    work = [
        reverse("radio:episode_table"),
        reverse("radio:show_list_work"),
        reverse("radio:show_edit", args=[world.show.slug]),
        reverse("radio:airtime"),
        *(
            reverse(f"radio:{name}", args=[episode.pk])
            for name in ("episode_work", "candidates", "script", "contacts", "episode_copy", "episode_delete")
        ),
        reverse("radio:item", args=[episode.pk, item.pk]),
    ]
    public = [world.show.get_absolute_url(), reverse("radio:subscribe", args=[world.show.slug])]
    for address in [*work, *public]:
        phone.goto(address)
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        axe(phone)
        fits(phone)
    narrow = browse(width=320, javascript=False)
    sign_in(narrow, world.team.user)
    for address in (work[0], work[3], work[4], work[5], aired.get_absolute_url()):
        narrow.goto(address)
        expect(narrow.get_by_role("heading", level=1)).to_be_visible()
        fits(narrow)
    narrow.goto(work[4])
    narrow.get_by_label(re.compile("Lancement de Muséum")).fill("Bonjour, vous êtes au muséum.")
    narrow.get_by_role("button", name=re.compile("Enregistrer le lancement de Muséum")).click()
    expect(narrow.get_by_text("est enregistré")).to_be_visible()
    item.refresh_from_db()
    assert item.words == "Bonjour, vous êtes au muséum."
