"""Signing for an actor: once, the text that was read, by someone mandated; withdrawing; the signer's name may go."""

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from maillage.accounts import actions as accounts
from maillage.accounts import queries as account_queries
from maillage.activity.models import Entry
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.directory.actions import archive, unarchive
from maillage.directory.actions.charter import (
    AlreadySigned,
    Signer,
    forget_signer,
    record_paper,
    send_link,
    sign_as_member,
    withdraw,
)
from maillage.directory.actions.restoring import Restorer
from maillage.directory.enums import MembershipState, SigningWay
from maillage.directory.models import Actor, ActorMember, Signature
from maillage.directory.queries.charter import membership
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_charter, make_commune, make_network, make_signature

pytestmark = pytest.mark.django_db
ODILE = Signer("Odile Marty", "directrice", "odile@exemple.test", name_is_public=True)


@pytest.fixture
def charter(network):
    return make_charter(network)


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des vents", email="musee@exemple.test")


def member(network, actor, **fields):
    user = make_person(network, **fields)
    ActorMember.objects.create(actor=actor, user=user)
    return viewer(user, network)


def test_a_signature_keeps_who_as_what_when_how_and_the_print_of_the_text(network, actor, charter):
    by = member(network, actor)
    signed = sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE)
    signed.refresh_from_db()
    assert (signed.signer_name, signed.capacity, signed.email) == ("Odile Marty", "directrice", "odile@exemple.test")
    assert (signed.way, signed.signed_on, signed.signed_by) == (SigningWay.ACCOUNT, timezone.localdate(), by.user)
    assert (signed.version, signed.text_sha256) == (charter, charter.sha256)
    entry = Entry.objects.get(verb="charter.sign")
    assert (entry.object_id, entry.details["sha256"]) == (actor.pk, charter.sha256)
    assert "Odile" not in f"{entry.label}{entry.details}{entry.changes}"


def test_a_second_signer_is_told_who_signed_and_nothing_is_doubled(network, actor, charter):
    make_signature(actor, charter, signed_on=date(2026, 3, 3))
    with pytest.raises(AlreadySigned) as told:
        sign_as_member(by=member(network, actor), actor=actor, read=charter.sha256, signer=ODILE)
    assert told.value.status == 409
    assert told.value.sentence == (
        "Odile Marty (directrice) a déjà signé la charte pour Musée des vents, le 3 mars 2026. Tout est en ordre."
    )
    assert Signature.objects.count() == 1
    assert not Entry.objects.filter(verb="charter.sign").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_the_same_instant_one_signs_and_the_other_is_told():
    network = make_network()
    charter, actor = make_charter(network), make_actor(network)
    people = [member(network, actor) for _ in range(6)]

    def sign(by):
        try:
            return sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE).pk
        except AlreadySigned as told:
            return -told.signature.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        found = list(pool.map(sign, people))
    (signed,) = Signature.objects.values_list("pk", flat=True)
    assert sorted(found) == [-signed] * 5 + [signed]


def test_what_was_not_read_is_not_signed(network, actor, charter):
    by = member(network, actor)
    make_charter(network, "<p>Un autre texte.</p>", major=2)
    with pytest.raises(Conflict, match="La charte a changé"):
        sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE)
    assert not Signature.objects.exists()


def test_only_who_represents_the_actor_signs_with_an_account(network, actor, charter, animator):
    for by in (animator, viewer(make_person(network), network)):
        with pytest.raises(Refused, match="Seules les personnes qui représentent cet acteur"):
            sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE)


def test_the_team_records_a_paper_from_its_own_day(network, actor, charter, animator):
    day = timezone.localdate() - timedelta(days=40)
    signed = record_paper(by=animator, actor=actor, version=charter, signer=Signer("Jean Py", "maire"), on=day)
    assert (signed.way, signed.signed_on, signed.recorded_by) == (SigningWay.PAPER, day, animator.user)
    assert membership(network, actor).since == day
    with pytest.raises(Refused, match="dans l'avenir"):
        record_paper(
            by=animator,
            actor=make_actor(network),
            version=charter,
            signer=ODILE,
            on=timezone.localdate() + timedelta(days=1),
        )


def test_a_paper_is_as_old_as_its_text_at_most_and_later_than_what_was_withdrawn(network, actor, animator):
    today = timezone.localdate()
    first = make_charter(network, effective_on=today - timedelta(days=90))
    charter = make_charter(network, major=2, effective_on=today - timedelta(days=50))

    def recorded(days, version=charter):
        return record_paper(by=animator, actor=actor, version=version, signer=ODILE, on=today - timedelta(days=days))

    for days, version in ((51, charter), (2000 * 365, first)):
        with pytest.raises(Refused, match="Cette version ne se signe que depuis le"):
            recorded(days, version)
    withdraw(by=animator, signature=recorded(50), reason="Courrier", on=today - timedelta(days=20))
    with pytest.raises(Refused, match="La signature précédente a été retirée le"):
        recorded(21)
    assert recorded(20).signed_on == today - timedelta(days=20)


def test_an_animator_of_one_departement_follows_the_signatures_there_alone(network, charter):
    gard = make_person(network, "animator", "30")
    here = make_actor(network, commune=make_commune("30189", "Nîmes"))
    there = make_actor(network, commune=make_commune())
    for actor, may in ((here, True), (there, False)):
        by, signed = viewer(gard, network), make_signature(actor, charter)
        acts = [
            lambda by=by, signed=signed: forget_signer(by=by, signature=signed),
            lambda by=by, signed=signed: withdraw(by=by, signature=signed, reason="Courrier"),
        ]
        for act in acts:
            if may:
                act()
            else:
                with pytest.raises(Refused, match="dans un département que vous n'animez pas"):
                    act()


def test_a_withdrawal_is_dated_reasoned_and_keeps_the_history(network, actor, charter, animator):
    signed = make_signature(actor, charter, signed_on=date(2026, 1, 5))
    withdraw(by=animator, signature=signed, reason="Courrier de la présidente", on=date(2026, 2, 1))
    signed.refresh_from_db()
    assert (signed.withdrawn_on, signed.withdrawal_reason) == (date(2026, 2, 1), "Courrier de la présidente")
    assert membership(network, actor).state == MembershipState.WITHDRAWN
    with pytest.raises(Conflict, match="déjà retirée"):
        withdraw(by=animator, signature=signed, reason="Encore")
    again = sign_as_member(by=member(network, actor), actor=actor, read=charter.sha256, signer=ODILE)
    assert list(Signature.objects.order_by("pk")) == [signed, again]
    with pytest.raises(Refused, match="entre celui de la signature"):
        withdraw(by=animator, signature=again, reason="Trop tôt", on=date(2020, 1, 1))


def test_archiving_an_actor_keeps_its_signature(network, actor, charter, animator):
    make_signature(actor, charter)
    archive(by=animator, actor=actor, reason="Dissoute")
    assert membership(network, actor).state == MembershipState.SIGNED
    with pytest.raises(Refused, match="archivé"):
        sign_as_member(by=member(network, actor), actor=Actor.objects.get(), read=charter.sha256, signer=ODILE)
    unarchive(by=animator, actor=actor)
    assert Signature.objects.count() == 1


def test_erasing_the_signer_s_account_keeps_the_organisation_s_signature_without_the_name(network, actor, charter):
    by = member(network, actor, email="odile@exemple.test", name="Odile Marty")
    mine = sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE)
    token = mine.token
    # Signed with a link before having an account, under the same address.
    before = make_signature(make_actor(network), charter)
    accounts.erase_account(by=by, user=by.user)
    for signed in (mine, before):
        signed.refresh_from_db()
        assert (signed.signer_name, signed.email, signed.signed_by, signed.name_is_public) == ("", "", None, False)
        assert signed.capacity == "directrice"
    assert mine.token != token
    assert membership(network, actor).state == MembershipState.SIGNED
    with pytest.raises(AlreadySigned, match="La charte est déjà signée pour Musée des vents, depuis le"):
        sign_as_member(by=member(network, actor), actor=actor, read=charter.sha256, signer=ODILE)


def test_the_copy_of_one_s_data_holds_what_one_signed(network, actor, charter):
    from maillage.accounts.models import Export

    by = member(network, actor)
    sign_as_member(by=by, actor=actor, read=charter.sha256, signer=ODILE)
    export = Export.objects.create(user=by.user, network=network, session_hash="x", expires_at=timezone.now())
    accounts.prepare_export.enqueue(export_id=export.pk)
    run_waiting()
    export.refresh_from_db()
    with export.file.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        data = json.loads(archive.read("donnees.json"))
    signed = [row for table in data for row in table["rows"] if "capacity" in row]
    assert [(row["signer_name"], row["capacity"]) for row in signed] == [("Odile Marty", "directrice")]
    assert account_queries.undeclared_personal_fields() == []


def test_the_sheet_of_an_independent_person_goes_with_their_charter(network, charter):
    person = make_actor(network, "Camille Durand", kind="person")
    by = member(network, person, email="camille@exemple.test", name="Camille Durand")
    sign_as_member(by=by, actor=person, read=charter.sha256, signer=Signer("Camille Durand", "médiatrice"))
    accounts.erase_account(by=by, user=by.user)
    assert not Actor.objects.exists()
    assert not Signature.objects.exists()


def test_a_record_that_was_signed_for_is_not_removed_by_undoing_an_import(network, actor, charter, animator):
    from maillage.exchange.models import Batch, Change

    make_signature(actor, charter)
    batch = Batch.objects.create(network=network, author=animator.user, title="Essai")
    change = Change.objects.create(
        batch=batch,
        content_type=ContentType.objects.get_for_model(Actor),
        object_id=actor.pk,
        created=True,
        after={"name": actor.name, "email": actor.email, "state": "published"},
    )
    kept = Restorer(by=animator, network=network, changes=[change]).run()
    assert list(kept.values()) == [
        {"": "des personnes suivent cette fiche, la demandent, y ont laissé un mot ou ont signé la charte"}
    ]
    assert Actor.objects.filter(pk=actor.pk).exists()


def test_an_actor_that_the_network_does_not_list_signs_nothing_there(network, charter, animator):
    elsewhere = make_actor(make_network("Ailleurs"), email="a@exemple.test")
    with pytest.raises(Refused, match="n'est pas dans l'annuaire de ce réseau"):
        record_paper(by=animator, actor=elsewhere, version=charter, signer=ODILE, on=timezone.localdate())
    with pytest.raises(Refused, match="n'est pas dans l'annuaire de ce réseau"):
        send_link(by=animator, actor=elsewhere)
    assert not Signature.objects.exists()
