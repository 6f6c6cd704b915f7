"""One network proposes what it publishes, another takes it or not; both follow what becomes of it (NET-1, NET-3, NET-6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from maillage.activity.models import Entry, Notice
from maillage.agenda.enums import EventState
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.actions import save_network
from maillage.networks.models import Network
from maillage.publications.actions.marking import mark_changed
from maillage.publications.enums import State
from maillage.publications.queries.filters import Filters
from maillage.publications.queries.selecting import select
from maillage.search.models import Document
from maillage.sharing import actions
from maillage.sharing.models import Share
from maillage.sharing.registry import kind_named
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.directory import make_network
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(network):
    return network


@pytest.fixture
def host(home):
    return make_network("Réseau voisin", host="voisin.test")


@pytest.fixture
def giver(home):
    return viewer(make_person(home, RoleKind.ANIMATOR, email="donne@exemple.test"), home)


@pytest.fixture
def taker(host):
    return viewer(make_person(host, RoleKind.ANIMATOR, email="prend@exemple.test"), host)


@pytest.fixture
def event(home):
    return make_event(home, "Nuit des étoiles")


def kind_of(content):
    return kind_named("evenement" if content._meta.model_name == "event" else "texte")


def proposed(content, giver, host, **words):
    (share,) = actions.propose(by=giver, kind=kind_of(content), content=content, to=[host], **words)
    return share


def taken(content, giver, taker):
    share = actions.accept(by=taker, share=proposed(content, giver, taker.network))
    run_waiting()
    taker.network.refresh_from_db()
    return share


def told(host, client, content):
    """The places where the visitors of a network read a content: none before it is taken."""
    host = Network.objects.get(pk=host.pk)
    name = "agenda:event_list" if kind_of(content).name == "evenement" else None
    page = reverse(name) if name else reverse("publications:publication_list", args=["articles"])
    found = {
        "list": content.title in client.get(page, HTTP_HOST=host.host).content.decode(),
        "search": Document.objects.filter(network=host, object_id=content.pk, is_public=True).exists(),
        "home": content.title in client.get("/", HTTP_HOST=host.host).content.decode(),
    }
    feed = reverse("agenda:event_feed") if name else reverse("publications:publication_feed", args=["articles"])
    found["feed"] = content.title in client.get(feed, HTTP_HOST=host.host).content.decode()
    return {place for place, is_there in found.items() if is_there}


EVERYWHERE = {"list", "search", "home", "feed"}


@pytest.mark.parametrize("kind", ["event", "text"])
def test_what_another_network_takes_is_read_there_under_its_one_address(client, home, host, giver, taker, event, kind):
    content = event if kind == "event" else make_publication(giver, "Ce que disent les lucioles")
    share = proposed(content, giver, host, note="Près de chez vous")
    run_waiting()
    assert told(host, client, content) == set()
    actions.accept(by=taker, share=share)
    run_waiting()
    assert told(host, client, content) == EVERYWHERE
    path = content.get_absolute_url()
    listed = (
        reverse("agenda:event_list") if kind == "event" else reverse("publications:publication_list", args=["articles"])
    )
    assert f'href="http://testserver{path}"' in client.get(listed, HTTP_HOST="voisin.test").content.decode()
    assert Document.objects.get(network=host, object_id=content.pk).url == f"http://testserver{path}"
    assert client.get(path, HTTP_HOST="voisin.test").status_code == 404
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("end", ["withdrawn", "removed"])
def test_taken_back_or_let_go_it_leaves_no_trace_for_readers(client, host, giver, taker, event, end):
    share = taken(event, giver, taker)
    version = Network.objects.get(pk=host.pk).content_version
    by = giver if end == "withdrawn" else taker
    actions.withdraw(by=by, share=share, reason="" if end == "withdrawn" else "Trop loin.")
    run_waiting()
    assert told(host, client, event) == set()
    assert Network.objects.get(pk=host.pk).content_version > version
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED
    assert proposed(event, giver, host).state == "proposed"  # It may be proposed again.


def test_hidden_at_home_it_is_hidden_everywhere_and_back_when_it_comes_back(client, host, giver, taker):
    text = make_publication(giver, "Ce que disent les lucioles")
    taken(text, giver, taker)
    for state, places in ((State.HIDDEN, set()), (State.PUBLISHED, EVERYWHERE)):
        type(text).objects.filter(pk=text.pk).update(state=state)
        text.refresh_from_db()
        mark_changed(text)
        run_waiting()
        assert told(host, client, text) == places


def test_a_network_that_closes_takes_its_contents_back_and_gives_them_again(client, home, host, giver, taker, event):
    taken(event, giver, taker)
    platform = Viewer.as_system(home, "tests")
    for opened, places in ((False, set()), (True, EVERYWHERE)):
        save_network(by=platform, network=home, values={"is_public": opened})
        run_waiting()
        assert told(host, client, event) == places
        assert Document.objects.filter(network=host, object_id=event.pk).exists() is opened


def test_a_network_that_moves_is_led_to_at_its_new_address(home, host, giver, taker, event):
    taken(event, giver, taker)
    save_network(by=Viewer.as_system(home, "tests"), network=home, values={"host": "neuf.test"})
    run_waiting()
    assert Document.objects.get(network=host, object_id=event.pk).url.startswith("http://neuf.test/")


def test_what_is_hidden_at_home_is_found_by_nobody_in_the_other_network_its_team_included(host, giver, taker):
    text = make_publication(giver, "Ce que disent les lucioles")
    taken(text, giver, taker)
    type(text).objects.filter(pk=text.pk).update(state=State.HIDDEN)
    text.refresh_from_db()
    mark_changed(text)
    run_waiting()
    assert not Document.objects.filter(network=host, object_id=text.pk).exists()


def test_the_files_of_a_network_give_its_own_contents_alone(client, host, giver, taker, event):
    text = make_publication(giver, "Ce que disent les lucioles")
    taken(event, giver, taker)
    taken(text, giver, taker)
    for name, args in (("agenda:event_export", ["csv"]), ("publications:publication_export", ["articles", "csv"])):
        rows = client.get(reverse(name, args=args), HTTP_HOST="voisin.test").getvalue().decode("utf-8-sig").splitlines()
        assert len(rows) == 1
    assert client.get("/api/v1/events", HTTP_HOST="voisin.test").json()["items"] == []


def test_a_calendar_to_follow_holds_it_with_its_own_identity(client, host, giver, taker, event):
    taken(event, giver, taker)

    def uids(name):
        calendar = Calendar.from_ical(client.get(reverse("agenda:event_calendar"), HTTP_HOST=name).getvalue())
        return [(str(each["uid"]), str(each["url"])) for each in calendar.walk("VEVENT")]

    assert uids("voisin.test") == uids("testserver")
    assert len(uids("voisin.test")) == 1


def test_each_network_puts_forward_what_it_chooses(host, giver, taker):
    text = make_publication(giver, "Ce que disent les lucioles")
    type(text).objects.filter(pk=text.pk).update(featured_at=text.published_at)
    taken(text, giver, taker)
    assert select(Filters.from_params(QueryDict(), giver.network, "articles")).featured == [text.pk]
    assert select(Filters.from_params(QueryDict(), taker.network, "articles")).featured == []


def test_the_agenda_counts_what_it_tells_in_the_same_number_of_queries(client, host, giver, taker, same_queries):
    names = iter("abc")
    same_queries(
        page=lambda: client.get(reverse("agenda:event_list"), HTTP_HOST="voisin.test"),
        add=lambda: taken(make_event(giver.network, f"Nuit {next(names)}"), giver, taker),
    )


# --- who decides --------------------------------------------------------------------------------------------------------
def test_the_other_team_is_told_once_and_who_proposed_learns_the_answer(host, giver, taker, event):
    other = viewer(make_person(host, RoleKind.NETWORK_ADMIN), host)
    share = proposed(event, giver, host)
    told_to = Notice.objects.filter(kind="share_proposed", channel="site").values_list("user", flat=True)
    assert set(told_to) == {taker.user_id, other.user_id}
    actions.refuse(by=taker, share=share, reason="Trop loin.")
    answer = Notice.objects.get(kind="share_answer", channel="site")
    assert (answer.user, answer.network) == (giver.user, giver.network)
    assert Entry.objects.filter(network=host, verb="share.refused").exists()
    share.refresh_from_db()
    assert (share.state, share.reason) == ("refused", "Trop loin.")


def test_nobody_answers_for_another_network_nor_twice(giver, taker, event, host):
    share = proposed(event, giver, host)
    with pytest.raises(Refused) as refusal:
        actions.accept(by=giver, share=share)
    assert refusal.value.status == 404
    actions.accept(by=taker, share=share)
    with pytest.raises(Refused) as refusal:
        actions.refuse(by=taker, share=share, reason="Finalement non.")
    assert refusal.value.status == 409


def test_what_is_not_read_by_everyone_and_what_is_anothers_is_not_proposed(giver, taker, host, home):
    draft = make_event(home, "Bientôt", state=EventState.DRAFT)
    with pytest.raises(Refused):
        proposed(draft, giver, host)
    with pytest.raises(Refused):
        proposed(make_event(host, "D'ailleurs"), giver, host)
    member = viewer(make_person(home, RoleKind.MEMBER), home)
    with pytest.raises(Refused):
        proposed(make_event(home, "Par un membre"), member, host)


def test_a_closed_network_is_neither_proposed_to_nor_proposes(giver, host, event, home):
    closed = make_network("Caché", host="cache.test", is_public=False)
    with pytest.raises(Refused):
        proposed(event, giver, closed)
    Network.objects.filter(pk=home.pk).update(is_public=False)
    giver.network.refresh_from_db()
    with pytest.raises(Refused):
        proposed(event, giver, host)


def test_it_stands_once_in_a_network_whoever_proposes_it_again(giver, host, event):
    first = proposed(event, giver, host)
    assert actions.propose(by=giver, kind=kind_of(event), content=event, to=[host]) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.create(kind="evenement", object_id=event.pk, home=giver.network, host=host, title="Double")
    assert list(Share.objects.all()) == [first]


def test_what_left_its_network_before_the_answer_is_not_taken(giver, taker, host, event):
    share = proposed(event, giver, host)
    type(event).objects.filter(pk=event.pk).update(state=EventState.HIDDEN)
    with pytest.raises(Refused):
        actions.accept(by=taker, share=share)


# --- pages --------------------------------------------------------------------------------------------------------------
def test_the_teams_propose_answer_and_take_back_on_their_pages(client, giver, taker, host, event):
    client.force_login(giver.user)
    work = client.get(reverse("agenda:event_work", args=[event.pk])).content.decode()
    address = reverse("sharing:share_content", args=["evenement", event.pk])
    assert address in work
    assert client.post(address, {"note": "Près de chez vous"}).status_code == 422
    client.post(address, {"to": [str(host.pk)], "note": "Près de chez vous"})
    share = Share.objects.get()
    client.force_login(taker.user)
    here = {"HTTP_HOST": host.host}
    queue = client.get(reverse("directory:queue"), **here).content.decode()
    page = reverse("sharing:share_show", args=[share.pk])
    assert page in queue
    assert "Près de chez vous" in client.get(page, **here).content.decode()
    answer = reverse("sharing:share_answer", args=[share.pk])
    refused = client.post(answer, {"reponse": "refuser", "reason": ""}, **here)
    assert (refused.status_code, "Dites pourquoi" in refused.content.decode()) == (422, True)
    assert client.post(answer, {"reponse": "accueillir"}, **here).status_code == 302
    run_waiting()
    assert "Nuit des étoiles" in client.get(reverse("sharing:share_list"), **here).content.decode()
    assert client.post(reverse("sharing:share_withdraw", args=[share.pk]), {"reason": ""}, **here).status_code == 422
    client.force_login(giver.user)
    assert client.post(reverse("sharing:share_withdraw", args=[share.pk])).status_code == 302
    share.refresh_from_db()
    assert share.state == "withdrawn"


def test_the_page_names_the_open_networks_and_no_other(client, giver, host, event):
    make_network("Réseau caché", host="cache.test", is_public=False)
    client.force_login(giver.user)
    page = client.get(reverse("sharing:share_content", args=["evenement", event.pk]))
    assert [label for _value, label in page.context["form"].fields["to"].choices] == [str(host)]
    assert "Réseau caché" not in page.content.decode()


def test_a_network_alone_offers_no_sharing(client, giver, event):
    client.force_login(giver.user)
    assert (
        "Proposer à un autre réseau" not in client.get(reverse("agenda:event_work", args=[event.pk])).content.decode()
    )


def test_the_month_and_the_map_lead_to_its_network(client, host, giver, taker, event):
    taken(event, giver, taker)
    month = client.get(reverse("agenda:event_list") + f"?vue=mois&mois={event.first_at:%Y-%m}", HTTP_HOST=host.host)
    assert f"http://testserver{event.get_absolute_url()}" in month.content.decode()
    points = client.get(reverse("agenda:event_points"), HTTP_HOST=host.host).json()
    assert [each["properties"]["url"] for each in points["features"]] == [
        f"http://testserver{event.get_absolute_url()}"
    ]


def test_one_tab_alone_is_the_current_one(client, giver):
    client.force_login(giver.user)
    for query, label in (("", "Ce que d’autres proposent"), ("?sens=donnes", "Ce que nous proposons")):
        page = client.get(reverse("sharing:share_list") + query).content.decode()
        tabs = page[page.index('aria-label="Sens"') :].split("</nav>")[0]
        assert [
            each.split("</a>")[0].rpartition(">")[2] for each in tabs.split("<a ")[1:] if "aria-current" in each
        ] == [label]


def test_a_content_taken_back_and_proposed_again_the_same_day_is_told_once(event, giver, taker, host):
    for _time in range(3):
        actions.withdraw(by=giver, share=proposed(event, giver, host))
    proposed(event, giver, host)
    told = Notice.objects.filter(kind="share_proposed", user=taker.user_id, channel="site")
    assert told.count() == 1
    long_ago = timezone.now() - timedelta(days=2)
    Share.objects.update(created_at=long_ago)
    actions.withdraw(by=giver, share=Share.objects.standing().get())
    proposed(event, giver, host)
    assert told.count() == 2


def test_a_network_that_said_no_is_not_asked_again_before_a_month(client, event, giver, taker, host, home):
    actions.refuse(by=taker, share=proposed(event, giver, host), reason="Trop loin.")
    client.force_login(giver.user)
    page = reverse("sharing:share_content", args=["evenement", event.pk])
    answer = client.post(page, {"to": [host.pk], "note": "Vraiment ?"}, headers={"host": home.host})
    assert (answer.status_code, "Vraiment ?" in answer.content.decode()) == (422, True)
    assert Share.objects.count() == 1
    Share.objects.update(decided_at=timezone.now() - timedelta(days=31))
    proposed(event, giver, host)
    assert Share.objects.standing().count() == 1
