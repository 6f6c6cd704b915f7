"""Texts that try to run something stay inert wherever they are shown: pages, files, feeds, map, messages (abuse case 8)."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from maillage.core import jobs
from maillage.core.richtext import ATTRIBUTES, TAGS, sanitised
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions.contact import relay_message
from maillage.directory.actions.suggesting import refuse_suggestion, suggest
from maillage.exchange.actions import receive_file
from maillage.networks.actions import save_legal_text, save_network
from tests.factories.accounts import make_admin, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.hostile import PLAIN, RICH, active

PAGES = [
    "/", "/acteurs/", "/acteurs/?vue=carte", "/acteurs/?q=mechant", "/acteurs/widget/", "/recherche/?q=mechant",
    "/mentions-legales/", "/acteurs/integrer/",
]  # fmt: skip
WORK = [
    "/travail/",
    "/travail/acteurs/",
    "/travail/acteurs/?colonnes=email,source",
    "/gestion/journal/",
    "/travail/imports/",
]


@pytest.fixture
def network(db):
    return make_network(host="localhost", contact_email="equipe@exemple.test", tagline=PLAIN[0])


@pytest.fixture
def animator(network):
    return make_admin(network)


@pytest.fixture
def actors(network, animator):
    """An actor for each text, which is its name, its summary, its address…; the first has every rich text."""
    commune, by = make_commune(), viewer(animator, network)
    made = []
    for text in PLAIN:
        short = dict.fromkeys(("acronym", "postal_code"), "")
        long = dict.fromkeys(("summary", "address", "contact_name", "access_notes", "source", "name"), text)
        made.append(make_actor(network, commune=commune, contact_is_public=True, **short, **long))
        actions.add_note(by=by, actor=made[-1], body=text)
        actions.set_circle(by=by, actor=made[-1], circle=2, reason=text, source=text)
    actions.update_actor(by=by, actor=made[0], values={"description": "".join(sanitised(text) for text in RICH)})
    save_legal_text(by=by, network=network, kind="notice", body="".join(sanitised(text) for text in RICH))
    receive_file(
        by=by, file=ContentFile(b"Nom;Ville\nA;Auch\n", name=f"{PLAIN[0]}.csv".replace("/", "")), target="actors"
    )
    return made


def addresses(actors):
    sheets = [actors[0].get_absolute_url(), *(actor.get_absolute_url() for actor in actors[1:3])]
    return [
        *PAGES,
        *sheets,
        *(f"{sheet}contact/" for sheet in sheets[:1]),
        *(f"{sheet}signaler/" for sheet in sheets[:1]),
    ]


def work_addresses(actors):
    own = [reverse("directory:actor_work", args=[actors[0].pk]), reverse("directory:actor_edit", args=[actors[0].pk])]
    return [*WORK, *own, reverse("directory:actor_row", args=[actors[1].pk])]


def test_no_page_runs_what_was_written(client, network, animator, actors):
    client.defaults["HTTP_HOST"] = "localhost"
    pages = {address: client.get(address) for address in addresses(actors)}
    client.force_login(animator)
    pages |= {f"équipe {address}": client.get(address) for address in work_addresses(actors)}
    assert {address: page.status_code for address, page in pages.items() if page.status_code != 200} == {}
    assert {address: found for address, page in pages.items() if (found := active(page.content.decode()))} == {}


def test_files_feed_and_map_carry_the_words_and_nothing_else(client, network, actors):
    client.defaults["HTTP_HOST"] = "localhost"
    names = {actor.name for actor in actors}
    rows = csv.DictReader(io.StringIO(read(client, "/acteurs/donnees.csv").decode("utf-8-sig")), delimiter=";")
    assert {row["Nom"].removeprefix("'") if row["Nom"].startswith("'--") else row["Nom"] for row in rows} == names
    feed = ET.fromstring(read(client, "/acteurs/flux.atom"))
    assert {entry.text for entry in feed.iter("{http://www.w3.org/2005/Atom}title")} >= names
    assert json.loads(read(client, "/acteurs/carte.json"))
    for address in ("/acteurs/donnees.json", "/acteurs/carte.json", "/acteurs/donnees.geojson", "/api/v1/actors"):
        assert client.get(address)["Content-Type"].split(";")[0].endswith("json")


def read(client, address):
    response = client.get(address)
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_an_address_that_runs_is_refused(network):
    by = Viewer.as_system(network, "essai")
    for website in ("javascript:mechant(1)", "data:text/html,mechant", " javascript://exemple.fr/%0amechant"):
        with pytest.raises(ValidationError):
            actions.update_actor(by=by, actor=make_actor(network), values={"website": website})


@pytest.mark.parametrize("text", [*PLAIN, "Bonjour\r\nBcc: mechant@exemple.test\r\n\r\nmechant"])
def test_messages_carry_the_words_and_no_header(network, text):
    actor = make_actor(network, text.replace("\r\n", " "), email="accueil@exemple.test")
    visitor = Viewer(network=network)
    relay_message(by=visitor, actor=actor, name=text, email="v@exemple.test", message=text)
    made = suggest(by=visitor, actor=actor, kind="wrong", message=text, values={"name": text}, email="v@exemple.test")
    refuse_suggestion(by=Viewer.as_system(network, "essai"), suggestion=made, reason=text)
    jobs.run_waiting()
    addresses = {"accueil@exemple.test", "equipe@exemple.test", "v@exemple.test"}
    assert {message.recipients()[0] for message in mail.outbox} == addresses
    for message in mail.outbox:
        assert len(message.recipients()) == 1
        assert message.message()["Bcc"] is None
        assert active(str(message.alternatives[0][0])) == []


def test_a_network_name_with_a_line_break_is_refused(network, animator):
    with pytest.raises(ValidationError):
        save_network(by=viewer(animator, network), network=network, values={"sender_name": "A\r\nBcc: x@exemple.test"})


@pytest.mark.django_db(transaction=True)
def test_nothing_runs_in_a_browser(network, animator, actors, browse, sign_in):
    """Under the policy of the pages: no dialog, no script, no request out, no error (`browse` watches the last two)."""
    page = browse()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.add_init_script("window.mechant = () => { window.ran = true; console.error('mechant ran'); }")
    for address in addresses(actors):
        page.goto(address)
        assert page.evaluate("() => window.ran") is None
    page.goto("/mentions-legales/")
    check_elements(page.locator("main .prose").first, around={"h1"})
    page.goto(actors[0].get_absolute_url())
    check_elements(page.locator("main .prose").first)
    rels = page.locator("main .prose a[href]").evaluate_all("links => [...new Set(links.map(link => link.rel))]")
    assert rels == ["nofollow ugc noopener"]
    sign_in(page, animator)
    for address in work_addresses(actors):
        page.goto(address)
        assert page.evaluate("() => window.ran") is None
    assert dialogs == []


def check_elements(container, around=frozenset()):
    """What the browser made of the text, each payload apart and together: elements and attributes of the allow-list."""
    texts = [sanitised(text) for text in RICH]
    found = container.evaluate(
        """(shown, texts) => {
            const roots = texts.flatMap(text => {
                const once = document.createElement("div");
                once.innerHTML = text;
                const twice = document.createElement("div");
                twice.innerHTML = once.innerHTML;
                shown.append(once, twice);
                return [once, twice];
            });
            const all = [shown, ...roots].flatMap(root => [...root.querySelectorAll("*")]).filter(each => !roots.includes(each));
            return [...new Set(all.flatMap(each => [each.localName, ...[...each.attributes].map(a => `${each.localName}.${a.name}`)]))];
        }""",
        texts,
    )
    allowed = (
        TAGS | {f"{tag}.{name}" for tag in TAGS for name in ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"]} | {"a.rel"}
    )
    assert set(found) <= allowed | around
