"""The pages of elected officials: forms that lose nothing, filters, exports, a territory, double sending."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.outreach.models import Contact, Official, Promise
from tests.factories.directory import make_actor, make_commune
from tests.factories.outreach import make_contact, make_letter, make_official

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("animator")]


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def page(client, name, *args, **params):
    return client.get(reverse(f"outreach:{name}", args=args), params)


def entered(**more):
    commune = make_commune()
    return {
        "last_name": "Vidal",
        "first_name": "Ana",
        "source": "Site de la mairie",
        "sourced_on": timezone.localdate().isoformat(),
        "function": "maire",
        "commune": commune.code,
        "commune_text": f"Montpellier ({commune.code})",
        **more,
    }


def test_an_official_is_entered_once_though_the_form_is_sent_twice(client):
    data = entered(cle=str(uuid.uuid4()))
    for _each in range(2):
        answer = client.post(reverse("outreach:official_add"), data, follow=True)
    assert "Maire" in text(answer)
    assert Official.objects.count() == 1


def test_faults_are_said_beside_the_fields_and_nothing_is_lost(client):
    answer = client.post(
        reverse("outreach:official_add"),
        entered(
            commune="", commune_text="", last_name="", address="a\nb\nc\nd\ne", since="2026-02-01", until="2026-01-01"
        ),
    )
    assert answer.status_code == 422
    said = text(answer)
    for sentence in ("Quatre lignes au plus", "Dites où", "ne finit pas avant", 'value="Ana"'):
        assert sentence in said
    assert not Official.objects.exists()


def test_a_meeting_with_a_promise_is_logged_from_the_page_of_an_official(client, network):
    official = make_official(network, "Alibert")
    form = page(client, "contact_log", elu=official.pk)
    assert "Claude Alibert (Montpellier)" in text(form)
    data = {
        "channel": "meeting",
        "on": timezone.localdate().isoformat(),
        "official_text": "Alibert",
        "promised": "Prêter la salle",
        "promiser": "official",
        "promise_on": "2027-01-15",
        "cle": str(uuid.uuid4()),
    }
    for _each in range(2):
        answer = client.post(reverse("outreach:contact_log"), data, follow=True)
    assert "Prêter la salle" in text(answer)
    assert Contact.objects.count() == Promise.objects.count() == 1
    shown = text(page(client, "official_show", official.pk))
    assert "Prêter la salle" in shown and "Rendez-vous" in shown


def test_a_contact_with_nobody_is_refused_beside_the_field(client):
    answer = client.post(reverse("outreach:contact_log"), {"channel": "phone", "on": "2026-01-15"})
    assert answer.status_code == 422
    assert "Choisissez un acteur de l'annuaire, un élu ou une élue." in text(answer)


def test_a_promise_without_an_official_is_refused_beside_the_field(client, network):
    actor = make_actor(network)
    data = {"channel": "phone", "on": "2026-01-15", "actor": actor.pk, "promised": "Aider"}
    answer = client.post(reverse("outreach:contact_log"), data)
    assert answer.status_code == 422
    assert "Dites à qui, ou par qui" in text(answer)


def test_several_namesakes_are_proposed(client, network):
    for _each in range(2):
        make_official(network, "Alibert")
    answer = client.post(
        reverse("outreach:contact_log"), {"channel": "phone", "on": "2026-01-15", "official_text": "alibert"}
    )
    assert text(answer).count('name="official_choice"') == 2
    assert "Quelle personne" in text(answer)


def test_correcting_a_contact_keeps_the_officials(client, network, admin):
    official = make_official(network, "Alibert")
    contact = make_contact(network, author=None)
    contact.official_links.create(official=official)
    client.force_login(admin)
    assert "Claude Alibert" in text(page(client, "contact_change", contact.pk))
    data = {"channel": "phone", "on": "2026-01-15", "official": official.pk, "about": "La salle"}
    client.post(reverse("outreach:contact_change", args=[contact.pk]), data)
    contact.refresh_from_db()
    assert contact.about == "La salle" and list(contact.officials.all()) == [official]


def test_contacts_and_their_export_name_officials(client, network):
    make_contact(network).official_links.create(official=make_official(network, "Alibert"))
    make_contact(network, make_actor(network, "Astroclub"))
    listed = text(page(client, "contact_list", avec="elus"))
    assert "Claude Alibert" in listed and "Astroclub" not in listed
    exported = b"".join(page(client, "contact_export", "csv").streaming_content).decode()
    assert "Claude Alibert" in exported
    assert "Claude Alibert" in text(page(client, "contact_list", q="alib"))


def test_the_list_costs_the_same_with_one_and_with_three(client, network, same_queries):
    same_queries(page=lambda: page(client, "official_list"), add=lambda: make_official(network))


def test_the_page_of_a_territory_costs_the_same_and_leads_to_its_actors(client, network, same_queries):
    commune = make_commune()
    make_actor(network, commune=commune)
    at = ("official_territory", "commune", commune.code)
    same_queries(page=lambda: page(client, *at), add=lambda: make_official(network))
    said = text(page(client, *at))
    assert f"/travail/acteurs/?commune={commune.code}&amp;etat=published" in said
    assert "Département 34" in said
    assert page(client, "official_territory", "commune", "99999").status_code == 404


def test_the_page_of_an_official_costs_the_same_with_one_meeting_and_with_three(client, network, same_queries):
    official = make_official(network)
    same_queries(
        page=lambda: page(client, "official_show", official.pk),
        add=lambda: make_contact(network, make_actor(network)).official_links.create(official=official),
    )


def test_the_export_follows_the_filters_and_says_who_refuses(client, network):
    make_official(network, "Alibert", stopped_at=timezone.now())
    make_official(network, "Bonnafé", function="municipal")
    exported = b"".join(page(client, "official_export", "csv", fonction="maire").streaming_content).decode()
    assert "Alibert" in exported and "oui" in exported and "Bonnafé" not in exported


def test_an_empty_list_says_what_to_do(client):
    assert "Ajouter une personne" in text(page(client, "official_list"))
    assert "Retirez un filtre" in text(page(client, "official_list", q="personne"))


def test_objecting_asks_before_it_erases(client, network):
    official = make_official(network)
    assert "Cela ne s" in text(page(client, "official_object", official.pk))
    shown = text(client.post(reverse("outreach:official_object", args=[official.pk]), follow=True))
    assert "s’oppose" in shown
    assert "Noter une rencontre" not in shown
    assert client.post(reverse("outreach:official_object", args=[official.pk])).status_code == 409


def test_a_promise_is_noted_then_said_kept(client, network):
    official = make_official(network)
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    data = {"text": "Prêter la salle", "promiser": "us", "due_on": day}
    client.post(reverse("outreach:promise_note", args=[official.pk]), data)
    promise = Promise.objects.get()
    shown = client.post(reverse("outreach:promise_settle", args=[promise.pk]), {"etat": "kept"}, follow=True)
    assert "tenue le" in text(shown)


def test_the_same_mandate_twice_is_said_in_the_form(client, network):
    official = make_official(network)
    commune = make_commune()
    data = {"function": "maire", "commune": commune.code, "commune_text": ""}
    answer = client.post(reverse("outreach:mandate_add", args=[official.pk]), data)
    assert answer.status_code == 422
    assert "Ce mandat est déjà noté" in text(answer)


@pytest.mark.parametrize("is_letter", [False, True])
def test_each_filter_is_inside_its_label_as_in_the_other_lists(client, network, is_letter):
    official = make_official(network)
    address = make_letter(network, official).get_absolute_url() if is_letter else reverse("outreach:official_list")
    form = re.search(r'<form class="sift"[^>]*>(.*?)</form>', text(client.get(address)), re.DOTALL)
    assert form
    outside = re.sub(r"<label.*?</label>", "", form[1], flags=re.DOTALL)
    assert form[1].count("<label") >= 1 and not re.search(r'<select|<input (?!type="hidden")', outside)


def test_import_from_the_list_is_an_import_of_officials(client):
    (address,) = re.findall(r'href="([^"]*imports/nouveau/[^"]*)"', text(page(client, "official_list")))
    assert '<option value="officials" selected>' in text(client.get(address))
    plain = reverse("exchange:batch_create")
    for asked in (plain, f"{plain}?contenu=inconnu"):
        assert '<option value="officials" selected>' not in text(client.get(asked))
