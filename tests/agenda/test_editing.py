"""The steps of an event, its dates one by one, those who organise it, the acts on it."""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Notice
from maillage.agenda.actions import duplicate_event, leave_event, submit_event, tell_status, update_event
from maillage.agenda.models import Event
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.schedules import schedule_of
from maillage.agenda.queries.typed import schedule_from, schedule_text
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.directory.models import ActorMember, Trust
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event, slot, weekly
from tests.factories.directory import make_actor, make_commune, make_term
from tests.support.forms import Forms, values_of

pytestmark = pytest.mark.django_db


def step(event, name):
    return reverse("agenda:event_edit_step", args=[event.pk, name])


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def send(client, address, **changes):
    """The form of the page as it is shown, with `changes`; a None takes a field out."""
    form = values_of(client.get(address), address)
    form.update(changes)
    return client.post(address, {name: value for name, value in form.items() if value is not None and name != "ajouter"
                                 and name != "suivant" and name != "sur"})  # fmt: skip


@pytest.fixture
def event(network, animator):
    return make_event(network, commune=make_commune(), schedule=Schedule((slot(7),)))


@pytest.mark.parametrize(
    "name", ["essentiel", "dates", "lieu", "public", "inscription", "organisateurs", "image", "publication"]
)
def test_a_step_saved_as_it_is_shown_changes_nothing(client, network, animator, name):
    actor = make_actor(network, "Musée des sels", commune=make_commune())
    whole = make_event(
        network,
        description="<p>Bonjour</p>",
        terms=[make_term(), make_term("audience", "familles")],
        organisers=[actor],
        venue=actor,
        price="paid",
        age_min=6,
        cycles=["c2"],
        languages=["oc"],
        bookings=[{"for": "school", "by": "email", "value": "a@exemple.test"}],
        publish_at=timezone.now() + timedelta(days=2),
        schedule=Schedule((slot(3), slot(20, hour=22, hours=3), slot(9, hour=0, hours=48, all_day=True)),
                          (weekly((1,), excluded=frozenset({date(2027, 1, 5), date(2027, 1, 6)}), nth=2),), True),
    )  # fmt: skip
    before = Event.objects.get(pk=whole.pk).revision
    response = send(client, step(whole, name))
    assert response.status_code == 302
    whole.refresh_from_db()
    assert whole.revision == before


def test_two_people_at_one_step_the_second_is_shown_what_the_first_wrote(client, event, network, animator):
    form = values_of(client.get(step(event, "essentiel")), step(event, "essentiel"))
    update_event(by=animator, event=event, values={"title": "Nuit du ciel"})
    response = client.post(step(event, "essentiel"), {**form, "title": "Soirée du ciel"})
    assert response.status_code == 409
    assert "Nuit du ciel" in text(response)
    assert 'value="Soirée du ciel"' in text(response)


def test_rows_of_dates_are_added_without_script_and_nothing_typed_is_lost(client, event):
    address = step(event, "dates")
    form = values_of(client.get(address), address)
    grown = client.post(address, {**form, "d-0-starts": "9h", "ajouter": "date"})
    assert grown.status_code == 200
    assert 'name="d-1-day"' in text(grown)
    assert 'value="9h"' in text(grown) or 'value="09:00"' in text(grown)
    assert event.timings.count() == 1


def test_dates_and_a_repetition_with_holidays_are_written_and_told_in_words(client, event):
    first = timezone.localdate() + timedelta(days=10)
    monday = first + timedelta(days=-first.weekday() + 7)
    away = [monday + timedelta(days=7), monday + timedelta(days=14)]
    response = send(
        client,
        step(event, "dates"),
        **{
            "d-TOTAL_FORMS": "2",
            "d-1-day": f"{first:%d/%m/%Y}",
            "d-1-until": f"{first + timedelta(days=2):%d/%m/%Y}",
            "r-TOTAL_FORMS": "1",
            "r-0-weekdays": "0",
            "r-0-rhythm": "1",
            "r-0-starts": "18h",
            "r-0-ends": "20h",
            "r-0-first_on": f"{monday:%Y-%m-%d}",
            "r-0-last_on": f"{monday + timedelta(days=28):%Y-%m-%d}",
            "r-0-excluded": f"{away[0]:%d/%m/%Y} au {away[1]:%d/%m/%Y}",
        },
    )
    assert response.status_code == 302
    days = [timing.day for timing in event.timings.exclude(pattern=None)]
    assert days == [monday, monday + timedelta(days=21), monday + timedelta(days=28)]
    assert event.timings.filter(all_day=True).get().ends_at.astimezone(event.tz).date() == first + timedelta(days=3)
    assert "lundi" in text(client.get(step(event, "dates")))
    assert "de 18 h à 20 h" in text(client.get(step(event, "dates")))


def test_a_long_date_is_doubted_then_kept_with_all_that_was_typed(client, event):
    far = timezone.localdate() + timedelta(days=700)
    changes = {"d-0-until": f"{far:%Y-%m-%d}"}
    asked = send(client, step(event, "dates"), **changes)
    assert asked.status_code == 200
    assert "plus de dix-huit mois" in text(asked)
    send(client, step(event, "dates"), **changes)
    form = values_of(client.get(step(event, "dates")), step(event, "dates")) | changes | {"sur": "1"}
    form.pop("suivant", None), form.pop("ajouter", None)
    assert client.post(step(event, "dates"), form).status_code == 302
    event.refresh_from_db()
    assert event.last_at.astimezone(event.tz).date() == far


def test_the_text_of_dates_means_the_same_dates():
    schedule = Schedule((slot(2), slot(5, all_day=True)), (weekly((0, 4), nth=-1, starts=None, ends=None),), True)
    assert schedule_from(schedule_text(schedule)) == schedule


def test_one_date_is_cancelled_with_a_word_changed_or_taken_away_alone(client, network, animator):
    event = make_event(network, schedule=Schedule((slot(3), slot(4), slot(5))))
    first, second, third = event.timings.all()

    def address(timing):
        return reverse("agenda:event_date", args=[event.pk, timing.pk])

    send(client, address(first), is_cancelled="on", note="Salle fermée", acte="changer")
    send(client, address(second), starts="10:00", ends="11:00", acte="changer")
    send(client, address(third), acte="retirer")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_cancelled, first.note, second.starts_at.astimezone(event.tz).hour) == (True, "Salle fermée", 10)
    assert list(event.timings.values_list("pk", flat=True)) == [first.pk, second.pk]
    assert client.get(reverse("agenda:event_dates", args=[event.pk])).status_code == 200


def test_two_people_at_one_date_the_second_is_shown_what_the_first_wrote(client, network, animator):
    event = make_event(network, schedule=Schedule((slot(3, hour=14), slot(4))))
    timing = event.timings.first()
    address = reverse("agenda:event_date", args=[event.pk, timing.pk])
    opened = values_of(client.get(address), address)
    opened.pop("acte", None)
    send(client, address, starts="15:00", note="Salle B", acte="changer")
    late = client.post(address, {**opened, "ends": "18:00", "acte": "changer"})
    assert late.status_code == 409
    assert "de 15 h à 16 h, « Salle B »" in text(late).replace("</strong>", "")
    gone = client.post(address, {**opened, "acte": "retirer"})
    assert gone.status_code == 409
    again = Forms(late.text, address).values | {"acte": "changer"}
    assert (again["starts"], again["ends"], again["note"]) == ("15:00", "18:00", "Salle B")
    assert client.post(address, again).status_code == 302
    timing.refresh_from_db()
    assert [at.astimezone(event.tz).hour for at in (timing.starts_at, timing.ends_at)] == [15, 18]
    word = values_of(client.get(address), address) | {"note": "Salle C", "acte": "changer"}
    send(client, address, is_cancelled="on", acte="changer")
    assert (
        client.post(address, {name: value for name, value in word.items() if name != "is_cancelled"}).status_code == 302
    )
    timing.refresh_from_db()
    assert (timing.is_cancelled, timing.note) == (True, "Salle C")


def test_a_published_event_keeps_a_date_or_says_by_appointment(client, network, animator, event):
    (timing,) = event.timings.all()
    without = send(client, step(event, "dates"), **{"d-0-gone": "on"})
    alone = send(client, reverse("agenda:event_date", args=[event.pk, timing.pk]), acte="retirer")
    for refused in (without, alone):
        assert refused.status_code == 422
        assert "garde au moins une date" in text(refused)
    assert list(event.timings.all()) == [timing]
    send(client, step(event, "dates"), **{"d-0-gone": "on", "by_appointment": "on"})
    event.refresh_from_db()
    assert (event.by_appointment, event.timings.count()) == (True, 0)
    draft = make_event(network, "Essai", state="draft")
    send(client, step(draft, "dates"), **{"d-0-gone": "on"})
    assert draft.timings.count() == 0


def test_who_publishes_at_once_joins_the_village_of_others_by_the_team_alone(client, network, admin):
    village = make_event(network, "Village des sciences")
    trusted = make_person(network)
    Trust.objects.create(network=network, user=trusted, given_by=admin, reason="Depuis toujours")
    by = viewer(trusted, network)
    own = make_event(network, "Mon atelier", by=by)
    client.force_login(trusted)
    wrong = send(client, step(own, "essentiel"), parent_text="Village des sciences")
    assert wrong.status_code == 422
    assert "« Village des sciences » et l'équipe d'animation y rattachent" in text(wrong).replace("’", "'")
    with pytest.raises(Refused):
        update_event(by=by, event=own, values={"parent": village})
    draft = make_event(network, "Autre atelier", by=by, state="draft")
    assert send(client, step(draft, "essentiel"), parent_text="Village des sciences").status_code == 302
    assert submit_event(by=by, event=draft).state == "proposed"
    mine = make_event(network, "Mon village", by=by)
    update_event(by=by, event=own, values={"parent": mine})
    update_event(by=viewer(admin, network), event=own, values={"parent": village})
    own.refresh_from_db()
    assert own.parent == village


def test_an_animator_of_a_departement_moves_no_event_out_of_it(client, network):
    away = make_commune("65440", "Tarbes", (43.23, 0.07))
    far = make_actor(network, "Musée des monts", commune=away)
    event, theirs = make_event(network, "Nuit du ciel"), make_event(network, "Nuit des monts", commune=away)
    user = make_person(network, "animator", "34")
    client.force_login(user)
    for change, field in (({"commune_text": "Tarbes", "commune": ""}, "commune"), ({"venue": str(far.pk)}, "venue")):
        wrong = send(client, step(event, "lieu"), **change)
        assert wrong.status_code == 422
        assert wrong.context["form"].errors.keys() == {field}
        assert "Tarbes est dans un département que vous n'animez pas" in text(wrong).replace("’", "'")
    with pytest.raises(Refused):
        update_event(by=viewer(user, network), event=event, values={"venue": far})
    with pytest.raises(Refused):
        update_event(by=viewer(user, network), event=theirs, values={"commune": event.commune})
    event.refresh_from_db()
    assert event.commune.name == "Montpellier"


def test_ways_to_register_are_recognised_line_by_line(client, event):
    response = send(
        client,
        step(event, "inscription"),
        booking_public="www.musee.example/reserver\n04 67 00 00 00",
        booking_school="classes@exemple.test",
    )
    assert response.status_code == 302
    event.refresh_from_db()
    assert [(each["for"], each["by"], each["value"]) for each in event.bookings] == [
        ("public", "link", "https://www.musee.example/reserver"),
        ("public", "phone", "04 67 00 00 00"),
        ("school", "email", "classes@exemple.test"),
    ]
    wrong = send(client, step(event, "inscription"), booking_public="à l'accueil")
    assert "ni une adresse de site" in text(wrong)


def test_organisers_are_ordered_by_rank_and_their_people_are_told_and_may_leave(client, network, animator, event):
    museum, lab = make_actor(network, "Musée des sels"), make_actor(network, "Labo des eaux")
    keeper = make_person(network)
    ActorMember.objects.create(actor=museum, user=keeper)
    send(
        client,
        step(event, "organisateurs"),
        organisers_lignes="2",
        organisers_0_text="Musée des sels",
        organisers_0_rang="2",
        organisers_1_text="Labo des eaux",
        organisers_1_rang="1",
    )
    assert [(each.actor, each.role) for each in event.organisers.all()] == [(lab, "lead"), (museum, "partner")]
    assert Notice.objects.filter(user=keeper, kind="event_organiser", channel="site").count() == 1
    client.force_login(keeper)
    client.post(reverse("agenda:event_leave", args=[event.pk, museum.pk]))
    assert [each.actor for each in event.organisers.filter(withdrawn_at=None)] == [lab]
    assert client.get(step(event, "essentiel")).status_code == 403


def test_the_place_of_an_actor_is_copied_with_its_address(client, network, animator, event):
    actor = make_actor(
        network, "Musée des sels", commune=make_commune("30189", "Nîmes", (43.83, 4.36)), address="1 rue A"
    )
    response = send(client, step(event, "lieu"), venue=str(actor.pk), venue_text="")
    assert response.status_code == 302
    event.refresh_from_db()
    assert (event.place_name, event.address, event.commune.name) == ("Musée des sels", "1 rue A", "Nîmes")


def test_an_image_without_words_credit_and_licence_is_not_kept(client, event, settings, tmp_path):
    from tests.agenda.test_contributing import photo

    settings.MEDIA_ROOT = tmp_path
    form = values_of(client.get(step(event, "image")), step(event, "image"))
    wrong = client.post(step(event, "image"), {"vu": form["vu"], "image": photo()})
    assert wrong.status_code == 422
    right = {"image_role": "decorative", "image_credit": "M. D.", "image_licence": "etalab", "image": photo()}
    assert client.post(step(event, "image"), {"vu": form["vu"], **right}).status_code == 302
    event.refresh_from_db()
    assert event.image.storage.exists(event.image.name)


def test_an_embargo_is_typed_by_the_clock_of_the_place(client, event):
    day = timezone.localdate() + timedelta(days=3)
    send(client, step(event, "publication"), embargo_day=f"{day:%Y-%m-%d}", embargo_hour="9h")
    event.refresh_from_db()
    assert event.publish_at.astimezone(event.tz).strftime("%Y-%m-%d %H:%M") == f"{day:%Y-%m-%d} 09:00"
    client.logout()
    assert client.get(event.get_absolute_url()).status_code == 404


def test_a_cancellation_is_said_once_to_the_team_and_to_those_who_organise(client, network):
    network.contact_email = "equipe@exemple.test"
    network.save()
    author, keeper = make_person(network), make_person(network)
    actor = make_actor(network)
    ActorMember.objects.create(actor=actor, user=keeper)
    event = make_event(network, organisers=[actor])
    Event.objects.filter(pk=event.pk).update(author=author)
    client.force_login(author)
    address = reverse("agenda:event_status", args=[event.pk])
    send(client, address, status="cancelled", note="Tempête")
    run_waiting()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(["equipe@exemple.test", keeper.email])
    event.refresh_from_db()
    assert (event.status, event.status_note, event.sequence) == ("cancelled", "Tempête", 1)
    late = client.post(address, {"status": "full", "note": "", "vu": "scheduled"})
    assert late.status_code == 409
    client.logout()
    assert "Tempête" in text(client.get(event.get_absolute_url()))


def test_an_event_is_taken_up_a_year_later_on_the_same_days_of_the_week(client, network, animator):
    actor = make_actor(network)
    event = make_event(
        network, "Fête", organisers=[actor], terms=[make_term()], source="Ailleurs", identifiers={"openagenda": "1"},
        schedule=Schedule((slot(3),), (weekly((2,), last_on=timezone.localdate() + timedelta(days=40)),)),
    )  # fmt: skip
    tell_status(by=animator, event=event, status="full")
    response = client.post(reverse("agenda:event_duplicate", args=[event.pk]), {"shift": "an"})
    made = Event.objects.exclude(pk=event.pk).get()
    assert response["Location"] == step(made, "dates")
    assert (made.state, made.status, made.source, made.identifiers.count()) == ("draft", "scheduled", "", 0)
    assert [each.actor for each in made.organisers.all()] == [actor]
    assert list(made.terms.all()) == list(event.terms.all())
    days = {timing.day - timedelta(days=364) for timing in made.timings.all()}
    assert days == {timing.day for timing in event.timings.all()}


def test_dates_moved_to_another_first_day_turn_their_weekdays_with_them(network, animator):
    event = make_event(
        network, schedule=Schedule(rules=(weekly((0,), first_on=date(2027, 3, 1), last_on=date(2027, 3, 15)),))
    )
    made = duplicate_event(by=animator, event=event, first_on=date(2027, 9, 2))
    assert [timing.day for timing in made.timings.all()] == [date(2027, 9, 2), date(2027, 9, 9), date(2027, 9, 16)]
    assert schedule_of(made).rules[0].starts == time(18, 30)


def test_a_draft_is_deleted_and_a_published_one_is_not(client, network, animator, event):
    draft = make_event(network, "Essai", state="draft")
    assert client.post(reverse("agenda:event_delete", args=[draft.pk])).status_code == 302
    assert client.post(reverse("agenda:event_delete", args=[event.pk])).status_code == 403
    assert list(Event.objects.all()) == [event]


def test_who_left_is_not_put_back_by_others(network, animator, event):
    actor = make_actor(network)
    keeper = make_person(network)
    ActorMember.objects.create(actor=actor, user=keeper)
    update_event(by=animator, event=event, values={"organisers": [actor]})
    leave_event(by=viewer(keeper, network), event=event, actor=actor)
    update_event(by=animator, event=event, values={"title": "Autre"})
    assert event.organisers.get().withdrawn_at is not None


def test_one_tab_of_its_dates_alone_is_the_current_one(client, event):
    address = reverse("agenda:event_dates", args=[event.pk])
    for query, label in (("", "À venir"), ("?passees=1", "Toutes, les dernières d’abord")):
        tabs = client.get(address + query).content.decode().split('aria-label="Quelles dates"')[1].split("</nav>")[0]
        current = [each.split("</a>")[0].rpartition(">")[2] for each in tabs.split("<a ")[1:] if "aria-current" in each]
        assert current == [label]
