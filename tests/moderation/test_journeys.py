"""In a real browser, on a phone: a reader reports an event, the team removes it and says why, its author contests, another
moderator puts it back."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.agenda.models import Event
from maillage.core.viewer import RoleKind
from maillage.moderation.models import Case
from tests.factories.accounts import make_person
from tests.factories.agenda import make_event
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db(transaction=True)


def test_reported_removed_contested_and_put_back(browse, sign_in, axe, fits):
    cache.clear()
    network = make_network(host="localhost")
    event = make_event(network, "Nuit des étoiles")
    author, reader = make_person(network, name="Léo Astier"), make_person(network, name="Zélie Quatre")
    Event.objects.filter(pk=event.pk).update(author=author)
    team = [make_person(network, RoleKind.ANIMATOR, name=name) for name in ("Ana Roche", "Noé Sabatier")]
    phone, desk, home, other = browse(width=390), browse(), browse(width=390), browse(width=390)

    sign_in(phone, reader)
    phone.goto(event.get_absolute_url())
    phone.get_by_role("link", name="Signaler").click()
    axe(phone)
    fits(phone)
    phone.get_by_label("faux, ou contraire à ce que l'on sait en science").check()
    phone.get_by_label("Expliquez en quelques mots").fill("La Lune n'est pas une étoile.")
    phone.wait_for_timeout(3500)  # Nobody writes in less than three seconds.
    phone.get_by_role("button", name="Envoyer le signalement").click()
    expect(phone.get_by_role("heading", name="Merci de votre signalement")).to_be_visible()
    axe(phone)

    sign_in(desk, team[0])
    desk.goto(reverse("directory:queue"))
    desk.get_by_role("link", name="Nuit des étoiles").click()
    expect(desk.get_by_text("La Lune n'est pas une étoile.")).to_be_visible()
    axe(desk)
    desk.get_by_label("Pourquoi").fill("Le titre trompe : il n'y aura pas d'étoiles.")
    desk.get_by_role("button", name="Retirer").click()
    expect(desk.get_by_text("C'est retiré, et chacun sait pourquoi.").first).to_be_visible()
    axe(desk)

    case = Case.objects.get()
    sign_in(home, author)
    home.goto(reverse("agenda:event_work", args=[event.pk]))
    home.get_by_role("link", name="décide de ces signalements").click()
    expect(home.get_by_text("Le titre trompe")).to_be_visible()
    expect(home.get_by_text("Zélie")).to_have_count(0)
    axe(home)
    fits(home)
    home.get_by_label("Pourquoi cette décision vous semble injuste").fill("Nous observerons Véga.")
    home.get_by_role("button", name="Demander une nouvelle lecture").click()
    expect(home.get_by_text("Votre contestation est partie").first).to_be_visible()

    sign_in(other, team[1])
    other.goto(reverse("moderation:case_show", args=[case.pk]))
    expect(other.get_by_text("Nous observerons Véga.")).to_be_visible()
    axe(other)
    fits(other)
    other.get_by_label("Pourquoi").fill("En effet, Véga est une étoile.")
    other.get_by_role("button", name="Remettre en ligne").click()
    expect(other.get_by_text("C'est gardé").first).to_be_visible()
    phone.goto(event.get_absolute_url())
    expect(phone.get_by_role("heading", name="Nuit des étoiles").first).to_be_visible()
