"""In a real browser: an event told from a phone, refused, mended, published; dates without script; the team's table."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.agenda.actions.revising import propose_edit
from maillage.agenda.models import Event, Organiser
from maillage.agenda.queries.calendar import Schedule
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    cache.clear()
    return make_network(host="localhost")


@pytest.fixture
def sign_in(live_server):
    """Several people at once: each has a session of their own."""

    def do(page, person):
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do


def test_from_a_phone_an_event_is_proposed_refused_mended_and_published(phone, page, sign_in, network, axe, fits, shot):
    author, team = make_person(network, name="Léo Astier"), make_person(network, "animator", name="Noé Cabanel")
    make_actor(network, "Musée des sels", commune=make_commune(), address="3 quai Vauban")
    make_event(network, "Grande balade géologique", schedule=Schedule((slot(7),)))
    sign_in(phone, author)
    sign_in(page, team)

    phone.goto(reverse("agenda:event_propose"))
    axe(phone)
    fits(phone)
    shot(phone, "event-propose")
    phone.get_by_label("Titre").fill("Balade géologique")
    phone.get_by_label("Jour").fill((timezone.localdate() + timedelta(days=7)).isoformat())
    phone.locator("[name=starts]").fill("14:30")
    phone.locator("[name=ends]").fill("16:00")
    phone.get_by_role("combobox", name=re.compile("Chez un acteur")).fill("sels")
    phone.get_by_role("option", name=re.compile("Musée des sels")).click()
    phone.get_by_role("button", name="Proposer à l’équipe").click()
    expect(phone.get_by_text("est-il déjà dans l’agenda")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "event-alike")
    phone.get_by_role("button", name="Aucun de ceux-là").click()
    expect(phone.get_by_text("C’est envoyé").or_(phone.get_by_text("C'est envoyé")).first).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "event-sent")

    page.goto(reverse("directory:queue"))
    page.get_by_role("link", name=re.compile("Balade géologique")).click()
    axe(page)
    fits(page)
    shot(page, "event-review")
    page.get_by_label("trop peu d'informations").check()
    page.get_by_label("Explication").fill("Dites ce que l'on y fait.")
    page.get_by_role("button", name="Refuser en disant pourquoi").click()
    expect(page.get_by_text("la personne reçoit vos raisons")).to_be_visible()

    phone.goto(reverse("agenda:own_events"))
    axe(phone)
    fits(phone)
    shot(phone, "event-own")
    phone.get_by_role("link", name="Balade géologique").click()
    expect(phone.get_by_text("Dites ce que l'on y fait.")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "event-refused")
    phone.get_by_role("link", name="L'essentiel").click()
    phone.get_by_label(re.compile("^En une phrase")).fill("On lit les strates.")
    axe(phone)
    fits(phone)
    shot(phone, "event-essential")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    phone.get_by_role("button", name="Proposer de nouveau").click()

    event = Event.objects.get(title="Balade géologique")
    page.goto(reverse("agenda:event_work", args=[event.pk]))
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(
        page.get_by_text("L'événement est publié").or_(page.get_by_text("L’événement est publié")).first
    ).to_be_visible()
    phone.goto(event.get_absolute_url())
    expect(phone.get_by_role("heading", name="Balade géologique", exact=True)).to_be_visible()
    expect(phone.get_by_text("3 quai Vauban")).to_be_visible()


def test_dates_are_typed_without_script(browse, sign_in, network, fits):
    page = browse(width=390, javascript=False)
    sign_in(page, make_person(network, "animator"))
    event = make_event(network, state="draft", schedule=Schedule())
    page.goto(reverse("agenda:event_edit_step", args=[event.pk, "dates"]))
    fits(page)
    first = timezone.localdate() + timedelta(days=5)
    page.locator("[name=d-0-day]").fill(first.isoformat())
    page.get_by_role("button", name="Ajouter une date").click()
    page.locator("[name=d-1-day]").fill((first + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Ajouter une répétition").click()
    page.get_by_label("samedi").check()
    page.locator("[name=r-0-first_on]").fill(first.isoformat())
    page.locator("[name=r-0-starts]").fill("10:00")
    page.locator("[name=r-0-ends]").fill("12:00")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("de 10 h à 12 h").first).to_be_visible()
    fits(page)
    assert event.timings.filter(pattern=None).count() == 2


def test_rows_are_added_in_place_and_every_working_page_is_clean(page, phone, sign_in, network, axe, fits, shot):
    team = make_person(network, "animator")
    sign_in(page, team)
    sign_in(phone, team)
    event = make_event(network, schedule=Schedule((slot(3),), (weekly((1, 3)),)), organisers=[make_actor(network)])
    draft = make_event(network, "Idée", state="draft")
    page.goto(reverse("agenda:event_edit_step", args=[event.pk, "dates"]))
    page.get_by_role("button", name="Ajouter une date").click()
    expect(page.locator("[name=d-1-day]")).to_be_focused()
    page.locator("[name=d-1-day]").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.locator("[name=d-1-starts]").fill("09:00")
    page.locator("[name=d-1-starts]").press("Tab")
    expect(page.locator("[name=d-1-ends]")).to_have_value("10:00")
    axe(page)
    shot(page, "event-dates")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("est enregistré")).to_be_visible()
    timing = event.timings.first()
    addresses = {
        "dates-all": reverse("agenda:event_dates", args=[event.pk]),
        "date": reverse("agenda:event_date", args=[event.pk, timing.pk]),
        "place": reverse("agenda:event_edit_step", args=[event.pk, "lieu"]),
        "organisers": reverse("agenda:event_edit_step", args=[event.pk, "organisateurs"]),
        "work": reverse("agenda:event_work", args=[event.pk]),
        "status": reverse("agenda:event_status", args=[event.pk]),
        "duplicate": reverse("agenda:event_duplicate", args=[event.pk]),
        "delete": reverse("agenda:event_delete", args=[draft.pk]),
        "table": reverse("agenda:event_table"),
    }
    for name, address in addresses.items():
        page.goto(address)
        axe(page)
        fits(page)
        shot(page, f"event-{name}")
    for name in ("place", "organisers", "work", "table"):
        phone.goto(addresses[name])
        axe(phone)
        fits(phone)
        shot(phone, f"event-{name}")
    phone.goto(reverse("agenda:event_edit_step", args=[event.pk, "dates"]))
    fits(phone)
    shot(phone, "event-dates")


def test_what_one_touches_is_large_enough(page, phone, sign_in, network):
    team = make_person(network, "animator")
    sign_in(page, team)
    sign_in(phone, team)
    event = make_event(network, schedule=Schedule((slot(3), slot(4))))
    for tab, address, chosen in (
        (page, reverse("agenda:event_table"), ".table thead a, .table tbody th a"),
        (phone, reverse("agenda:event_dates", args=[event.pk]), ".next-dates a, .breadcrumb a"),
    ):
        tab.goto(address)
        boxes = tab.locator(chosen).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
        assert boxes
        assert min(boxes) >= 24


def test_at_320_px_without_script_the_agenda_is_read_and_kept(browse, sign_in, network, fits):
    event = make_event(
        network,
        "Les mercredis de la météorologie urbaine et des îlots de fraîcheur",
        schedule=Schedule((slot(0, hour=0, all_day=True), slot(4)), (weekly((2,)),)),
    )
    fields = {"website": "https://une-adresse-sans-espace.example/vraiment/longue/qui-ne-se-coupe-pas-au-bord.html"}
    revision = propose_edit(by=viewer(editor_of(network, event), network), event=event, fields=fields, seen=None)
    reader, team = browse(width=320, javascript=False), browse(width=320, javascript=False)
    for query in ("", "?vue=mois", "?vue=carte"):
        reader.goto(reverse("agenda:event_list") + query)
        fits(reader)
        expect(reader.get_by_role("link", name=event.title).first).to_be_visible()
    assert reader.locator(".map__canvas").bounding_box()["height"] < 300  # No empty frame before the list.
    reader.goto(event.get_absolute_url())
    fits(reader)
    sign_in(team, make_person(network, "animator"))
    for address in (reverse("agenda:event_edit_step", args=[event.pk, "dates"]), reverse("agenda:event_table")):
        team.goto(address)
        fits(team)
    tick, title = team.locator(".tick").bounding_box(), team.get_by_role("link", name=event.title).bounding_box()
    assert tick["y"] < title["y"] + title["height"] and title["y"] < tick["y"] + tick["height"]
    team.get_by_label(re.compile("^Cocher")).check()
    team.get_by_role("button", name="Retirer de l’agenda").click()
    expect(
        team.get_by_text("1 événement retiré de l'agenda").or_(team.get_by_text("1 événement retiré de l’agenda"))
    ).to_be_visible()
    fits(team)
    team.goto(reverse("agenda:event_revision_show", args=[revision.pk]))
    fits(team)
    team.get_by_role("button", name="Retenir les champs cochés").click()
    event.refresh_from_db()
    assert (event.state, event.website) == ("hidden", fields["website"])


def editor_of(network, event):
    person, actor = make_person(network), make_actor(network, "Musée des sels")
    ActorMember.objects.create(actor=actor, user=person, role=MemberRole.EDITOR)
    Organiser.objects.create(event=event, actor=actor)
    return person
