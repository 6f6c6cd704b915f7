"""Writing a text, publishing it for ever, and what that asks of those who signed."""

import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.richtext import as_text
from maillage.directory.actions.charter import default_text, discard_draft, publish, save_draft
from maillage.directory.models import CharterVersion
from maillage.directory.models.charter import print_of
from tests.factories.accounts import viewer
from tests.factories.directory import make_actor, make_charter, make_signature
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db
DRAFT, PUBLISH = reverse("directory:charter_draft"), reverse("directory:charter_publish")


def test_the_default_text_is_made_from_the_three_values():
    text = as_text(default_text())
    for value in ("L'intérêt public", "L'accès de chacun au savoir", "La validité scientifique"):
        assert value in text.splitlines()


def test_the_first_version_is_1_0_and_the_next_follow_what_changes(network, admin):
    by, today = viewer(admin, network), timezone.localdate()
    numbers = []
    for is_major in (True, False, True, False):
        draft = save_draft(by=by, values={"title": "Charte", "is_major": is_major, "body": f"<p>{numbers}</p>"})
        publish(by=by, draft=draft, effective_on=today, read=print_of(draft.body))
        numbers.append(draft.number)
    assert numbers == ["1.0", "1.1", "2.0", "2.1"]


def test_what_is_published_is_hashed_dated_and_journalled(network, admin):
    by, day = viewer(admin, network), timezone.localdate() + timedelta(days=10)
    draft = save_draft(by=by, values={"body": "<p>Texte <script>x</script>simple</p>"})
    publish(by=by, draft=draft, effective_on=day, read=print_of(draft.body))
    published = CharterVersion.objects.get()
    assert published.body == "<p>Texte simple</p>"
    assert published.sha256 == hashlib.sha256(b"<p>Texte simple</p>").hexdigest()
    assert published.effective_on == day
    assert Entry.objects.get(verb="charter.publish").details["sha256"] == published.sha256


def test_the_team_drafts_and_administrators_alone_publish(network, animator):
    draft = save_draft(by=animator, values={"body": "<p>Texte</p>"})
    with pytest.raises(Refused, match="Seules les personnes qui administrent ce réseau"):
        publish(by=animator, draft=draft, effective_on=timezone.localdate(), read=print_of(draft.body))
    discard_draft(by=animator, draft=draft)
    assert not CharterVersion.objects.exists()


def test_a_text_that_changed_since_it_was_read_is_not_published(network, admin, animator):
    draft = save_draft(by=animator, values={"body": "<p>Texte lu</p>"})
    save_draft(by=animator, values={"body": "<p>Texte changé</p>"})
    with pytest.raises(Conflict, match="a changé depuis que vous l'avez lu"):
        publish(
            by=viewer(admin, network), draft=draft, effective_on=timezone.localdate(), read=print_of("<p>Texte lu</p>")
        )


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (4, True), (5, False), (6, False)])
def test_a_version_takes_effect_neither_in_the_past_nor_before_the_former(network, admin, days, refused):
    today, by = timezone.localdate(), viewer(admin, network)
    make_charter(network, effective_on=today + timedelta(days=5))
    draft = save_draft(by=by, values={"body": "<p>Suite</p>"})
    act = {"by": by, "draft": draft, "effective_on": today + timedelta(days=days), "read": print_of(draft.body)}
    if refused:
        with pytest.raises(Refused, match="au plus tôt"):
            publish(**act)
    else:
        assert publish(**act).number == "1.1"


def test_an_empty_text_is_refused_beside_its_field_and_what_was_typed_is_kept(client, network, animator):
    make_charter(network)
    answer = client.post(DRAFT, values_of(client.get(DRAFT), DRAFT) | {"title": "Un autre titre", "body": ""})
    assert answer.status_code == 422
    assert 'value="Un autre titre"' in answer.text
    assert not CharterVersion.objects.filter(published_at=None).exists()


def test_the_draft_starts_from_the_default_text_then_is_read_and_published_from_the_pages(client, network, admin):
    client.force_login(admin)
    assert "Partir de ce texte" in client.get(reverse("directory:charter_work")).text
    sent = values_of(client.get(DRAFT), DRAFT)
    assert "La validité scientifique" in sent["body"]
    assert client.post(DRAFT, sent).status_code == 302
    read = client.get(PUBLISH)
    assert "Le texte paraît, et les acteurs peuvent le signer." in read.text
    confirmed = values_of(read, PUBLISH)
    assert client.post(PUBLISH, confirmed).status_code == 422  # The box is not ticked.
    assert client.post(PUBLISH, confirmed | {"is_read": "on"}).status_code == 302
    assert "La validité scientifique" in client.get(reverse("directory:charter_show")).text
    assert CharterVersion.objects.get().number == "1.0"


def test_publishing_says_whether_it_asks_everyone_to_sign_again(client, network, admin):
    make_signature(make_actor(network), make_charter(network))
    client.force_login(admin)
    said = {}
    for kind in ("non", "oui"):
        client.post(DRAFT, values_of(client.get(DRAFT), DRAFT) | {"is_major": kind, "body": f"<p>{kind}</p>"})
        said[kind] = client.get(PUBLISH).text
    assert "personne n’a à signer de nouveau" in said["non"]
    assert "Publier et demander une nouvelle signature" not in said["non"]
    assert "1 signataire est invité à signer de nouveau" in said["oui"]
    assert "Publier et demander une nouvelle signature" in said["oui"]


def test_two_people_at_the_draft_lose_nothing(client, network, animator):
    mine = values_of(client.get(DRAFT), DRAFT)
    save_draft(by=animator, values={"title": "Le titre de l'autre"})
    told = client.post(DRAFT, mine | {"title": "Mon titre"})
    assert told.status_code == 409
    assert 'value="Mon titre"' in told.text
    assert "Le titre de l&#x27;autre" in told.text
    assert CharterVersion.objects.get().title == "Le titre de l'autre"
