"""The contact log: noted in two fields, corrected by who wrote it, remembered, counted, forgotten at its term."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from maillage.activity.models import Entry, Notice
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions.merging import merge
from maillage.directory.models import Note
from maillage.directory.registry.dealings import dealing_kinds
from maillage.outreach.actions.contacts import (
    change_contact,
    finish_step,
    forget_words,
    log_contact,
    remind_next_steps,
    remove_contact,
)
from maillage.outreach.models import Contact
from maillage.outreach.panels.contacts import steps_due
from maillage.outreach.queries.contacts import by_mission, contacts, filters_of, silent
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_contact

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def names(found):
    return [actor.name for actor in found]


def test_two_fields_make_a_contact_of_today_by_whoever_writes(client, network, animator):
    actor = make_actor(network, "Astroclub")
    sent = {"channel": "phone", "actor_text": "astroclub", "about": "Le prêt du télescope", "on": str(TODAY())}
    response = client.post("/travail/contacts/nouveau/", sent, follow=True)
    contact = Contact.objects.get()
    assert (contact.author, contact.on, contact.channel) == (animator.user, TODAY(), "phone")
    assert [link.actor for link in contact.links.all()] == [actor]
    assert "Le contact est noté." in response.content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, network, animator):
    make_actor(network, "Médiathèque", commune=make_commune())
    make_actor(network, "Médiathèque", commune=make_commune("30189", "Nîmes", (43.83, 4.36)))
    tomorrow = TODAY() + timedelta(days=1)
    sent = {
        "channel": "phone",
        "actor_text": "médiathèque",
        "about": "Une expo",
        "on": str(tomorrow),
        "next_on": "2030-01-01",
    }
    response = client.post("/travail/contacts/nouveau/", sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Plusieurs acteurs correspondent" in text
    assert "pour l&#x27;avenir" in text.replace("’", "&#x27;") or "pour l'avenir" in text
    assert "Dites ce qui est à faire" in text
    assert "Une expo</textarea>" in text
    assert text.count('name="actor_choice"') == 2
    assert Contact.objects.count() == 0


def test_an_actor_that_nobody_knows_is_refused(client, network, animator):
    response = client.post("/travail/contacts/nouveau/", {"channel": "phone", "actor_text": "Xyz", "on": str(TODAY())})
    assert "Aucun acteur de l" in response.content.decode()
    assert Contact.objects.count() == 0


def test_an_actor_of_another_network_is_unknown(network, animator, client):
    stranger = make_actor(make_network("Ailleurs"), "Club lointain")
    sent = {"channel": "phone", "actor": str(stranger.pk), "actor_text": "Club lointain", "on": str(TODAY())}
    assert client.post("/travail/contacts/nouveau/", sent).status_code == 422
    assert client.get("/travail/acteurs/trouver/?q=lointain").json() == {"results": []}


def test_a_form_sent_twice_makes_one_contact(client, network, animator):
    actor = make_actor(network, "Astroclub")
    sent = {
        "cle": "0b0f5f0e-7d3c-4a55-9d8c-0a8d3d1b2c3d",
        "channel": "mail",
        "actor": str(actor.pk),
        "actor_text": "Astroclub",
        "on": str(TODAY()),
    }
    first = client.post("/travail/contacts/nouveau/", sent)
    again = client.post("/travail/contacts/nouveau/", sent)
    assert (first["Location"], Contact.objects.count()) == (again["Location"], 1)


def test_proposals_tell_namesakes_apart_and_put_the_beginning_first(client, network, animator):
    make_actor(network, "Club d'astronomie", commune=make_commune())
    make_actor(network, "Astroclub", commune=make_commune("30189", "Nîmes", (43.83, 4.36)))
    found = client.get("/travail/acteurs/trouver/?q=astro").json()["results"]
    assert [row["label"] for row in found] == ["Astroclub (Nîmes)", "Club d'astronomie (Montpellier)"]
    assert [row["label"] for row in client.get("/travail/acteurs/trouver/?q=astro nim").json()["results"]] == [
        "Astroclub (Nîmes)"
    ]


def test_what_comes_next_is_for_whoever_wrote_unless_said_otherwise(network, animator):
    actor = make_actor(network)
    other = make_person(network, RoleKind.ANIMATOR)
    mine = log_contact(by=animator, actors=[actor], next_step="Rappeler", next_on=TODAY())
    theirs = log_contact(by=animator, actors=[actor], next_step="Écrire", next_for=other)
    nobody = log_contact(by=animator, actors=[actor], next_for=other)
    assert (mine.next_for, theirs.next_for, nobody.next_for) == (animator.user, other, None)
    assert [due.title for due in steps_due(animator, TODAY(), False, 10)] == ["Rappeler"]
    assert [due.title for due in steps_due(animator, TODAY(), True, 10)] == ["Rappeler", "Écrire"]


def test_a_step_is_done_then_undone(client, network, animator):
    contact = make_contact(network, make_actor(network), next_step="Rappeler", next_for=animator.user)
    client.post(f"/travail/contacts/{contact.pk}/suite/")
    assert steps_due(animator, TODAY(), False, 10) == []
    client.post(f"/travail/contacts/{contact.pk}/suite/", {"encore": "1"})
    assert [due.title for due in steps_due(animator, TODAY(), False, 10)] == ["Rappeler"]
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)[1:]) == ["contact.done", "contact.reopened"]


def test_a_new_date_calls_again_for_what_was_done(network, animator):
    actor = make_actor(network)
    contact = log_contact(by=animator, actors=[actor], next_step="Rappeler", next_on=TODAY())
    finish_step(by=animator, contact=contact)
    change_contact(by=animator, contact=contact, actors=[actor], next_on=TODAY() + timedelta(days=2))
    assert Contact.objects.get().waits


def test_only_who_wrote_it_and_the_administration_correct_a_contact(client, network, animator):
    contact = make_contact(network, make_actor(network), author=make_person(network, RoleKind.ANIMATOR))
    assert client.get(f"/travail/contacts/{contact.pk}/modifier/").status_code == 403
    with pytest.raises(Refused):
        remove_contact(by=animator, contact=contact)
    boss = viewer(make_person(network, RoleKind.NETWORK_ADMIN), network)
    remove_contact(by=boss, contact=contact)
    assert Contact.objects.count() == 0


def test_an_animator_of_a_departement_logs_contacts_there_alone(network):
    there = make_actor(network, "Ici", commune=make_commune())
    far = make_actor(network, "Là", commune=make_commune("30189", "Nîmes", (43.83, 4.36)))
    bound = viewer(make_person(network, RoleKind.ANIMATOR, "34"), network)
    log_contact(by=bound, actors=[there])
    with pytest.raises(Refused, match="département"):
        log_contact(by=bound, actors=[there, far])


def test_the_button_of_a_next_step_is_for_those_who_may_take_it(client, network):
    user = make_person(network, RoleKind.ANIMATOR, "34")
    client.force_login(user)
    here = make_contact(network, make_actor(network, "Ici", commune=make_commune()), next_step="Rappeler")
    nimes = make_commune("30189", "Nîmes", (43.83, 4.36))
    far = make_contact(network, make_actor(network, "Là", commune=nimes), next_step="Écrire")
    pages = [client.get(f"/travail/contacts/{each.pk}/").content.decode() for each in (here, far)]
    assert [
        f'action="/travail/contacts/{each.pk}/suite/"' in page for each, page in zip((here, far), pages, strict=True)
    ] == [
        True,
        False,
    ]
    assert "département que vous n" in pages[1]
    assert [bool(due.done_url) for due in steps_due(viewer(user, network), TODAY(), True, 10)] == [True, False]
    far.next_for = user
    far.save()
    assert [bool(due.done_url) for due in steps_due(viewer(user, network), TODAY(), True, 10)] == [True, True]


def test_the_list_is_narrowed_by_the_address(network, animator):
    former, ours = make_term("mission", "former"), make_actor(network, "Astroclub")
    one = make_contact(network, ours, about="Formation des bénévoles", mission=former, author=animator.user, minutes=30)
    two = make_contact(
        network, make_actor(network), channel="visit", on=TODAY() - timedelta(days=40), next_step="Écrire"
    )
    make_contact(make_network("Ailleurs"), about="Formation")

    def found(**asked):
        return list(contacts(animator, filters_of(asked)))

    assert found() == [one, two]
    assert found(q="benevoles") == found(q="BÉNÉVOLES formation") == [one]
    assert found(q="astro") == found(mission="former") == found(qui="moi") == found(acteur=str(ours.pk)) == [one]
    assert found(moyen="visit") == found(suite="a-donner") == found(au=str(TODAY() - timedelta(days=1))) == [two]
    assert found(suite="en-retard") == []
    assert found(du="jamais", acteur="x" * 30, moyen="fax") == [one, two]
    tallies = by_mission(animator, contacts(animator, filters_of({})))
    assert [(each.slug, each.count, each.minutes) for each in tallies] == [("former", 1, 30), ("", 1, 0)]


def test_who_went_silent_comes_longest_first_and_who_was_never_spoken_to_apart(network, animator):
    long_ago, once, recent, never = (
        make_actor(network, name) for name in ("Ancien", "Moins ancien", "Récent", "Jamais")
    )
    make_contact(network, long_ago, on=TODAY() - timedelta(days=900))
    make_contact(network, once, on=TODAY() - timedelta(days=300))
    make_contact(network, recent, on=TODAY() - timedelta(days=10))
    make_contact(make_network("Ailleurs"), never, on=TODAY())
    assert names(silent(animator, since=6)) == ["Ancien", "Moins ancien"]
    assert names(silent(animator, since=12)) == ["Ancien"]
    assert names(silent(animator, since=12, never=True)) == ["Jamais"]


def test_the_history_of_a_relation_gathers_what_every_feature_says(client, network, animator):
    actor = make_actor(network, "Astroclub")
    make_contact(network, actor, about="Visite du planétarium", on=date(2024, 5, 3))
    Note.objects.create(network=network, actor=actor, author=animator.user, body="Très actifs")
    page = client.get(f"/travail/acteurs/{actor.pk}/relation/").content.decode()
    assert all(words in page for words in ("Visite du planétarium", "Très actifs", "a créé la fiche"))
    notes = client.get(f"/travail/acteurs/{actor.pk}/relation/?nature=note").content.decode()
    assert ("Très actifs" in notes, "Visite du planétarium" in notes) == (True, False)
    assert {"contact", "note", "sheet"} <= {kind.name for kind in dealing_kinds()}


def test_a_long_history_goes_on_under_its_last_line(client, network, animator):
    actor = make_actor(network)
    for day in range(35):
        make_contact(network, actor, about=f"Appel n° {day:02}", on=date(2024, 1, 1) + timedelta(days=day))
    first = client.get(f"/travail/acteurs/{actor.pk}/relation/?nature=contact")
    older = client.get(f"/travail/acteurs/{actor.pk}/relation/{first.context['older']}")
    assert len(first.context["lines"]) == 30
    assert [line.detail for _kind, line in older.context["lines"]] == [f"Appel n° {day:02}" for day in range(4, -1, -1)]
    assert client.get(f"/travail/acteurs/{actor.pk}/relation/?avant=hier").status_code == 200


def test_contacts_of_one_day_stay_on_one_page_of_the_history(client, network, animator):
    actor = make_actor(network)
    for rank in range(33):
        make_contact(network, actor, about=f"Appel {rank}", on=date(2024, 1, 1 if rank < 5 else 2))
    first = client.get(f"/travail/acteurs/{actor.pk}/relation/?nature=contact")
    older = client.get(
        f"/travail/acteurs/{actor.pk}/relation/{first.context['older'] or '?avant=2024-01-02T00:00%2B01:00'}"
    )
    said = [line.detail for page in (first, older) for _kind, line in page.context["lines"]]
    assert sorted(said) == sorted(f"Appel {rank}" for rank in range(33))


def test_two_sheets_made_one_keep_each_contact_once(network, admin):
    by = viewer(admin, network)
    kept, gone = make_actor(network, "Astroclub"), make_actor(network, "Astro-club")
    both = make_contact(network, kept, gone)
    alone = make_contact(network, gone)
    merge(by=by, kept=kept, gone=gone, chosen={})
    assert [link.actor_id for link in both.links.all()] == [kept.pk]
    assert [link.actor_id for link in alone.links.all()] == [kept.pk]


def test_the_day_tells_each_what_falls_that_day_once(network, animator, smtp_server):
    contact = make_contact(network, make_actor(network), next_step="Rappeler", next_on=TODAY(), next_for=animator.user)
    make_contact(network, next_step="Relancer", next_on=TODAY() - timedelta(days=3), next_for=animator.user)
    for _time in range(2):
        remind_next_steps.enqueue()
        run_waiting()
    assert [notice.title for notice in Notice.objects.filter(channel="site")] == ["2 suites à donner"]
    Contact.objects.filter(pk=contact.pk).update(next_on=TODAY() - timedelta(days=1))
    Notice.objects.all().delete()
    remind_next_steps.enqueue()
    run_waiting()
    assert Notice.objects.count() == 0


def test_at_their_term_words_and_names_go_and_the_count_stays(network, animator):
    old = make_contact(
        network, make_actor(network), about="Confidence", person="Ada", on=TODAY() - timedelta(days=1200)
    )
    kept = make_contact(network, about="Hier", on=TODAY() - timedelta(days=1))
    forget_words.enqueue()
    run_waiting()
    old.refresh_from_db()
    kept.refresh_from_db()
    assert (old.about, old.person, old.links.count(), kept.about) == ("", "", 1, "Hier")


def test_lists_cost_the_same_for_one_and_three(client, network, animator, same_queries):
    def add():
        actor = make_actor(network)
        make_contact(
            network, actor, author=animator.user, next_step="Rappeler", next_on=TODAY(), next_for=animator.user
        )

    for path in ("/travail/contacts/", "/travail/semaine/", "/travail/silencieux/?mois=1"):
        same_queries(page=lambda path=path: client.get(path), add=add)


def test_a_file_has_what_the_list_shows(client, network, animator):
    make_contact(network, make_actor(network, "=Astroclub"), about="Le prêt", minutes=15)
    make_contact(network, channel="visit")
    answer = client.get("/travail/contacts/contacts.csv?moyen=phone")
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert (len(rows), "Le prêt" in rows[1], "'=Astroclub" in rows[1]) == (2, True, True)


def test_the_team_of_another_network_sees_nothing(network):
    contact = make_contact(network, make_actor(network))
    other = make_network("Ailleurs")
    stranger = viewer(make_person(other, RoleKind.NETWORK_ADMIN), other)
    assert list(Contact.objects.visible_to(stranger)) == []
    assert list(Contact.objects.visible_to(Viewer(network=network))) == []
    assert contact.pk
