"""What every page stands on: appearance, colours, drawn pictures, menus, forms, errors."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import ngettext
from django_cotton.compiler_regex import CottonCompiler

from maillage.core import pattern
from maillage.core.templatetags.core import initials, motif

pytestmark = pytest.mark.django_db


class Asked(forms.Form):
    name = forms.CharField(label="Nom", help_text="Celui de l'enseigne.")
    email = forms.EmailField(label="Courriel", required=False)
    kinds = forms.MultipleChoiceField(
        label="Types", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )


def drawn(source, **context):
    return Template(CottonCompiler().process(source)).render(Context(context))


def test_a_page_says_its_language_whatever_the_browser_would_like(client):
    page = client.get("/style/", HTTP_ACCEPT_LANGUAGE="en-US").text
    assert '<html lang="fr"' in page


def test_zero_is_counted_as_one_is():
    told = [ngettext("%s acteur", "%s acteurs", number) % number for number in (0, 1, 2)]
    assert told == ["0 acteur", "1 acteur", "2 acteurs"]


def test_the_search_of_the_site_neither_repeats_that_of_the_page_nor_its_own_name(client):
    header = client.get("/recherche/?q=astronomie").text.split("</header>")[0]
    assert 'value="astronomie"' not in header
    assert 'placeholder="Rechercher"' not in header


def test_the_theme_chosen_is_rendered_by_the_server(client):
    assert client.post("/apparence/", {"theme": "dark", "next": "/style/"}).headers["Location"] == "/style/"
    assert re.search(
        r'<html lang="fr" data-theme="dark">', client.get("/style/", headers={"accept-language": "fr"}).text
    )
    client.post("/apparence/", {"theme": "", "next": "/style/"})
    assert "data-theme=" not in client.get("/style/").text.split(">", 2)[1]


@pytest.mark.parametrize("address", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_choosing_a_theme_never_leads_elsewhere(client, address):
    assert client.post("/apparence/", {"theme": "dark", "next": address}).headers["Location"] == "/"


def test_an_unknown_theme_is_forgotten(client):
    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/style/").text.split(">", 2)[1]


def test_colours_and_drawn_pictures_are_kept_for_ever(client):
    for address in ("/reseau.css", "/motif/1.svg"):
        assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("hue", range(1, 9))
def test_a_drawn_picture_is_always_the_same_and_light(hue):
    first = pattern.drawing(hue)
    pattern.drawing.cache_clear()
    assert pattern.drawing(hue) == first
    assert len(first) < 40_000
    assert "style" not in first


def test_two_objects_of_a_family_show_different_windows_of_one_drawing():
    one, other = motif("maison-des-etoiles", 3), motif("musee-du-pont", 3)
    assert one.split("#")[0] == other.split("#")[0]
    assert one.split("#")[1] != other.split("#")[1]


def test_a_field_in_error_is_tied_to_its_help_and_to_its_error():
    html = drawn('<c-field :field="form.name" />', form=Asked({}))
    assert re.search(r'<input [^>]*aria-invalid="true"[^>]*aria-describedby="id_name_helptext id_name_error"', html)
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_an_optional_field_says_so_in_words():
    assert "facultatif" in drawn('<c-field :field="form.email" />', form=Asked())
    assert "facultatif" not in drawn('<c-field :field="form.name" />', form=Asked())


def test_choices_are_grouped_under_their_question():
    html = drawn('<c-field :field="form.kinds" />', form=Asked())
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Types", html)


def test_the_summary_of_errors_leads_to_each_field():
    assert 'href="#id_name">Nom</a>' in drawn("{{ form }}", form=Asked({}))


def test_components_escape_what_people_wrote_once():
    html = drawn('<c-card title="{{ name }}">{{ name }}</c-card>', name="<b>L'eau & l'air</b>")
    assert "<c-card" not in html
    assert html.count("&lt;b&gt;L&#x27;eau &amp; l&#x27;air&lt;/b&gt;") == 2


@pytest.mark.parametrize(
    ("name", "letters"), [("Jeanne Martin", "JM"), ("Planétarium", "P"), ("Anne-Lise du Bois", "AB")]
)
def test_initials_take_the_first_and_last_words(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html", "maintenance.html"])
def test_pages_of_last_resort_need_neither_database_nor_request(template, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(template)


@pytest.mark.parametrize("template", ["403.html", "409.html", "410.html", "429.html"])
def test_refusals_show_their_sentence(template):
    request = RequestFactory().get("/")
    assert "Phrase &lt;lue&gt;" in render_to_string(template, {"sentence": "Phrase <lue>"}, request)


def test_an_unknown_page_answers_404_in_the_site_s_face(client):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Ce fil ne mène nulle part" in answer.text


def test_the_address_of_a_button_opened_again_says_so(client, network, animator):
    answer = client.get("/travail/acteurs/1/note/", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "sert à un bouton" in answer.content.decode()
