"""The pages of the accounts in a real browser: clean for axe, on a phone, by keyboard, with a passkey under the policy."""

import itertools
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from maillage.activity.actions import notify
from maillage.core.jobs import run_waiting
from maillage.core.models import Job, JobStatus
from maillage.networks.models import ConsortiumMember, Network
from tests.factories.accounts import PASSWORD, make_admin, make_invitation, make_person, make_platform_admin
from tests.factories.directory import make_commune, make_network, make_term

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(transactional_db):
    return Network.objects.filter(host="localhost").first() or make_network(host="localhost")


@pytest.fixture
def admin(network):
    make_commune("31555", "Toulouse", (43.6, 1.44))
    make_term()
    ConsortiumMember.objects.create(network=network, name="Science Animation")
    invitation = make_invitation(network, "une.adresse.assez.longue@exemple.test")
    make_person(network, "animator", "31", name="Zoé Lampe")
    person = make_admin(network, name="Ada Ministre")
    Job.objects.create(
        task="maillage.exchange.lire",
        scope=f"network:{network.pk}",
        status=JobStatus.FAILED,
        error="Traceback…",
        run_at=timezone.now(),
    )
    Job.objects.create(
        task="maillage.core.mail.deliver",
        scope=f"network:{network.pk}",
        status=JobStatus.RUNNING,
        run_at=timezone.now(),
        leased_until=timezone.now() + timezone.timedelta(hours=1),
        done_steps=3,
        total_steps=10,
    )
    notify(
        "import_finished",
        event="import:1",
        title="Votre import est terminé",
        network=network,
        to=person,
        url="/gestion/journal/",
    )
    person.invitation = invitation
    return person


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("/compte/", "Profil"),
        ("/compte/avis/preferences/", "Avis"),
        ("/compte/adresse/", "Adresse"),
        ("/compte/securite/", "Sécurité"),
        ("/compte/sessions/", "Sessions"),
        ("/compte/donnees/", "Mes données"),
        ("/gestion/personnes/", "Personnes"),
        ("/gestion/personnes/invitations/", "Invitations"),
        ("/gestion/reseau/", "Identité"),
        ("/gestion/reseau/textes/privacy/", "Textes légaux"),
        ("/gestion/reseau/consortium/nouveau/", "Consortium"),
    ],
)
def test_the_tab_of_the_page_is_marked_and_no_other(client, admin, address, tab):
    client.force_login(admin)
    page = client.get(address, headers={"host": "localhost"}).text
    marked = re.findall(r'class="tabs__link"[^>]*aria-current="page"[^>]*>([^<]+)<', page)
    assert [words.strip() for words in marked] == [tab]


def test_a_forgotten_password_is_offered_once(client, network):
    page = client.get(reverse("account_login"), headers={"host": "localhost"}).text
    assert "placeholder" not in page.partition("<main")[2].partition("</main>")[0]
    assert page.count(reverse("account_reset_password")) == 1


def test_the_bell_counts_what_is_unread_and_says_so(client, network, admin, same_queries):
    client.force_login(admin)
    profile = reverse("accounts:profile")

    def bell():
        page = client.get(profile, headers={"host": "localhost"}).text
        return re.search(r'class="tool bell".*?</a>', page, re.DOTALL)[0]

    assert "Avis : 1 non lu<" in bell()
    number = itertools.count()

    def tell():
        notify("import_finished", event=f"import:{next(number)}x", title="Fini", network=network, to=admin)

    same_queries(page=lambda: client.get(profile, headers={"host": "localhost"}), add=tell)
    for _each in range(110):
        tell()
    assert "Avis : plus de 99 non lus" in bell()
    client.post(reverse("activity:notice_list"), {"notice": "all"}, headers={"host": "localhost"})
    assert "non lu" not in bell()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("accounts:profile", {"name": "x" * 500}),
        ("accounts:profile", {"name": "Ada\x01"}),
        ("networks:settings", {"name": ""}),
        ("networks:logo", {}),
        ("networks:perimeter", {"perimeter": "nulle part"}),
        ("networks:consortium_create", {"name": ""}),
        ("people:invitation_create", {"emails": "pas une adresse"}),
        ("account_confirm_login_code", {"code": "BBBB-BBBB"}),
    ],
)
def test_the_title_of_a_form_sent_back_says_that_it_is_in_error(client, network, admin, name, sent):
    host = {"host": "localhost"}
    if name == "account_confirm_login_code":
        client.post(reverse("account_request_login_code"), {"email": admin.email}, headers=host)
    else:
        client.force_login(admin)
    page = client.post(reverse(name), sent, headers=host).text
    title = " ".join(re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1].split())
    assert title.startswith("Erreur : ")
    assert 'id="erreurs"' in page


def test_a_visitor_has_no_bell(client, network):
    assert 'class="tool bell"' not in client.get("/aide/", headers={"host": "localhost"}).text


def enter(page, user):
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("main")).to_contain_text("Vous êtes connecté")


ENTRANCE = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
]
OWN = [
    "accounts:profile",
    "activity:notice_list",
    "activity:preferences",
    "account_email",
    "mfa_index",
    "usersessions_list",
    "accounts:token_list",
    "accounts:data",
    "accounts:erasure",
]
WORK = [
    ("people:person_list", []),
    ("people:invitation_create", []),
    ("people:invitation_list", []),
    ("people:absence_list", []),
    ("activity:journal", []),
    ("activity:job_list", []),
    ("networks:settings", []),
    ("networks:values", []),
    ("networks:perimeter", []),
    ("networks:legal_text_list", []),
    ("networks:legal_text", ["notice"]),
    ("networks:vocabulary_list", []),
    ("networks:vocabulary", ["theme"]),
    ("networks:consortium", []),
    ("networks:consortium_create", []),
]


def look(page, axe, fits, shot, name):
    fits(page)
    axe(page)
    shot(page, name, dark=False)


def test_one_signs_in_and_changes_ones_name_with_the_keyboard_alone(page, network, tab_to):
    person = make_person(network, name="Ada")
    page.goto(reverse("account_login"))
    tab_to(page, page.locator("#id_login"))
    page.keyboard.type(person.email)
    tab_to(page, page.locator("#id_password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("summary", has_text="Mon compte"))
    page.goto(reverse("accounts:profile"))
    tab_to(page, page.get_by_label("Nom"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Ada Lovelace")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre profil est enregistré.")).to_be_visible()
    person.refresh_from_db()
    assert person.name == "Ada Lovelace"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_doors_are_clean(browse, axe, fits, shot, network, width):
    page = browse(width=width)
    for name in ENTRANCE:
        page.goto(reverse(name))
        look(page, axe, fits, shot, f"porte-{name}")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_ones_account_are_clean(browse, axe, fits, shot, admin, width):
    page = browse(width=width)
    enter(page, admin)
    for name in OWN:
        page.goto(reverse(name))
        look(page, axe, fits, shot, f"compte-{name.replace(':', '-')}")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_administrators_are_clean(browse, axe, fits, shot, network, admin, width):
    make_person(network, name="Absente Depuis Longtemps", joined_at=timezone.now() - timedelta(days=800))
    page = browse(width=width)
    enter(page, admin)
    person = [reverse("people:person_detail", args=[admin.pk])]
    jobs = [
        reverse("activity:job_detail", args=[job.pk]) for job in Job.objects.filter(scope=f"network:{network.pk}")[:2]
    ]
    for number, address in enumerate([*(reverse(name, args=args) for name, args in WORK), *person, *jobs]):
        page.goto(address)
        look(page, axe, fits, shot, f"gestion-{number:02d}-{address.strip('/').split('/')[-1]}")


def test_the_pages_of_the_platform_are_clean(page, axe, fits, shot, network):
    enter(page, make_platform_admin())
    for name, args in [
        ("networks:network_list", []),
        ("network_create", []),
        ("networks:network_update", [network.pk]),
    ]:
        page.goto(reverse(name, args=args))
        look(page, axe, fits, shot, f"plateforme-{name.replace(':', '-')}")


def code_sent():
    run_waiting()
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)[0]


def test_an_invitation_is_clean_and_accepted_with_one_button(phone, axe, fits, shot, network, admin):
    invitation = admin.invitation
    phone.goto(reverse("accounts:invitation_accept", args=[invitation.pk, invitation.token]))
    look(phone, axe, fits, shot, "invitation")
    phone.get_by_role("button", name="Créer un compte et continuer").click()
    phone.get_by_label("Votre nom").fill("Nour Haddad")
    phone.get_by_label("E-mail").fill(invitation.email)
    phone.get_by_role("button", name="Créer mon compte").click()
    phone.get_by_role("heading", name="Confirmer votre adresse").wait_for()
    phone.get_by_label("Code").fill(code_sent())
    phone.get_by_role("button", name="Confirmer").click()
    phone.get_by_role("button", name="Accepter en tant que Nour Haddad").click()
    expect(phone.get_by_role("main")).to_contain_text("Animateur ou animatrice")


def test_one_signs_up_and_in_by_keyboard_alone_without_javascript(browse, network):
    page = browse(javascript=False)
    page.goto(reverse("account_signup"))

    def go_to(label):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator(":focus").count() and page.get_by_label(label, exact=False).first.evaluate(
                "e => e === document.activeElement"
            ):
                return
        raise AssertionError(f"le clavier n'atteint pas {label}")

    go_to("Votre nom")
    page.keyboard.type("Claire Aubert")
    go_to("E-mail")
    page.keyboard.type("claire@exemple.test")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Confirmer votre adresse").wait_for()
    go_to("Code")
    page.keyboard.type(code_sent())
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Vous êtes connecté")
    page.goto(reverse("accounts:profile"))
    expect(page.get_by_label("nom", exact=False).first).to_have_value("Claire Aubert")


def test_a_passkey_is_added_then_opens_the_account_under_the_content_policy(page, network):
    person = make_person(network)
    enter(page, person)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(reverse("mfa_add_webauthn"))
    if "identite" in page.url:
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de la clé").fill("Téléphone")
    page.get_by_label("Me connecter avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("main")).to_contain_text("La clé d'accès est ajoutée")
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_role("main")).to_contain_text("jamais")
    page.get_by_role("link", name="Renommer Téléphone").click()
    expect(page.get_by_label("Nom de la clé")).to_have_value("Téléphone")
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("main")).to_contain_text("Vous êtes déconnecté")
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    expect(page.get_by_role("main")).to_contain_text("Vous êtes connecté")
    page.goto(reverse("accounts:profile"))
    expect(page.get_by_role("main")).to_contain_text(person.email)
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    expect(page.get_by_role("main")).to_contain_text("Vous êtes connecté")
