"""Pages of duplicates and merging: what they refuse, what they say, how many queries they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.core import jobs
from maillage.core.models import Job
from maillage.directory.actions.judging import ask_for_suspects, renew_suspects, take, tell_apart
from maillage.directory.actions.merging import merge
from maillage.directory.models import Actor, DistinctPair, Merge, Suspect
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import Forms

pytestmark = pytest.mark.django_db


def url(name, *args, query=""):
    return reverse(f"directory:{name}", args=args) + (f"?{query}" if query else "")


@pytest.fixture
def network():
    return make_network(host="testserver")


@pytest.fixture
def animator(network, client):
    user = make_person(network, "animator", name="Ana")
    client.force_login(user)
    return viewer(user, network)


def twins(network, name):
    commune = make_commune("32013", "Auch", (43.6465, 0.5867))
    return [
        make_actor(network, each, commune=commune, phone="05 62 00 00 00") for each in (name, f"Association {name}")
    ]


def text(response):
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


@pytest.mark.parametrize(("page", "tab"), [("pair_list", "Toutes"), ("decided_list", "Décidées")])
def test_one_tab_is_the_current_one(page, tab, animator, client):
    tabs = text(client.get(url(page))).split('class="tabs__link"')[1:]
    assert [each.split(">")[1].split(" <")[0] for each in tabs if 'aria-current="page"' in each.split(">")[0]] == [tab]


@pytest.mark.parametrize("name", ["pair_list", "merge_list", "decided_list"])
def test_an_empty_page_says_what_will_come(name, animator, client):
    response = client.get(url(name))
    assert response.status_code == 200
    assert "viennent ici" in text(response) or "vient ici" in text(response)


def test_lists_cost_the_same_for_one_and_three(network, animator, client):
    costs = []
    for names in (["Observatoire des Baronnies"], ["Comptoir des fougères", "Refuge des volcans"]):
        for name in names:
            twins(network, name)
        renew_suspects(network)
        with CaptureQueriesContext(connection) as seen:
            response = client.get(url("pair_list"))
        costs.append(len(seen))
    assert len(response.context["pairs"]) == 3
    assert costs[0] == costs[1]


def test_a_pair_held_by_someone_says_by_whom_and_offers_another(network, animator, client):
    twins(network, "Observatoire des Baronnies")
    renew_suspects(network)
    pair = Suspect.objects.get()
    take(by=viewer(make_person(network, "animator", name="Max"), network), suspect=pair)
    shown = text(client.get(url("pair_show", pair.pk)))
    assert "Max a cette paire en main" in shown
    assert "Deux différents" not in shown
    response = client.post(url("pair_judge", pair.pk), {"verdict": "different"}, follow=True)
    assert "Max examine déjà cette paire." in text(response)
    assert Suspect.objects.exists()


def test_a_comparison_that_another_worker_took_over_or_that_is_stopped_writes_nothing(network, animator):
    twins(network, "Observatoire des Baronnies")
    job = ask_for_suspects(by=animator)
    slow = jobs.lease_one("slow")
    Job.objects.update(leased_until=timezone.now())
    quick = jobs.lease_one("quick")
    jobs.run(slow, keep_lease=False)
    assert not Suspect.objects.exists()
    jobs.request_stop(quick)
    jobs.run(quick, keep_lease=False)
    job.refresh_from_db()
    assert (job.status, Suspect.objects.exists()) == ("cancelled", False)


def test_what_was_compared_is_written_by_whoever_still_holds_the_job(network):
    twins(network, "Observatoire des Baronnies")

    def taken_over():
        raise jobs.Interrupted

    with pytest.raises(jobs.Interrupted):
        renew_suspects(network, compared=taken_over)
    assert not Suspect.objects.exists()
    assert renew_suspects(network) == Suspect.objects.count() == 1


def test_a_verdict_that_says_nothing_changes_nothing(network, animator, client):
    twins(network, "Observatoire des Baronnies")
    renew_suspects(network)
    pair = take(by=animator, suspect=Suspect.objects.get())
    response = client.post(url("pair_judge", pair.pk), {"verdict": "peut-être"})
    assert response.status_code == 422
    assert "Choisissez ce que vous décidez" in text(response)
    assert Suspect.objects.filter(pk=pair.pk).exists()


def test_merging_shows_what_follows_with_its_rule(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    shown = text(client.get(url("actor_merge", kept.pk, gone.pk)))
    assert "réseaux où elle paraît" in shown
    assert "celle qui reste est masquée si l'une l'était" in shown


def test_a_choice_that_is_none_is_told_beside_its_field_and_nothing_is_merged(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    page = client.get(url("actor_merge", kept.pk, gone.pk))
    seen = page.context["form"]["seen"].value()
    response = client.post(url("actor_merge", kept.pk, gone.pk), {"name": "aucun", "seen": seen})
    assert response.status_code == 422
    assert "name" in response.context["form"].errors
    assert Actor.objects.filter(pk=gone.pk).exists()


def test_a_sheet_changed_meanwhile_is_shown_again_with_what_was_chosen(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    page = client.get(url("actor_merge", kept.pk, gone.pk))
    seen = page.context["form"]["seen"].value()
    Actor.objects.filter(pk=gone.pk).update(updated_at=timezone.now())
    response = client.post(url("actor_merge", kept.pk, gone.pk), {"name": "gone", "seen": seen})
    assert response.status_code == 409
    form = response.context["form"]
    assert form["name"].value() == "gone"
    assert (
        client.post(url("actor_merge", kept.pk, gone.pk), {"name": "gone", "seen": form["seen"].value()}).status_code
        == 302
    )


def test_the_working_address_and_the_journal_of_what_went_lead_to_what_stays(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    merge(by=animator, kept=kept, gone=gone, chosen={"name": "kept"})
    response = client.get(url("actor_work", gone.pk))
    assert (response.status_code, response["Location"]) == (302, url("actor_work", kept.pk))
    for back in (
        url("actor_twin", gone.pk),
        url("actor_merge", kept.pk, gone.pk),
        url("actor_merge", gone.pk, kept.pk),
    ):
        response = client.get(back)
        assert (response.status_code, response["Location"]) == (302, url("actor_work", kept.pk))
    assert "Cette fiche est déjà fusionnée" in text(client.get(url("actor_work", kept.pk)))
    sheet = text(client.get(url("actor_work", kept.pk)))
    assert "a fusionné une autre fiche avec celle-ci" in sheet
    assert sheet.count("a créé la fiche") == 2
    assert url("actor_work", kept.pk) in text(client.get(reverse("activity:journal")))


def test_undoing_twice_says_so_and_a_merge_of_another_network_does_not_exist(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    done = merge(by=animator, kept=kept, gone=gone, chosen={})
    assert client.post(url("merge_undo", done.pk)).status_code == 302
    assert "déjà annulée" in text(client.post(url("merge_undo", done.pk), follow=True))
    Merge.objects.update(network=make_network())
    assert client.post(url("merge_undo", done.pk)).status_code == 404


def test_the_home_of_the_team_tells_how_many_pairs_wait(network, animator, client):
    twins(network, "Observatoire des Baronnies")
    assert "paire à examiner" not in text(client.get(url("work_home")))
    renew_suspects(network)
    assert "paire à examiner" in text(client.get(url("work_home")))


def test_the_same_verdict_sent_twice_leads_twice_to_the_next_pair(network, animator, client):
    for name in ("Observatoire des Baronnies", "Comptoir des fougères"):
        twins(network, name)
    renew_suspects(network)
    first, second = Suspect.objects.all()
    take(by=animator, suspect=first)
    address = url("pair_judge", first.pk)
    sent = Forms(client.get(url("pair_show", first.pk)).content.decode(), address).values | {"verdict": "different"}
    assert [client.post(address, sent)["Location"] for _each in range(2)] == [url("pair_show", second.pk)] * 2
    assert DistinctPair.objects.count() == 1


def test_a_pair_decided_meanwhile_gives_way_to_the_next_one(network, animator, client):
    for name in ("Observatoire des Baronnies", "Comptoir des fougères"):
        twins(network, name)
    renew_suspects(network)
    first, second = Suspect.objects.all()
    first_pk = first.pk
    first.delete()
    response = client.post(url("pair_judge", first_pk), {"verdict": "different"}, follow=True)
    assert response.redirect_chain == [(url("pair_show", second.pk), 302)]
    assert "n'attend plus" in text(response)
    assert not DistinctPair.objects.exists()


def test_a_pair_in_hand_is_left_by_a_button(network, animator, client):
    twins(network, "Observatoire des Baronnies")
    renew_suspects(network)
    pair = take(by=animator, suspect=Suspect.objects.get())
    assert url("pair_leave", pair.pk) in text(client.get(url("pair_show", pair.pk)))
    response = client.post(url("pair_leave", pair.pk), {"sorte": pair.band})
    assert response["Location"] == url("pair_list", query=f"sorte={pair.band}")
    assert Suspect.objects.get().holder is None


def test_decided_pairs_are_listed_with_who_and_taken_back_at_one_cost_for_any_number(network, animator, client):
    costs = []
    for names in (["Observatoire des Baronnies"], ["Comptoir des fougères", "Refuge des volcans"]):
        for name in names:
            twins(network, name)
        renew_suspects(network)
        for pair in Suspect.objects.all():
            tell_apart(by=animator, suspect=pair)
        with CaptureQueriesContext(connection) as seen:
            response = client.get(url("decided_list"))
        costs.append(len(seen))
    assert len(response.context["page"].object_list) == 3
    assert costs[0] == costs[1]
    assert text(response).count("acteurs différents") == 3
    assert "· Ana" in text(response)
    pair = DistinctPair.objects.first()
    sent = Forms(response.content.decode(), url("decided_take_back", pair.pk)).values
    for _each in range(2):
        assert client.post(url("decided_take_back", pair.pk), sent)["Location"] == url("decided_list")
    assert not DistinctPair.objects.filter(pk=pair.pk).exists()


def test_archiving_and_undoing_sent_twice_succeed_twice(network, animator, client):
    kept, gone = twins(network, "Observatoire des Baronnies")
    done = merge(by=animator, kept=kept, gone=gone, chosen={})
    for page, address in (
        (url("merge_list"), url("merge_undo", done.pk)),
        (url("actor_work", kept.pk), url("actor_archive", kept.pk)),
    ):
        sent = Forms(client.get(page).content.decode(), address).values | {"reason": "fermé"}
        answers = [client.post(address, sent) for _each in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
    assert Actor.objects.filter(pk=gone.pk).exists()
