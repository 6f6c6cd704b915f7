"""What anyone says of the directory: kept, told, reviewed as differences, answered, forgotten; and the team's queue."""

import time
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Entry, Notice
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.seen import marks
from maillage.core.viewer import Viewer
from maillage.directory.actions import claiming, minding, suggesting, update_actor
from maillage.directory.models import Actor, ActorMember, Listing, Suggestion
from maillage.directory.queries.suggestions import shown_fields
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(
        network, "Musée des sels", phone="04 67 00 00 00", website="https://sels.fr", commune=make_commune()
    )


@pytest.fixture
def team(client, network):
    user = make_person(network, "animator")
    client.force_login(user)
    return viewer(user, network)


def sent(**changes):
    opened = signing.dumps(int(time.time()) - 30, salt="directory.contact")
    return {"kind": "wrong", "message": "", "sender": "", "opened": opened, "site": "", **changes}


def report(client, actor, **changes):
    return client.post(reverse("directory:actor_report", args=[actor.slug]), sent(**changes))


def suggest(actor, **values):
    return suggesting.suggest(by=Viewer(network=actor.home_network), kind="wrong", actor=actor, values=values)


def letters(address):
    run_waiting()
    return [message for message in mail.outbox if message.to == [address]]


# --- by anyone ----------------------------------------------------------------------------------------------------------


def test_a_visitor_proposes_values_that_the_team_takes_field_by_field(client, network, actor):
    commune = make_commune("34301", "Sète", (43.4, 3.69), ["34200"])
    response = report(
        client, actor, phone="04 67 99 99 99", website="https://autre.fr", commune_text="Sète", sender="v@exemple.test"
    )
    assert response["Location"] == actor.get_absolute_url()
    made = Suggestion.objects.get()
    assert made.values == {"phone": "04 67 99 99 99", "website": "https://autre.fr", "commune": commune.pk}
    assert [message.subject for message in letters("equipe@exemple.test")] == ["Inexactitude : Musée des sels"]
    assert "v@exemple.test" not in str([message.message() for message in mail.outbox])
    animator = make_person(network, "animator")
    client.force_login(animator)
    address = reverse("directory:suggestion_show", args=[made.pk])
    page = client.get(address)
    assert "04 67 00 00 00</del>" in page.text and "04 67 99 99 99</ins>" in page.text
    apply = reverse("directory:suggestion_apply", args=[made.pk])
    form = values_of(page, apply)
    assert client.post(apply, {"vu": form["vu"], "champs": ["phone", "commune"]}).status_code == 302
    actor.refresh_from_db()
    assert (actor.phone, actor.website, actor.commune) == ("04 67 99 99 99", "https://sels.fr", commune)
    made.refresh_from_db()
    assert (made.state, made.accepted, made.email) == ("accepted", ["commune", "phone"], "")
    answer = letters("v@exemple.test")[0]
    assert "a tenu compte" in answer.body and actor.get_absolute_url() in answer.body


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "", "kind": "closed"},
        {"kind": "inconnu", "message": "Fermé"},
        {"phone": "pas un numéro"},
        {"site": "http://spam"},
        {"opened": "x"},
        {"message": "x" * 2001},
        {"kind": "missing", "message": "Il manque"},
    ],
)
def test_what_says_nothing_or_comes_from_a_program_is_refused_and_nothing_typed_is_lost(client, actor, changes):
    typed = {"address": "12 rue des Lilas"} | changes
    response = report(client, actor, **typed)
    assert response.status_code == 422 and not Suggestion.objects.exists()
    assert f'value="{typed["address"]}"' in response.text or not typed["address"]


def test_what_the_sheet_keeps_to_itself_is_not_told_by_its_form(client, network):
    actor = make_actor(
        network, "Ana <b>Sel</b>", kind="person", contact_is_public=False, email="ana@secret.fr", phone="06 00 00 00 01",
        address="3 impasse secrète",
    )  # fmt: skip
    page = client.get(reverse("directory:actor_report", args=[actor.slug])).text
    assert [secret in page for secret in ("ana@secret.fr", "06 00 00 00 01", "impasse")] == [False] * 3
    assert "Ana &lt;b&gt;Sel" in page and "<b>Sel" not in page


def test_a_missing_actor_is_proposed_and_its_sheet_made_from_it(client, network, team):
    commune = make_commune("34301", "Sète", (43.4, 3.69), ["34200"])
    data = sent(
        name="Club des étoiles", commune_text="Sète", message="Ouvert à tous le vendredi.", sender="v@exemple.test"
    )
    assert client.post(reverse("directory:actor_propose"), data).status_code == 302
    made = Suggestion.objects.get()
    create = f"{reverse('directory:actor_create')}?proposition={made.pk}"
    assert create in client.get(reverse("directory:suggestion_show", args=[made.pk])).text
    page = client.get(create)
    form = values_of(page, "")
    assert form["name"] == "Club des étoiles" and form["commune"] == "34301"
    assert client.post(create, form).status_code == 302
    actor = Actor.objects.get()
    made.refresh_from_db()
    assert (actor.name, actor.commune, made.actor, made.state) == ("Club des étoiles", commune, actor, "accepted")
    # The sheet is not published yet: the answer leads nowhere that its reader could not open.
    assert actor.get_absolute_url() not in letters("v@exemple.test")[0].body


def test_a_closure_archives_the_actor_with_its_reason(client, actor, team):
    report(client, actor, kind="closed", message="Rideau baissé depuis l'été.")
    made = Suggestion.objects.get()
    response = client.post(reverse("directory:suggestion_archive", args=[made.pk]), {"reason": "Fermé en août"})
    assert response.status_code == 302
    actor.refresh_from_db()
    assert (bool(actor.archived_at), actor.archive_reason) == (True, "Fermé en août")


def test_a_refusal_says_why_to_who_left_an_address_and_forgets_it(client, actor, team):
    report(client, actor, message="Le musée a brûlé.", sender="v@exemple.test")
    made = Suggestion.objects.get()
    refuse = reverse("directory:suggestion_refuse", args=[made.pk])
    assert client.post(refuse, {"reason": "", "code": "inexact"}).status_code == 422
    assert client.post(refuse, {"reason": "Tout va bien."}).status_code == 422
    assert (
        client.post(refuse, {"code": "inexact", "reason": "Vérifié par téléphone : tout va bien."}).status_code == 302
    )
    assert "Vérifié par téléphone" in letters("v@exemple.test")[0].body
    made.refresh_from_db()
    assert made.email == ""
    assert "v@exemple.test" not in str(list(Entry.objects.values("label", "changes", "details")))


# --- reviewed -----------------------------------------------------------------------------------------------------------


def test_a_sheet_that_changed_meanwhile_is_not_written_over(client, actor, team):
    made = suggest(actor, phone="04 67 99 99 99")
    apply = reverse("directory:suggestion_apply", args=[made.pk])
    form = values_of(client.get(reverse("directory:suggestion_show", args=[made.pk])), apply)
    update_actor(by=team, actor=actor, values={"phone": "04 67 11 11 11"})
    told = client.post(apply, form | {"champs": ["phone"]})
    assert told.status_code == 409 and "04 67 11 11 11" in told.text
    actor.refresh_from_db()
    assert actor.phone == "04 67 11 11 11" and Suggestion.objects.get().is_waiting


def test_of_two_who_answer_the_second_is_told(actor, team):
    made = suggest(actor, phone="04 67 99 99 99")
    suggesting.refuse_suggestion(by=team, suggestion=made, reason="Non")
    with pytest.raises(Conflict):
        suggesting.note_suggestion(by=team, suggestion=made)


def test_a_field_that_nobody_proposed_is_not_written(actor, team):
    made = suggest(actor, phone="04 67 99 99 99", source="pirate", description="<p>x</p>")
    assert made.values == {"phone": "04 67 99 99 99"}
    with pytest.raises(Refused, match="au moins un champ"):
        suggesting.apply_suggestion(by=team, suggestion=made, names=["source"], seen={})


def test_the_record_of_another_network_is_not_written_from_here(client, network, team):
    there = make_network("Réseau voisin")
    actor = make_actor(there, "Planétarium", phone="04 67 00 00 00")
    Listing.objects.create(network=network, actor=actor, state="published")
    made = suggesting.suggest(by=Viewer(network=network), kind="wrong", actor=actor, values={"phone": "04 67 99 99 99"})
    page = client.get(reverse("directory:suggestion_show", args=[made.pk])).text
    assert "appartient à un autre réseau" in page and 'name="champs"' not in page
    with pytest.raises(Refused):
        seen = dict(part.split(".") for part in marks(shown_fields(made, actor, team)).split())
        suggesting.apply_suggestion(by=team, suggestion=made, names=["phone"], seen=seen)
    assert Suggestion.objects.get().is_waiting


def test_what_is_said_of_a_sheet_of_another_network_is_passed_on_without_the_address(client, network, team):
    there = make_network("Réseau voisin", contact_email="voisins@exemple.test")
    actor = make_actor(there, "Planétarium", phone="04 67 00 00 00")
    Listing.objects.create(network=network, actor=actor, state="published")
    report(client, actor, phone="04 67 99 99 99", sender="v@exemple.test")
    made = Suggestion.objects.get()
    page = client.get(reverse("directory:suggestion_show", args=[made.pk]))
    assert "Lui transmettre" in page.text
    own = make_person(there, "member", email="own@exemple.test")
    ActorMember.objects.create(actor=actor, user=own, role="admin")
    assert client.post(reverse("directory:suggestion_pass_on", args=[made.pk])).status_code == 302
    assert not Notice.objects.filter(user=own).exists()  # They read it where it was said.
    passed = Suggestion.objects.get(network=there)
    assert (passed.values, passed.email, passed.is_waiting) == ({"phone": "04 67 99 99 99"}, "", True)
    assert len(letters("voisins@exemple.test")) == 1 and "Transmise" in letters("v@exemple.test")[0].body
    by = viewer(make_person(there, "animator"), there)
    with pytest.raises(Refused, match="corrigez-la ici"):
        suggesting.pass_on(by=by, suggestion=passed)


def test_suggestions_are_forgotten_at_their_term(network, actor):
    suggest(actor, phone="04 67 99 99 99")

    def night(days_after):
        Suggestion.objects.update(created_at=timezone.now() - timedelta(days=days_after))
        minding.forget_claims.function(Job())
        return Suggestion.objects.exists()

    assert [night(180), night(184)] == [True, False]


def test_a_refusal_that_nobody_will_read_needs_no_explanation(client, actor, team):
    mute, told = suggest(actor, phone="04 67 99 99 99"), suggest(actor, phone="04 67 88 88 88")
    Suggestion.objects.filter(pk=told.pk).update(email="v@exemple.test")

    def reason(one):
        return client.get(reverse("directory:suggestion_show", args=[one.pk])).context["refusal_form"]["reason"]

    assert reason(mute).help_text == "Gardée avec la suggestion, pour l'équipe."
    assert "Envoyée à la personne" in str(reason(told).help_text)
    answers = [
        client.post(reverse("directory:suggestion_refuse", args=[one.pk]), {"code": "inexact"}).status_code
        for one in (mute, told)
    ]
    assert answers == [302, 422]


# --- the queue ----------------------------------------------------------------------------------------------------------


def test_the_queue_holds_what_waits_oldest_first_and_filters_by_kind_and_place(client, network, actor, team):
    made = suggest(actor, phone="04 67 99 99 99")
    claim = claiming.ask(by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.")
    nimes = make_actor(network, "Arènes", commune=make_commune("30189", "Nîmes", (43.8, 4.36)))
    suggest(nimes, phone="04 66 00 00 00")
    Suggestion.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=9))
    queue = reverse("directory:queue")

    def shown(query=""):
        page = client.get(queue + query)
        return [row.told.title for row in page.context["rows"]]

    assert shown() == ["Musée des sels", "Musée des sels", "Arènes"]
    assert client.get(queue).context["rows"][0].told.url == reverse("directory:suggestion_show", args=[made.pk])
    assert shown("?nature=claim") == ["Musée des sels"]
    assert shown("?departement=30") == ["Arènes"]
    assert shown("?nature=claim&departement=30") == []
    assert "3<span" in client.get(reverse("directory:actor_table")).text
    claiming.decide(by=team, claim=claim, accepted=True)
    assert len(shown()) == 2


def test_an_answer_leads_to_what_waits_next_under_the_same_filters_then_to_the_list(client, network, actor, team):
    arenas = make_actor(network, "Arènes", commune=make_commune("30189", "Nîmes", (43.8, 4.36)))
    first, second, elsewhere = (suggest(each, phone="04 67 99 99 99") for each in (actor, actor, arenas))
    claim = claiming.ask(by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.")
    now = timezone.now()
    for days, one in ((9, first), (8, second), (7, elsewhere)):
        Suggestion.objects.filter(pk=one.pk).update(created_at=now - timedelta(days=days))
    sifted = "?nature=suggestion&departement=34"

    def page(one, query=sifted):
        return reverse("directory:suggestion_show", args=[one.pk]) + query

    row = client.get(reverse("directory:queue") + sifted).text
    assert f'href="{page(first).replace("&", "&amp;")}"' in row
    shown = client.get(page(second)).text
    address = reverse("directory:suggestion_note", args=[second.pk]) + sifted
    assert f'action="{address.replace("&", "&amp;")}"' in shown
    # The first one was left for later: it comes again at the end, before the list.
    assert client.post(address).url == page(first)
    refusal = {"code": "inverifiable", "reason": "Rien ne le dit."}
    refused = client.post(reverse("directory:suggestion_refuse", args=[first.pk]) + sifted, refusal)
    assert refused.url == reverse("directory:queue") + sifted
    decided = client.post(reverse("directory:claim_decide", args=[claim.pk]), {"reponse": "accepter", "role": "admin"})
    assert decided.url == page(elsewhere, "")


def test_an_animator_of_a_departement_has_theirs_and_what_is_nowhere(client, network, actor):
    client.force_login(make_person(network, "animator", "30"))
    suggest(actor, phone="04 67 99 99 99")
    suggest(make_actor(network, "Arènes", commune=make_commune("30189", "Nîmes", (43.8, 4.36))), phone="04 66 00 00 00")
    suggesting.suggest(by=Viewer(network=network), kind="missing", values={"name": "Club"}, message="Quelque part")
    rows = client.get(reverse("directory:queue")).context["rows"]
    assert [row.told.title for row in rows] == ["Arènes", "Club"]


def test_the_queue_says_so_when_nothing_waits_and_costs_the_same_queries(client, network, team, same_queries):
    assert "Rien n’attend" in client.get(reverse("directory:queue")).text

    def add():
        actor = make_actor(network)
        suggest(actor, phone="04 67 99 99 99")
        claiming.ask(by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.")

    same_queries(page=lambda: client.get(reverse("directory:queue")), add=add)


def test_the_queue_is_read_page_by_page_with_its_filters(client, network, actor, team):
    for number in range(26):
        suggest(actor, phone=f"04 67 00 00 {number:02}")
    claiming.ask(by=viewer(make_person(network), network), actor=actor, message="Je dirige cette structure.")
    address = reverse("directory:queue") + "?nature=suggestion&departement=34"
    first, second = client.get(address), client.get(address + "&page=2")
    assert [len(page.context["rows"]) for page in (first, second)] == [25, 1]
    assert "?nature=suggestion&amp;departement=34&amp;page=2" in first.text
    # The other filter keeps the place, and starts again at the first page.
    assert 'href="?nature=claim&amp;departement=34"' in second.text


def test_whoever_objects_is_proposed_for_no_sheet_and_answered_no_more(network):
    actor = make_actor(network, "Club")
    values = {"name": "Le Club", "email": "Odile@exemple.test", "phone": "05 62 00 00 00"}
    by = Viewer(network=network)
    suggestion = suggesting.suggest(by=by, kind="wrong", actor=actor, values=values, email="odile@exemple.test")
    other = suggesting.suggest(
        by=by, kind="wrong", actor=actor, values={"email": "lea@exemple.test"}, email="lea@exemple.test"
    )
    forbid_address(email="odile@exemple.test", reason="objection")
    for each in (suggestion, other):
        each.refresh_from_db()
    assert (suggestion.values, suggestion.email) == ({"name": "Le Club"}, "")
    assert (other.values, other.email) == ({"email": "lea@exemple.test"}, "lea@exemple.test")
