"""The list of actors for everyone: what it finds, what its address says, what it costs."""

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse

from tests.factories.directory import make_actor, make_commune, make_network, make_term, make_territory

URL = reverse("directory:actor_list")


@pytest.fixture
def network(db):
    return make_network(host="testserver")


def names(response):
    return [actor.name for actor in response.context["actors"]]


def test_published_actors_are_listed_by_name_and_others_are_not(client, network):
    make_actor(network, "Planétarium")
    make_actor(network, "Écomusée")
    make_actor(network, "À préparer", state="draft")
    make_actor(make_network("Autre"), "D'ailleurs")
    assert names(client.get(URL)) == ["Écomusée", "Planétarium"]


def test_words_are_found_without_accents_nor_plural(client, network):
    make_actor(network, "Médiathèque des Trois Rivières")
    make_actor(network, "Observatoire")
    assert names(client.get(URL, {"q": "mediatheques"})) == ["Médiathèque des Trois Rivières"]


def test_a_typing_error_is_corrected_and_said(client, network):
    make_actor(network, "Médiathèque des Trois Rivières")
    response = client.get(URL, {"q": "médiatheqe"})
    assert names(response) == ["Médiathèque des Trois Rivières"]
    assert "Résultats pour <strong>médiathèque</strong>" in response.text


def test_the_beginning_of_a_name_is_enough(client, network):
    make_actor(network, "Planétarium de Nîmes")
    assert names(client.get(URL, {"q": "planét"})) == ["Planétarium de Nîmes"]


def test_facets_add_up_within_and_narrow_between(client, network):
    musee, labo = make_term("family", "musee"), make_term("family", "laboratoire")
    climat = make_term("theme", "climat")
    make_actor(network, "A", family=musee, terms=[climat])
    make_actor(network, "B", family=labo, terms=[climat])
    make_actor(network, "C", family=labo)
    assert names(client.get(URL, {"famille": ["musee", "laboratoire"]})) == ["A", "B", "C"]
    assert names(client.get(URL, {"famille": "laboratoire", "theme": "climat"})) == ["B"]


def test_each_facet_value_shows_what_it_would_bring(client, network):
    musee, labo = make_term("family", "musee"), make_term("family", "laboratoire")
    make_actor(network, "A", family=musee)
    make_actor(network, "B", family=labo)
    make_actor(network, "C", family=labo)
    facet = client.get(URL, {"famille": "musee"}).context["facets"][0]
    assert {value.value: value.count for value in facet["first"]} == {"musee": 1, "laboratoire": 2}


def test_actors_around_a_commune_come_nearest_first(client, network):
    sete = make_commune("34301", "Sète", (43.40, 3.69))
    make_actor(network, "Loin", latitude=43.30, longitude=3.48)
    make_actor(network, "Près", commune=sete)
    make_actor(network, "Ailleurs", latitude=44.9, longitude=1.4)
    response = client.get(URL, {"pres": "34301", "rayon": "50"})
    assert names(response) == ["Près", "Loin"]
    assert "à moins de 50 km de Sète" in response.text


def test_the_address_sent_by_a_form_is_made_clean(client, network):
    response = client.get(URL, {"q": "", "pres": "", "rayon": "20", "famille": "musee", "tri": "nom"})
    assert (response.status_code, response["Location"]) == (302, "/acteurs/?famille=musee")


def test_the_same_list_has_one_canonical_address(client, network):
    make_term("family", "musee"), make_term("theme", "climat")
    one = client.get(URL, {"theme": "climat", "famille": "musee", "utm_source": "x"})
    other = client.get(URL, {"famille": "musee", "theme": "climat", "rayon": "100", "cercle": "1"})
    assert one.context["canonical"] == other.context["canonical"]


def test_the_readers_own_position_is_rounded(client, network):
    response = client.get(URL, {"pres": "43.6108765,3.8767654"})
    assert response.context["params"]["pres"] == "43.611,3.877"


def test_htmx_gets_the_answer_alone_with_its_address(client, network):
    make_actor(network, "Musée")
    response = client.get(URL, {"q": "mus", "pres": ""}, headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert "1 acteur trouvé" in response.text
    assert response["HX-Push-Url"] == "/acteurs/?q=mus"
    assert "HX-Request" in response["Vary"]


def test_going_back_in_history_gets_the_whole_page(client, network):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(URL, headers=headers).text


def test_a_page_out_of_range_shows_the_last_one(client, network):
    for n in range(26):
        make_actor(network, f"Acteur {n:02}")
    assert names(client.get(URL, {"page": "9999"})) == ["Acteur 24", "Acteur 25"]
    assert client.get(URL, {"page": "x"}).context["page"].number == 1


def test_pages_keep_the_filters_and_the_place(client, network):
    musee = make_term("family", "musee")
    for n in range(26):
        make_actor(network, f"Acteur {n:02}", family=musee)
    assert 'href="?famille=musee&amp;page=2#resultats"' in client.get(URL, {"famille": "musee"}).text


def test_each_chip_takes_one_filter_away(client, network):
    make_actor(network, "A", family=make_term("family", "musee"), terms=[make_term("theme", "climat")])
    chips = client.get(URL, {"famille": "musee", "theme": "climat", "q": "A"}).context["chips"]
    assert [(chip["label"], chip["url"]) for chip in chips] == [
        ("« A »", "?famille=musee&theme=climat"),
        ("Musee", "?q=A&theme=climat"),
        ("Climat", "?q=A&famille=musee"),
    ]


def test_an_empty_answer_proposes_what_to_do(client, network):
    make_commune("34301", "Sète", (43.40, 3.69))
    make_actor(network, "Musée lointain", latitude=44.1, longitude=3.69)
    page = client.get(URL, {"q": "musée", "pres": "34301"}).text
    assert (
        '<a class="button" href="?q=mus%C3%A9e&amp;pres=34301&amp;rayon=100">Chercher à 100 km (1 acteur)</a>' in page
    )
    assert "Chercher à 50 km" not in page  # Nobody there either.
    assert "Chercher sans « musée »" in page


def test_a_departement_may_be_named_where_a_commune_is_asked(client, network):
    gers = make_commune("32013", "Auch", (43.6, 0.6)).department
    gers.name, gers.name_key = "Gers", "gers"
    gers.save()
    network.perimeter.set([gers])
    for typed in ("gers", "32"):
        asked = client.get(URL, {"q": "", "pres": "", "pres_text": typed})
        assert (asked.status_code, asked["Location"]) == (302, "/acteurs/?departement=32")
    make_commune("32999", "Gers", (43.6, 0.6))  # A commune of that name comes first.
    assert client.get(URL, {"pres": "", "pres_text": "Gers"})["Location"] == "/acteurs/?pres=32999"


def test_what_is_chosen_is_never_folded_away(client, network):
    for code in range(10, 25):
        make_actor(network, commune=make_commune(f"{code}001", f"Commune {code}"))
    facets = client.get(URL, {"departement": ["12", "23"]}).context["facets"]
    places = next(facet for facet in facets if facet["name"] == "departement")
    assert [value.value for value in places["first"]] == ["10", "11", "12", "13", "14", "15", "23"]
    assert "23" not in [value.value for value in places["more"]]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 5000,
        "q=%01%27%22%3Cscript%3E",
        "pres=nan,nan",
        "pres=1e400,0",
        "pres=;DROP",
        "page=" + "9" * 4000,
        "famille=" + "x" * 3000,
        "tri=user__password",
        "vue=<b>",
        "q=NEAR(&theme=*",
        "rayon=٣",
    ],
)
def test_any_address_gets_a_page(client, network, query):
    make_actor(network, "Musée")
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.text.replace("<script type", "")


def test_the_map_shows_the_same_actors_as_the_list(client, network):
    make_actor(network, "Musée", latitude=43.6, longitude=3.8)
    response = client.get(URL, {"vue": "carte"})
    assert names(response) == ["Musée"]
    assert 'data-map="/acteurs/carte.json"' in response.text


def test_the_list_says_what_it_is_to_machines(client, network):
    page = client.get(URL).text
    assert re.search(r'<link rel="canonical" href="http://testserver[^"]*/acteurs/">', page)
    assert 'property="og:title"' in page
    assert 'type="application/atom+xml"' in page


@pytest.mark.parametrize("typed", ["34301", "Sète", "sete", "34200"])
def test_a_commune_may_be_named_in_words_or_by_its_postal_code(client, network, typed):
    from maillage.territories.models import PostalCode

    PostalCode.objects.create(code="34200", commune=make_commune("34301", "Sète", (43.40, 3.69)))
    make_actor(network, "Loin", latitude=44.9, longitude=1.4)
    make_actor(network, "Près", latitude=43.41, longitude=3.7)
    response = client.get(URL, {"pres": typed})
    assert names(response) == ["Près"]
    assert response.context["params"]["pres"] == "34301"


def test_a_place_that_is_not_found_is_said_and_kept(client, network):
    make_actor(network, "Musée")
    response = client.get(URL, {"pres": "Trifouillis"})
    assert names(response) == ["Musée"]
    assert "Aucune commune ne s'appelle « Trifouillis »" in response.text.replace("&#x27;", "'")


def test_a_name_of_several_communes_offers_them_and_narrows_nothing(client, network):
    for code, name in (("81065", "Castres"), ("02142", "Castres")):
        make_commune(code, name, (43.6, 2.2))
    make_actor(network, "Musée", latitude=44.9, longitude=1.4)
    response = client.get(URL, {"pres": "Castres", "rayon": "50"})
    page = response.text.replace("&#x27;", "'")
    assert names(response) == ["Musée"]
    assert "Plusieurs communes correspondent à « Castres »" in page
    assert 'href="?pres=81065&amp;rayon=50"' in page
    assert 'href="?pres=02142&amp;rayon=50"' in page
    assert 'value="Castres"' in page


def test_among_namesakes_the_one_of_the_perimeter_is_meant(client, network):
    for code, name in (("81065", "Castres"), ("02142", "Castres")):
        make_commune(code, name, (43.6, 2.2))
    network.perimeter.set([make_territory("department", "81", "Tarn")])
    assert client.get(URL, {"pres": "castres"}).context["params"]["pres"] == "81065"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ({"pres_text": "Sète", "pres": ""}, "/acteurs/?pres=34301"),
        ({"pres_text": "Sète", "pres": "34301"}, "/acteurs/?pres=34301"),
        ({"pres_text": "Montpellier", "pres": "34301"}, "/acteurs/?pres=34172"),
        ({"pres_text": "", "pres": "34301"}, "/acteurs/"),
        ({"pres_text": "ma position", "pres": "43.4004,3.6901"}, "/acteurs/?pres=43.400,3.690"),
        ({"pres_text": "Sète", "pres": "43.4,3.7"}, "/acteurs/?pres=34301"),
        ({"pres_text": "Trifouillis", "pres": ""}, "/acteurs/?pres=Trifouillis"),
    ],
)
def test_what_is_typed_in_the_box_speaks_louder_than_what_was_chosen_before(client, network, sent, address):
    make_commune("34301", "Sète", (43.40, 3.69)), make_commune()
    response = client.get(URL, sent)
    assert (response.status_code, unquote(response["Location"])) == (302, address)


def test_words_being_typed_make_one_step_of_the_history(client, network):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/acteurs/?q=mu"}
    response = client.get(URL, {"q": "mus"}, headers=headers)
    assert response["HX-Replace-Url"] == "/acteurs/?q=mus"
    assert "HX-Push-Url" not in response
    headers["HX-Current-URL"] = "http://testserver/acteurs/"
    assert client.get(URL, {"q": "m"}, headers=headers)["HX-Push-Url"] == "/acteurs/?q=m"


def test_places_to_visit_are_a_section_that_ends_with_its_filter(client, network):
    visits = make_term("action_kind", "visite-et-parcours", label="Visite et parcours")
    make_actor(network, "Grotte des cristaux", terms=[visits])
    make_actor(network, "Laboratoire fermé")
    tabs = client.get(reverse("publications:publication_list", args=["articles"])).content.decode()
    assert '<a class="tabs__link" href="/lieux-a-visiter/">Lieux à visiter</a>' in re.sub(r"\s+>", ">", tabs)

    response = client.get(reverse("directory:place_list"), follow=True)

    assert (names(response), "<h1>Lieux à visiter</h1>" in response.content.decode()) == (["Grotte des cristaux"], True)
    swapped = client.get(URL, HTTP_HX_REQUEST="true").content.decode()
    assert '<div id="titre" hx-swap-oob="innerHTML">' in swapped
    assert "<h1>Trouver un acteur</h1>" in swapped


def test_a_network_without_visits_has_no_such_section(client, network):
    assert "/lieux-a-visiter/" not in client.get(reverse("publications:publication_list", args=["articles"])).text
