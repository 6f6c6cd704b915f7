"""Setting up a network: identity, logo, limits, perimeter, words, legal texts, consortium; creating one."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from maillage.accounts.models import Invitation, Role
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.networks import actions, queries
from maillage.networks.enums import LegalKind
from maillage.networks.models import ConsortiumMember, Network
from maillage.networks.registry import SETTINGS
from maillage.topics.models import Term
from tests.factories.accounts import make_admin, make_platform_admin, make_user, viewer
from tests.factories.directory import make_commune, make_network, make_term
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(network, admin):
    return viewer(admin, network)


@pytest.fixture
def theirs():
    return make_network("Hauts-de-France")


def test_each_act_of_set_up_is_journalled_and_outdates_the_public_pages(network, by):
    before = network.content_version
    actions.save_network(by=by, network=network, values={"tagline": "La science ici"})
    network.refresh_from_db()
    assert network.content_version == before + 1
    entry = Entry.objects.get()
    assert (entry.verb, entry.changes) == ("network.changed", {"tagline": ["", "La science ici"]})


def test_saving_without_change_tells_nothing(network, by):
    actions.save_network(by=by, network=network, values={"name": network.name})
    assert Entry.objects.count() == 0


def test_an_administrator_of_a_has_no_right_in_b(theirs, by):
    term = make_term()
    attempts = [
        lambda: actions.save_network(by=by, network=theirs, values={"name": "Pris"}),
        lambda: actions.save_settings(by=by, network=theirs, values={"invitation_days": 3}),
        lambda: actions.set_perimeter(by=by, network=theirs, territories=[]),
        lambda: actions.save_legal_text(by=by, network=theirs, kind="notice", body="x"),
        lambda: actions.set_term(by=by, network=theirs, term=term, hidden=True),
        lambda: actions.add_term(by=by, network=theirs, vocabulary="theme", label="x"),
        lambda: actions.save_logo(by=by, network=theirs, upload=None),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    assert Entry.objects.count() == 0


def test_the_host_name_and_the_opening_belong_to_the_platform(network, by):
    with pytest.raises(Refused, match="plateforme"):
        actions.save_network(by=by, network=network, values={"host": "pris.exemple.test"})
    with pytest.raises(Refused, match="plateforme"):
        actions.save_network(by=by, network=network, values={"is_public": False})


def send(client, address, values):
    """What someone changes on a page that they have opened."""
    return client.post(address, values_of(client.get(address), address) | values)


def test_fields_that_the_form_does_not_list_are_ignored(client, network, admin):
    client.force_login(admin)
    typed = {"name": "Nouveau nom", "accent": "#112233", "host": "pris.test", "is_public": "", "slug": "pris"}
    send(client, reverse("networks:settings"), typed)
    network.refresh_from_db()
    assert (network.name, network.accent) == ("Nouveau nom", "#112233")
    assert (network.host, network.is_public) == ("testserver", True)


@pytest.mark.parametrize("values", [{"accent": "rouge"}, {"name": "A\r\nBcc: x"}, {"sender_email": "non"}])
def test_wrong_values_are_refused_and_nothing_is_written(client, network, admin, values):
    client.force_login(admin)
    good = {"name": "Bon", "accent": "#112233", "signal": "#445566"}
    page = client.post(reverse("networks:settings"), {**good, **values})
    network.refresh_from_db()
    if "name" in values and page.status_code == 302:
        assert "\n" not in network.name
    else:
        assert page.status_code == 422
        assert network.name != "Bon"


# --- logo ------------------------------------------------------------------------------------------------------------
def picture(kind="JPEG", size=(1200, 600), exif=True, name="logo.jpg"):
    image = Image.new("RGB", size, "teal")
    extra = {}
    if exif:
        data = Image.Exif()
        data[0x010E] = "prise chez moi"
        data[0x8825] = {1: "N", 2: (43.0, 36.0, 0.0)}
        extra["exif"] = data
    content = io.BytesIO()
    image.save(content, kind, **extra)
    return SimpleUploadedFile(name, content.getvalue())


def test_the_logo_is_re_encoded_without_what_the_camera_wrote(client, network, admin):
    client.force_login(admin)
    client.post(reverse("networks:logo"), {"logo": picture(name="../../maison.jpg")})
    network.refresh_from_db()
    with network.logo.open() as stored, Image.open(stored) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1200, 600), {})
    assert "maison" not in network.logo.name
    page = client.get(reverse("networks:settings")).content.decode()
    served = client.get(reverse("file", args=[network.logo.name]))
    b"".join(served.streaming_content)
    assert served.status_code == 200
    assert network.logo.name in page


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        SimpleUploadedFile("logo.png", b"<html><script>alert(1)</script></html>"),
        SimpleUploadedFile("logo.jpg", b"\xff\xd8\xff\xe0 tronque"),
        SimpleUploadedFile("logo.gif", b"GIF89a" + b"\0" * 40),
        SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"0" * 12_000_001),
    ],
)
def test_what_is_not_a_readable_picture_is_refused(client, network, admin, upload):
    client.force_login(admin)
    page = client.post(reverse("networks:logo"), {"logo": upload})
    network.refresh_from_db()
    assert (page.status_code, network.logo.name) == (422, "")


def test_a_picture_of_too_many_pixels_is_refused(network, by):
    with pytest.raises(Refused):
        actions.save_logo(by=by, network=network, upload=picture("PNG", (9000, 6000), exif=False))


def test_the_former_logo_is_deleted(network, by, django_capture_on_commit_callbacks):
    actions.save_logo(by=by, network=network, upload=picture())
    former, storage = network.logo.name, network.logo.storage
    with django_capture_on_commit_callbacks(execute=True):
        actions.save_logo(by=by, network=network, upload=None)
    assert not storage.exists(former)


# --- limits ----------------------------------------------------------------------------------------------------------
def test_limits_keep_their_bounds_and_undeclared_names_are_refused(network, by):
    actions.save_settings(by=by, network=network, values={"invitation_days": 30})
    network.refresh_from_db()
    assert network.setting("invitation_days") == 30
    for values in ({"invitation_days": 0}, {"invitation_days": 91}, {"role": 1}):
        with pytest.raises(Refused):
            actions.save_settings(by=by, network=network, values=values)
    actions.save_settings(by=by, network=network, values={"invitation_days": SETTINGS["invitation_days"].default})
    network.refresh_from_db()
    assert network.settings == {}


def test_the_page_of_limits_has_a_field_for_each_declared_setting(client, network, admin):
    client.force_login(admin)
    form = client.get(reverse("networks:values")).context["form"]
    assert set(form.fields) == set(SETTINGS)


# --- perimeter -------------------------------------------------------------------------------------------------------
def test_the_perimeter_is_written_with_codes_and_a_wrong_one_is_named(client, network, admin):
    commune = make_commune("31555", "Toulouse", (43.6, 1.44))
    client.force_login(admin)
    address = reverse("networks:perimeter")
    page = send(client, address, {"perimeter": "departement:31 Haute-Garonne\ncommune:99999"})
    assert page.status_code == 422
    assert "commune:99999" in page.content.decode()
    assert network.perimeter.count() == 0
    send(client, address, {"perimeter": "departement 31,\ncommune:31555\n31"})
    assert {territory.code for territory in network.perimeter.all()} == {"31", "31555"}
    assert [place.code for place in queries.departments_of(network)] == ["31"]
    assert commune.department.code == "31"


def test_what_the_perimeter_holds_is_shown_by_name_as_far_as_names_tell(client, network, admin):
    make_commune("31555", "Toulouse", (43.6, 1.44))
    client.force_login(admin)
    address = reverse("networks:perimeter")
    send(client, address, {"perimeter": "region:76\ndepartement:31\ncommune:31555"})
    shown = client.get(address).context["form"]["perimeter"].value()
    field = client.get(address).context["form"].fields["perimeter"]
    assert sorted(field.prepare_value(shown).splitlines()) == ["Département 31", "Occitanie", "commune:31555 Toulouse"]
    assert set(field.clean(field.prepare_value(shown))) == set(network.perimeter.all())


# --- words -----------------------------------------------------------------------------------------------------------
def labels(network, vocabulary="theme"):
    return [term.label for term in queries.terms_of(network, vocabulary)]


@pytest.fixture
def words():
    Term.objects.filter(vocabulary="theme").delete()
    return [make_term(slug=slug, position=number) for number, slug in enumerate(("astronomie", "biologie", "chimie"))]


def test_words_are_renamed_hidden_ordered_and_added_without_the_other_network_seeing(
    client, network, admin, theirs, words
):
    client.force_login(admin)
    address = reverse("networks:vocabulary", args=["theme"])
    before = labels(theirs)
    send(client, address, {f"label-{words[0].pk}": "Ciel et espace", f"hidden-{words[1].pk}": "on"})
    assert labels(network) == ["Ciel et espace", "Chimie"]
    client.post(address, {"add": "1", "label": "Patrimoine", "hue": "3", "shape": "square"})
    assert labels(network) == ["Ciel et espace", "Chimie", "Patrimoine"]
    client.post(address, {"down": str(words[0].pk)})
    client.post(address, {"down": str(words[0].pk)})
    assert labels(network) == ["Chimie", "Ciel et espace", "Patrimoine"]
    assert labels(theirs) == before == ["Astronomie", "Biologie", "Chimie"]


def test_two_networks_may_add_the_same_word(network, by, theirs, words):
    mine = actions.add_term(by=by, network=network, vocabulary="theme", label="Patrimoine")
    other = actions.add_term(
        by=viewer(make_admin(theirs), theirs), network=theirs, vocabulary="theme", label="Patrimoine"
    )
    assert mine.slug != other.slug
    assert labels(network) == [*[word.label for word in words], "Patrimoine"]
    with pytest.raises(Refused):
        actions.set_term(by=by, network=network, term=other, label="Pris")


def test_an_emptied_label_gives_the_shared_one_back(network, by, words):
    actions.set_term(by=by, network=network, term=words[0], label="Ciel")
    actions.set_term(by=by, network=network, term=words[0], label="Astronomie")
    assert queries.term_uses(network, "theme")[0].own_label == ""


# --- texts, consortium -----------------------------------------------------------------------------------------------
def test_a_legal_text_is_made_inert_and_an_empty_one_gives_the_default_back(client, network, admin):
    client.force_login(admin)
    address = reverse("networks:legal_text", args=["notice"])
    body = "<h2>Éditeur</h2><p onclick=x>Nous <script>alert(1)</script><a href='javascript:x'>ici</a></p><img src=//x>"
    send(client, address, {"body": body})
    assert queries.legal_text(network, "notice") == '<h2>Éditeur</h2><p>Nous <a rel="noopener">ici</a></p>'
    send(client, address, {"body": " "})
    assert queries.legal_text(network, "notice") == ""


@pytest.mark.parametrize("kind", LegalKind)
def test_the_page_of_a_legal_text_leads_to_where_it_is_read(client, network, by, admin, kind):
    actions.save_legal_text(by=by, network=network, kind=kind.value, body="<p>Notre texte à nous</p>")
    assert "Notre texte à nous" in client.get(kind.path).content.decode()
    client.force_login(admin)
    page = client.get(reverse("networks:legal_text", args=[kind.value])).content.decode()
    assert f'<a href="{kind.path}">Voir la page publique</a>' in page


def test_the_consortium_is_kept_with_its_territories(client, network, admin):
    make_commune("31555", "Toulouse", (43.6, 1.44))
    client.force_login(admin)
    client.post(
        reverse("networks:consortium_create"),
        {"name": "Science Animation", "website": "exemple.test", "position": "1", "territories": "departement:31"},
    )
    member = ConsortiumMember.objects.get()
    assert (member.network, member.website) == (network, "https://exemple.test")
    assert [territory.code for territory in member.territories.all()] == ["31"]
    client.post(reverse("networks:consortium_remove", args=[member.pk]))
    assert not ConsortiumMember.objects.exists()


# --- creation --------------------------------------------------------------------------------------------------------
def test_the_platform_creates_a_network_and_invites_its_administrator(client, network):
    make_commune("59350", "Lille", (50.63, 3.06))
    client.force_login(make_platform_admin())
    client.post(
        reverse("network_create"),
        {
            "name": "Hauts-de-France",
            "host": "HDF.exemple.test",
            "perimeter": "departement:59",
            "admin_email": "a@exemple.test",
        },
    )
    made = Network.objects.get(name="Hauts-de-France")
    assert (made.host, [place.code for place in made.perimeter.all()]) == ("hdf.exemple.test", ["59"])
    assert (Invitation.objects.get().network, Invitation.objects.get().kind) == (made, "network_admin")


@pytest.mark.parametrize("host", ["http://x.test", "x.test:80", "x test", "-x.test", "testserver", "évil.test"])
def test_a_wrong_or_taken_host_is_refused(client, network, host):
    client.force_login(make_platform_admin())
    page = client.post(reverse("network_create"), {"name": "X", "host": host, "admin_email": "a@exemple.test"})
    assert (page.status_code, Network.objects.count()) == (422, 1)


def test_the_command_creates_a_network_names_a_known_person_or_invites_and_refuses_unknown_codes():
    make_commune("59350", "Lille", (50.63, 3.06))
    known = make_user("a@exemple.test")
    said = io.StringIO()
    perimeter = ("--perimeter", "departement:59")
    call_command("createnetwork", "Nord", "--host", "nord.test", *perimeter, "--admin", known.email, stdout=said)
    assert "périmètre : Département 59." in said.getvalue()
    assert Role.objects.get(user=known).kind == "network_admin"
    call_command("createnetwork", "Nord", "--host", "nord2.test", "--admin", "b@exemple.test")
    assert Invitation.objects.get().email == "b@exemple.test"
    assert sorted(Network.objects.values_list("slug", flat=True)) == ["nord", "nord-2"]
    with pytest.raises(CommandError, match="99"):
        call_command("createnetwork", "Sud", "--perimeter", "departement:99")
    with pytest.raises(CommandError, match="existe"):
        call_command("createnetwork", "Nord", "--host", "nord.test")
    assert Network.objects.count() == 2
