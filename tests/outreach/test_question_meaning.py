"""What a question is not: words that a sheet has not, dates read as places, corrections that nobody asked for."""

import pytest
from django.urls import reverse

from maillage.outreach.queries.question import answers_to
from tests.factories.directory import make_actor
from tests.outreach.test_question import asked, labels, names, world

pytestmark = pytest.mark.django_db
__all__ = ["world"]


def reasons(viewer, text, name):
    found = answers_to(asked(viewer, text), viewer).candidates
    return [reason.replace("\xa0", " ") for each in found if each.actor.name == name for reason in each.reasons]


def test_a_reason_tells_only_the_words_that_the_sheet_has(animator, world):
    told = reasons(animator, "papillons et coquelicots en Ariège", "Nature en Couserans")
    assert "sa fiche répond à « papillons »" in told
    assert not any("coquelicots" in each for each in told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chimie le 30 mars", [("theme", "Chimie")]),
        ("chimie du 9 au 12 mars", [("theme", "Chimie")]),
        ("chimie pour 30 étudiants", [("theme", "Chimie"), ("public", "Étudiants")]),
        ("chimie pour 60 personnes à 14h30", [("theme", "Chimie")]),
        ("chimie en 30 minutes", [("theme", "Chimie")]),
        ("chimie 48000 €", [("theme", "Chimie")]),
        ("chimie de 8 à 46", [("theme", "Chimie")]),
        ("chimie à 8 ans", [("theme", "Chimie")]),
        ("chimie dans le 46 pour 30 étudiants", [("departement", "Lot"), ("theme", "Chimie"), ("public", "Étudiants")]),
        ("chimie en 46", [("departement", "Lot"), ("theme", "Chimie")]),
        ("chimie, département 09", [("departement", "Ariège"), ("theme", "Chimie")]),
    ],
)
def test_a_number_is_a_place_only_where_it_is_said_so(animator, world, text, expected):
    assert sorted(labels(asked(animator, text))) == sorted(expected)


@pytest.mark.parametrize("text", ["un atelier mobile dans le Gers", "robots odos", "chimie pour mardi"])
def test_a_word_that_is_right_is_not_corrected(animator, world, text):
    make_actor(animator.network, "Le Noble d'Ado", description="<p>Une cour noble, une fée, un pardi, une odeur.</p>")
    question = asked(animator, text)
    assert question.corrected == ""
    assert "Le Noble d'Ado" not in names(animator, text)


def test_adolescents_are_known_by_their_short_name(animator, world):
    make_actor(animator.network, "Odos")
    question = asked(animator, "chimie pour des ados")
    assert (question.corrected, question.words) == ("", "")
    assert ("public", "Adolescents (11 à 15 ans)") in labels(question)


def test_a_place_that_was_mistyped_is_read_again(animator, world):
    assert labels(asked(animator, "chimie a Toulousse")) == [("pres", "Toulouse"), ("theme", "Chimie")]


def test_sciences_are_no_laboratory(animator, world):
    question = asked(animator, "quelqu'un qui parle d'occitan et de sciences dans le Gard")
    assert labels(question) == [("departement", "Gard"), ("mots", "occitan")]


def test_those_who_are_trained_are_the_audience_and_who_trains_is_first(animator, world):
    question = asked(animator, "former des bibliothécaires à Cahors")
    assert sorted(labels(question)) == [
        ("action", "Formation"), ("pres", "Cahors"), ("public", "Médiateurs et professionnels de la culture"),
    ]  # fmt: skip
    cahors = world["Médiathèque de Cahors"].commune
    for _rank in range(3):
        make_actor(animator.network, commune=cahors, terms=question.terms["public"])
    assert names(animator, "former des bibliothécaires à Cahors")[0] == "Université de Nîmes"
    assert ("famille", "Bibliothèque et médiathèque") in labels(asked(animator, "une formation à la médiathèque"))


def test_what_is_outside_the_place_asked_is_said_on_the_count_and_on_each(client, animator, world):
    text = "conférence d'astronomie en Ariège"
    found = answers_to(asked(animator, text), animator)
    assert found.where.replace("\xa0", " ") == f"Ariège : aucun ; ailleurs : {found.total}"
    astro = next(each for each in found.candidates if each.actor.name == "Ciel de Gascogne")
    assert any(lack.startswith("hors Ariège, à 1") and lack.endswith("km") for lack in astro.missing)
    assert not any("Condom" in reason for reason in astro.reasons)
    page = client.get(reverse("outreach:question"), {"q": text}).content.decode().replace("\xa0", " ")
    assert "Ariège : aucun ; ailleurs" in page
