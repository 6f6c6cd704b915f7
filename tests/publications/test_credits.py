"""Signatures (ART-2): nobody signs without having agreed; what was is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accounts.actions import erase_account
from maillage.core.errors import Conflict, Refused
from maillage.core.models import Job
from maillage.directory.models import ActorMember
from maillage.publications import actions
from maillage.publications.actions.minding import close_questions
from maillage.publications.actions.telling import credit_token, read_credit_token
from maillage.publications.models import Credit, Publication
from maillage.publications.queries.own import asked_of
from maillage.publications.queries.reading import page_of_publication
from tests.factories.directory import make_actor
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(world):
    return make_publication(world.nadia, state="proposed")


def names(publication, viewer):
    return [each.name for each in page_of_publication(publication, viewer).signatures]


def test_who_writes_signs(world, text):
    assert names(text, world.visitor) == ["Nadia Ferrand"]


def test_a_person_named_shows_only_once_they_agreed_by_the_link_of_the_message(world, text):
    credit = actions.ask_credit(by=world.nadia, publication=text, name="Inès Roux", email="ines@exemple.test")
    assert names(text, world.visitor) == ["Nadia Ferrand"]
    assert Job.objects.filter(task="maillage.core.mail.deliver", arguments__to="ines@exemple.test").count() == 1
    found = read_credit_token(credit_token(credit))
    actions.answer_credit(by=world.visitor, credit=found, accept=True, by_link=True)
    assert names(text, world.visitor) == ["Nadia Ferrand", "Inès Roux"]
    credit.refresh_from_db()
    assert credit.email == ""
    assert read_credit_token(credit_token(credit)) is None


def test_an_actor_signs_by_its_people(world, text):
    actor = make_actor(world.network, "Les Petits Débrouillards")
    ActorMember.objects.create(actor=actor, user=world.omar.user, role="admin")
    credit = actions.ask_credit(by=world.nadia, publication=text, actor=actor)
    assert [each.pk for each in asked_of(world.omar)] == [credit.pk]
    with pytest.raises(Refused):
        actions.answer_credit(by=world.nadia, credit=credit, accept=True)
    actions.answer_credit(by=world.omar, credit=credit, accept=True)
    assert names(text, world.visitor) == ["Nadia Ferrand", "Les Petits Débrouillards"]
    assert Publication.objects.editable_by(world.omar).filter(pk=text.pk).exists()


def test_an_agreement_is_taken_back_and_its_history_kept(world, text):
    actor = make_actor(world.network, "Planétarium")
    ActorMember.objects.create(actor=actor, user=world.omar.user, role="admin")
    credit = actions.ask_credit(by=world.nadia, publication=text, actor=actor)
    actions.answer_credit(by=world.omar, credit=credit, accept=True)
    actions.answer_credit(by=world.omar, credit=credit, accept=False)
    assert names(text, world.visitor) == ["Nadia Ferrand"]
    assert list(text.credits.values_list("state", flat=True)) == ["accepted", "declined"]


def test_one_does_not_sign_for_somebody_else(world, text):
    with pytest.raises(Refused):
        actions.ask_credit(by=world.nadia, publication=text, name="Marie Curie")
    with pytest.raises(Refused):
        actions.ask_credit(by=world.nadia, publication=text, name="Marie Curie", email=world.nadia.user.email)


def test_an_actor_signs_once(world, text):
    actor = make_actor(world.network, "Planétarium")
    actions.ask_credit(by=world.nadia, publication=text, actor=actor)
    with pytest.raises(Conflict):
        actions.ask_credit(by=world.nadia, publication=text, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.create(publication=text, actor=actor)


def test_signatures_come_in_the_order_given(world, text):
    first = actions.ask_credit(by=world.nadia, publication=text, name="Inès", email="i@exemple.test")
    actions.answer_credit(by=world.visitor, credit=first, accept=True, by_link=True)
    keys = [first.pk, *text.credits.exclude(pk=first.pk).values_list("pk", flat=True)]
    actions.order_credits(by=world.nadia, publication=text, keys=keys)
    assert names(text, world.visitor) == ["Inès", "Nadia Ferrand"]


def test_a_person_who_is_erased_leaves_what_they_signed(world, text):
    actor = make_actor(world.network, "Planétarium")
    ActorMember.objects.create(actor=actor, user=world.omar.user, role="admin")
    actions.answer_credit(
        by=world.omar, credit=actions.ask_credit(by=world.nadia, publication=text, actor=actor), accept=True
    )
    erase_account(by=world.nadia, user=world.nadia.user)
    text.refresh_from_db()
    assert names(text, world.visitor) == ["Planétarium"]
    assert not Credit.objects.filter(name__contains="Nadia").exists()


def test_on_a_text_that_everyone_reads_a_typed_name_is_read_by_the_team_first(world):
    published = make_publication(world.nadia)
    with pytest.raises(Refused):
        actions.ask_credit(by=world.nadia, publication=published, name="Le préfet", email="p@exemple.test")
    actions.ask_credit(by=world.nadia, publication=published, actor=make_actor(world.network, "Planétarium"))
    credit = actions.ask_credit(by=world.team, publication=published, name="Inès", email="i@exemple.test")
    assert (credit.state, credit.name) == ("waiting", "Inès")


def test_who_declined_is_not_asked_again(world, text):
    credit = actions.ask_credit(by=world.nadia, publication=text, name="Inès", email="i@exemple.test")
    actions.answer_credit(by=world.visitor, credit=credit, accept=False, by_link=True)
    with pytest.raises(Refused):
        actions.ask_credit(by=world.nadia, publication=text, name="inès", email="autre@exemple.test")


def test_a_text_online_keeps_a_signature_and_its_author_keeps_theirs(world):
    published = make_publication(world.nadia)
    own = published.credits.get()
    with pytest.raises(Refused):
        actions.remove_credit(by=world.nadia, credit=own)
    actor = make_actor(world.network, "Planétarium")
    ActorMember.objects.create(actor=actor, user=world.omar.user, role="admin")
    actions.answer_credit(
        by=world.omar, credit=actions.ask_credit(by=world.nadia, publication=published, actor=actor), accept=True
    )
    with pytest.raises(Refused):
        actions.remove_credit(by=world.omar, credit=own)
    actions.remove_credit(by=world.nadia, credit=own)
    assert names(published, world.visitor) == ["Planétarium"]


def test_a_question_without_answer_is_closed_and_its_address_forgotten(world, text):
    credit = actions.ask_credit(by=world.nadia, publication=text, name="Inès", email="i@exemple.test")
    Credit.objects.filter(pk=credit.pk).update(created_at=timezone.now() - timedelta(days=91))
    close_questions.function(Job())
    credit.refresh_from_db()
    assert (credit.state, credit.email) == ("declined", "")
