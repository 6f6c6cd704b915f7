"""In a real browser, on a phone: registering without an account, confirming from the message, giving the place up, the next one served;
the list held by who organises, without scripts at 320 px."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.attendance.models import Registration
from maillage.core import forms
from maillage.core.jobs import run_waiting
from tests.factories.attendance import come, later, link_in, make_attendance_world, move_date, open_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    cache.clear()
    return make_attendance_world("localhost")


def received(to):
    """The last message that reached an address."""
    run_waiting()
    found = [message for message in mail.outbox if message.to == [to]]
    return type("Read", (), {"text": found[-1].body, "subject": found[-1].subject.replace("\u00a0", " ")})


def test_a_visitor_registers_on_a_phone_gives_up_and_the_next_is_served(phone, world, axe, fits, monkeypatch):
    monkeypatch.setattr(forms, "LEAST_SECONDS", 0)
    phone.goto(world.event.get_absolute_url())
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="S’inscrire").first.click()
    axe(phone)
    fits(phone)
    phone.get_by_label("2 places restantes").first.check()
    phone.get_by_label("Votre nom").fill("Lise Petit")
    phone.get_by_label("Nombre de places").fill("2")
    phone.get_by_role("button", name="M’inscrire").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.get_by_label("Votre nom")).to_have_value("Lise Petit")
    axe(phone)
    phone.get_by_label("Votre adresse e-mail").fill("lise@exemple.test")
    phone.get_by_role("button", name="M’inscrire").click()
    expect(phone.get_by_role("heading", name="Regardez vos messages")).to_be_visible()
    axe(phone)
    fits(phone)

    link = link_in(received("lise@exemple.test"))
    phone.goto(link)
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Confirmer").click()
    expect(phone.get_by_text("Votre inscription est confirmée.")).to_be_visible()
    axe(phone)
    fits(phone)

    waiting = come(world, "max@exemple.test")
    phone.goto(world.event.get_absolute_url())
    expect(phone.get_by_text("Complet : liste d’attente").first).to_be_visible()
    phone.goto(reverse("attendance:registration_show", args=[waiting.pk, waiting.token]))
    expect(phone.get_by_text("Rang dans la liste d’attente")).to_be_visible()
    axe(phone)

    phone.goto(link)
    phone.get_by_role("button", name="Annuler mon inscription").click()
    expect(phone.get_by_text("Votre inscription est annulée.")).to_be_visible()
    axe(phone)

    offer = received("max@exemple.test")
    assert offer.subject == "Une place s'est libérée : « Nuit des étoiles »"
    phone.goto(link_in(offer))
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Prendre la place").click()
    expect(phone.get_by_text("La place est à vous.")).to_be_visible()
    assert dict(Registration.objects.values_list("email", "state")) == {
        "lise@exemple.test": "cancelled", "max@exemple.test": "confirmed",
    }  # fmt: skip


def test_who_organises_holds_the_list_on_a_narrow_phone_without_scripts(browse, page, sign_in, world, axe, fits):
    open_for(world, capacity=4, groups=True)
    come(world, "une-adresse-tres-longue-vraiment@exemple.test", 3, name="Anne-Sophie de la Tour-Charpentier")
    come(world, "max@exemple.test")
    come(world, "ecole@exemple.test", 4, is_group=True, group_name="École du Pont-Vieux", level="CM2")
    narrow = browse(width=320, height=700, javascript=False)
    sign_in(narrow, world.nadia.user)
    sign_in(page, world.nadia.user)
    move_date(world.session, later(minutes=-5))
    lise = Registration.objects.order_by("pk").first()
    pages = [
        reverse("agenda:event_work", args=[world.event.pk]),
        reverse("attendance:board", args=[world.event.pk]),
        reverse("attendance:board", args=[world.event.pk]) + "?passees=1",
        reverse("attendance:opening_edit", args=[world.event.pk]),
        *(reverse(f"attendance:session_{name}", args=[world.session.pk]) for name in ("size", "sheet", "show")),
        reverse("attendance:registration_remove", args=[world.session.pk, lise.pk]),
        reverse("attendance:own_list"),
    ]
    for address in pages:
        page.goto(address)
        axe(page)
        narrow.goto(address)
        fits(narrow)
    narrow.goto(reverse("attendance:session_show", args=[world.session.pk]))
    narrow.get_by_role("button", name="Les 3 : Anne-Sophie").click()
    narrow.get_by_role("button", name="Absent : Max").click()
    expect(narrow.get_by_role("cell", name="absent")).to_be_visible()
    assert list(Registration.objects.order_by("pk").values_list("came", flat=True)[:2]) == [3, 0]
