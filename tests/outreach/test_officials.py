"""Elected officials: entering, mandates, reach, objection, promises, the week, what is forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.queries import is_suppressed
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from maillage.outreach.actions.contacts import log_contact
from maillage.outreach.actions.letters import write_letter
from maillage.outreach.actions.officials import (
    add_mandate,
    add_official,
    change_mandate,
    forget_officials,
    object_to_be_kept,
    remove_mandate,
)
from maillage.outreach.actions.promises import note_promise, settle_promise
from maillage.outreach.enums import PromiseState
from maillage.outreach.models import Contact, Mandate, Official, Promise
from maillage.outreach.queries.officials import (
    OfficialFilters,
    actors_in,
    filters_of,
    named_so,
    officials,
    promises_due,
)
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_contact, make_official

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def of_gard(network):
    """Someone who animates the Gard alone."""
    return viewer(make_person(network, RoleKind.ANIMATOR, "30"), network)


def entered(by, last_name="Vidal", **more):
    mandate = {"function": "maire", "territory": make_commune(), **more.pop("mandate", {})}
    return add_official(by=by, mandate=mandate, last_name=last_name, source="Site de la mairie", **more)


def found(by, **asked):
    return [each.last_name for each in officials(by, OfficialFilters(**asked))]


def test_someone_is_entered_with_a_mandate_and_only_once_for_it(animator):
    official = entered(animator, email="mairie@exemple.test")
    assert str(official.mandates.get()) == "maire, Montpellier"
    with pytest.raises(Refused, match="déjà dans la liste"):
        entered(animator, "VIDAL")
    assert entered(animator, mandate={"territory": make_commune("34301", "Sète")}).pk != official.pk


def test_the_list_answers_each_filter_and_their_conjunction_on_one_mandate(animator, network):
    sete = make_commune("34301", "Sète")
    mayor = make_official(network, "Alibert", territory=sete)
    culture = make_official(network, "Bonnafé", territory=sete, function="adjoint", delegation="Culture")
    past = make_official(network, "Cazals", until=TODAY() - timedelta(days=2))
    make_official(make_network(), "Ailleurs")
    note_promise(by=animator, official=culture, text="Prêter la salle")
    make_contact(network).official_links.create(official=mayor)
    assert found(animator) == ["Alibert", "Bonnafé"]
    assert found(animator, past=True) == ["Alibert", "Bonnafé", "Cazals"]
    assert found(animator, q="sete bonna") == ["Bonnafé"]
    assert found(animator, function="maire") == ["Alibert"]
    assert found(animator, delegation="cult") == ["Bonnafé"]
    assert found(animator, territory="commune-34301", function="maire") == ["Alibert"]
    assert found(animator, department="30") == []
    assert found(animator, never=True) == ["Bonnafé"]
    assert found(animator, promise=True) == ["Bonnafé"]
    assert past.present_mandates == []


def test_what_the_address_holds_that_is_unknown_is_dropped():
    assert filters_of({"fonction": "roi", "jamais": "oui"}) == OfficialFilters()


def test_an_animator_of_a_departement_acts_only_there(network, of_gard):
    nimes = make_commune("30189", "Nîmes")
    there, elsewhere = make_official(network, territory=nimes), make_official(network)
    log_contact(by=of_gard, officials=[there], channel="meeting")
    for refused in (
        lambda: entered(of_gard),
        lambda: log_contact(by=of_gard, officials=[elsewhere]),
        lambda: note_promise(by=of_gard, official=elsewhere, text="Aider"),
        lambda: object_to_be_kept(by=of_gard, official=elsewhere),
        lambda: write_letter(by=of_gard, subject="A", body="<p>B</p>", to=[(elsewhere, None)]),
        lambda: add_mandate(by=of_gard, official=there, function="maire", territory=make_commune()),
    ):
        with pytest.raises(Refused, match="n'animez pas"):
            refused()
    assert entered(of_gard, mandate={"territory": nimes}).mandates.get().department == "30"


def test_a_regional_mandate_is_nobody_s_departement(network, of_gard, animator):
    region = make_commune().region
    official = make_official(network, function="regional", territory=region)
    with pytest.raises(Refused):
        log_contact(by=of_gard, officials=[official])
    log_contact(by=animator, officials=[official])


def test_a_mandate_ends_and_the_last_one_is_not_taken_away(animator, network):
    official = make_official(network)
    mandate = official.mandates.get()
    change_mandate(by=animator, mandate=mandate, until=TODAY() - timedelta(days=1))
    assert Official.objects.with_mandates().get().past_mandates == [mandate]
    with pytest.raises(Refused, match="seul mandat"):
        remove_mandate(by=animator, mandate=mandate)


def test_an_objection_keeps_the_refusal_alone(animator, network):
    official = make_official(network, "Vidal", email="vidal@exemple.test")
    other = make_official(network)
    actor = make_actor(network)
    alone = log_contact(by=animator, officials=[official], about="Entre nous")
    together = log_contact(by=animator, officials=[official, other], actors=[actor])
    note_promise(by=animator, official=official, text="Prêter la salle", contact=alone)
    write_letter(by=animator, subject="A", body="<p>B</p>", to=[(official, None)])
    object_to_be_kept(by=animator, official=official)
    official.refresh_from_db()
    assert (official.email, official.phone, official.address) == ("", "", "")
    assert is_suppressed("vidal@exemple.test")
    assert not Promise.objects.exists() and not official.letters.exists()
    assert list(Contact.objects.all()) == [together]
    assert list(together.officials.all()) == [other]
    with pytest.raises(Refused, match="s'oppose"):
        log_contact(by=animator, officials=[Official.objects.with_mandates().get(pk=official.pk)])
    with pytest.raises(Refused, match="s'est opposée"):
        add_official(
            by=animator,
            mandate={"function": "maire", "territory": make_commune()},
            first_name="Claude",
            last_name="Vidal",
            source="Ailleurs",
        )
    with pytest.raises(Refused, match="ne soit plus enregistrée"):
        entered(animator, "Neuf", email="vidal@exemple.test")


def test_a_contact_is_with_an_actor_or_an_official_or_both(animator, network):
    official = make_official(network)
    contact = log_contact(by=animator, officials=[official], next_step="Rappeler")
    assert list(official.contacts.all()) == [contact]
    with pytest.raises(Refused, match="avec quel acteur"):
        log_contact(by=animator)


def test_a_promise_is_followed_until_it_is_settled(animator, network):
    official = make_official(network)
    due = TODAY() - timedelta(days=1)
    contact = log_contact(
        by=animator, officials=[official], promise={"text": "Prêter la salle", "promiser": "official", "due_on": due}
    )
    promise = Promise.objects.get()
    assert (promise.contact, promise.follow_on, promise.follower) == (contact, due, animator.user)
    (line,) = promises_due(animator, TODAY(), False, 10)
    assert (line.title, line.on) == ("Prêter la salle", due)
    settle_promise(by=animator, promise=promise, state=PromiseState.BROKEN)
    promise.refresh_from_db()
    assert promise.settled_on == TODAY()
    assert promises_due(animator, TODAY(), True, 10) == []
    settle_promise(by=animator, promise=promise, state=PromiseState.WAITING)
    promise.refresh_from_db()
    assert promise.settled_on is None


def test_a_promise_that_fails_leaves_no_contact(animator, network):
    official = make_official(network)
    with pytest.raises(TypeError):
        log_contact(by=animator, officials=[official], promise={"wrong": 1})
    assert not Contact.objects.exists()


def test_actors_are_counted_in_each_kind_of_territory_in_one_query(animator, network, django_assert_num_queries):
    commune, other = make_commune(), make_commune("34301", "Sète")
    make_actor(network, commune=commune)
    make_actor(network, commune=other)
    make_actor(network, commune=commune, state="draft")
    with django_assert_num_queries(1):
        counts = actors_in(animator, [commune, commune.epci, commune.department, commune.region])
    assert counts == {commune.pk: 1, commune.epci.pk: 2, commune.department.pk: 2, commune.region.pk: 2}


def test_officials_whose_mandates_ended_long_ago_are_forgotten(network):
    years = TODAY() - timedelta(days=4 * 365)
    gone = make_official(network, until=years)
    kept = make_official(network, until=TODAY() - timedelta(days=30))
    both = make_official(network, until=years)
    Mandate.objects.create(official=both, function="municipal", territory=make_commune())
    Official.objects.update(created_at=timezone.now() - timedelta(days=5 * 365))
    contact = make_contact(network)
    contact.official_links.create(official=gone)
    forget_officials.enqueue()
    run_waiting()
    assert list(Official.objects.order_by("pk")) == [kept, both]
    assert not Contact.objects.exists()


def test_one_finds_them_by_name_or_territory_and_not_those_who_object(animator, network):
    make_official(network, "Alibert", territory=make_commune("34301", "Sète"))
    make_official(network, "Bonnafé", objected_at=timezone.now(), email="", address="")
    assert [each.last_name for each in named_so("sete ali", animator)] == ["Alibert"]
    assert named_so("bonnafe", animator) == []


def test_the_page_of_the_week_shows_promises(client, animator, network):
    note_promise(by=animator, official=make_official(network, "Alibert"), text="Prêter la salle", follow_on=TODAY())
    page = client.get(reverse("outreach:week")).content.decode()
    assert "Prêter la salle" in page and "Promis par Claude Alibert" in page
