"""Proposed, refused with a reason, mended, published; words of editors on what is published wait."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from maillage.agenda.actions import hide_event, refuse_event, submit_event, update_event
from maillage.agenda.actions.duplicating import duplicate_event
from maillage.agenda.actions.revising import accept_revision, propose_edit
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.calendar import Schedule
from maillage.agenda.queries.fields import held_fields
from maillage.agenda.queries.typed import schedule_text
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.seen import marks, read
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event, slot
from tests.factories.directory import make_actor, make_commune, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(network):
    return make_person(network, name="Léo Astier")


@pytest.fixture
def proposed(network, author):
    event = make_event(network, by=viewer(author, network), state="draft")
    return submit_event(by=viewer(author, network), event=event)


@pytest.fixture
def editor(network):
    return make_person(network, name="Éva Dupuy")


@pytest.fixture
def published(network, editor):
    actor = make_actor(network, "Musée des sels")
    ActorMember.objects.create(actor=actor, user=editor, role=MemberRole.EDITOR)
    return make_event(network, organisers=[actor], summary="Avant")


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def work(name, *args):
    return reverse(f"agenda:{name}", args=args)


def seen(event, by, *names):
    return read(marks(held_fields(event, by, names)))


def test_a_proposal_waits_in_the_queue_of_its_departement_and_nobody_reads_it(client, network, proposed):
    team = make_person(network, "animator", "34")
    far = make_person(network, "animator", "65")
    client.force_login(team)
    queue = text(client.get(reverse("directory:queue")))
    assert work("event_work", proposed.pk) in queue
    assert "Refuser en disant pourquoi" in text(client.get(work("event_work", proposed.pk)))
    client.force_login(far)
    assert work("event_work", proposed.pk) not in text(client.get(reverse("directory:queue")))
    assert client.post(work("event_publish", proposed.pk)).status_code == 403
    client.logout()
    assert client.get(proposed.get_absolute_url()).status_code == 404


def test_a_refusal_says_why_and_the_author_mends_and_proposes_again(client, network, animator, author, proposed):
    without = client.post(work("event_refuse", proposed.pk), {"code": "incomplet", "reason": ""})
    assert without.status_code == 422
    client.post(work("event_refuse", proposed.pk), {"code": "incomplet", "reason": "Dites le tarif."})
    run_waiting()
    (message,) = mail.outbox
    assert message.to == [author.email]
    assert "Dites le tarif." in message.body
    assert work("event_work", proposed.pk) in message.body
    client.force_login(author)
    assert "trop peu d'informations" in text(client.get(work("event_work", proposed.pk))).lower()
    client.post(work("event_submit", proposed.pk))
    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    client.force_login(animator.user)
    client.post(work("event_publish", proposed.pk))
    proposed.refresh_from_db()
    assert (proposed.state, proposed.code) == ("published", "")
    run_waiting()
    assert [message.to for message in mail.outbox] == [[author.email], [author.email]]


def test_what_an_editor_writes_of_a_published_event_waits_and_the_public_sees_the_last_approved(
    client, network, published, editor, animator
):
    client.force_login(editor)
    address = reverse("agenda:event_edit_step", args=[published.pk, "essentiel"])
    by = viewer(editor, network)
    vu = marks(
        held_fields(published, by, ["title", "summary", "description", "parent", "languages", "themes", "action_kinds"])
    )
    response = client.post(address, {"title": "Nuit des étoiles", "summary": "Après", "vu": vu})
    revision = EventRevision.objects.get()
    assert response["Location"] == work("event_revision_show", revision.pk)
    assert revision.values == {"summary": "Après"}
    assert "Après</textarea>" in text(client.get(address))
    published.refresh_from_db()
    assert published.summary == "Avant"
    client.force_login(animator.user)
    assert work("event_revision_show", revision.pk) in text(client.get(reverse("directory:queue")))
    page = client.get(work("event_revision_show", revision.pk))
    assert "Avant" in text(page) and "Après" in text(page)
    client.post(work("event_revision_accept", revision.pk), {"champs": "summary", "vu": page.context["seen"]})
    published.refresh_from_db()
    assert (published.summary, published.provenance["summary"]["user"]) == ("Après", editor.pk)


def test_a_part_is_taken_dates_and_organisers_among_it_and_the_author_is_told_what_is_left(
    network, published, editor, animator
):
    by, other = viewer(editor, network), make_actor(network, "Labo")
    lead = published.organisers.get().actor
    dates = Schedule((slot(9), slot(12)))
    fields = {"schedule": schedule_text(dates), "organisers": f"{other.pk} {lead.pk}", "summary": "Après"}
    revision = propose_edit(by=by, event=published, fields=fields, seen=seen(published, by, *fields))
    accept_revision(
        by=animator,
        revision=revision,
        names=["schedule", "organisers"],
        seen=seen(published, by, "schedule", "organisers"),
    )
    published.refresh_from_db()
    assert [timing.day for timing in published.timings.all()] == [
        timezone.localdate() + timedelta(days=n) for n in (9, 12)
    ]
    assert [each.actor for each in published.organisers.all()] == [other, lead]
    assert published.summary == "Avant"
    revision.refresh_from_db()
    assert set(revision.values) == {"schedule", "organisers"}
    run_waiting()
    assert "En une phrase" in mail.outbox[-1].body


def test_what_changed_meanwhile_is_not_written_over(network, published, editor, animator):
    by = viewer(editor, network)
    revision = propose_edit(by=by, event=published, fields={"summary": "Après"}, seen=seen(published, by, "summary"))
    before = seen(published, animator, "summary")
    Event.objects.filter(pk=published.pk).update(summary="Entre-temps")
    with pytest.raises(Conflict):
        accept_revision(by=animator, revision=revision, names=["summary"], seen=before)


def test_one_does_not_answer_oneself_nor_twice(client, network, published, editor, animator):
    by = viewer(editor, network)
    revision = propose_edit(by=by, event=published, fields={"summary": "Après"}, seen=seen(published, by, "summary"))
    with pytest.raises(Refused):
        accept_revision(by=by, revision=revision, names=["summary"], seen=seen(published, by, "summary"))
    client.post(work("event_revision_refuse", revision.pk), {"code": "inexact", "reason": "À vérifier."})
    again = client.post(work("event_revision_refuse", revision.pk), {"code": "inexact", "reason": "Encore."})
    assert again.status_code == 409


def test_a_refused_modification_is_taken_up_where_it_was(client, network, published, editor, animator):
    by = viewer(editor, network)
    revision = propose_edit(by=by, event=published, fields={"summary": "Après"}, seen=seen(published, by, "summary"))
    client.post(work("event_revision_refuse", revision.pk), {"code": "inexact", "reason": "À vérifier."})
    client.force_login(editor)
    address = reverse("agenda:event_edit_step", args=[published.pk, "essentiel"]) + f"?reprise={revision.pk}"
    form = client.get(address)
    assert "Après</textarea>" in text(form)
    assert "À vérifier." in text(form)
    client.post(address, {"title": "Nuit des étoiles", "summary": "Enfin", "vu": form.context["form"].vu})
    revision.refresh_from_db()
    assert (revision.state, revision.values) == ("waiting", {"summary": "Enfin"})


def test_an_author_takes_their_modification_back(client, network, published, editor):
    by = viewer(editor, network)
    revision = propose_edit(by=by, event=published, fields={"summary": "Après"}, seen=seen(published, by, "summary"))
    client.force_login(editor)
    client.post(work("event_revision_withdraw", revision.pk))
    revision.refresh_from_db()
    assert revision.state == "withdrawn"


def test_a_reviewed_editor_says_at_once_that_a_date_is_cancelled_and_does_not_move_it(client, published, editor):
    client.force_login(editor)
    timing = published.timings.get()
    address = reverse("agenda:event_date", args=[published.pk, timing.pk])
    shown = client.get(address).context["form"].vu
    client.post(address, {"is_cancelled": "on", "note": "Orage", "starts": "03:00", "acte": "changer", "vu": shown})
    before = timing.starts_at
    timing.refresh_from_db()
    assert (timing.is_cancelled, timing.starts_at) == (True, before)
    assert client.post(address, {"acte": "retirer"}).status_code == 403


# --- the table ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Demain", "Plus tard", "Sans date"]),
        ("periode=passes", ["Hier"]),
        ("periode=semaine", ["Demain"]),
        ("periode=sans", ["Sans date"]),
        ("periode=tous&tri=-titre", ["Sans date", "Plus tard", "Hier", "Demain"]),
        ("etat=draft", ["Sans date"]),
        ("source=Flux", ["Plus tard"]),
        ("source=ici", ["Demain", "Sans date"]),
        ("departement=65", ["Plus tard"]),
        ("q=tard+plus", ["Plus tard"]),
        ("tenue=cancelled", []),
        ("etat=x&tri=y&page=99&periode=z", ["Demain", "Plus tard", "Sans date"]),
    ],
)
def test_the_table_answers_what_its_address_asks(client, network, animator, query, titles):
    make_event(network, "Hier", schedule=Schedule((slot(-1),)))
    make_event(network, "Demain", schedule=Schedule((slot(1),)))
    tarbes = make_commune("65440", "Tarbes", (43.23, 0.07))
    make_event(network, "Plus tard", schedule=Schedule((slot(40),)), source="Flux", commune=tarbes)
    make_event(network, "Sans date", schedule=Schedule(), state="draft")
    make_event(make_network("Autre"), "Ailleurs")
    page = client.get(reverse("agenda:event_table") + f"?{query}").context["page"]
    assert [event.title for event in page.object_list] == titles


def test_those_ticked_are_published_together_and_those_that_may_not_be_are_said(client, network, animator, proposed):
    bare = make_event(network, "Sans date", schedule=Schedule(), state="draft")
    elsewhere = make_event(make_network("Autre"), "Ailleurs", state="draft")
    response = client.post(
        reverse("agenda:event_bulk") + "?periode=tous",
        {"acte": "publier", "coche": [proposed.pk, bare.pk, elsewhere.pk]},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == reverse("agenda:event_table") + "?periode=tous"
    assert "1 événement publié." in text(response)
    assert "« Sans date »" in text(response)
    assert sorted(Event.objects.values_list("title", "state")) == [
        ("Ailleurs", "draft"), ("Nuit des étoiles", "published"), ("Sans date", "draft"),
    ]  # fmt: skip


def test_the_table_and_the_working_page_cost_the_same_whatever_their_rows(client, network, animator, same_queries):
    same_queries(page=lambda: client.get(reverse("agenda:event_table")), add=lambda: make_event(network))


def test_the_history_of_an_event_is_read_in_words(client, network, animator, published):
    from maillage.agenda.actions import update_event

    update_event(by=animator, event=published, values={"schedule": Schedule((slot(30),)), "price": "free"})
    page = text(client.get(work("event_work", published.pk)))
    assert "a modifié l'événement" in page
    assert "de 14 h à 16 h" in page
    assert "gratuit" in page


def test_what_the_team_withdrew_is_put_back_by_the_team_alone(network, editor, animator):
    actor = make_actor(network, "Musée des sels")
    ActorMember.objects.create(actor=actor, user=editor, role=MemberRole.ADMIN)
    event = make_event(network, organisers=[actor])
    hide_event(by=animator, event=event)
    with pytest.raises(Refused, match="a retiré cet événement"):
        submit_event(by=viewer(editor, network), event=event)
    assert submit_event(by=animator, event=event).is_shown


def test_what_the_team_refused_is_read_by_it_again_whoever_leads_it(network, proposed, author, animator):
    refuse_event(by=animator, event=proposed, code="autre", reason="Pas ici")
    actor = make_actor(network, "Musée des sels")
    ActorMember.objects.create(actor=actor, user=author, role=MemberRole.ADMIN)
    update_event(by=viewer(author, network), event=proposed, values={"organisers": [actor]})
    assert submit_event(by=viewer(author, network), event=proposed).state == "proposed"


def test_what_the_team_withdrew_is_not_taken_up_as_a_copy(network, editor, animator):
    actor = make_actor(network, "Musée des sels")
    ActorMember.objects.create(actor=actor, user=editor, role=MemberRole.ADMIN)
    event = hide_event(by=animator, event=make_event(network, organisers=[actor]))
    with pytest.raises(Refused, match="n'a pas gardé"):
        duplicate_event(by=viewer(editor, network), event=event)
    assert Event.objects.count() == 1
