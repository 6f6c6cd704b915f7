"""In a real browser: a real export of OpenAgenda is imported, again, then again once its source changed one event."""

import json
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from maillage.agenda.models import Event
from maillage.core import jobs
from tests.factories.accounts import make_person
from tests.factories.directory import make_commune, make_network

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared_data]
TAKEN = 20  # Of its 506 events: `test_imports_files` takes them all.


@pytest.fixture
def export(shared_data, tmp_path):
    """A function that writes the first events of the export, the changes made, and gives the path of the file."""
    whole = json.loads((shared_data / "events" / "openagenda_brest_2026-04-27.json").read_text())

    def write(name, **changes):
        events = [dict(event) for event in whole[:TAKEN]]
        events[3] |= changes
        path = tmp_path / name
        path.write_text(json.dumps(events))
        return path

    return write


def test_a_real_export_comes_once_and_what_changed_alone_follows(page, client, live_server, export, axe, fits, shot):
    cache.clear()
    make_commune("29019", "Brest", (48.4, -4.5), ["29200", "29238"])
    client.force_login(make_person(make_network(host="localhost"), "animator"))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    def press(button):
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()
        jobs.run_waiting()
        page.reload()

    def preview(path):
        page.goto(reverse("exchange:batch_create"))
        page.get_by_label("Ce que contient le fichier").select_option("events")
        page.locator("input[type=file]").set_input_files(path)
        page.get_by_role("button", name="Lire ce fichier").click()
        page.get_by_label(re.compile("D’où vient")).fill("OpenAgenda, Brest")
        page.locator("[name=opt-perimeter]").select_option("all")
        axe(page)
        press("Préparer l'aperçu")

    preview(export("un.json"))
    fits(page)
    shot(page, "import-openagenda")
    page.get_by_label("Importer sans la ligne en erreur").check()
    press("Importer")
    created = Event.objects.count()
    assert created >= TAKEN - 3
    assert page.locator("main").inner_text().count(str(created)) > 0

    preview(export("deux.json"))
    expect(page.get_by_text("Aucune ligne ne sera écrite.")).to_be_visible()
    revision = max(Event.objects.values_list("revision", flat=True))
    page.get_by_label("Importer sans la ligne en erreur").check()
    press("Importer")
    assert (Event.objects.count(), max(Event.objects.values_list("revision", flat=True))) == (created, revision)

    before = dict(Event.objects.values_list("pk", "title"))
    preview(export("trois.json", title_fr="Un titre que la source a changé"))
    page.get_by_label("Importer sans la ligne en erreur").check()
    press("Importer")
    changed = [pk for pk, title in Event.objects.values_list("pk", "title") if before[pk] != title]
    assert [Event.objects.get(pk=pk).title for pk in changed] == ["Un titre que la source a changé"]
