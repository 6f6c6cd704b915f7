"""Comments: the first of an account waits, the next do not; the team answers with a reason; the author deletes."""

import pytest

from maillage.core.errors import Refused
from maillage.publications import actions
from maillage.publications.models import Comment
from maillage.publications.queries.reading import comments_of
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(world):
    return make_publication(world.nadia)


def read_by(viewer, publication):
    return [comment.text for comment in comments_of(publication, viewer)]


def test_the_first_comment_of_an_account_waits_for_the_team_and_the_next_does_not(world, text):
    first = actions.write_comment(by=world.omar, publication=text, text="Bravo !")
    assert first.state == "waiting"
    assert read_by(world.visitor, text) == []
    assert read_by(world.omar, text) == ["Bravo !"]
    actions.accept_comment(by=world.team, comment=first)
    assert read_by(world.visitor, text) == ["Bravo !"]
    assert actions.write_comment(by=world.omar, publication=text, text="Encore.").state == "shown"


def test_who_signs_and_the_team_comment_at_once(world, text):
    assert actions.write_comment(by=world.nadia, publication=text, text="Merci.").state == "shown"
    assert actions.write_comment(by=world.team, publication=text, text="De l'équipe.").state == "shown"


def test_a_refused_comment_shows_no_more_and_its_author_reads_why(world, text):
    comment = actions.write_comment(by=world.omar, publication=text, text="Publicité")
    actions.refuse_comment(by=world.team, comment=comment, code="promotionnel", reason="Pas ici.")
    assert read_by(world.omar, text) == []
    notice = world.omar.user.notices.get(channel="site")
    assert "n'est pas publié" in notice.title.replace("\u2019", "'")


def test_only_its_author_deletes_a_comment(world, text):
    comment = actions.write_comment(by=world.omar, publication=text, text="Bravo !")
    with pytest.raises(Refused):
        actions.remove_comment(by=world.nadia, comment=comment)
    actions.remove_comment(by=world.omar, comment=comment)
    assert Comment.objects.get().text == ""


def test_nothing_is_commented_once_closed(world, text):
    actions.change_settings(by=world.nadia, publication=text, publish_at=None, comments_open=False)
    text.refresh_from_db()
    with pytest.raises(Refused):
        actions.write_comment(by=world.omar, publication=text, text="Trop tard")
    world.network.settings["comments"] = False
    world.network.save()
    other = make_publication(world.nadia, "Un autre")
    with pytest.raises(Refused):
        actions.write_comment(by=world.omar, publication=other, text="Pas ici")


def test_a_script_in_a_comment_is_shown_as_text(world, text, client):
    actions.write_comment(by=world.nadia, publication=text, text="<script>alert(1)</script>")
    page = client.get(text.get_absolute_url(), headers={"host": "testserver"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
