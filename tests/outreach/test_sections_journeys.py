"""In a real browser: the sections behind the short menu, the table of gaps on a phone, a campaign that leaves, offers found."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from maillage.outreach.enums import CampaignState
from maillage.outreach.models import CampaignMessage
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_campaign, make_contact, make_message, make_need, make_official

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network():
    network = make_network(host="localhost")
    network.perimeter.set([make_commune().department, make_commune("30189", "Nîmes", (43.83, 4.36)).department])
    return network


@pytest.fixture
def animator(network):
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    return user


def test_the_table_of_gaps_is_read_on_a_phone_as_cards(phone, network, animator, sign_in, axe, fits, shot):
    for side, kind in (("need", "loan"), ("offer", "loan"), ("need", "speaker"), ("offer", "venue")):
        make_need(network, make_actor(network, commune=make_commune()), side=side, kind=kind, territory=make_commune())
    sign_in(phone, animator)
    phone.goto(reverse("outreach:need_list"))
    phone.get_by_role("link", name="Par territoire").click()
    table = phone.get_by_role("table", name="Besoins et offres ouverts, par territoire")
    row = table.get_by_role("row").filter(has=phone.get_by_role("rowheader", name="Département 34"))
    expect(row.get_by_role("cell").filter(has_text="sans offre")).to_be_visible()
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
    axe(phone)
    fits(phone)
    shot(phone, "gaps")


def test_a_campaign_that_leaves_is_followed_by_itself_until_its_end(browse, network, animator, sign_in, axe, shot):
    actors = [make_actor(network, name, email=f"{name}@exemple.test") for name in ("un", "deux")]
    campaign = make_campaign(network, *actors, state=CampaignState.SENDING, started_at=timezone.now())
    make_message(campaign, actors[0])
    waiting = make_message(campaign, actors[1], sent_at=None)
    page = browse()
    sign_in(page, animator)
    page.goto(campaign.get_absolute_url())
    expect(page.locator("span", has_text="1 / 2")).to_be_visible()
    axe(page)
    shot(page, "campaign")
    CampaignMessage.objects.filter(pk=waiting.pk).update(sent_at=timezone.now())
    expect(page.locator("span", has_text="2 / 2")).to_be_visible()
    campaign.state = CampaignState.SENT
    campaign.save()
    expect(page.get_by_role("button", name="Arrêter l’envoi")).to_have_count(0)
    expect(page.locator("[hx-get*='avancement']")).to_have_count(0)


def test_a_question_shows_offers_before_actors_and_introduces_from_one(
    phone, network, animator, sign_in, axe, fits, shot
):
    water = make_term("theme", "eau", label="Eau, mer et milieux aquatiques")
    lender = make_actor(network, "Prêteurs d'Oc", commune=make_commune(), email="oc@exemple.test")
    make_actor(network, "Maison de l'eau", commune=make_commune(), terms=[water])
    make_need(
        network, lender, side="offer", kind="loan", title="Une mallette sur l'eau", terms=[water], sharing="public",
        territory=make_commune(),
    )  # fmt: skip
    sign_in(phone, animator)
    phone.goto(f"{reverse('outreach:question')}?q=une+mallette+sur+l%27eau")
    expect(phone.get_by_role("heading", name="Des offres ouvertes qui répondent")).to_be_visible()
    axe(phone)
    fits(phone)
    shot(phone, "question-offers")
    phone.get_by_role("link", name="pour l’offre « Une mallette sur l'eau »").click()
    expect(phone.get_by_label("Pourquoi vous")).to_have_value(re.compile("vous proposez.*Une mallette sur l'eau"))


def test_sections_are_reached_by_tabs(browse, phone, network, animator, sign_in, axe, fits, shot):
    make_contact(network, make_actor(network, commune=make_commune()), next_step="Rappeler")
    make_official(network, territory=make_commune())
    for page in (browse(), phone):
        sign_in(page, animator)
        page.goto(reverse("outreach:approach_board"))
        for name in ("Listes cibles", "Campagnes", "Approches"):
            page.get_by_role("navigation", name="Approches, listes et campagnes").get_by_role("link", name=name).click()
            expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
            axe(page)
            fits(page)
            shot(page, f"section-{name}")
        for name in ("contact_list", "need_list", "introduction_list", "official_list"):
            page.goto(reverse(f"outreach:{name}"))
            axe(page)
            fits(page)
            shot(page, f"section-{name}")
