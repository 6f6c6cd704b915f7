"""The working pages of the directory: who reaches them, what they show, what they cost."""

import csv
import io

import pytest
from django.urls import reverse

from maillage.accounts.models import Role, User
from maillage.activity.models import Entry
from maillage.core.viewer import RoleKind
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.enums import Origin
from maillage.directory.models import Actor, DistinctPair, Listing, Qualification, SavedView
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.support.forms import Forms, values_of

pytestmark = pytest.mark.django_db
PAGES = ["work_home", "actor_table", "actor_create", "actors_to_place", "own_sheets"]


def url(name, *args, query=""):
    return reverse(f"directory:{name}", args=args) + (f"?{query}" if query else "")


def names(response):
    return [line.row.actor.name for line in response.context["lines"]]


@pytest.mark.parametrize("name", PAGES)
def test_working_pages_answer_when_the_directory_is_empty(client, animator, name):
    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_working_pages_answer_with_actors(client, network, animator, name):
    make_actor(network, "Musée", commune=make_commune(), family=make_term("family", "musee"))
    assert client.get(url(name)).status_code == 200


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_home_costs_the_same_with_one_and_three_actors(client, network, animator, same_queries):
    cost = same_queries(page=lambda: client.get(url("work_home")), add=lambda: make_actor(network))
    assert cost <= 26


def test_every_sortable_column_sorts_both_ways_and_leaves_what_has_no_value_at_the_end(client, network, animator):
    first = make_actor(network, "B", commune=make_commune("31555", "Toulouse"), family=make_term("family", "asso"))
    second = make_actor(network, "A", commune=make_commune("34172", "Montpellier"), family=make_term("family", "musee"))
    make_actor(network, "C", state="draft")
    actions.set_circle(by=animator, actor=first, circle=1)
    actions.set_circle(by=animator, actor=second, circle=3)

    def order(by):
        return "".join(names(client.get(url("actor_table", query=f"tri={by}"))))

    assert [order("nom"), order("-nom")] == ["ABC", "CBA"]
    assert [order("cercle"), order("-cercle")] == ["BAC", "ABC"]
    assert [order("famille"), order("-famille")] == ["BAC", "ABC"]
    assert [order("commune"), order("-commune")] == ["ABC", "BAC"]
    assert [order("departement"), order("-departement")] == ["BAC", "ABC"]
    assert [order("etat"), order("-etat")] == ["CAB", "ABC"]


def test_facets_of_the_team_narrow_the_table(client, network, animator):
    actor = make_actor(network, "Avec cercle", source="Forum")
    actions.set_circle(by=animator, actor=actor, circle=2)
    make_actor(network, "Sans cercle")
    assert names(client.get(url("actor_table", query="cercle=2"))) == ["Avec cercle"]
    assert names(client.get(url("actor_table", query="cercle=0"))) == ["Sans cercle"]
    assert names(client.get(url("actor_table", query="source=Forum"))) == ["Avec cercle"]


def test_columns_are_chosen_in_the_address_and_unknown_ones_ignored(client, network, animator):
    make_actor(network, email="bonjour@exemple.fr")
    response = client.get(url("actor_table", query="colonnes=email&colonnes=password"))
    assert [column.name for column in response.context["table"].columns] == ["email"]
    assert b"bonjour@exemple.fr" in response.content


@pytest.mark.parametrize(("asked", "shown"), [("50", 50), ("", 60), ("200", 60), ("7", 60)])
def test_the_number_of_rows_is_chosen_in_the_address_among_three(client, network, animator, asked, shown):
    for number in range(60):
        make_actor(network, f"Acteur {number:02}")
    response = client.get(url("actor_table"), {"par": asked, "etat": "published"})
    assert len(names(response)) == shown
    assert "?par=200&amp;etat=published" in response.text
    assert ("par", asked) in response.context["hidden"]


def test_a_view_is_saved_shared_and_deleted_by_its_owner_alone(client, network, animator):
    client.post(url("view_save"), {"name": "Cercle 1", "query": "cercle=1&tri=-maj", "is_shared": "on"})
    view = SavedView.objects.get()
    assert (view.query, view.is_shared, view.owner) == ("cercle=1&tri=-maj", True, animator.user)
    client.post(url("view_save"), {"name": "Cercle 1", "query": "cercle=2"})
    assert SavedView.objects.get().query == "cercle=2"
    SavedView.objects.update(is_shared=True)
    colleague = User.objects.create_user("b@exemple.test")
    Role.objects.create(user=colleague, network=network, kind=RoleKind.ANIMATOR)
    client.force_login(colleague)
    assert "Cercle 1" in client.get(url("actor_table")).content.decode()
    assert client.post(url("view_delete", view.pk)).status_code == 404
    client.force_login(animator.user)
    client.post(url("view_delete", view.pk))
    assert not SavedView.objects.exists()


def test_the_file_of_the_table_holds_the_circle_is_harmless_and_is_journalled(client, network, animator):
    actor = make_actor(network, "=cmd()", email="a@exemple.fr")
    actions.set_circle(by=animator, actor=actor, circle=2)
    response = client.post(
        url("actor_table_export", query="cercle=2&colonnes=cercle&colonnes=email"), {"format": "csv"}
    )
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Nom", "Cercle", "E-mail"],
        ["'=cmd()", "2", "a@exemple.fr"],
    ]
    entry = Entry.objects.get(verb="actor.export")
    assert (entry.user, entry.details["count"], entry.details["format"]) == (animator.user, 1, "csv")


def test_the_workbook_types_its_cells(client, network, animator):
    import openpyxl

    actor = make_actor(network, "=cmd()")
    actions.set_circle(by=animator, actor=actor, circle=2)
    response = client.post(url("actor_table_export", query="colonnes=cercle"), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=cmd()", "s"), (2, "n")]


# --- a row in place ---------------------------------------------------------------------------------------------------


def opened(client, actor, query):
    """What the row's form would send back untouched, to the address it goes to."""
    address = url("actor_row", actor.pk, query=query)
    return address, values_of(client.get(f"{address}&modifier=1"), address)


def test_a_row_is_edited_in_place(client, network, animator):
    actor = make_actor(network, "Musée")
    family = make_term("family", "musee")
    address, shown = opened(client, actor, "colonnes=cercle&colonnes=famille&colonnes=etat")
    typed = {"name": "Musée du ciel", "circle": 1, "reason": "Vu au forum", "family": family.pk, "state": "hidden"}
    assert client.post(address, shown | typed).status_code == 200
    actor.refresh_from_db()
    assert (actor.name, actor.family, actor.listings.get().state) == ("Musée du ciel", family, "hidden")
    assert Qualification.objects.get().reason == "Vu au forum"


def test_a_circle_does_not_change_without_a_reason(client, network, animator):
    address, shown = opened(client, make_actor(network), "colonnes=cercle")
    response = client.post(address, shown | {"circle": 1})
    assert response.status_code == 422
    assert "Dites pourquoi le cercle change" in response.content.decode()
    assert not Qualification.objects.exists()


@pytest.mark.parametrize("mark", ["", "n'importe quoi", "name.falsifié", None])
def test_a_row_that_does_not_say_what_it_showed_is_told_with_both_values(client, network, animator, mark):
    actor = make_actor(network, "Avant")
    address, shown = opened(client, actor, "colonnes=resume")
    sent = shown | {"name": "Mon nom", "vu": mark}
    if mark is None:
        del sent["vu"]
    told = client.post(address, sent)
    assert told.status_code == 409
    assert 'value="Mon nom"' in told.text and "</strong> Avant</p>" in told.text
    actor.refresh_from_db()
    assert actor.name == "Avant"
    assert client.post(address, Forms(told.text, address).values).status_code == 200
    actor.refresh_from_db()
    assert actor.name == "Mon nom"


# --- creating ---------------------------------------------------------------------------------------------------------


def new(**values):
    return {"kind": "organisation", "name": "Musée du Vivant", **values}


def test_look_alikes_are_shown_before_anything_is_written(client, network, animator):
    known = make_actor(network, "Musée du vivant")
    response = client.post(url("actor_create"), new())
    assert [each.actor for each in response.context["alike"]] == [known]
    assert Actor.objects.count() == 1


def test_none_of_these_creates_and_remembers_each_pair(client, network, animator):
    known = make_actor(network, "Musée du vivant")
    client.post(url("actor_create"), new(vus=known.pk))
    created = Actor.objects.exclude(pk=known.pk).get()
    pair = DistinctPair.objects.get()
    assert ({pair.first_id, pair.second_id}, pair.verdict) == ({known.pk, created.pk}, "different")


def test_look_alikes_not_shown_before_stop_the_creation_again(client, network, animator):
    first = make_actor(network, "Musée du vivant")
    make_actor(network, "Musée du Vivant")
    client.post(url("actor_create"), new(vus=first.pk))
    assert Actor.objects.count() == 2


def test_the_same_siren_with_another_siret_is_offered_as_a_branch(client, network, animator):
    head = make_actor(network, "Université", siren="180089013", siret="18008901303720")
    data = new(name="Campus du Sud", siret="18008901303738")
    response = client.post(url("actor_create"), data)
    if response.context["form"].errors:
        pytest.fail(str(response.context["form"].errors))
    assert [each.match.branch for each in response.context["alike"]] == [True]
    client.post(url("actor_create"), data | {"vus": head.pk, "antenne": head.pk})
    assert Actor.objects.get(name="Campus du Sud").parent == head
    assert DistinctPair.objects.get().verdict == "branch"


def test_a_person_needs_no_siret(client, network, animator):
    client.post(url("actor_create"), new(kind="person", name="Lou Martin"))
    assert Actor.objects.get().kind == "person"


def test_look_alikes_appear_while_typing(client, network, animator):
    make_actor(network, "Musée du vivant")
    response = client.post(url("actor_lookalikes"), {"name": "musee du vivan"})
    assert "Musée du vivant" in response.content.decode()


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_the_sheet_says_who_wrote_what_the_circle_the_notes_and_the_history(client, network, animator):
    actor = make_actor(
        network, "Musée", commune=make_commune(), description="<p>Un lieu pour tous</p>", terms=[make_term()]
    )
    actions.set_circle(by=animator, actor=actor, circle=2, reason="Vu au forum")
    actions.add_note(by=animator, actor=actor, body="À rappeler")
    actions.update_actor(by=animator, actor=actor, values={"summary": "Nouveau"})
    text = client.get(url("actor_work", actor.pk)).content.decode()
    for expected in ("Vu au forum", "À rappeler", "écrit par Camille Rey (animation)", "a modifié la fiche"):
        assert expected in text


def test_the_sheet_says_once_who_wrote_a_step_and_folds_what_each_wrote(client, network, animator):
    actor = make_actor(network, "Musée", website="https://musee.fr", phone="05 36 49 00 00", languages=["fr", "oc"])
    stamp = Stamp(Origin.IMPORT, "Muséofile")
    actions.update_actor(by=animator, actor=actor, values={"email": "a@musee.fr"}, stamp=stamp)
    text = client.get(url("actor_work", actor.pk)).content.decode()
    step = text[text.index('id="etape-contact"') :].split("</section>")[0]
    assert "français, occitan" in step
    assert step.count("importé de « Muséofile »") == 1
    assert step.count("écrit par l&#x27;animation le") == 2  # In the line, and before what it lists.
    identity = text[text.index('id="etape-identite"') :].split("</section>")[0]
    assert identity.count("écrit par") == 1


def test_the_sheet_shows_rich_text_as_text(client, network, animator):
    actor = make_actor(network, description="<p>Un <strong>lieu</strong></p>")
    text = client.get(url("actor_work", actor.pk)).content.decode()
    assert "<p>Un <strong>lieu</strong></p>" in text and "&lt;p&gt;" not in text


def test_the_journal_of_the_network_says_each_act_in_words(client, network, animator):
    actor = make_actor(network, "Planétarium")
    actions.set_circle(by=animator, actor=actor, circle=2)
    actions.archive(by=animator, actor=actor, reason="Fermé")
    text = client.get(reverse("activity:journal")).content.decode()
    assert "a changé le cercle : Planétarium" in text and "a archivé l&#x27;acteur : Planétarium" in text
    assert "actor.qualify</" not in text and "actor.qualify ·" not in text


def test_the_journal_of_the_network_says_what_changed_in_french_and_by_name(client, network, animator, same_queries):
    actor = make_actor(network, "Planétarium")
    family, place = make_term("family", "musee", label="Musée"), make_commune("31555", "Toulouse")
    values = {"family": family, "commune": place, "update_rhythm": 6, "languages": ["fr", "en"]}
    actions.update_actor(by=animator, actor=actor, values=values)
    actions.set_state(by=animator, actor=actor, state="hidden")
    text = client.get(reverse("activity:journal"), {"verb": "actor.update"}).text
    assert "<dt>Famille</dt>" in text and "</span>Musée</ins>" in text and "</span>Toulouse</ins>" in text
    assert "update_rhythm" not in text and f"→ {family.pk}" not in text
    state = client.get(reverse("activity:journal"), {"verb": "actor.state"}).text
    assert "<dt>État</dt>" in state and "</span>masquée</ins>" in state
    same_queries(
        page=lambda: client.get(reverse("activity:journal")),
        add=lambda: actions.update_actor(by=animator, actor=make_actor(network), values={"family": family}),
    )


def test_the_circle_is_changed_from_the_sheet_with_its_reason(client, network, animator):
    actor = make_actor(network)
    client.post(
        url("actor_qualify", actor.pk), {"nature": "assessed", "circle": "3", "reason": "Rencontré", "source": "Forum"}
    )
    held = Qualification.objects.get()
    assert (held.circle, held.reason, held.source, held.author) == (3, "Rencontré", "Forum", animator.user)


def test_a_circle_without_reason_is_refused_and_the_form_kept(client, network, animator):
    actor = make_actor(network)
    response = client.post(url("actor_qualify", actor.pk), {"nature": "assessed", "circle": "3", "source": "Mon forum"})
    assert response.status_code == 422
    assert "Mon forum" in response.content.decode()


def test_an_actor_is_archived_and_taken_out_again(client, network, animator):
    actor = make_actor(network)
    client.post(url("actor_archive", actor.pk), {"reason": "Dissoute"})
    actor.refresh_from_db()
    assert (actor.archived_at is not None, actor.archive_reason) == (True, "Dissoute")
    client.post(url("actor_archive", actor.pk), {"retour": "1"})
    actor.refresh_from_db()
    assert actor.archived_at is None


def test_everything_is_up_to_date_in_one_click(client, network, animator):
    actor = make_actor(network)
    Actor.objects.update(confirmed_at=None)
    client.post(url("actor_confirm", actor.pk))
    actor.refresh_from_db()
    assert actor.confirmed_at is not None


# --- placing ----------------------------------------------------------------------------------------------------------


def test_an_actor_without_position_is_listed_then_placed_by_hand(client, network, animator):
    actor = make_actor(network, "Perdu")
    assert "Perdu" in client.get(url("actors_to_place")).content.decode()
    client.post(url("actor_place", actor.pk), {"latitude": "43,61", "longitude": "3,87"})
    actor.refresh_from_db()
    assert (actor.latitude, actor.longitude, actor.position_quality) == (43.61, 3.87, "exact")
    assert "Perdu" not in client.get(url("actors_to_place")).content.decode().split("<h1>")[-1]


def test_a_point_far_from_the_commune_is_questioned(client, network, animator):
    actor = make_actor(network, "Perdu", commune=make_commune())
    response = client.post(
        url("actor_place", actor.pk), {"commune_text": "34172", "latitude": "48,85", "longitude": "2,35"}
    )
    assert response.status_code == 422
    assert "corrigez le point ou la commune" in response.content.decode()


# --- what a network keeps of its actors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False])
def test_another_network_that_lists_an_actor_reads_of_its_contacts_what_everyone_reads(client, network, animator, kept):
    """On its sheet, in its table, in the file of whole sheets; whoever runs the home network reads all."""
    home = network if not kept else make_network("Voisins")
    person = make_actor(
        home, "Ondine", kind="person", email="ondine@exemple.test", phone="05 61 00 00 00", contact_name="Chez Ondine",
        address="3 rue Cachée", commune=make_commune(), latitude=43.61234, longitude=3.87654, position_quality="exact",
    )  # fmt: skip
    if kept:
        Listing.objects.create(network=network, actor=person, state="published", revision=network.touch())
    columns = "colonnes=nom&colonnes=email&colonnes=telephone"
    pages = [
        client.get(url("actor_work", person.pk)).content.decode(),
        client.get(url("actor_table", query=columns)).content.decode(),
        b"".join(client.post(url("actor_table_export"), {"fiches": "csv"})).decode(),
    ]
    assert all("Ondine" in page for page in pages)
    secrets = ["ondine@exemple.test", "05 61 00 00 00", "Chez Ondine", "3 rue Cachée", "43,61234", "43.61234"]
    told = {secret for secret in secrets for page in pages if secret in page}
    assert told == (set() if kept else set(secrets))
