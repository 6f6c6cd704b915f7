"""An event told in two minutes: what is asked, what is shown before it is written, where it goes."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.activity.models import Notice
from maillage.agenda.actions import duplicate_event, update_event
from maillage.agenda.actions.editing import contribute, forget_kept
from maillage.agenda.actions.telling import NOTICES_AN_HOUR
from maillage.agenda.actions.writing import EVENTS_AN_HOUR
from maillage.agenda.models import DistinctEvents, Event
from maillage.agenda.queries.calendar import Schedule
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.directory.enums import ImageRole, MemberRole
from maillage.directory.models import ActorMember, Trust
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_actor, make_commune

pytestmark = pytest.mark.django_db
ADDRESS = "/agenda/proposer/"


@pytest.fixture
def author(client, network):
    network.contact_email = "equipe@exemple.test"
    network.save()
    user = make_person(network, name="Léo Astier")
    client.force_login(user)
    return user


def typed(days=7, **values):
    day = timezone.localdate() + timedelta(days=days)
    make_commune()
    return {
        "title": "Balade géologique",
        "day": f"{day:%d/%m/%Y}",
        "starts": "14h30",
        "ends": "16 h",
        "commune_text": "Montpellier",
        "acte": "publier",
        **values,
    }


def photo():
    out = io.BytesIO()
    Image.new("RGB", (200, 120), "teal").save(out, "JPEG")
    return SimpleUploadedFile("vacances.jpg", out.getvalue(), "image/jpeg")


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_a_visitor_signs_in_and_comes_back(client, network):
    response = client.get(ADDRESS)
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/agenda/proposer/")


def test_what_a_member_types_is_proposed_to_the_team_by_the_clock_of_the_place(client, author):
    response = client.post(ADDRESS, typed(), follow=True)
    event = Event.objects.get()
    assert (event.state, event.author, event.commune.name) == ("proposed", author, "Montpellier")
    timing = event.timings.get()
    assert [at.astimezone(event.tz).strftime("%H:%M") for at in (timing.starts_at, timing.ends_at)] == [
        "14:30",
        "16:00",
    ]
    assert response.redirect_chain[-1][0] == event.get_absolute_url()
    assert "L’équipe d’animation le relit" in text(response)
    run_waiting()
    assert [message.to for message in mail.outbox] == [["equipe@exemple.test"]]


def test_whom_the_network_trusts_publishes(client, author, network, admin):
    Trust.objects.create(network=network, user=author, given_by=admin, reason="Depuis toujours")
    assert "Publier" in text(client.get(ADDRESS))
    client.post(ADDRESS, typed())
    assert Event.objects.get().state == "published"


def test_who_is_responsible_for_a_sheet_publishes_what_it_organises_at_its_place(client, author, network):
    actor = make_actor(network, "Musée des sels", commune=make_commune(), address="3 quai Vauban")
    ActorMember.objects.create(actor=actor, user=author, role=MemberRole.ADMIN)
    form = client.get(ADDRESS, {"acteur": actor.pk})
    assert "Musée des sels (Montpellier)" in text(form)
    client.post(ADDRESS, typed(commune_text="", venue=str(actor.pk), organiser=str(actor.pk)))
    event = Event.objects.get()
    assert (event.state, event.venue, event.address) == ("published", actor, "3 quai Vauban")
    assert [each.actor for each in event.organisers.all()] == [actor]


def test_a_draft_asks_for_a_title_alone_and_only_its_author_and_the_team_see_it(client, author, network):
    client.post(ADDRESS, {"title": "Idée", "acte": "brouillon"})
    event = Event.objects.get()
    assert event.state == "draft"
    assert client.get(reverse("agenda:event_work", args=[event.pk])).status_code == 200
    client.force_login(make_person(network))
    assert client.get(reverse("agenda:event_work", args=[event.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": "demain"}, "03/12/2026"),
        ({"starts": "25h"}, "14:30 ou 14h30"),
        ({"ends": ""}, "heure de fin"),
        ({"ends": "13:00"}, "La fin vient avant le début"),
        ({"commune_text": ""}, "un acteur, une commune, ou en ligne"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_write_it_and_nothing_is_lost(client, author, change, said):
    response = client.post(ADDRESS, typed(**change))
    assert response.status_code == 422
    assert said in text(response)
    assert 'value="Balade géologique"' in text(response)
    assert not Event.objects.exists()


def test_an_evening_that_ends_after_midnight_is_of_one_date(client, author):
    client.post(ADDRESS, typed(starts="21:00", ends="01:00"))
    timing = Event.objects.get().timings.get()
    assert timing.ends_at - timing.starts_at == timedelta(hours=4)


def test_a_past_day_is_asked_about_once_and_kept(client, author):
    form = typed(days=-20)
    asked = client.post(ADDRESS, form)
    assert "est déjà passé" in text(asked)
    assert "Si c’est une erreur, corrigez ci-dessous" in text(asked)
    assert [
        label
        for label in ("C’est voulu : proposer", "J’ai corrigé : proposer", "Proposer à l’équipe")
        if label in text(asked)
    ] == [
        "C’est voulu : proposer",
        "J’ai corrigé : proposer",
    ]
    assert not Event.objects.exists()
    client.post(ADDRESS, {**form, "sur": "1"})
    assert Event.objects.get().title == "Balade géologique"


def test_what_one_of_three_answers_fills_and_what_a_photo_asks_is_not_said_optional(client, author):
    page = text(client.get(ADDRESS))
    optional = {each.rsplit(">", 1)[1].strip() for each in page.split(' <span class="field__mark">')[:-1]}
    assert optional == {"De", "À", "Nom du lieu", "En une phrase", "Photo"}
    assert "Un seul des trois suffit" in page
    assert "les trois réponses qui la suivent sont obligatoires" in page


def test_what_is_published_at_once_leads_to_its_completion(client, author, network, admin):
    Trust.objects.create(network=network, user=author, given_by=admin, reason="Depuis toujours")
    page = text(client.post(ADDRESS, typed(), follow=True))
    event = Event.objects.get()
    assert (
        f'C\'est publié. <a href="{reverse("agenda:event_edit", args=[event.pk])}">Ajoutez une présentation'
        in page.replace("’", "'")
    )


def test_own_events_say_their_next_date_and_the_last_of_those_past(client, author, network):
    by = viewer(author, network)
    make_event(network, "Club", by=by, state="draft", schedule=Schedule((slot(-30), slot(5), slot(12))))
    make_event(network, "Fête", by=by, state="draft", schedule=Schedule((slot(-9), slot(-6))))
    rows = {event.title: event.next_at.date() for event in client.get(reverse("agenda:own_events")).context["page"]}
    today = timezone.localdate()
    assert rows == {"Club": today + timedelta(days=5), "Fête": today - timedelta(days=6)}


def test_a_refused_event_is_not_called_a_draft_where_it_is_deleted(client, author, network):
    event = make_event(network, by=viewer(author, network), state="draft")
    address, delete = (reverse(f"agenda:event_{name}", args=[event.pk]) for name in ("work", "delete"))
    assert "Supprimer le brouillon" in text(client.get(address))
    Event.objects.filter(pk=event.pk).update(state="refused", code="incomplet", reason="Le tarif ?")
    assert "brouillon" not in text(client.get(address))
    assert "brouillon" not in text(client.get(delete))
    assert (
        "brouillon"
        not in text(client.post(delete, follow=True)).split("</main>")[0].split('id="messages"')[1].split("</div>")[0]
    )
    assert not Event.objects.exists()


def test_a_look_alike_is_shown_before_and_the_pair_is_remembered(client, author, network):
    there = make_event(network, "Grande balade géologique", schedule=_in(7))
    elsewhere = make_event(network, "Balade géologique", schedule=_in(8))
    asked = client.post(ADDRESS, typed())
    assert there.get_absolute_url() in text(asked)
    assert elsewhere.get_absolute_url() not in text(asked)
    assert Event.objects.count() == 2
    client.post(ADDRESS, typed(vus=str(there.pk)))
    made = Event.objects.get(author=author)
    assert list(DistinctEvents.objects.values_list("first", "second")) == [(there.pk, made.pk)]


def _in(days):
    return Schedule((slot(days),))


def test_a_draft_sent_later_is_compared_too(client, author, network):
    there = make_event(network, "Grande balade géologique", schedule=_in(7))
    client.post(ADDRESS, typed(acte="brouillon"))
    draft = Event.objects.get(author=author)
    address = reverse("agenda:event_submit", args=[draft.pk])
    assert there.title in text(client.post(address))
    client.post(address, {"vus": str(there.pk)})
    draft.refresh_from_db()
    assert draft.state == "proposed"


def test_a_photo_is_kept_while_its_words_are_asked_for(client, author, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    asked = client.post(ADDRESS, typed(image=photo()))
    assert asked.status_code == 422
    assert "Votre photo est gardée" in text(asked)
    token = text(asked).split('name="kept_picture" value="')[1].split('"')[0]
    words = {"image_alt": "Des strates", "image_credit": "Marie Durand", "image_licence": "cc-by"}
    client.post(ADDRESS, typed(kept_picture=token, **words))
    event = Event.objects.get()
    assert (event.image_alt, event.image_licence, event.image_role) == ("Des strates", "cc-by", ImageRole.DESCRIBED)
    job = Job.objects.create(task="x", run_at=timezone.now(), status="running")
    forget_kept.function(job, name=event.image.name)
    assert event.image.storage.exists(event.image.name)


def test_a_photo_that_was_kept_serves_once_and_each_event_has_its_own_file(client, author, network, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    token = text(client.post(ADDRESS, typed(image=photo()))).split('name="kept_picture" value="')[1].split('"')[0]
    words = {"image_alt": "Des strates", "image_credit": "Marie Durand", "image_licence": "cc-by"}
    client.post(ADDRESS, typed(kept_picture=token, **words))
    again = client.post(ADDRESS, typed(days=9, title="Une autre balade", kept_picture=token, **words))
    assert again.status_code == 422
    assert "accompagne déjà un autre événement" in text(again)
    assert 'name="kept_picture"' not in text(again)
    event = Event.objects.get()
    values = {"title": "Autre", "image": event.image.name}
    with pytest.raises(Conflict):
        contribute(by=viewer(author, network), values=values, apart_from=[], submit=False)
    assert Event.objects.count() == 1


def test_a_forged_photo_is_no_photo(client, author):
    response = client.post(ADDRESS, typed(kept_picture="events/autre.webp"))
    assert response.status_code == 422
    assert not Event.objects.exists()


def test_the_same_form_sent_twice_makes_one_event(client, author):
    form = typed(cle="4f0f7b1e-6a3e-4d5c-9f2e-0a1b2c3d4e5f")
    client.post(ADDRESS, form)
    client.post(ADDRESS, form)
    assert Event.objects.count() == 1


def test_proposals_of_actors_are_those_that_anyone_may_see(client, author, network):
    make_actor(network, "Musée des sels")
    make_actor(network, "Musée secret", state="draft")
    found = client.get(reverse("agenda:actor_options"), {"q": "musée"}).json()["results"]
    assert [each["label"] for each in found] == ["Musée des sels"]


def test_own_events_cost_the_same_whatever_their_number(client, author, network, same_queries):
    by = viewer(author, network)
    same_queries(
        page=lambda: client.get(reverse("agenda:own_events")),
        add=lambda: make_event(network, by=by, state="draft"),
    )


def test_beyond_thirty_an_hour_a_proposal_is_given_back_and_the_team_has_no_limit(client, author, network, animator):
    by = viewer(author, network)
    for _number in range(EVENTS_AN_HOUR):
        make_event(network, by=by, state="draft")
    client.force_login(author)
    late = client.post(ADDRESS, typed())
    assert late.status_code == 429
    assert 'value="Balade géologique"' in text(late)
    assert Event.objects.count() == EVENTS_AN_HOUR
    with pytest.raises(Refused):
        duplicate_event(by=by, event=Event.objects.first())
    client.force_login(animator.user)
    client.post(ADDRESS, typed())
    assert Event.objects.count() == EVENTS_AN_HOUR + 1


def test_who_names_many_organisers_has_twenty_people_told_in_an_hour(network, author):
    by, event = viewer(author, network), make_event(network, state="draft")
    Event.objects.filter(pk=event.pk).update(author=author)
    museum = make_actor(network, "Musée des sels")
    for _number in range(NOTICES_AN_HOUR + 3):
        ActorMember.objects.create(actor=museum, user=make_person(network))
    update_event(by=by, event=event, values={"organisers": [museum]})
    assert Notice.objects.filter(kind="event_organiser", channel="site").count() == NOTICES_AN_HOUR
    assert [each.actor for each in event.organisers.all()] == [museum]


def test_the_team_has_everyone_told(network, animator):
    event, museum = make_event(network), make_actor(network, "Musée des sels")
    for _number in range(NOTICES_AN_HOUR + 3):
        ActorMember.objects.create(actor=museum, user=make_person(network))
    update_event(by=animator, event=event, values={"organisers": [museum]})
    assert Notice.objects.filter(kind="event_organiser", channel="site").count() == NOTICES_AN_HOUR + 3
