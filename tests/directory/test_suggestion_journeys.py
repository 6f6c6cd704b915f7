"""In a real browser, on a phone: a visitor says that a sheet is wrong, its responsible person refuses and says why, the visitor
takes it up from the answer, and the sheet is corrected."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.core.jobs import run_waiting
from maillage.directory.models import Actor, ActorMember
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_error_is_refused_explained_and_taken_by_the_sheets_own_people(browse, sign_in, smtp_server, axe, fits):
    cache.clear()
    network = make_network(host="localhost")
    actor = make_actor(network, "Musée des sels", phone="04 67 00 00 00", commune=make_commune())
    director = make_person(network, name="Ana Roche")
    ActorMember.objects.create(actor=actor, user=director, role="admin")
    visitor, phone = browse(width=390), browse(width=390)
    sign_in(phone, director)

    def send():
        visitor.wait_for_timeout(3500)  # Nobody writes in less than three seconds.
        visitor.get_by_role("button", name="Envoyer le signalement").click()
        expect(visitor.get_by_text("Merci. L'équipe du réseau vérifie").first).to_be_visible()

    def open_suggestion():
        phone.goto(reverse("directory:own_sheet", args=[actor.pk]))
        phone.get_by_role("link", name=re.compile("Une personne signale une erreur")).click()
        axe(phone)
        fits(phone)

    visitor.goto(reverse("directory:actor_report", args=[actor.slug]))
    visitor.get_by_text("Écrire la bonne valeur").click()
    visitor.get_by_label("Téléphone").fill("04 67 99 99 99")
    visitor.get_by_label("Votre adresse e-mail").fill("visiteur@exemple.test")
    send()

    open_suggestion()
    phone.get_by_label("invérifiable").check()
    phone.get_by_label("Explication").fill("Où l'avez-vous lu ?")
    phone.get_by_role("button", name="Ne pas retenir").click()
    expect(phone.get_by_text("La suggestion n'est pas retenue.").first).to_be_visible()
    expect(phone.get_by_role("heading", name="Erreurs signalées")).to_have_count(0)

    run_waiting()
    letter = next(each for each in smtp_server.received if each["To"] == "visiteur@exemple.test")
    words = letter.get_body(("plain",)).get_content()
    visitor.goto(urlsplit(re.search(r"http://\S+/suggestions/reprendre/\S+", words)[0]).path)
    expect(visitor.get_by_text("Vous reprenez une suggestion")).to_be_visible()
    expect(visitor.get_by_label("Téléphone")).to_have_value("04 67 99 99 99")
    axe(visitor)
    fits(visitor)
    visitor.get_by_label("Expliquez-nous").fill("Sur l'affiche de l'entrée.")
    send()

    open_suggestion()
    expect(phone.get_by_text("Sur l'affiche de l'entrée.")).to_be_visible()
    phone.get_by_role("button", name="Reprendre les champs cochés").click()
    expect(phone.get_by_text("La fiche est corrigée.").first).to_be_visible()
    actor = Actor.objects.get()
    assert (actor.phone, actor.wrote_itself("phone")) == ("04 67 99 99 99", True)
