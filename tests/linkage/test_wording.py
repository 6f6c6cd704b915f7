"""French names, addresses and contacts read the same however they are written."""

import pytest

from maillage.linkage.queries import wording


@pytest.mark.parametrize(
    ("name", "city", "words"),
    [
        ("Association Les Petits Débrouillards", "", "petits debrouillards"),
        ("Musée St-Marc – Souvigny", "Souvigny", "musee saint marc"),
        ("Mus. de l'Image", "", "musee image"),
        ("Convergences 34 Projet Jury jeune et festival", "", "convergences 34"),
        ("A.K Sport (ex : Gringo Top Team)", "", "ak sport"),
        ("Association Française des Diabétiques AFD", "", "francaise diabetiques"),
        ("Les nuits du chat CA1788!", "", "nuits chat"),
        ("Nîmes", "Nîmes", "nimes"),
        ("Association", "", "association"),
        ("Maison du Projet urbain", "", "maison projet urbain"),
        ("", "", ""),
    ],
)
def test_a_name_keeps_the_words_that_tell(name, city, words):
    assert " ".join(wording.name_words(name, city)) == words


@pytest.mark.parametrize(
    ("city", "place"),
    [("PARIS CEDEX 05", "paris"), ("Paris 6e", "paris"), ("St-Étienne", "saint etienne"), ("Lyon (3ème)", "lyon")],
)
def test_a_commune_is_without_cedex_or_arrondissement(city, place):
    assert wording.place_words(city) == place


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("12, r. de l'Hôtel de ville", ("12", "hotel ville")),
        ("12 rue de l'Hôtel de Ville BP 106", ("12", "hotel ville")),
        ("place d'Armes 58000 Nevers cedex", ("", "armes")),
        ("", ("", "")),
    ],
)
def test_a_street_is_without_its_kind_its_box_or_its_commune(address, street):
    assert wording.street(address, "Nevers") == street


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+33 (0)4 67 00 00 01", "0467000001"),
        ("0033467000001", "0467000001"),
        ("04.67.00.00.01", "0467000001"),
        ("467000001", "0467000001"),
        ("7166039586", ""),
        ("", ""),
    ],
)
def test_a_phone_is_ten_digits_or_nothing(text, digits):
    assert wording.phone(text) == digits


@pytest.mark.parametrize(
    ("text", "page", "host"),
    [
        ("https://www.musee.fr/Page/#haut", "musee.fr/page", "musee.fr"),
        ("hhttps://musee.fr/", "musee.fr", "musee.fr"),
        ("facebook.com/musee", "facebook.com/musee", ""),
        ("contact@musee.fr", "", "musee.fr"),
        ("contact@gmail.com", "", ""),
        ("https://fr-fr.facebook.com/musee", "fr-fr.facebook.com/musee", ""),
        ("https://www.musee.fr/visite?x=1", "musee.fr/visite?x=1", "musee.fr"),
        ("https://mastodon.social/@astro@piaille.example", "mastodon.social/@astro@piaille.example", "mastodon.social"),
        ("http://[mauvais", "", ""),
        ("", "", ""),
        ("en cours de réalisation", "", ""),
    ],
)
def test_a_page_and_a_host_are_without_what_may_be_left_out(text, page, host):
    assert (wording.page(text), wording.host(text)) == (page, host)


@pytest.mark.parametrize(
    ("name", "found"),
    [("Collège n° 2", {"2"}), ("Paris VIII", {"8"}), ("Université Paris 08", {"8"}), ("Le Lieu", set())],
)
def test_numbers_are_read_in_both_scripts(name, found):
    assert wording.numbers(name) == found


@pytest.mark.parametrize(("text", "code"), [("6230", "06230"), ("34 000", "34000"), ("F", ""), ("97400", "97400")])
def test_a_postal_code_has_five_digits(text, code):
    assert wording.postal_code(text) == code


def test_a_departement_has_three_digits_overseas():
    assert [wording.department_code(code) for code in ("34000", "97400", "")] == ["34", "974", ""]
