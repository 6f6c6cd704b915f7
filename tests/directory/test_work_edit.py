"""Editing a sheet: by the team, by those who look after it, by two people at once; pictures; rich text."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from maillage.accounts.models import User
from maillage.accounts.queries import viewer_for
from maillage.activity.queries import compared
from maillage.core import jobs
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.enums import Nature, Origin
from maillage.directory.models import Actor, ActorMember
from tests.factories.directory import make_actor, make_commune, make_term, make_territory
from tests.support.forms import Forms, values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def representative(client, network):
    user = User.objects.create_user("r@exemple.test", name="Lou Martin")
    client.force_login(user)
    return viewer_for(user, network)


def looked_after(network, viewer, **values):
    actor = make_actor(network, "Notre musée", **values)
    ActorMember.objects.create(actor=actor, user=viewer.user, role="admin")
    return actor


def step(actor, name):
    return reverse("directory:actor_edit_step", args=[actor.pk, name])


def send(client, actor, name, values, **how):
    """One step of the sheet, from a page opened now."""
    return client.post(step(actor, name), {"vu": shown(client, actor, name)} | values, **how)


def shown(client, actor, name):
    """What a page opened now says that it showed."""
    return client.get(step(actor, name)).context["form"].vu


CONTACT = {"website": "", "email": "", "phone": "", "contact_name": "", "languages": ["fr"]}
ACCESS = {"place_access": ["mi"], "access_notes": "Rampe côté cour"}


@pytest.mark.parametrize("name", ["identite", "activite", "lieu", "contact", "image", "accessibilite", "suivi"])
def test_each_step_answers(client, network, animator, name):
    actor = make_actor(network, commune=make_commune(), terms=[make_term()])
    assert client.get(step(actor, name)).status_code == 200


def test_saving_goes_back_to_the_sheet_or_on_to_the_next_step(client, network, animator):
    actor = make_actor(network)
    assert send(client, actor, "accessibilite", ACCESS).url == reverse("directory:actor_work", args=[actor.pk])
    actor.refresh_from_db()
    assert (actor.place_access, actor.access_notes) == (["mi"], "Rampe côté cour")
    assert send(client, actor, "accessibilite", ACCESS | {"suivant": "1"}).url == step(actor, "suivi")


def test_an_identifier_is_read_with_its_spaces_and_gives_the_siren(client, network, animator):
    actor = make_actor(network, "Muséum")
    send(client, actor, "identite", {"kind": "organisation", "name": "Muséum", "siret": "180 089 013 03720"})
    actor.refresh_from_db()
    assert (actor.siret, actor.siren) == ("18008901303720", "180089013")


def test_a_wrong_identifier_is_explained_beside_its_field_and_nothing_is_lost(client, network, animator):
    actor = make_actor(network, "Muséum")
    response = send(client, actor, "identite", {"kind": "organisation", "name": "Nouveau nom", "siret": "123"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Ce SIRET n" in text
    assert 'value="Nouveau nom"' in text


def test_terms_that_the_network_does_not_offer_are_kept(client, network, animator):
    foreign, own = make_term("theme", "d-ailleurs", is_shared=False), make_term("theme", "astronomie")
    actor = make_actor(network, terms=[foreign])
    send(client, actor, "activite", {"summary": "x", "description": "", "themes": [own.pk]})
    assert set(actor.terms.all()) == {foreign, own}


def test_rich_text_is_cleaned_when_saved(client, network, animator):
    actor = make_actor(network)
    text = '<h2>Bonjour</h2><script>alert(1)</script><p onclick="x()">Un <a href="javascript:x()">lien</a></p>'
    send(client, actor, "activite", {"description": text})
    actor.refresh_from_db()
    assert actor.description == '<h2>Bonjour</h2><p>Un <a rel="noopener">lien</a></p>'


def test_links_of_those_who_look_after_a_sheet_are_marked(client, network, representative):
    actor = looked_after(network, representative)
    send(client, actor, "activite", {"description": '<p><a href="https://exemple.fr">ici</a></p>'})
    actor.refresh_from_db()
    assert actor.description == '<p><a href="https://exemple.fr" rel="nofollow ugc noopener">ici</a></p>'


# --- two people at once -----------------------------------------------------------------------------------------------


def test_a_field_changed_meanwhile_is_shown_beside_what_was_typed(client, network, animator):
    actor = make_actor(network)
    seen = shown(client, actor, "contact")
    actions.update_actor(by=animator, actor=actor, values={"phone": "04 00 00 00 01"})
    mine = CONTACT | {"phone": "04 00 00 00 02", "vu": seen}
    response = send(client, actor, "contact", mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert 'value="04 00 00 00 02"' in text
    assert "04 00 00 00 01" in text
    actor.refresh_from_db()
    assert actor.phone == "04 00 00 00 01"
    again = send(client, actor, "contact", mine | {"vu": response.context["form"].vu})
    assert again.status_code == 302
    actor.refresh_from_db()
    assert actor.phone == "04 00 00 00 02"


@pytest.mark.parametrize("seen", ["", "hier", "phone.", "phone.000000000000"])
def test_a_page_that_does_not_say_what_it_showed_is_told_and_nothing_is_lost(client, network, animator, seen):
    actor = make_actor(network, phone="04 00 00 00 01")
    response = send(client, actor, "contact", CONTACT | {"phone": "04 00 00 00 02", "vu": seen})
    text = response.content.decode()
    assert response.status_code == 409
    assert 'value="04 00 00 00 02"' in text and "</strong> 04 00 00 00 01</p>" in text
    actor.refresh_from_db()
    assert actor.phone == "04 00 00 00 01"
    sent = Forms(text, step(actor, "contact")).values
    assert client.post(step(actor, "contact"), sent | {"languages": ["fr"]}).status_code == 302
    actor.refresh_from_db()
    assert actor.phone == "04 00 00 00 02"


def test_a_change_of_another_step_is_no_conflict(client, network, animator):
    actor = make_actor(network)
    seen = shown(client, actor, "contact")
    actions.update_actor(by=animator, actor=actor, values={"summary": "Écrit par une autre"})
    assert send(client, actor, "contact", CONTACT | {"phone": "04 00 00 00 02", "vu": seen}).status_code == 302
    actor.refresh_from_db()
    assert (actor.phone, actor.summary) == ("04 00 00 00 02", "Écrit par une autre")


def test_two_people_on_one_step_keep_what_each_changed(client, network, animator):
    first, second = make_term("theme", "astronomie"), make_term("audience", "familles")
    actor = make_actor(network, family=make_term("family", "musee"), terms=[first])
    seen = shown(client, actor, "activite")
    actions.update_actor(by=animator, actor=actor, values={"terms": [first, second], "description": "<p>Autre</p>"})
    # The page shows neither: an audience and a text that its author never saw.
    sent = {"summary": "Le mien", "description": "", "themes": [], "family": str(actor.family_id), "vu": seen}
    assert send(client, actor, "activite", sent).status_code == 302
    actor.refresh_from_db()
    assert (actor.summary, actor.description) == ("Le mien", "<p>Autre</p>")
    assert (list(actor.terms.all()), actor.family.slug) == ([second], "musee")


def test_a_commune_chosen_by_two_is_told_by_its_name(client, network, animator):
    here, there = make_commune(), make_commune("30189", "Nîmes")
    actor = make_actor(network)
    seen = shown(client, actor, "lieu")
    actions.update_actor(by=animator, actor=actor, values={"commune": there, "address": "1 rue de l'Essai"})
    told = send(client, actor, "lieu", {"commune": here.code, "vu": seen})
    assert told.status_code == 409
    assert "</strong> Nîmes (30189)</p>" in told.text
    sent = Forms(told.text, step(actor, "lieu")).values
    assert (sent["commune"], sent["address"]) == (here.code, "1 rue de l'Essai")
    assert client.post(step(actor, "lieu"), sent).status_code == 302
    actor.refresh_from_db()
    assert (actor.commune, actor.address) == (here, "1 rue de l'Essai")


def test_what_someone_else_changed_and_its_author_left_alone_is_kept_when_a_conflict_is_saved(
    client, network, animator
):
    here, there = make_commune(), make_commune("30189", "Nîmes")
    actor = make_actor(network, commune=here)
    sent = values_of(client.get(step(actor, "lieu")), step(actor, "lieu"))
    actions.update_actor(by=animator, actor=actor, values={"commune": there, "address": "1 rue de l'Essai"})
    told = client.post(step(actor, "lieu"), sent | {"address": "2 rue de l'Essai"})
    assert told.status_code == 409
    again = Forms(told.text, step(actor, "lieu")).values
    assert client.post(step(actor, "lieu"), again).status_code == 302
    actor.refresh_from_db()
    assert (actor.commune, actor.address) == (there, "2 rue de l'Essai")


@pytest.mark.parametrize(
    ("name", "changed", "untouched"),
    [
        ("lieu", {"address": "1 rue de l'Essai"}, {"latitude": 43.6107694, "longitude": 3.8767159}),
        ("activite", {"summary": "Autre"}, {"description": '<p><a href="https://a.fr" rel="nofollow ugc noopener">a</a></p>'}),
    ],
)  # fmt: skip
def test_what_the_page_shows_and_nobody_changed_is_not_written(client, network, animator, name, changed, untouched):
    actor = make_actor(network, commune=make_commune(), **untouched)
    before = dict(actor.provenance)
    Actor.objects.filter(pk=actor.pk).update(**untouched)
    sent = values_of(client.get(step(actor, name)), step(actor, name))
    assert client.post(step(actor, name), sent | changed).status_code == 302
    actor.refresh_from_db()
    assert {field: getattr(actor, field) for field in untouched} == untouched
    assert {field: actor.provenance.get(field) for field in untouched} == {
        field: before.get(field) for field in untouched
    }


def test_a_zone_that_the_network_does_not_offer_is_kept(client, network, animator):
    here, elsewhere = make_territory("region", "76", "Occitanie"), make_territory("region", "32", "Hauts-de-France")
    network.perimeter.set([here])
    actor = make_actor(network)
    actor.zone.set([elsewhere])
    assert send(client, actor, "lieu", {"zone": [here.pk]}).status_code == 302
    assert set(actor.zone.all()) == {here, elsewhere}


# --- place ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("latitude", "warned"), [("43,62", False), ("45,9", True)])
def test_a_point_far_from_its_commune_is_kept_and_questioned(client, network, animator, latitude, warned):
    commune = make_commune()
    actor = make_actor(network, commune=commune)
    sent = {"commune": commune.code, "latitude": latitude, "longitude": "3,87", "address": "", "postal_code": ""}
    shown = send(client, actor, "lieu", sent, follow=True).content.decode()
    actor.refresh_from_db()
    assert actor.latitude == float(latitude.replace(",", "."))
    assert ("km de Montpellier : corrigez le point ou la commune." in shown) is warned


# --- pictures ---------------------------------------------------------------------------------------------------------


def photo():
    out = io.BytesIO()
    Image.new("RGB", (900, 600), (0, 90, 90)).save(out, "JPEG")
    return SimpleUploadedFile("vacances.jpg", out.getvalue())


def test_a_photo_needs_one_of_the_two_answers(client, network, animator):
    actor = make_actor(network)
    response = send(client, actor, "image", {"image": photo()})
    assert "une image sans alternative n" in response.content.decode()
    response = send(client, actor, "image", {"image": photo(), "image_role": "decrit"})
    assert "Décrivez l" in response.content.decode()
    actor.refresh_from_db()
    assert not actor.image


def test_a_photo_is_kept_clean_and_its_widths_made(client, network, animator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    actor = make_actor(network)
    send(client, actor, "image", {"image": photo(), "image_role": "decrit", "image_alt": "La façade"})
    actor.refresh_from_db()
    assert actor.image.name.endswith(".webp")
    assert "vacances" not in actor.image.name
    assert actor.image_alt == "La façade"
    jobs.run_waiting()
    assert len(list((tmp_path / "actors").iterdir())) == 4


def test_the_words_of_a_photo_change_without_sending_it_again(client, network, animator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    actor = make_actor(network)
    send(client, actor, "image", {"image": photo(), "image_role": "decrit", "image_alt": "La façade"})
    actor.refresh_from_db()
    held = actor.image.name
    assert send(client, actor, "image", {"image_role": "decrit", "image_alt": "La cour"}).status_code == 302
    actor.refresh_from_db()
    assert (actor.image.name, actor.image_alt) == (held, "La cour")


def test_a_photo_changed_by_two_is_told(client, network, animator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    actor = make_actor(network)
    mine = {"image_role": "decrit", "image_alt": "La cour", "vu": shown(client, actor, "image")}
    send(client, actor, "image", {"image": photo(), "image_role": "decrit", "image_alt": "La façade"})
    told = send(client, actor, "image", {"image": photo()} | mine)
    assert told.status_code == 409
    assert "</strong> un fichier</p>" in told.text and "</strong> La façade</p>" in told.text


def test_a_photo_taken_away_takes_its_words_with_it(client, network, animator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    actor = make_actor(network)
    words = {"image_role": "decrit", "image_alt": "La façade", "image_credit": "Marie Durand"}
    send(client, actor, "image", {"image": photo()} | words)
    send(client, actor, "image", {"remove": "on"} | words)
    actor.refresh_from_db()
    assert [actor.image.name, actor.image_alt, actor.image_role, actor.image_credit] == ["", "", "", ""]


@pytest.mark.parametrize(("answer", "alt"), [("decrit", "La façade"), ("texte", ""), ("decorative", "")])
def test_what_was_answered_of_a_photo_is_what_its_page_shows_again(
    client, network, animator, settings, tmp_path, answer, alt
):
    settings.MEDIA_ROOT = tmp_path
    actor = make_actor(network)
    send(client, actor, "image", {"image": photo(), "image_role": answer, "image_alt": "La façade"})
    form = client.get(step(actor, "image")).context["form"]
    assert (form["image_role"].value(), form["image_alt"].value()) == (answer, alt)


def test_what_is_not_a_photo_is_refused_in_french(client, network, animator):
    actor = make_actor(network)
    svg = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    response = send(client, actor, "image", {"image": svg, "image_role": "decorative"})
    assert "pas une image lisible" in response.content.decode()


# --- those who look after a sheet ------------------------------------------------------------------------------------


def test_one_sees_ones_own_sheets_and_edits_them(client, network, representative):
    actor = looked_after(network, representative, state="draft")
    make_actor(network, "Un autre")
    text = client.get(reverse("directory:own_sheets")).content.decode()
    assert "Notre musée" in text
    assert "Un autre" not in text
    saved = send(client, actor, "contact", CONTACT | {"phone": "04 67 00 00 00"})
    assert saved.url == reverse("directory:own_sheet", args=[actor.pk])
    actor.refresh_from_db()
    assert (actor.phone, actor.wrote_itself("phone")) == ("04 67 00 00 00", True)
    assert "écrit par l&#x27;acteur le" in client.get(saved.url).content.decode()


def test_an_import_does_not_overwrite_what_was_written_there(client, network, representative):
    actor = looked_after(network, representative)
    send(client, actor, "contact", CONTACT | {"phone": "04 67 00 00 00"})
    actions.update_actor(
        by=Viewer.as_system(network, "import"),
        actor=actor,
        values={"phone": "01 00 00 00 00", "acronym": "NM"},
        stamp=Stamp(Origin.IMPORT, "fichier.csv"),
    )
    actor.refresh_from_db()
    assert (actor.phone, actor.acronym) == ("04 67 00 00 00", "NM")
    text = client.get(reverse("directory:own_sheet", args=[actor.pk])).content.decode()
    assert "importé de « fichier.csv »" in text


def test_neither_circle_nor_note_nor_the_name_of_the_team_is_shown_to_the_actor(client, network, representative):
    actor = looked_after(network, representative)
    by = Viewer.as_system(network, "essai")
    actions.set_circle(by=by, actor=actor, circle=3, reason="Ne se sent pas concerné")
    actions.set_circle(by=by, actor=actor, circle=3, nature=Nature.DECLARED)
    actions.add_note(by=by, actor=actor, body="Note secrète")
    for address in (
        reverse("directory:own_sheets"),
        reverse("directory:own_sheet", args=[actor.pk]),
        *(step(actor, name) for name in ("identite", "activite", "lieu", "contact", "image", "accessibilite", "suivi")),
    ):
        text = client.get(address).content.decode().lower()
        assert "cercle" not in text
        assert "secrète" not in text


def test_the_sheet_of_another_is_not_found(client, network, representative):
    actor = make_actor(network, state="draft")
    assert client.get(reverse("directory:own_sheet", args=[actor.pk])).status_code == 404
    assert client.get(step(actor, "contact")).status_code == 404


def test_a_published_sheet_of_another_is_refused_with_a_sentence(client, network, representative):
    response = client.get(step(make_actor(network), "contact"))
    assert response.status_code == 403
    assert "Vous pouvez signaler une erreur" in response.content.decode()


# --- differences ------------------------------------------------------------------------------------------------------


def test_texts_are_compared_by_words():
    pieces = [(piece.kind, piece.text) for piece in compared("un musée de ville", "un grand musée de campagne")]
    assert pieces == [
        ("same", "un "),
        ("added", "grand "),
        ("same", "musée de "),
        ("removed", "ville"),
        ("added", "campagne"),
    ]


def test_the_history_shows_names_rather_than_numbers(client, network, animator):
    first, second = make_term("family", "asso", label="Association"), make_term("family", "musee", label="Musée")
    actor = make_actor(network, family=first)
    actions.update_actor(by=animator, actor=actor, values={"family": second, "commune": make_commune()})
    text = client.get(reverse("directory:actor_work", args=[actor.pk])).content.decode()
    assert "</span>Association</del>" in text
    assert "</span>Musée</ins>" in text
    assert "</span>Montpellier</ins>" in text
