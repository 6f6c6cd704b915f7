"""Changes to what everyone reads (MOD-1), their answers (MOD-2), what readers are told of a correction (ART-5)."""

import time
from random import Random

import pytest

from maillage.activity.queries import compared
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import marks
from maillage.core.seen import read as seen_read
from maillage.directory.models import Trust
from maillage.publications import actions
from maillage.publications.actions.revising import print_of
from maillage.publications.models import Version
from maillage.publications.queries.fields import held_fields
from maillage.publications.queries.history import changes_between, differences_of
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def edit(viewer, publication, **fields):
    seen = seen_read(marks(held_fields(publication, viewer, fields)))
    return actions.edit_publication(by=viewer, publication=publication, fields=fields, seen=seen)


@pytest.fixture
def published(world):
    return make_publication(world.nadia, "Avant", summary="Le chapeau.")


def test_what_is_written_of_a_published_text_shows_to_nobody_until_the_team_takes_it(world, published):
    edit(world.nadia, published, title="Après")
    published.refresh_from_db()
    assert published.title == "Avant"
    version = actions.send_version(by=world.nadia, publication=published)
    assert (version.state, version.values) == ("waiting", {"title": "Après"})
    published.refresh_from_db()
    assert published.title == "Avant"
    actions.accept_version(by=world.team, version=version, seen=print_of(version))
    published.refresh_from_db()
    assert published.title == "Après"


def test_each_published_state_is_kept_with_what_it_changed(world, published):
    edit(world.nadia, published, title="Après", body="<p>Du texte neuf.</p>")
    version = actions.send_version(by=world.nadia, publication=published)
    actions.accept_version(by=world.team, version=version, seen=print_of(version))
    first, second = Version.objects.published().order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert (second.author, second.decided_by) == (world.nadia.user, world.team.user)
    (told,) = differences_of([changes_between(first.values, second.values)])
    assert [each.label for each in told] == ["Titre", "Texte"]
    assert (told[0].before, told[0].after) == ("Avant", "Après")


def test_a_refused_change_is_kept_for_its_author_and_is_read_again(world, published):
    edit(world.nadia, published, title="Après")
    version = actions.send_version(by=world.nadia, publication=published)
    actions.refuse_version(by=world.team, version=version, code="inexact", reason="Source ?")
    published.refresh_from_db()
    assert published.title == "Avant"
    assert held_fields(published, world.nadia, ["title"]) == {"title": "Après"}
    edit(world.nadia, published, title="Encore après")
    assert actions.send_version(by=world.nadia, publication=published).state == "waiting"


def test_the_team_does_not_take_words_written_on_since_it_opened_the_page(world, published):
    edit(world.nadia, published, title="Après")
    version = actions.send_version(by=world.nadia, publication=published)
    seen = print_of(version)
    edit(world.nadia, published, summary="Et ceci, que personne n'a relu.")
    with pytest.raises(Conflict):
        actions.accept_version(by=world.team, version=version, seen=seen)


def test_nobody_reviews_their_own_words(world, published):
    edit(world.team, published, title="De l'équipe")
    version = Version.objects.being_written().get()
    Version.objects.filter(pk=version.pk).update(state="waiting")
    version.refresh_from_db()
    with pytest.raises(Refused):
        actions.accept_version(by=world.team, version=version, seen=print_of(version))


def test_a_correction_is_told_to_readers_and_cannot_be_silent(world, published):
    edit(world.team, published, summary="Le bon chapeau.")
    with pytest.raises(Refused):
        actions.send_version(by=world.team, publication=published, corrects=True)
    actions.send_version(by=world.team, publication=published, corrects=True, note="La date était fausse.")
    assert Version.objects.published().order_by("-number").first().note == "La date était fausse."


def test_writing_back_what_everyone_reads_leaves_nothing_to_send(world, published):
    edit(world.nadia, published, title="Après")
    edit(world.nadia, published, title="Avant")
    assert not Version.objects.being_written().exists()
    with pytest.raises(Conflict):
        actions.send_version(by=world.nadia, publication=published)


def test_abandoned_changes_go(world, published):
    edit(world.nadia, published, title="Après")
    actions.discard_version(by=world.nadia, publication=published)
    assert held_fields(published, world.nadia, ["title"]) == {"title": "Avant"}


def test_what_was_refused_is_read_again_however_often_it_is_sent(world, published):
    edit(world.nadia, published, title="Après")
    version = actions.send_version(by=world.nadia, publication=published)
    actions.refuse_version(by=world.team, version=version, code="inexact", reason="Source ?")
    Trust.objects.create(user=world.nadia.user, network=world.network, given_by=world.team.user)
    assert actions.send_version(by=world.nadia, publication=published).state == "waiting"
    assert actions.send_version(by=world.nadia, publication=published).state == "waiting"


def test_a_note_changed_since_the_page_was_opened_is_not_told_to_readers(world, published):
    edit(world.nadia, published, title="Après")
    version = actions.send_version(by=world.nadia, publication=published, note="Une faute.")
    seen = print_of(version)
    actions.send_version(by=world.nadia, publication=published, note="Autre chose.")
    with pytest.raises(Conflict):
        actions.accept_version(by=world.team, version=version, seen=seen)


def test_two_long_texts_are_compared_at_once():
    mixed = Random(7)
    before, after = (" ".join(mixed.choice("abc") for _word in range(10_000)) for _side in range(2))
    begun = time.process_time()
    assert "".join(piece.text for piece in compared(before, after) if piece.kind != "removed") == after
    lines = ["\n".join(text.split()) for text in (before, after)]
    assert "".join(piece.text for piece in compared(*lines) if piece.kind != "added") == lines[0]
    assert time.process_time() - begun < 2


def test_words_written_on_since_the_page_was_opened_do_not_go_online_with_the_rest(world, published):
    edit(world.nadia, published, title="Après")
    seen = print_of(Version.objects.being_written().get())
    edit(world.nadia, published, summary="Pas encore relu.")
    with pytest.raises(Conflict):
        actions.send_version(by=world.team, publication=published, seen=seen)
