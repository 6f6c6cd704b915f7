"""The pages of needs and offers: the team's, those of an actor's people, the personal link and its messages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.viewer import RoleKind
from maillage.directory.models import ActorMember, Reminder
from maillage.outreach.actions.asking import ask_about, forget_asked, mind_needs
from maillage.outreach.models import Mismatch, Need, NeedAsking
from tests.factories.accounts import make_person
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_contact, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(network):
    network.perimeter.set([make_commune().department])
    return make_actor(network, "Labo des eaux", commune=make_commune(), email="labo@exemple.test", terms=[make_term()])


@pytest.fixture
def own(client, network, lab):
    user = make_person(network)
    ActorMember.objects.create(actor=lab, user=user)
    client.force_login(user)
    return user


def text(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def page(name, *args):
    return reverse(f"outreach:{name}", args=args)


def said(**values):
    return {"side": "need", "kind": "loan", "title": "Une exposition sur l'eau", "sharing": "team", **values}


# --- the team -----------------------------------------------------------------------------------------------------------


def test_a_need_is_noted_from_the_sheet_of_an_actor_with_its_place(client, animator, lab):
    sheet = text(client.get(reverse("directory:actor_work", args=[lab.pk])))
    assert f"{page('need_record')}?acteur={lab.pk}" in sheet
    form = client.get(page("need_record"), {"acteur": lab.pk})
    assert "Labo des eaux (Montpellier)" in text(form)
    response = client.post(
        page("need_record"), said(actor=str(lab.pk), commune="34172", themes=[make_term().pk]), follow=True
    )
    need = Need.objects.get()
    assert (need.actor, need.territory, need.author, list(need.terms.all())) == (
        lab, make_commune(), animator.user, [make_term()],
    )  # fmt: skip
    assert "C'est noté" in text(response)
    assert "Une exposition sur l'eau" in text(client.get(reverse("outreach:relation", args=[lab.pk])))


def test_a_contact_just_noted_leads_to_the_need_that_was_expressed(client, animator, network, lab):
    contact = make_contact(network, lab)
    assert f"{page('need_record')}?acteur={lab.pk}" in text(client.get(page("contact_show", contact.pk)))


def test_a_need_of_nobody_is_refused_next_to_its_field_and_nothing_is_lost(client, animator, lab):
    response = client.post(page("need_record"), said(description="Pour mai"))
    assert response.status_code == 422
    assert "Dites quel acteur" in text(response)
    assert "Pour mai" in text(response)
    past = client.post(page("need_record"), said(heard_from="Une élue", wanted_on="2020-01-01"))
    assert (past.status_code, "Cette date est déjà passée" in text(past)) == (422, True)
    assert not Need.objects.exists()


def test_the_same_form_sent_twice_makes_one_need(client, animator, lab):
    form = said(heard_from="Une élue", cle="4a0c7a52-1111-4111-8111-111111111111")
    first, second = (client.post(page("need_record"), form) for _each in range(2))
    assert (first.url, Need.objects.count()) == (second.url, 1)


def test_the_page_of_a_need_shows_who_could_answer_without_their_coordinates(client, animator, network, lab):
    need = make_need(network, lab, territory=make_commune(), terms=[make_term()])
    museum = make_actor(
        network, "Musée du ciel", commune=make_commune(), terms=[make_term()], email="musee@exemple.test",
        phone="04 67 00 00 00", contact_is_public=True,
    )  # fmt: skip
    offer = make_need(network, make_actor(network, "Club astro"), side="offer", title="Une soirée sous les étoiles")
    shown = text(client.get(need.get_absolute_url()))
    introduce = f"{page('introduction_new')}?demandeur={lab.pk}&amp;acteur={museum.pk}"
    for words in ("Musée du ciel", "même thématique : Astronomie", "sur place", "Club astro", offer.title, introduce):
        assert words in shown
    for secret in (museum.email, museum.phone):
        assert secret not in shown
    assert lab.name in text(client.get(offer.get_absolute_url()))


def test_a_proposal_is_set_aside_then_put_back(client, animator, network, lab):
    need = make_need(network, lab, terms=[make_term()])
    museum = make_actor(network, "Musée du ciel", terms=[make_term()])
    response = client.post(page("need_dismiss", need.pk), {"acteur": museum.pk}, follow=True)
    assert "1 proposition écartée" in text(response)
    assert client.post(page("need_recall", need.pk, Mismatch.objects.get().pk)).status_code == 302
    assert not Mismatch.objects.exists()
    assert client.post(page("need_dismiss", need.pk), {"offre": "x"}).status_code == 404


def test_a_need_is_answered_from_a_proposal(client, animator, network, lab):
    need, museum = make_need(network, lab), make_actor(network, "Musée du ciel")
    form = text(client.get(page("need_close", need.pk), {"par": museum.pk, "voie": "introduction"}))
    assert "Musée du ciel" in form
    assert '<option value="introduction" selected>' in form
    wrong = client.post(page("need_close", need.pk), {"outcome_kind": "answered", "answered_by": lab.pk})
    assert (wrong.status_code, "Choisissez l'autre acteur" in text(wrong)) == (422, True)
    answer = {"outcome_kind": "answered", "answered_by": museum.pk, "through": "introduction", "outcome": "Venu le 12"}
    response = client.post(page("need_close", need.pk), answer, follow=True)
    assert "une mise en relation par le réseau" in text(response)
    need.refresh_from_db()
    assert (need.state, need.answered_by, need.outcome) == ("answered", museum, "Venu le 12")


def test_the_list_is_filtered_by_its_address_and_exported_as_it_is(client, animator, network, lab):
    make_need(network, lab, title="Une salle", kind="venue", territory=make_commune(), terms=[make_term()])
    make_need(network, title="=Un prêt", kind="loan", side="offer", author=animator.user)
    make_need(make_network(), title="D'un autre réseau")
    titles = {"Une salle", "=Un prêt", "D'un autre réseau"}

    def shown(**query):
        answer = text(client.get(page("need_list"), query))
        return {title for title in titles if title in answer}

    assert shown() == {"Une salle", "=Un prêt"}
    for query in (
        {"cote": "besoins"}, {"nature": "venue"}, {"theme": "astronomie"}, {"departement": "34"}, {"epci": "200000034"},
        {"q": "SALLE"}, {"acteur": str(lab.pk)}, {"q": "labo"},
    ):  # fmt: skip
        assert shown(**query) == {"Une salle"}, query
    for query in ({"cote": "offres"}, {"departement": "reseau"}, {"qui": "moi"}, {"theme": "aucune"}):
        assert shown(**query) == {"=Un prêt"}, query
    assert shown(etat="expired") == set()
    lines = text(client.get(page("need_export", "csv"), {"cote": "offres"})).splitlines()
    assert (len(lines), "'=Un prêt" in lines[1]) == (2, True)
    assert b"".join(client.get(page("need_export", "xlsx")).streaming_content)[:2] == b"PK"


def test_the_list_and_the_table_of_gaps_cost_the_same_with_one_and_three(client, animator, network, lab, same_queries):
    def add():
        make_need(network, make_actor(network), terms=[make_term()], territory=make_commune())

    assert same_queries(page=lambda: client.get(page("need_list")), add=add) < 30
    assert same_queries(page=lambda: client.get(page("need_gaps")), add=add) < 30


def test_the_table_of_gaps_says_what_is_missing_in_words_and_leads_to_lists(client, animator, network, lab):
    make_need(network, lab, territory=make_commune(), kind="loan")
    shown = text(client.get(page("need_gaps")))
    assert "sans offre" in shown
    assert "cote=besoins&amp;etat=open&amp;departement=34&amp;nature=loan" in shown
    assert 'role="table"' in shown  # On a phone its rows are cards, and each cell says its column.
    assert 'data-th="Prêt de matériel ou d' in shown
    assert "Communauté 34" in text(client.get(page("need_gaps"), {"departement": "34"}))
    lines = text(client.get(page("need_gaps_export"))).splitlines()
    assert "Département 34 (34);prêt de matériel ou d'exposition;1;0;1;sans offre" in lines


def test_empty_pages_say_what_to_do(client, animator):
    for name in ("need_list", "need_gaps"):
        assert "Noter un besoin ou une offre" in text(client.get(page(name)))


# --- an actor's own people ----------------------------------------------------------------------------------------------


def test_the_people_of_an_actor_say_what_it_looks_for_and_everyone_reads_it(client, own, network, lab):
    assert page("own_needs", lab.pk) in text(client.get(reverse("directory:own_sheet", args=[lab.pk])))
    response = client.post(page("own_need_record", lab.pk), said(sharing="public", commune="34172"), follow=True)
    assert "C'est noté" in text(response)
    need = Need.objects.get()
    assert (need.is_own, need.actor, need.mission) == (True, lab, None)
    public = text(Client().get(lab.get_absolute_url()))
    assert "Une exposition sur l'eau" in public
    assert own.name not in public


def test_they_read_and_change_nothing_that_the_team_keeps_for_itself(client, own, network, lab):
    kept = make_need(network, lab, title="Dit au téléphone", sharing="team")
    make_need(network, lab, title="Partagé", sharing="members")
    shown = text(client.get(page("own_needs", lab.pk)))
    assert ("Dit au téléphone" in shown, "Partagé" in shown) == (False, True)
    assert client.get(page("own_need_change", lab.pk, kept.pk)).status_code == 404
    assert client.post(page("own_need_keep", lab.pk, kept.pk)).status_code == 404


def test_they_correct_prolong_and_close_it(client, own, network, lab):
    need = make_need(network, lab, is_own=True, days=3)
    client.post(page("own_need_change", lab.pk, need.pk), said(title="Deux expositions", sharing="members"))
    client.post(page("own_need_keep", lab.pk, need.pk))
    need.refresh_from_db()
    assert (need.title, need.expires_on) == ("Deux expositions", timezone.localdate() + timedelta(days=180))
    client.post(page("own_need_close", lab.pk, need.pk), {"outcome_kind": "abandoned", "outcome": "Reporté"})
    need.refresh_from_db()
    assert (need.state, need.outcome) == ("abandoned", "Reporté")


# --- the end of a need --------------------------------------------------------------------------------------------------


def night():
    mind_needs.enqueue()
    run_waiting()


def asked(network, asking, name="need_asked"):
    return page(name, asking.pk, asking.token)


def test_the_night_asks_before_the_end_and_once_more_at_the_end(network, lab, smtp_server):
    need = make_need(network, lab, sharing="public", days=10)
    make_need(network, lab, sharing="public", days=60)
    night()
    night()
    (first,) = NeedAsking.objects.all()
    assert (first.need, first.email, first.is_last) == (need, lab.email, False)
    (message,) = smtp_server.received
    assert "est-ce toujours d’actualité" in message["Subject"].replace("\xa0", " ")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Need.objects.filter(pk=need.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    night()
    need.refresh_from_db()
    assert (need.state, NeedAsking.objects.filter(is_last=True).count()) == ("expired", 1)
    night()
    assert NeedAsking.objects.count() == 2


def test_what_the_team_heard_is_asked_of_whoever_heard_it(network, lab):
    user = make_person(network, RoleKind.ANIMATOR, email="noe@exemple.test")
    make_need(network, days=5, author=user)
    make_need(network, lab, days=5, author=user, sharing="team")
    night()
    assert set(NeedAsking.objects.values_list("email", flat=True)) == {"noe@exemple.test"}
    make_need(network, days=5, author=make_person(network, email="partie@exemple.test"))
    night()
    assert not NeedAsking.objects.filter(email="partie@exemple.test").exists()


def test_nobody_is_asked_who_said_no_or_is_archived(network, lab):
    make_need(network, lab, sharing="public", days=5)
    forbid_address(email=lab.email, reason="objection")
    other, third = (make_actor(network, name, email=f"{name}@exemple.test") for name in ("un", "deux"))
    make_need(network, other, sharing="public", days=5)
    Reminder.objects.create(
        network=network, actor=other, email=other.email, expires_at=timezone.now(), stopped_at=timezone.now()
    )
    type(third).objects.filter(pk=third.pk).update(archived_at=timezone.now())
    make_need(network, third, sharing="public", days=5)
    night()
    assert not NeedAsking.objects.exists()


@pytest.mark.parametrize(("answer", "state"), [("kept", "open"), ("answered", "answered"), ("abandoned", "abandoned")])
def test_a_link_opens_without_writing_and_its_button_answers(network, lab, client, answer, state):
    make_need(network, lab, sharing="public", days=5)
    night()
    asking = NeedAsking.objects.get()
    opened = client.get(asked(network, asking), {"reponse": answer})
    assert (opened.status_code, NeedAsking.objects.get().answer) == (200, "")
    response = client.post(asked(network, asking), {"reponse": answer, "suite": "Par le musée"}, follow=True)
    assert "Merci" in text(response)
    need = Need.objects.get()
    assert (need.state, need.outcome) == (state, "" if answer == "kept" else "Par le musée")
    if answer == "kept":
        assert need.expires_on == timezone.localdate() + timedelta(days=180)
    assert NeedAsking.objects.get().answer == answer


def test_a_link_without_answer_of_another_address_or_too_old_does_nothing(network, lab, client):
    make_need(network, lab, sharing="public", days=5)
    night()
    asking = NeedAsking.objects.get()
    assert client.post(asked(network, asking), {"reponse": "x"}).status_code == 422
    assert client.get(page("need_asked", asking.pk, "faux")).status_code == 404
    type(lab).objects.filter(pk=lab.pk).update(email="nouvelle@exemple.test")
    assert client.post(asked(network, asking), {"reponse": "kept"}).status_code == 410
    type(lab).objects.filter(pk=lab.pk).update(email=asking.email)
    NeedAsking.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert client.get(asked(network, asking)).status_code == 410
    assert Need.objects.get().is_open


def test_the_link_at_the_foot_stops_the_messages_in_one_click(network, lab):
    make_need(network, lab, sharing="public", days=5)
    night()
    asking = NeedAsking.objects.get()
    stop = asked(network, asking, "need_asked_stop")
    outside = Client(enforce_csrf_checks=True)
    outside.get(stop)
    assert NeedAsking.objects.get().stopped_at is None
    assert outside.post(stop).status_code == 200
    make_need(network, lab, sharing="public", days=4)
    night()
    assert NeedAsking.objects.count() == 1
    forget_asked(email=lab.email.upper())
    assert not NeedAsking.objects.exists()


def test_no_word_of_a_need_stays_in_the_mail_that_left(network, lab, smtp_server):
    make_need(network, lab, sharing="public", days=5)
    night()
    assert Job.objects.filter(task__endswith="deliver").get().arguments == {}


def test_buttons_are_verbs_and_agree_with_what_they_close(client, animator, lab, smtp_server):
    need, offer = make_need(animator.network, lab), make_need(animator.network, lab, side="offer", sharing="public")
    for made, verbs, said in (
        (need, ("Marquer comme pourvu", "Abandonner ce besoin"), ("Il est pourvu", "Il est abandonné")),
        (offer, ("Marquer comme pourvue", "Abandonner cette offre"), ("Elle est pourvue", "Elle est abandonnée")),
    ):
        shown = text(client.get(made.get_absolute_url()))
        assert [f">{verb}<" in shown for verb in verbs] == [True, True]
        form = text(client.get(page("need_close", made.pk)))
        assert [words in form for words in said] == [True, True]
    asking = ask_about(by=animator, need=offer)
    asked = text(client.get(page("need_asked", asking.pk, asking.token)))
    run_waiting()
    message = smtp_server.received[-1].get_body(("plain",)).get_content()
    for words in ("Prolonger", "Marquer comme pourvue", "Abandonner cette offre"):
        assert words in asked
        assert words in message
    done = client.post(page("need_close", offer.pk), {"outcome_kind": "abandoned"}, follow=True)
    assert "C'est noté : abandonnée." in text(done)
    assert "abandonnée" in text(client.get(page("need_list")))
