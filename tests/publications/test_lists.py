"""Lists of publications: what is in them, words, facets and their counts, order, state in the address."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from maillage.publications import actions, kit
from maillage.publications.models import Publication
from maillage.publications.registry import TEXT
from maillage.sharing.enums import ShareState
from maillage.sharing.models import Share
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def titles(world: Any, query: str = "", section: str = "articles") -> list[str]:
    return [each.title for each in kit.ask(QueryDict(query), world.network, section).selection.found]


def counts(world: Any, query: str, facet: str, section: str = "articles") -> dict[str, int]:
    found = kit.ask(QueryDict(query), world.network, section).selection.facets
    return {value.value: value.count for each in found if each.name == facet for value in each.values}


def at(publication: Publication, days: int) -> Publication:
    """Published so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    Publication.objects.filter(pk=publication.pk).update(published_at=moment)
    return publication


def answer(query: str = "", section: str = "articles", **headers: str) -> Any:
    return Client().get(f"/{section}/{query}", headers=headers)


def test_each_section_shows_its_own_kinds_the_newest_first(world):
    at(make_publication(world.team, "Ancien"), 9)
    make_publication(world.team, "Récent", kind="portrait")
    make_publication(world.team, "Poste", kind="announcement")
    assert titles(world) == ["Récent", "Ancien"]
    assert titles(world, "tri=ancien") == ["Ancien", "Récent"]
    assert titles(world, section="annonces") == ["Poste"]
    assert titles(world, section="dossiers") == []


def test_nobody_finds_what_is_not_published_or_was_taken_out(world):
    make_publication(world.nadia, "Brouillon", state="draft")
    make_publication(world.nadia, "Proposé", state="proposed")
    later = make_publication(world.team, "Sous embargo", state="draft")
    moment = timezone.now() + timedelta(hours=1)
    actions.change_settings(by=world.team, publication=later, publish_at=moment, comments_open=True)
    actions.submit_publication(by=world.team, publication=later)
    actions.hide_publication(by=world.team, publication=make_publication(world.team, "Retiré"))
    actions.take_back_publication(by=world.team, publication=make_publication(world.team, "Dépublié"))
    assert titles(world) == []
    Publication.objects.filter(pk=later.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    assert titles(world) == ["Sous embargo"]


def test_announcements_that_are_over_are_shown_only_when_asked_for(world):
    over = make_publication(world.team, "Terminée", kind="announcement")
    make_publication(world.team, "Dernier jour", kind="announcement", closes_on=timezone.localdate().isoformat())
    Publication.objects.filter(pk=over.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    at(over, 1)
    assert titles(world, section="annonces") == ["Dernier jour"]
    assert titles(world, "terminees=oui", "annonces") == ["Dernier jour", "Terminée"]
    page = answer("?terminees=oui&type=emploi", "annonces").content.decode()
    assert "Terminée" in page
    assert 'href="/annonces/flux.rss?type=emploi"' in page


def test_words_find_texts_and_those_who_sign_them(world):
    make_publication(world.nadia, "La nuit des lucioles", body="<p>On éteint les lampadaires.</p>")
    make_publication(world.omar, "Autre chose")
    assert titles(world, "q=lampadaires") == ["La nuit des lucioles"]
    assert titles(world, "q=Saidi") == ["Autre chose"]
    assert titles(world, "q=zzzz") == []


def test_each_facet_is_counted_as_if_it_were_not_used(world):
    sky, bugs = make_term("theme", "ciel", label="Ciel"), make_term("theme", "insectes", label="Insectes")
    make_publication(world.team, "Un", terms=[sky.pk])
    make_publication(world.team, "Deux", kind="portrait", terms=[sky.pk, bugs.pk])
    make_publication(world.team, "Trois", kind="portrait", terms=[bugs.pk])
    assert counts(world, "", "theme") == {"ciel": 2, "insectes": 2}
    assert counts(world, "theme=ciel", "theme") == {"ciel": 2, "insectes": 2}
    assert counts(world, "theme=ciel", "nature") == {"article": 1, "portrait": 1}
    assert counts(world, "nature=portrait", "theme") == {"ciel": 1, "insectes": 2}
    assert counts(world, "nature=portrait", "nature") == {"article": 1, "portrait": 2}
    assert sorted(titles(world, "theme=ciel&theme=insectes&nature=portrait")) == ["Deux", "Trois"]


def test_a_departement_gathers_what_is_said_of_it_and_of_its_communes_once_each(world):
    cahors, figeac = make_commune("46042", "Cahors"), make_commune("46102", "Figeac")
    nimes = make_commune("30189", "Nîmes")
    make_publication(world.team, "Deux communes", places=[cahors.pk, figeac.pk])
    make_publication(world.team, "Le Lot", places=[cahors.department.pk])
    make_publication(world.team, "Nîmes", places=[nimes.pk])
    assert counts(world, "", "departement") == {"30": 1, "46": 2}
    assert sorted(titles(world, "departement=46")) == ["Deux communes", "Le Lot"]


def test_years_are_those_of_appearance(world):
    old = make_publication(world.team, "Ancien")
    Publication.objects.filter(pk=old.pk).update(published_at=timezone.now().replace(year=2019, month=6, day=1))
    make_publication(world.team, "Récent")
    this_year = str(timezone.localdate().year)
    assert counts(world, "", "annee") == {this_year: 1, "2019": 1}
    assert titles(world, "annee=2019") == ["Ancien"]
    assert sorted(titles(world, "annee=zz&annee=99999999999")) == ["Ancien", "Récent"]


def test_the_most_read_come_first_when_asked_for(world):
    read = at(make_publication(world.team, "Lu"), 5)
    at(make_publication(world.team, "Pas lu"), 1)
    for _time in range(2):
        actions.reading.count_reading(publication=read)
    assert titles(world, "tri=lu") == ["Lu", "Pas lu"]


def test_what_the_team_puts_forward_heads_the_articles_while_nothing_is_asked(world):
    old = at(make_publication(world.team, "Mis en avant"), 40)
    actions.feature_publication(by=world.team, publication=old, featured=True)
    make_publication(world.team, "Récent")
    assert titles(world) == ["Mis en avant", "Récent"]
    assert titles(world, "nature=article") == ["Récent", "Mis en avant"]
    page = answer().content.decode()
    said = ("À la une</h3>", "Mis en avant</a>", "Les plus récents</h3>", "Récent</a>")
    assert [page.index(each) for each in said] == sorted(page.index(each) for each in said)


@pytest.mark.parametrize("query", ["", "?q=texte", "?theme=ciel&departement=46", "?tri=lu"])
def test_a_list_costs_the_same_queries_whatever_it_holds(world, same_queries, query):
    sky, cahors = make_term("theme", "ciel"), make_commune("46042", "Cahors")
    make_term("theme", "insectes")
    made = iter(range(100))

    def add() -> None:
        n = next(made)
        one = make_publication(world.team, f"Texte {n}", terms=[sky.pk], places=[cahors.pk])
        actions.feature_publication(by=world.team, publication=one, featured=n < 3)

    client = Client()
    same_queries(page=lambda: client.get(f"/articles/{query}"), add=add)


def test_a_page_costs_as_much_with_many_as_with_one(world, count_queries):
    sky = make_term("theme", "ciel")
    make_publication(world.team, "Premier", terms=[sky.pk])
    client = Client()
    client.get("/articles/")
    with_one = count_queries(lambda: client.get("/articles/"))
    first = Publication.objects.get()
    fields = ("network", "author", "kind", "state", "published_at", "summary")
    kept = {name: getattr(first, name) for name in fields}
    made = Publication.objects.bulk_create(Publication(**kept, title=f"T{n}", slug=f"t{n}") for n in range(300))
    Publication.terms.through.objects.bulk_create(
        Publication.terms.through(publication=each, term=sky) for each in made
    )
    assert count_queries(lambda: client.get("/articles/")) == with_one
    assert count_queries(lambda: client.get("/articles/?page=12")) <= with_one


def test_a_swap_holds_the_answer_alone_and_says_the_count_and_the_address(world):
    make_publication(world.team, "Un seul")
    swapped = answer("?nature=article&inconnu=1", **{"HX-Request": "true"})
    text = swapped.content.decode()
    assert "<header" not in text
    assert '<div id="annonce" hx-swap-oob="innerHTML">1 article' in text
    assert swapped["HX-Push-Url"] == "/articles/?nature=article"
    assert swapped["Vary"].count("HX-Request") == 1


def test_empty_fields_of_a_form_have_no_place_in_an_address(world):
    assert answer("?q=&tri=&nature=portrait")["Location"] == "/articles/?nature=portrait"


def test_pages_keep_what_is_asked_and_one_out_of_range_is_the_nearest(world):
    first = make_publication(world.team, "Premier")
    kept = {name: getattr(first, name) for name in ("network", "kind", "state", "published_at")}
    Publication.objects.bulk_create(Publication(**kept, title=f"T{n}", slug=f"t{n}") for n in range(30))
    page = answer("?nature=article&page=999").content.decode()
    assert page.count('class="media-card ') == 7
    assert 'href="?nature=article#resultats"' in page


@pytest.mark.parametrize(
    ("section", "query", "said"),
    [
        ("articles", "", "Aucun article"),
        ("annonces", "", "Voir celles qui sont terminées"),
        ("dossiers", "", "Aucun dossier"),
        ("articles", "?q=zzzz", "Chercher sans"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(world, section, query, said):
    make_publication(world.team, "Poste", kind="announcement", state="draft")
    assert said in answer(query, section).content.decode()


def test_a_list_leads_to_contributing_where_one_may(world):
    assert 'href="/annonces/proposer/"' in answer("", "annonces").content.decode()
    assert 'href="/dossiers/proposer/"' not in answer("", "dossiers").content.decode()
    team = Client()
    team.force_login(world.team.user)
    assert 'href="/dossiers/proposer/"' in team.get("/dossiers/").content.decode()


@pytest.mark.parametrize(
    "page", ["/", "/articles/", "/agenda/", "/ressources/", "/acteurs/", "/aide/", "/recherche/?q=eau"]
)
def test_one_contributes_from_every_public_page(world, page):
    nadia = Client()
    nadia.force_login(world.nadia.user)
    at_the_foot, and_in_the_menu = Client().get(page), nadia.get(page)
    assert (at_the_foot.status_code, and_in_the_menu.status_code) == (200, 200)
    assert at_the_foot.content.decode().count('href="/contribuer/"') == 1
    assert and_in_the_menu.content.decode().count('href="/contribuer/"') == 2


def test_the_menu_leads_to_articles_and_stays_lit_on_what_its_tabs_reach(world):
    for section in ("articles", "annonces", "dossiers"):
        page = answer("", section).content.decode()
        assert '<a class="menu__link" href="/articles/" aria-current="page">' in page
        assert f'<a class="tabs__link" href="/{section}/" aria-current="page"' in page


def test_the_home_page_tells_the_latest_articles_alone(world):
    for n in range(5):
        at(make_publication(world.team, f"Article {n}"), n)
    make_publication(world.team, "Une annonce", kind="announcement")
    page = Client().get("/").content.decode()
    assert [n for n in range(5) if f"Article {n}</a>" in page] == [0, 1, 2, 3]
    assert "Une annonce" not in page
    assert 'href="/articles/flux.rss"' in page


def test_the_sheet_of_an_actor_leads_to_what_it_signs(world):
    club = make_actor(world.network, "Astroclub")
    signed = make_publication(world.team, "Signé par le club")
    signed.credits.update(actor=club, user=None, name="")
    make_publication(world.team, "D'un autre")
    sheet = Client().get(club.get_absolute_url()).content.decode()
    assert "Signé par le club</a>" in sheet
    assert f'href="/articles/?par={club.slug}"' in sheet
    assert titles(world, f"par={club.slug}") == ["Signé par le club"]
    assert "</span>Astroclub" in answer(f"?par={club.slug}").content.decode()


def test_pages_put_together_are_the_whole_list_in_its_order_what_others_gave_in_its_place(world):
    for number in range(6):
        at(make_publication(world.team, f"Texte {number}"), 3 * number)
    Publication.objects.filter(title="Texte 4").update(featured_at=timezone.now())
    other = make_network(host="ailleurs.example")
    for number in (1, 3):
        text = Publication.objects.get(title=f"Texte {number}")
        Publication.objects.filter(pk=text.pk).update(network=other)
        Share.objects.create(
            kind=TEXT, object_id=text.pk, title=text.title, home=other, host=world.network, state=ShareState.ACCEPTED
        )
    world.network.has_guests = True
    for query, order in [("", [4, 0, 1, 2, 3, 5]), ("tri=ancien", [5, 4, 3, 2, 1, 0])]:
        selection = kit.ask(QueryDict(query), world.network, "articles").selection
        pages = [kit.page_of(selection, str(number), 2).object_list for number in (1, 2, 3)]
        assert [each.title for page in pages for each in page] == [f"Texte {number}" for number in order]
        assert [each.title for each in selection.found] == [f"Texte {number}" for number in order]
