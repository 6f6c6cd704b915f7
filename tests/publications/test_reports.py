"""What people report of a text or of a comment (MOD-3): hidden by enough of them, answered, contested."""

import pytest
from django.urls import reverse

from maillage.core.errors import Conflict, Refused
from maillage.moderation import actions as moderation
from maillage.moderation.models import Case
from maillage.moderation.registry import kind_named
from maillage.publications import actions
from maillage.publications.models import Publication
from maillage.publications.queries.reading import comments_of
from tests.factories.publications import make_person, make_publication

pytestmark = pytest.mark.django_db
CROWD = ("Alice Un", "Bruno Deux", "Chloé Trois")


def report(world, kind, content):
    for name in CROWD:
        moderation.report(by=make_person(world.network, name), kind=kind_named(kind), content=content, reason="faux")


def titles(viewer):
    return list(Publication.objects.visible_to(viewer).values_list("title", flat=True))


def test_three_accounts_hide_a_text_that_its_author_cannot_put_back(world):
    text = make_publication(world.nadia, "Contesté")
    report(world, "texte", text)
    assert titles(world.visitor) == []
    with pytest.raises(Conflict):
        actions.submit_publication(by=world.nadia, publication=text)
    moderation.settle(by=world.team, case=Case.objects.get(), removed=False, words="Rien à redire.")
    assert titles(world.visitor) == ["Contesté"]


def test_what_reports_hide_is_read_by_no_link_of_those_who_had_it_before(client, world):
    text = make_publication(world.nadia, "Contesté")

    def preview() -> int:
        key = f"{text.pk}-{text.preview_key}"
        return client.get(reverse("publications:publication_preview", args=[key])).status_code

    assert preview() == 302  # To where everyone reads it.
    report(world, "texte", text)
    assert preview() == 404
    text.refresh_from_db()
    assert preview() == 404
    with pytest.raises(Refused):
        actions.renew_preview(by=world.nadia, publication=text)


def test_what_the_team_removes_is_contested_and_put_back_by_another(world):
    text = make_publication(world.nadia, "Contesté")
    report(world, "texte", text)
    moderation.settle(by=world.team, case=Case.objects.get(), removed=True, words="Faux.")
    text.refresh_from_db()
    assert (text.state, text.reason) == ("hidden", "Faux.")
    moderation.appeal(by=world.nadia, case=Case.objects.get(), words="Voici la source.")
    other = make_person(world.network, "Denis Quatre", "animator")
    moderation.settle_appeal(by=other, case=Case.objects.get(), removed=False, words="C'est sourcé.")
    assert titles(world.visitor) == ["Contesté"]


def test_a_comment_is_hidden_in_the_same_way_and_the_text_stays(world):
    text = make_publication(world.nadia)
    comment = actions.write_comment(by=world.nadia, publication=text, text="Discutable.")
    report(world, "commentaire", comment)
    assert comments_of(text, world.visitor) == []
    moderation.settle(by=world.team, case=Case.objects.get(), removed=False, words="Il reste.")
    assert [each.text for each in comments_of(text, world.visitor)] == ["Discutable."]
    assert titles(world.visitor) == [text.title]


def test_what_is_written_while_it_is_hidden_is_read_by_the_team_before_it_comes_back(world):
    text = make_publication(world.nadia, "Contesté")
    report(world, "texte", text)
    with pytest.raises(Refused):
        actions.edit_publication(by=world.nadia, publication=text, fields={"title": "Remplacé"}, seen=None)
    moderation.settle(by=world.team, case=Case.objects.get(), removed=True, words="Faux.")
    actions.edit_publication(by=world.nadia, publication=text, fields={"title": "Remplacé"}, seen=None)
    moderation.appeal(by=world.nadia, case=Case.objects.get(), words="Voici la source.")
    other = make_person(world.network, "Denis Quatre", "animator")
    moderation.settle_appeal(by=other, case=Case.objects.get(), removed=False, words="C'est sourcé.")
    text.refresh_from_db()
    assert text.state == "proposed"
    assert titles(world.visitor) == []


def test_taking_a_text_back_does_not_dodge_what_is_decided_of_it(world):
    text = make_publication(world.nadia)
    moderation.report(by=world.omar, kind=kind_named("texte"), content=text, reason="faux")
    actions.take_back_publication(by=world.nadia, publication=text)
    moderation.settle(by=world.team, case=Case.objects.get(), removed=True, words="Faux.")
    with pytest.raises(Refused):
        actions.submit_publication(by=world.nadia, publication=text)
