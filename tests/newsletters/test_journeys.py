"""In a real browser: a letter composed with the keyboard and on a phone, subscribed to without an account; every page clean and
within the screen, without scripts too."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.core import forms
from maillage.core.jobs import run_waiting
from maillage.newsletters.actions import sending
from maillage.newsletters.models import Letter, Subscription
from tests.factories.agenda import make_event
from tests.factories.directory import make_commune, make_term
from tests.factories.newsletters import make_letter, make_letter_world, make_subscription
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    cache.clear()
    made = make_letter_world("localhost")
    made.network.perimeter.set([make_commune()])
    make_term("theme", "astronomie", label="Astronomie")
    return made


@pytest.fixture
def sign_in(live_server):
    def do(page, viewer):
        client = Client()
        client.force_login(viewer.user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do


def test_a_letter_is_composed_with_the_keyboard_and_followed_on_a_phone(page, phone, sign_in, world, axe, fits, tab_to):
    article = make_publication(world.team, "Ce que disent les lucioles")
    type(article).objects.filter(pk=article.pk).update(featured_at=timezone.now())
    make_event(world.network, "Nuit des étoiles")
    make_subscription(world.network, "lise@exemple.test")
    sign_in(page, world.team)
    sign_in(phone, world.team)

    page.goto(reverse("newsletters:letter_list"))
    axe(page)
    page.get_by_role("link", name="Nouvelle lettre").first.click()
    axe(page)
    page.get_by_label("Objet").fill("La lettre de novembre")
    page.get_by_role("button", name="Enregistrer et choisir les contenus").click()
    axe(page)
    fits(page)
    expect(
        page.get_by_label("Ce que disent les lucioles")
    ).to_be_checked()  # What the team puts forward is proposed ticked.
    tab_to(page, page.get_by_label("Nuit des étoiles"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Ajouter à la lettre"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 contenus ajoutés.")).to_be_visible()
    axe(page)
    fits(page)

    sentence = page.get_by_label("Votre phrase : Ce que disent les lucioles")
    tab_to(page, sentence)
    page.keyboard.type("À lire ce soir.")
    up = page.get_by_role("button", name="Monter : Nuit des étoiles")
    tab_to(page, up)
    page.keyboard.press("Enter")  # Moving keeps what was typed.
    expect(page.get_by_role("listitem").filter(has_text="Nuit des étoiles").first).to_be_visible()
    expect(sentence).to_have_value("À lire ce soir.")
    letter = Letter.objects.get()
    assert [str(block) for block in letter.blocks.all()] == [
        "À la une", "Ce que disent les lucioles", "Nuit des étoiles", "Agenda",
    ]  # fmt: skip

    phone.goto(reverse("newsletters:letter_work", args=[letter.pk]))
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Aperçu et essai").click()
    axe(phone)
    fits(phone)
    expect(phone.frame_locator("iframe").get_by_role("heading", name="La lettre de novembre")).to_be_visible()
    phone.get_by_role("link", name="Texte seul").click()
    expect(phone.get_by_text("À lire ce soir.")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="Vérifier et envoyer").click()
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Envoyer la lettre").click()
    expect(phone.get_by_text("Messages partis")).to_be_visible()
    axe(phone)
    fits(phone)
    sending.send_planned(Letter.objects.get())
    phone.goto(letter.get_absolute_url())
    expect(phone.get_by_text("À lire ce soir.")).to_be_visible()
    axe(phone)
    fits(phone)


def test_a_visitor_subscribes_and_chooses_on_a_phone_without_an_account(phone, world, axe, fits, monkeypatch):
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)
    phone.goto("/")
    phone.get_by_role("link", name="Recevoir la lettre").click()
    axe(phone)
    fits(phone)
    phone.get_by_label("Votre adresse e-mail").fill("lise@exemple.test")
    phone.get_by_role("button", name="M’abonner").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    axe(phone)
    expect(phone.get_by_label("Votre adresse e-mail")).to_have_value("lise@exemple.test")
    phone.get_by_label("Astronomie").check()
    phone.get_by_label(re.compile("^J.accepte")).check()
    phone.get_by_role("button", name="M’abonner").click()
    expect(phone.get_by_role("heading", name="Regardez vos messages")).to_be_visible()
    axe(phone)
    run_waiting()
    subscription = Subscription.objects.get()
    link = subscription.confirm_token(subscription.askings[0]["nonce"])
    phone.goto(reverse("newsletters:subscription_confirm", args=[subscription.pk, link]))
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Confirmer mon abonnement").click()
    expect(phone.get_by_label("Astronomie")).to_be_checked()
    axe(phone)
    fits(phone)
    phone.get_by_label("Faire une pause").select_option("1")
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("Pas de lettre jusqu")).to_be_visible()
    phone.get_by_role("link", name="Effacer mon adresse").click()
    axe(phone)
    phone.get_by_role("button", name="Effacer mon adresse").click()
    expect(phone.get_by_role("heading", name="Votre adresse est effacée")).to_be_visible()
    assert not Subscription.objects.exists()


def test_every_page_holds_at_320_px_without_scripts(browse, page, sign_in, world, axe, fits):
    letter = make_letter(world.team, "La lettre de novembre", make_publication(world.team, "L" * 130))
    sent = make_letter(world.team, "La lettre d'octobre", make_event(world.network))
    subscription = make_subscription(world.network, "une-adresse-tres-longue-vraiment@exemple.test")
    make_subscription(world.network, "x@exemple.test", state="failed", failed_at=timezone.now(), failure="550 unknown")
    sending.send_letter_now(by=world.team, letter=sent)
    scheduled = make_letter(world.team, "Plus tard", make_event(world.network, "Autre"))
    sending.schedule_letter(by=world.team, letter=scheduled, at=timezone.now() + timedelta(days=2))
    narrow = browse(width=320, height=700, javascript=False)
    sign_in(narrow, world.admin)
    sign_in(page, world.admin)
    work = [
        reverse("newsletters:letter_list"),
        reverse("newsletters:letter_create"),
        *(reverse(f"newsletters:letter_{name}", args=[letter.pk]) for name in
          ("work", "edit", "choose", "text", "preview", "send", "delete")),
        reverse("newsletters:letter_work", args=[sent.pk]),
        reverse("newsletters:letter_work", args=[scheduled.pk]),
        reverse("newsletters:subscriber_list"),
        reverse("newsletters:subscriber_import"),
        reverse("newsletters:subscribe"),
        reverse("newsletters:letter_archive"),
        sent.get_absolute_url(),
        *(reverse(f"newsletters:subscription_{name}", args=[subscription.pk, subscription.token]) for name in
          ("edit", "stop", "erase")),
    ]  # fmt: skip
    for address in work:
        narrow.goto(address)
        expect(narrow.get_by_role("heading", level=1)).to_be_visible()
        fits(narrow)
    for address in [each for each in work if "apercu" not in each]:
        page.goto(address)
        axe(page)
        fits(page)
    narrow.goto(work[2])
    narrow.get_by_label(re.compile("^Votre phrase")).fill("Une phrase.")
    narrow.get_by_role("button", name=re.compile("^Monter")).click()
    assert letter.blocks.get(kind="publication").words == "Une phrase."
