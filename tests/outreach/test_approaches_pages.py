"""The pages of approaches, lists and campaigns: what they show, what they refuse, what they cost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.jobs import run_waiting
from maillage.directory.actions.listing import set_circle
from maillage.directory.models import Reminder
from maillage.outreach.enums import CampaignAnswer, CampaignState, Stage
from maillage.outreach.models import Approach, Campaign, CampaignMessage, TargetList
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_approach, make_campaign, make_list, make_message

pytestmark = pytest.mark.django_db


def text(response):
    words = response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def url(name, *args, query=""):
    return reverse(f"outreach:{name}", args=args) + (f"?{query}" if query else "")


def page(name, message):
    return reverse(f"outreach:proposal_{name}", args=[message.pk, message.token])


def reachable(network, name, **values):
    return make_actor(network, name, email=f"{name.lower()}@exemple.test", **values)


def test_the_board_shows_each_stage_and_its_filters_narrow_it(client, network, animator):
    museum = make_term("family", "musee")
    seen = make_actor(network, "Ferme vue", commune=make_commune(), family=museum)
    set_circle(by=animator, actor=seen, circle=3, reason="vu", source="")
    make_approach(seen, Stage.MET, follower=animator.user)
    other = make_actor(network, "Ferme tue")
    make_approach(other, Stage.LATER, next_on=timezone.localdate() - timedelta(days=1))
    make_approach(make_actor(network, "Ferme membre"), Stage.MEMBER)
    elsewhere = make_network()
    make_approach(make_actor(elsewhere, "Ferme ailleurs"), network=elsewhere)
    whole = text(client.get(url("approach_board")))
    assert "Ferme vue" in whole
    assert "en retard" in whole
    assert "Ferme membre" not in whole
    assert "Ferme ailleurs" not in whole
    chosen = make_list(network, seen)
    for query in ("famille=musee", "departement=34", "cercle=3", "qui=moi", f"liste={chosen.pk}", "q=vue"):
        narrowed = text(client.get(url("approach_board", query=query)))
        assert "Ferme vue" in narrowed, query
        assert "Ferme tue" not in narrowed, query
    late = text(client.get(url("approach_board", query="retard=1")))
    assert ("Ferme tue" in late, "Ferme vue" in late) == (True, False)
    assert "Ferme membre" in text(client.get(url("approach_board", query="etape=member")))
    assert client.get(url("approach_board", query="liste=99999999999999999&etape=zz&cercle=9")).status_code == 200


def test_pages_cost_the_same_with_one_and_three_actors(client, network, animator, same_queries):
    def add():
        make_approach(make_actor(network, commune=make_commune()), Stage.MET, follower=animator.user)

    same_queries(page=lambda: client.get(url("approach_board")), add=add)
    same_queries(page=lambda: client.get(url("approach_board", query="etape=met")), add=add)
    chosen = make_list(network)

    def add_member():
        actor = make_actor(network, commune=make_commune())
        make_approach(actor)
        chosen.members.create(actor=actor)

    same_queries(page=lambda: client.get(url("list_show", chosen.pk)), add=add_member)
    campaign = make_campaign(network, target_list=chosen, state=CampaignState.SENT, started_at=timezone.now())

    def add_message():
        make_message(campaign, make_actor(network, commune=make_commune(), email="x@exemple.test"), answer="later")

    same_queries(page=lambda: client.get(url("campaign_show", campaign.pk)), add=add_message)
    same_queries(page=lambda: client.get(url("campaign_list")), add=lambda: make_campaign(network))
    same_queries(page=lambda: client.get(url("list_list")), add=lambda: make_list(network))


def test_an_approach_is_begun_once_whatever_the_fingers(client, network, animator):
    actor = make_actor(network, "Ferme des Aulnes")
    sent = {"actor": actor.pk, "stage": "contact", "reason": "Vos haies.", "cle": str(uuid4())}
    first = client.post(url("approach_begin"), sent)
    assert client.post(url("approach_begin"), sent).url == first.url
    assert Approach.objects.get().reason == "Vos haies."
    again = client.post(url("approach_begin"), sent | {"cle": str(uuid4())})
    assert again.status_code == 409
    assert "déjà en cours" in text(again)
    refused = client.post(url("approach_begin"), {"actor": actor.pk, "stage": "contact", "reason": "cercle 3"})
    assert refused.status_code == 422
    assert "interne au réseau" in text(refused)


def test_an_approach_moves_from_its_page_from_the_board_and_from_the_sheet(client, network, animator):
    actor = make_actor(network, "Ferme des Aulnes")
    approach = make_approach(actor, Stage.TO_IDENTIFY)
    board = url("approach_board", query="q=ferme")
    back = client.post(url("approach_move", approach.pk), {"stage": "contact", "etait": "identify", "retour": board})
    assert back.url == board
    stale = client.post(url("approach_move", approach.pk), {"stage": "met", "etait": "identify"})
    assert stale.status_code == 409
    past = {"stage": "later", "etait": "contact", "next_on": "2020-01-01"}
    assert client.post(url("approach_move", approach.pk), past).status_code == 422
    away = client.post(url("approach_move", approach.pk), {"stage": "met", "retour": "//evil.test/travail/"})
    assert away.url == approach.get_absolute_url()
    shown = text(client.get(approach.get_absolute_url()))
    assert "Camille Rey" in shown
    sheet = text(client.get(reverse("directory:actor_work", args=[actor.pk])))
    assert "Approche rencontré" in sheet
    relation = text(client.get(url("relation", actor.pk)))
    assert "Approche : rencontré" in relation


def test_a_list_is_made_of_all_the_results_of_a_filter_or_of_the_ticked(client, network, animator):
    for rank in range(3):
        actor = make_actor(network, f"Ferme {rank}")
        set_circle(by=animator, actor=actor, circle=3, reason="vu", source="")
    make_actor(network, "Musée")
    table = client.get(reverse("directory:actor_table") + "?cercle=3")
    assert "Liste cible Des acteurs cochés Des 3 acteurs" in text(table)
    asked = url("list_create", query="cercle=3&tri=nom&tous=1&acteur=7")
    assert "Faire une liste de 3 acteurs" in text(client.get(asked))
    made = client.post(asked, {"name": "Fermes", "purpose": "Prêts"}, follow=True)
    kept = TargetList.objects.get()
    assert (kept.query, kept.members.count()) == ("cercle=3", 3)
    assert "Ferme 2" in text(made)
    double = client.post(asked, {"name": "Fermes"})
    assert double.status_code == 409
    assert "porte déjà ce nom" in text(double)
    other = make_actor(make_network())
    client.post(url("list_create", query=f"acteur={actor.pk}&acteur={other.pk}&acteur=x"), {"name": "Deux"})
    assert list(TargetList.objects.get(name="Deux").actors.all()) == [actor]


def test_from_a_list_that_is_being_made_one_comes_back_to_the_same_table_with_the_same_ticks(client, network, animator):
    one, other = make_actor(network, "Moulin"), make_actor(network, "Moulinet")
    query = f"q=moulin&tri=nom&acteur={one.pk}"
    making = client.get(url("list_create", query=query)).content.decode()
    assert "<li>Moulin</li>" in making
    table = reverse("directory:actor_table") + "?" + query
    assert f'href="{table.replace("&", "&amp;")}"' in making
    back = client.get(table)
    assert [(line.row.actor, line.ticked) for line in back.context["lines"]] == [(one, True), (other, False)]
    assert f'value="{one.pk}" checked' in back.content.decode()
    assert "acteur" not in dict(back.context["kept"])


def test_a_list_is_enlarged_reduced_begun_and_closed(client, network, animator):
    one, other = make_actor(network, "Une"), make_actor(network, "Autre")
    kept = make_list(network, one)
    client.post(url("list_add", kept.pk), {"actor_text": "Autre"})
    assert kept.members.count() == 2
    unknown = client.post(url("list_add", kept.pk), {"actor_text": "Zzz"})
    assert (unknown.status_code, "Aucun acteur" in text(unknown)) == (422, True)
    begun = client.post(url("list_begin", kept.pk), {"reason": "Vos haies."}, follow=True)
    assert "2 approches sont commencées" in text(begun)
    assert "Aucune approche n'était à commencer" in text(client.post(url("list_begin", kept.pk), follow=True))
    client.post(url("list_remove", kept.pk), {"acteur": [other.pk]})
    assert list(kept.actors.all()) == [one]
    client.post(url("list_archive", kept.pk))
    assert client.post(url("list_add", kept.pk), {"actor_text": "Autre"}).status_code == 409
    assert kept.name in text(client.get(url("list_list", query="closes=1")))
    assert kept.name not in text(client.get(url("list_list")))


def test_a_campaign_is_written_read_tried_checked_and_sent(client, network, animator, smtp_server):
    one = reachable(network, "Une")
    kept = make_list(network, one, make_actor(network, "Muette"))
    wrong = client.post(url("campaign_write"), {"target_list": kept.pk, "subject": "Bonjour", "body": "{mot.de.passe}"})
    assert wrong.status_code == 422
    assert "n'existe pas" in text(wrong)
    assert "{mot.de.passe}" in wrong.content.decode()
    words = {"target_list": kept.pk, "subject": "Bonjour {acteur}", "body": "Venez.\n\n<script>alert(1)</script>"}
    written = client.post(url("campaign_write"), words, follow=True)
    campaign = Campaign.objects.get()
    assert "Bonjour Une" in text(written)
    assert "<script>alert" not in written.content.decode()
    client.post(url("campaign_try", campaign.pk))
    checked = client.get(url("campaign_send", campaign.pk))
    assert "Envoyer à un acteur ?" in text(checked)
    assert "pas d'adresse de contact : 1" in text(checked)
    assert client.post(url("campaign_send", campaign.pk)).status_code == 409
    read = re.search(r'name="lu" value="([0-9a-f]+)"', checked.content.decode())[1]
    sent = {"lu": read, "cle": str(uuid4())}
    for _each in range(2):
        assert client.post(url("campaign_send", campaign.pk), sent).status_code == 302
    assert "0 / 1" in text(client.get(url("campaign_show", campaign.pk)))
    run_waiting()
    assert [each["To"] for each in smtp_server.received] == ["a@exemple.test", "une@exemple.test"]
    assert client.get(url("campaign_change", campaign.pk)).status_code == 409
    for letter in smtp_server.received:
        assert "<script" not in letter.get_body(("html",)).get_content().split("<main>")[1]


def test_the_letter_one_starts_from_speaks_to_whoever_reads_it(client, network, animator):
    started = client.get(url("campaign_write"), {"liste": make_list(network, reachable(network, "Une")).pk})
    body = started.context["form"]["body"].value()
    assert "Voudriez-vous y prendre part\u00a0?" in body
    assert "{acteur}" not in body  # « Médiathèque voudrait-il »


def test_the_progress_of_a_campaign_is_asked_for_again_until_its_end(client, network, animator):
    actors = [reachable(network, "Une"), reachable(network, "Deux")]
    campaign = make_campaign(network, *actors, state=CampaignState.SENDING, started_at=timezone.now())
    make_message(campaign, actors[0])
    make_message(campaign, actors[1], sent_at=None)
    progress = url("campaign_progress", campaign.pk)
    shown = client.get(url("campaign_show", campaign.pk)).content.decode()
    assert f'hx-get="{progress}"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    asked = client.get(progress)
    assert "1 / 2" in text(asked)
    assert f'hx-get="{progress}"' in asked.content.decode()
    assert "HX-Refresh" not in asked
    campaign.state = CampaignState.SENT
    campaign.save()
    ended = client.get(progress)
    assert ended["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()
    assert progress not in client.get(url("campaign_show", campaign.pk)).content.decode()


def test_results_count_by_family_and_departement_and_leave_as_files(client, network, animator):
    museum = make_term("family", "musee", label="Musées")
    campaign = make_campaign(network, state=CampaignState.SENT, started_at=timezone.now())
    for rank, answer in enumerate(("interested", "later", "no", "")):
        actor = reachable(network, f"Acteur{rank}", commune=make_commune(), family=museum if rank else None)
        make_message(campaign, actor, answer=answer, answered_at=timezone.now() if answer else None, word="=1+1")
    shown = text(client.get(url("campaign_show", campaign.pk)))
    assert "67 % (2 sur 3)" in shown
    assert "Département 34 4 3 75 % 1 1 1" in shown
    assert "Musées 3 2 67 % 0 1 1" in shown
    narrowed = text(client.get(url("campaign_show", campaign.pk, query="reponse=later")))
    assert ("Acteur1" in narrowed, "Acteur2" in narrowed) == (True, False)
    lines = b"".join(client.get(url("campaign_export", campaign.pk, "csv")).streaming_content).decode().splitlines()
    assert len(lines) == 5
    assert ";'=1+1;" in lines[1]


def test_opening_the_link_changes_nothing_and_each_button_answers(client, network):
    actor = reachable(network, "Une")
    message = make_message(make_campaign(network, actor), actor)
    for _each in range(2):
        opened = client.get(page("show", message))
    assert "Cela m'intéresse" in text(opened).replace("’", "'")
    assert "cercle" not in text(opened).lower()
    assert opened["Cache-Control"].startswith("max-age=0, no-cache")
    assert not Approach.objects.exists()
    for answer, stage in (("interested", "interested"), ("no", "declined"), ("later", "later")):
        said = client.post(page("show", message), {"reponse": answer}, follow=True)
        assert "Merci, votre réponse est notée" in text(said)
        assert Approach.objects.get().stage == stage
    assert "Nous reviendrons vers vous" in text(said)
    for wrong in ({"reponse": "peut-être"}, {}, {"reponse": "later", "mois": "1999-01-01"}):
        assert client.post(page("show", message), wrong).status_code == 422
    message.refresh_from_db()
    assert message.answer == CampaignAnswer.LATER


def test_a_false_link_does_not_exist_and_an_old_one_says_so(client, network):
    actor = reachable(network, "Une")
    message = make_message(make_campaign(network, actor), actor)
    assert client.get(reverse("outreach:proposal_show", args=[message.pk, "0" * 64])).status_code == 404
    planned = make_message(make_campaign(network), actor, sent_at=None)
    assert client.get(page("show", planned)).status_code == 404
    message.expires_at = timezone.now()
    message.save()
    for method in (client.get, client.post):
        assert method(page("show", message)).status_code == 410
    assert client.post(page("sheet", message)).status_code == 410


def test_the_sheet_is_corrected_or_withdrawn_by_the_link_that_serves_for_that(client, network):
    actor = reachable(network, "Une")
    message = make_message(make_campaign(network, actor), actor)
    assert client.get(page("sheet", message)).status_code == 405
    edited = client.post(page("sheet", message))
    reminder = Reminder.objects.get()
    assert edited.url == reverse("directory:reminder_edit", args=[reminder.pk, reminder.token])
    assert client.get(edited.url).status_code == 200
    taken = client.post(page("sheet", message), {"retirer": "1"})
    assert taken.url == reverse("directory:reminder_object", args=[reminder.pk, reminder.token])
    client.post(taken.url)
    actor.refresh_from_db()
    assert actor.email == ""
    assert client.get(page("show", message)).status_code == 410


def test_the_link_at_the_foot_stops_campaigns_without_a_cookie_and_by_a_button_alone(network):
    actor = reachable(network, "Une")
    message = make_message(make_campaign(network, actor), actor)
    client = Client(enforce_csrf_checks=True)
    assert client.get(page("stop", message)).status_code == 200
    message.refresh_from_db()
    assert message.stopped_at is None
    assert client.post(page("stop", message), {"List-Unsubscribe": "One-Click"}).status_code == 200
    message.refresh_from_db()
    assert message.stopped_at is not None


def test_a_message_of_a_network_does_not_open_on_another(client, network):
    other = make_network()
    actor = reachable(other, "Une")
    message = make_message(make_campaign(other, actor), actor)
    assert client.get(page("show", message)).status_code == 404
    assert CampaignMessage.objects.get().answer == ""
