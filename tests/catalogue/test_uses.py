"""Who used a resource, what they say of it, collections."""

import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maillage.accounts.actions.erasing import erase_account
from maillage.accounts.actions.privacy import request_export
from maillage.accounts.queries.personal import erasure_preview
from maillage.activity.models import Notice
from maillage.catalogue import actions
from maillage.catalogue.actions import occupy, reporting
from maillage.catalogue.engine.halves import Span
from maillage.catalogue.enums import BookingKind
from maillage.catalogue.models import Collection, Feedback, Use
from maillage.core import jobs
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from tests.factories.catalogue import make_person, make_resource

YESTERDAY = timezone.localdate() - timedelta(days=1)


def used(world, by=None, **more):
    resource = more.pop("resource", None) or make_resource(world.helene, world.lender)
    return actions.declare_use(by=by or world.nadia, resource=resource, used_on=YESTERDAY, **more)


def test_only_who_used_it_says_what_it_is_worth_and_once(world):
    use = used(world, reached=30)
    with pytest.raises(Refused):
        actions.write_feedback(by=world.igor, use=use, stars=5, words="Super")
    actions.write_feedback(by=world.nadia, use=use, stars=4, words="Bien")
    with pytest.raises(Refused):
        actions.write_feedback(by=world.nadia, use=use, stars=1, words="")
    page = Client(HTTP_HOST="testserver").get(use.resource.get_absolute_url()).content.decode()
    assert "4 sur 5" in page
    assert "30 personnes touchées" in page


def test_nobody_praises_what_they_offer(world):
    with pytest.raises(Refused):
        used(world, by=world.igor)


def test_a_use_is_of_a_day_that_came_and_told_once_a_day(world):
    use = used(world)
    with pytest.raises(Refused):
        used(world, resource=use.resource)
    with pytest.raises(Refused):
        actions.declare_use(by=world.nadia, resource=use.resource, used_on=timezone.localdate() + timedelta(days=1))


def test_a_loan_that_ended_makes_one_use_even_of_what_is_offered_no_more(world):
    resource = make_resource(world.helene, world.lender, copies=1)
    booking = occupy(resource=resource, kind=BookingKind.LOAN, span=Span(1_480_000, 1_480_001), wanted={None: 1})
    actions.retire_resource(by=world.helene, resource=resource, despite_bookings=True)
    resource.refresh_from_db()
    told = {"user": world.nadia.user, "actor": None, "used_on": YESTERDAY, "commune": None, "reached": 40}
    first = actions.count_use(booking=booking, **told)
    assert actions.count_use(booking=booking, **told) == first
    assert Use.objects.count() == 1


def test_the_owner_answers_and_others_do_not(world):
    feedback = actions.write_feedback(by=world.nadia, use=used(world), stars=2, words="Incomplet")
    with pytest.raises(Refused):
        actions.answer_feedback(by=world.nadia, feedback=feedback, answer="Non")
    actions.answer_feedback(by=world.helene, feedback=feedback, answer="Complété.")
    assert Feedback.objects.get().answer == "Complété."
    told = Notice.objects.filter(user=world.nadia.user).count()
    actions.answer_feedback(by=world.helene, feedback=feedback, answer=" Complété. ")
    assert Notice.objects.filter(user=world.nadia.user).count() == told > 0


def test_an_opinion_that_is_hidden_is_read_by_the_team_and_counts_no_more(world):
    feedback = actions.write_feedback(by=world.nadia, use=used(world), stars=2, words="Vous êtes nuls")
    reporting.hide_feedback(by=Viewer.as_system(world.network, "essai"), feedback=feedback)
    assert not Feedback.objects.visible_to(world.visitor).exists()
    assert Feedback.objects.visible_to(world.team).exists()
    page = Client(HTTP_HOST="testserver").get(feedback.use.resource.get_absolute_url()).content.decode()
    assert "Vous êtes nuls" not in page


def test_a_collection_keeps_its_order_its_words_and_a_stub_of_what_is_offered_no_more(world):
    one, two = make_resource(world.helene, world.lender, "Une"), make_resource(world.helene, world.lender, "Deux")
    collection = actions.create_collection(by=world.nadia, fields={"title": "Été", "summary": ""}, first=one)
    actions.add_item(by=world.nadia, collection=collection, resource=two)
    first, second = collection.items.all()
    actions.arrange_items(by=world.nadia, collection=collection, items=[(second.pk, "d'abord"), (first.pk, "")])
    assert [item.title for item in collection.items.all()] == ["Deux", "Une"]
    actions.retire_resource(by=world.helene, resource=two)
    page = Client(HTTP_HOST="testserver").get(collection.get_absolute_url()).content.decode()
    assert "n’est plus proposée" in page
    assert page.index("Deux") < page.index("Une</a>")


def test_what_the_team_took_out_is_not_named_in_a_collection(world):
    one = make_resource(world.helene, world.lender, "Titre fâcheux")
    collection = actions.create_collection(by=world.nadia, fields={"title": "Été", "summary": ""}, first=one)
    actions.hide_resource(by=world.team, resource=one)
    assert "Titre fâcheux" not in Client(HTTP_HOST="testserver").get(collection.get_absolute_url()).content.decode()


def test_those_named_compose_it_and_only_who_opened_it_names_them(world):
    omar = make_person(world.network, "Omar Saidi")
    collection = actions.create_collection(by=world.nadia, fields={"title": "Été", "summary": ""})
    with pytest.raises(Refused):
        actions.edit_collection(by=omar, collection=collection, fields={"title": "Hiver", "summary": ""})
    actions.add_editor(by=world.nadia, collection=collection, email=omar.user.email)
    actions.add_editor(by=world.nadia, collection=collection, email="personne@exemple.test")
    actions.edit_collection(by=omar, collection=collection, fields={"title": "Hiver", "summary": ""})
    with pytest.raises(Refused):
        actions.add_editor(by=omar, collection=collection, email="x@exemple.test")
    assert (Collection.objects.get().title, collection.editors.count()) == ("Hiver", 1)


def test_a_member_gives_the_address_and_the_team_lists(world):
    actions.create_collection(by=world.nadia, fields={"title": "À moi", "summary": "", "is_listed": True})
    actions.create_collection(by=world.team, fields={"title": "À tous", "summary": "", "is_listed": True})
    page = Client(HTTP_HOST="testserver").get("/ressources/collections/").content.decode()
    assert "À tous" in page
    assert "À moi" not in page


def test_what_one_said_is_in_the_export_of_ones_data_and_in_the_preview_of_an_erasure(world):
    resource = make_resource(world.helene, world.lender)
    use = used(world, resource=resource)
    actions.write_feedback(by=world.nadia, use=use, stars=4, words="Les enfants ont adoré.")
    kinds = {fate.data: fate.count for fate in erasure_preview(world.nadia.user)}
    assert kinds["Avis que vous avez donnés sur des ressources"] == 1
    export = request_export(by=world.nadia, session_key="essai")
    jobs.run_waiting()
    export.refresh_from_db()
    with export.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        told = archive.read("donnees.json").decode()
    assert "Les enfants ont adoré." in told
    assert resource.title in told
    erase_account(by=world.nadia, user=world.nadia.user)
    page = Client(HTTP_HOST="testserver").get(resource.get_absolute_url()).content.decode()
    assert ("Les enfants ont adoré." in page, "Nadia" in page) == (True, False)
