"""Writing, sending, publishing: who reads what, when."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.core.errors import Conflict, Refused
from maillage.core.models import Job
from maillage.core.seen import marks
from maillage.core.seen import read as seen_read
from maillage.core.viewer import Viewer
from maillage.directory.models import Trust
from maillage.publications import actions
from maillage.publications.actions.stating import print_of
from maillage.publications.enums import State
from maillage.publications.models import Publication
from maillage.publications.queries.fields import held_fields
from maillage.search.models import Document
from tests.factories.directory import make_network
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def titles(viewer):
    return sorted(Publication.objects.visible_to(viewer).values_list("title", flat=True))


def test_a_draft_is_seen_by_its_author_alone(world):
    make_publication(world.nadia, "Brouillon", state="draft")
    assert titles(world.nadia) == ["Brouillon"]
    assert titles(world.team) == titles(world.omar) == titles(world.visitor) == []


def test_what_a_member_writes_waits_for_the_team_and_then_is_read_by_all(world):
    publication = make_publication(world.nadia, "Proposé", state="proposed")
    assert publication.state == State.PROPOSED
    assert titles(world.team) == ["Proposé"]
    assert titles(world.omar) == titles(world.visitor) == []
    actions.publish_publication(by=world.team, publication=publication)
    assert titles(world.visitor) == ["Proposé"]


def test_the_team_and_those_it_trusts_publish_at_once(world):
    assert make_publication(world.team, state="draft").state == State.DRAFT
    by_team = actions.submit_publication(by=world.team, publication=Publication.objects.get())
    assert by_team.state == State.PUBLISHED
    Trust.objects.create(user=world.omar.user, network=world.network, given_by=world.team.user)
    trusted = make_publication(world.omar, "De confiance", state="proposed")
    assert trusted.state == State.PUBLISHED


def test_nothing_empty_is_sent(world):
    publication = make_publication(world.nadia, state="draft", summary="", body="<p> </p>")
    with pytest.raises(Refused) as refusal:
        actions.submit_publication(by=world.nadia, publication=publication)
    assert "quelques mots" in refusal.value.sentence


def test_an_embargo_hides_until_its_minute(world):
    publication = make_publication(world.team, state="draft")
    at = timezone.now() + timedelta(hours=2)
    actions.change_settings(by=world.team, publication=publication, publish_at=at, comments_open=True)
    actions.submit_publication(by=world.team, publication=publication)
    assert titles(world.visitor) == []
    assert titles(world.team) == [publication.title]
    Publication.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert titles(world.visitor) == [publication.title]


def test_the_moment_of_what_everyone_reads_is_not_changed(world):
    publication = make_publication(world.team)
    with pytest.raises(Refused):
        actions.change_settings(
            by=world.team, publication=publication, publish_at=timezone.now() + timedelta(days=1), comments_open=True
        )


def test_a_refusal_says_why_and_the_same_text_is_read_again_even_of_a_trusted_author(world):
    publication = make_publication(world.nadia, state="proposed")
    actions.refuse_publication(by=world.team, publication=publication, code="inexact", reason="Citez votre source.")
    publication.refresh_from_db()
    assert (publication.state, publication.code, publication.reason) == ("refused", "inexact", "Citez votre source.")
    Trust.objects.create(user=world.nadia.user, network=world.network, given_by=world.team.user)
    assert actions.submit_publication(by=world.nadia, publication=publication).state == State.PROPOSED


def test_two_people_who_change_the_same_field_are_told(world):
    publication = make_publication(world.nadia, state="proposed")
    seen = seen_read(marks(held_fields(publication, world.nadia, ["title", "summary"])))
    actions.edit_publication(by=world.team, publication=publication, fields={"title": "De l'équipe"}, seen=seen)
    with pytest.raises(Conflict):
        actions.edit_publication(by=world.nadia, publication=publication, fields={"title": "De Nadia"}, seen=seen)
    actions.edit_publication(by=world.nadia, publication=publication, fields={"summary": "Autre champ."}, seen=seen)
    publication.refresh_from_db()
    assert (publication.title, publication.summary) == ("De l'équipe", "Autre champ.")


def test_scripts_and_foreign_pictures_do_not_survive_saving(world):
    body = '<p onclick="x()">Bien<script>alert(1)</script><img src="https://ailleurs.test/p.gif"></p>'
    publication = make_publication(world.nadia, state="draft", body=body)
    assert publication.body == "<p>Bien</p>"


def test_a_picture_among_the_media_needs_its_credit_and_its_licence(world):
    media = [{"kind": "image", "name": "publications/x.webp", "alt": "", "credit": "", "licence": "cc0", "caption": ""}]
    with pytest.raises(ValidationError):
        make_publication(world.nadia, state="draft", media=media)


def test_what_was_published_is_taken_back_and_not_deleted(world):
    publication = make_publication(world.nadia)
    with pytest.raises(Refused):
        actions.delete_publication(by=world.nadia, publication=publication)
    actions.take_back_publication(by=world.nadia, publication=publication)
    assert titles(world.visitor) == []
    draft = make_publication(world.nadia, "Jamais lu", state="draft")
    actions.delete_publication(by=world.nadia, publication=draft)
    assert not Publication.objects.filter(pk=draft.pk).exists()


def test_only_the_team_puts_back_what_it_took_out(world):
    publication = make_publication(world.nadia)
    actions.hide_publication(by=world.team, publication=publication, reason="Plainte")
    with pytest.raises(Refused):
        actions.submit_publication(by=world.nadia, publication=publication)
    assert actions.publish_publication(by=world.team, publication=publication).state == State.PUBLISHED


def test_a_dossier_is_made_by_the_team(world):
    with pytest.raises(Refused):
        make_publication(world.nadia, kind="dossier", state="draft")
    with pytest.raises(Refused) as refusal:
        make_publication(world.team, kind="dossier", state="proposed")
    assert "rassemble" in refusal.value.sentence


def test_a_draft_is_in_no_search_not_even_that_of_the_team(world):
    draft = make_publication(world.nadia, "Zygomatique", state="draft")
    assert not Document.objects.filter(kind="article", object_id=draft.pk).exists()
    actions.submit_publication(by=world.nadia, publication=draft)
    assert Document.objects.filter(kind="article", object_id=draft.pk, is_public=False).exists()


def test_what_was_refused_waits_however_often_a_trusted_author_sends_it(world):
    publication = make_publication(world.nadia, state="proposed")
    actions.refuse_publication(by=world.team, publication=publication, code="inexact", reason="Source ?")
    Trust.objects.create(user=world.nadia.user, network=world.network, given_by=world.team.user)
    for _time in range(2):
        assert actions.submit_publication(by=world.nadia, publication=publication).state == State.PROPOSED


def test_the_team_publishes_what_it_read_and_nothing_written_since(world):
    publication = make_publication(world.nadia, state="proposed")
    seen = print_of(publication)
    actions.edit_publication(by=world.nadia, publication=publication, fields={"summary": "Jamais lu."}, seen=None)
    with pytest.raises(Conflict):
        actions.publish_publication(by=world.team, publication=publication, seen=seen)


def test_a_moment_set_by_the_team_is_not_lifted_by_a_member(world):
    publication = make_publication(world.nadia, state="proposed")
    at = timezone.now() + timedelta(days=2)
    actions.change_settings(by=world.team, publication=publication, publish_at=at, comments_open=True)
    actions.publish_publication(by=world.team, publication=publication)
    with pytest.raises(Refused):
        actions.change_settings(by=world.nadia, publication=publication, publish_at=None, comments_open=True)


def test_a_proposal_sent_again_tells_the_team_once(world):
    world.network.contact_email = "equipe@exemple.test"
    world.network.save()
    publication = make_publication(world.nadia, state="proposed")
    actions.submit_publication(by=world.nadia, publication=publication)
    assert Job.objects.filter(arguments__to="equipe@exemple.test").count() == 1


def test_the_same_title_has_the_same_address_in_two_networks_and_tells_nothing_of_the_other(world):
    other = make_network("Ailleurs", host="ailleurs.test")
    ours = make_publication(world.team, "Un même titre", state="draft")
    theirs = make_publication(Viewer.as_system(other, "tests"), "Un même titre", state="draft")
    assert (ours.slug, theirs.slug) == ("un-meme-titre", "un-meme-titre")
    assert make_publication(world.nadia, "Un même titre", state="draft").slug == "un-meme-titre-2"
