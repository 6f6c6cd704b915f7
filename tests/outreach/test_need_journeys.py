"""In a real browser: someone says on a phone what their association looks for; the team finds who answers it."""

import pytest
from playwright.sync_api import expect

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.directory.models import Actor, ActorMember
from maillage.outreach.models import Need
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_need

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    network = make_network(host="localhost")
    network.perimeter.set([make_commune().department])
    water = make_term(slug="eau", label="Eau")
    make_actor(network, "Association du ciel", commune=make_commune())
    museum = make_actor(network, "Musée des rivières", commune=make_commune("34301", "Sète", (43.4028, 3.6967)))
    make_need(network, museum, side="offer", kind="loan", title="Vingt panneaux sur l'eau", terms=[water])
    make_actor(network, "Maison de l'eau", commune=make_commune(), terms=[water])
    return network


def test_a_need_said_on_a_phone_is_matched_by_the_team_and_answered(phone, browse, sign_in, network, axe, fits, shot):
    user = User.objects.create_user("r@exemple.test", name="Lou Martin")
    actor = Actor.objects.get(name="Association du ciel")
    ActorMember.objects.create(actor=actor, user=user)
    sign_in(phone, user)
    phone.goto(f"/mes-fiches/{actor.pk}/")
    phone.get_by_role("link", name="Voir, ajouter, mettre à jour").click()
    expect(phone.get_by_role("heading", name="Rien pour l’instant")).to_be_visible()
    axe(phone)
    phone.get_by_role("link", name="Dire un besoin").click()
    expect(phone.get_by_role("heading", name="Dire un besoin ou une offre")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_label("Nature").select_option("loan")
    phone.get_by_label("En quelques mots").fill("Une exposition sur l'eau")
    phone.get_by_text("Thématiques", exact=True).first.click()
    phone.get_by_label("Eau", exact=True).check()
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_text("l'équipe du réseau cherche qui peut y répondre").first).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "own-needs")
    phone.goto(actor.get_absolute_url())
    expect(phone.get_by_role("heading", name="Cherche", exact=True)).to_be_visible()
    axe(phone)
    fits(phone)

    animator = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=animator, network=network, kind=RoleKind.ANIMATOR)
    page = browse()
    sign_in(page, animator)
    page.goto("/travail/besoins/?cote=besoins")
    axe(page)
    fits(page)
    shot(page, "needs")
    page.get_by_role("link", name="Une exposition sur l'eau").click()
    expect(page.get_by_role("heading", name="Des offres qui répondent")).to_be_visible()
    expect(page.get_by_text("même thématique : Eau").first).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "need")
    page.get_by_role("button", name="Pas pertinent Maison de l'eau").click()
    expect(page.get_by_text("1 proposition écartée")).to_be_visible()
    expect(page.get_by_role("link", name="Maison de l'eau")).to_have_count(0)
    page.get_by_role("link", name="Répond au besoin Musée des rivières").click()
    expect(page.get_by_role("heading", name="Ce qu’il en est")).to_be_visible()
    axe(page)
    page.get_by_label("Ce qui s'est fait").fill("Deux semaines en mars")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C'est noté : pourvu.")).to_be_visible()
    need = Need.objects.get(side="need")
    assert (need.state, need.answered_by.name, need.through) == ("answered", "Musée des rivières", "offer")
    axe(page)


def test_the_table_of_gaps_is_read_on_a_desk_and_on_a_phone_and_leads_to_its_lists(
    page, phone, sign_in, network, axe, fits, shot
):
    animator = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=animator, network=network, kind=RoleKind.ANIMATOR)
    make_need(network, territory=make_commune(), kind="venue", title="Une salle en octobre")
    for each in (page, phone):
        sign_in(each, animator)
        each.goto("/travail/besoins/carte/")
        axe(each)
        fits(each)
        shot(each, "gaps")
    page.get_by_role("link", name="Département 34 (34)", exact=True).click()
    expect(page.get_by_role("rowheader", name="Communauté 34")).to_be_visible()
    axe(page)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Communauté 34"))
    row.get_by_role("link", name="1 besoin").first.click()
    expect(page.get_by_role("link", name="Une salle en octobre")).to_be_visible()
    expect(page.get_by_text("Communauté 34")).to_be_visible()
    axe(page)
