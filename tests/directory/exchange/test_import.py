"""Lists become actors: verdicts, decisions, what is never overwritten, the batch undone."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils import timezone

from maillage.accounts.models import Role
from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry, Notice
from maillage.core import jobs
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions import Stamp, confirm, set_circle, update_actor
from maillage.directory.enums import Origin
from maillage.directory.models import Actor, DistinctPair, Listing, Qualification
from maillage.directory.queries import bits
from maillage.directory.queries.figures import public_figures
from maillage.directory.queries.filters import Filters, select
from maillage.exchange import actions
from maillage.exchange.models import Batch
from maillage.exchange.queries.reporting import filtered_lines, report_rows
from maillage.exchange.queries.showing import shown_lines
from maillage.exchange.registry import target
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.imports import LINES, applied, deposited, imported, previewed, verdicts

pytestmark = pytest.mark.django_db


def test_a_preview_writes_nothing(world):
    batch = previewed(world, LINES)
    assert (batch.status, verdicts(batch)) == ("previewed", [(2, "create"), (3, "create")])
    assert not Actor.objects.exists()


def test_a_line_becomes_a_published_actor_with_place_source_and_circle(world):
    imported(world, LINES)
    actor = Actor.objects.get(identifiers__value="M1")
    assert (actor.name, actor.commune, actor.postal_code, actor.website) == (
        "Musée des sciences",
        world.montpellier,
        "34000",
        "http://musee.example.org",
    )
    assert (actor.family.slug, actor.source, actor.latitude) == ("musee", "Liste d'essai", world.montpellier.latitude)
    assert actor.provenance["name"]["origin"] == Origin.IMPORT
    assert Listing.objects.get(actor=actor).state == "published"
    given = Qualification.objects.get(actor=actor)
    assert (given.circle, given.reason, given.source) == (1, "Proposé à l'import : les sciences", "Liste d'essai")


def test_the_same_file_again_changes_nothing(world):
    imported(world, LINES)
    before = list(Actor.objects.order_by("pk").values())
    again = imported(world, LINES)
    assert [verdict for _number, verdict in verdicts(again)] == ["identical", "identical"]
    assert list(Actor.objects.order_by("pk").values()) == before
    assert not again.changes.exists()


def test_a_list_confirms_no_sheet_unless_it_says_when_it_was_checked(world):
    """What nobody confirmed is in no figure of sheets up to date, and a file of last year confirms nothing of this one."""
    lines = ["Astro;M1;34000;Montpellier;", "Planète;M2;32000;Auch;2001-02-03"]
    today = timezone.localdate()
    lines.append(f"Fossiles;M3;32000;Auch;{today:%d/%m/%Y}")
    head = "Nom;Code;Code postal;Ville;Date de mise à jour"
    batch = imported(world, lines, head=head)
    days = {actor.name: actor.confirmed_at and timezone.localdate(actor.confirmed_at) for actor in Actor.objects.all()}
    assert days == {"Astro": None, "Planète": date(2001, 2, 3), "Fossiles": today}
    world.network.refresh_from_db()
    assert public_figures(world.network)[-1].value == 1
    fresh = select(Filters.from_params(QueryDict("fraicheur=jamais"), world.network, work=True))
    assert fresh.index.page(bits.members(fresh.mask, fresh.index.size), 0, 9) == [Actor.objects.get(name="Astro").pk]
    assert {verdict for _number, verdict in verdicts(previewed(world, lines, head=head))} == {"identical"}
    confirm(by=world.by, actor=Actor.objects.get(name="Planète"))
    assert {verdict for _number, verdict in verdicts(previewed(world, lines, head=head))} == {"identical"}
    actions.undo_batch(by=world.by, batch=batch)
    assert [(actor.name, list(batch.changes.get(object_id=actor.pk).kept)) for actor in Actor.objects.all()] == [
        ("Planète", ["confirmed_at"])
    ]


def test_a_later_day_of_the_source_confirms_a_known_sheet_and_its_undoing_takes_it_back(world):
    head = "Nom;Code;Code postal;Ville;Date de mise à jour"
    imported(world, ["Astro;M1;34000;Montpellier;2001-02-03"], head=head)
    batch = imported(world, ["Astro;M1;34000;Montpellier;07/02/2024"], head=head)
    actor = Actor.objects.get()
    assert (batch.counts["updated"], timezone.localdate(actor.confirmed_at)) == (1, date(2024, 2, 7))
    actions.undo_batch(by=world.by, batch=batch)
    actor.refresh_from_db()
    assert timezone.localdate(actor.confirmed_at) == date(2001, 2, 3)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("hier", "Ce n'est pas une date, comme 07/02/2024 ou 2024-02-07."),
        ("2023-02-30", "Ce n'est pas une date, comme 07/02/2024 ou 2024-02-07."),
        ("2999-01-01", "Cette date est à venir."),
    ],
)
def test_what_is_no_past_day_is_left_out_and_told(world, cell, reason):
    lines = ["Planète;M2;32000;Auch;2001-02-03", f"Astro;M1;34000;Montpellier;{cell}"]
    line = previewed(world, lines, head="Nom;Code;Code postal;Ville;Mise à jour le").lines.get(number=3)
    assert (line.verdict, [(fault["cell"], fault["reason"]) for fault in line.faults]) == ("create", [(cell, reason)])


def test_a_list_without_keys_is_recognised_when_it_comes_again(world):
    lines = ["Les Curieux;34000;Montpellier", "Planète;32000;Auch"]
    imported(world, lines, head="Nom;Code postal;Ville")
    again = previewed(world, lines, head="Nom;Code postal;Ville")
    assert [verdict for _number, verdict in verdicts(again)] == ["identical", "identical"]


def test_lines_outside_the_perimeter_are_left_out_unless_asked(world):
    line = "Labo;M3;81000;Albi;;;"
    batch = previewed(world, [*LINES, line])
    assert (batch.counts["read"], batch.counts["skipped"]) == (3, 1)
    assert previewed(world, [*LINES, line], perimeter="all").counts["create"] == 3


def test_a_faulty_line_is_told_with_its_column_and_keeps_the_file_out(world):
    batch = previewed(world, [*LINES, "Rêveurs;M9;34000;Nulle-Part-sur-Rien;;;9"])
    faulty = batch.lines.get(verdict="error")
    assert [(fault["column"], fault["cell"]) for fault in faulty.faults] == [("Cercle", "9")]
    with pytest.raises(Refused):
        actions.start_apply(by=world.by, batch=batch)
    assert not Actor.objects.exists()
    applied(world, batch, without_faulty=True)
    assert Actor.objects.count() == 2


def test_what_the_actor_wrote_is_never_overwritten_and_an_empty_cell_erases_nothing(world):
    imported(world, LINES)
    actor = Actor.objects.get(identifiers__value="M1")
    stamp = Stamp(Origin.ACTOR, user_id=world.user.pk)
    update_actor(by=world.by, actor=actor, values={"website": "https://nous.example.org"}, stamp=stamp)
    changed = ["Musée neuf;M1;34000;Montpellier;autre.example.org;;", "Astroclub d'Auch;M2;32000;Auch;;;"]
    batch = imported(world, changed)
    actor.refresh_from_db()
    assert (actor.name, actor.website, actor.family.slug) == ("Musée neuf", "https://nous.example.org", "musee")
    assert [verdict for _number, verdict in verdicts(batch)] == ["update", "identical"]


def test_a_circle_given_by_the_team_stays(world):
    imported(world, LINES)
    actor = Actor.objects.get(identifiers__value="M1")
    set_circle(by=world.by, actor=actor, circle=3, reason="vu sur place")
    imported(world, LINES)
    assert Qualification.objects.in_force().get(actor=actor).circle == 3


def test_a_lookalike_waits_for_a_decision(world):
    known = make_actor(world.network, "Astroclub d'Auch", commune=world.auch)
    batch = imported(world, LINES)
    line = batch.lines.get(number=3)
    assert (line.verdict, line.alike[0]["ref"], line.outcome) == ("lookalike", known.pk, "left")
    assert Actor.objects.count() == 2


def test_a_lookalike_said_to_be_the_same_is_updated_and_found_by_its_key_next_time(world):
    known = make_actor(world.network, "Astroclub d'Auch", commune=world.auch)
    imported(world, LINES, decision="same")
    assert known.identifiers.get().value == "M2"
    assert [verdict for _number, verdict in verdicts(previewed(world, LINES))] == ["identical", "identical"]


def test_a_lookalike_said_to_differ_is_created_and_the_pair_remembered(world):
    known = make_actor(world.network, "Astroclub d'Auch", commune=world.auch)
    imported(world, LINES, decision="different")
    created = Actor.objects.get(identifiers__value="M2")
    pair = DistinctPair.objects.get()
    assert {pair.first_id, pair.second_id} == {known.pk, created.pk}


def test_the_same_siren_with_another_siret_is_offered_as_a_branch(world):
    parent = make_actor(
        world.network, "CNRS siège", commune=world.montpellier, siren="180089013", siret="18008901303720"
    )
    head, line = "Nom;SIRET;Code postal;Ville", "CNRS délégation d'Auch;18008901300049;32000;Auch"
    batch = previewed(world, [line], head=head)
    found = batch.lines.get()
    if found.verdict == "error":
        pytest.fail(str(found.faults))
    assert (found.verdict, found.alike[0]["branch"]) == ("lookalike", True)
    actions.decide(by=world.by, batch=batch, decision="branch")
    applied(world, batch)
    assert Actor.objects.get(siret="18008901300049").parent == parent


def test_twice_the_same_key_in_a_file_is_told(world):
    batch = previewed(world, [*LINES, "Astroclub d'Auch bis;M2;32000;Auch;;;"])
    line = batch.lines.get(number=4)
    assert (line.verdict, line.alike[0]["ref"]) == ("lookalike", "line:3")


def test_an_import_that_is_killed_goes_on_where_it_was(world, monkeypatch):
    lines = [f"Acteur {number};K{number};34000;Montpellier;;;" for number in range(1, 8)]
    batch = previewed(world, lines)
    actions.decide(by=world.by, batch=batch, decision="different")
    monkeypatch.setattr("maillage.exchange.actions.running.CHUNK", 3)
    seen = []

    def interrupted(job, done, total, message=""):
        seen.append(done)
        if done == 3 and seen.count(3) == 1:
            raise jobs.Interrupted

    monkeypatch.setattr("maillage.exchange.actions.running.progress", interrupted)
    actions.start_apply(by=world.by, batch=batch)
    job = jobs.lease_one("essai")
    jobs.run(job, keep_lease=False)
    assert Actor.objects.count() == 3
    jobs.run_waiting()
    batch.refresh_from_db()
    assert (batch.status, Actor.objects.count(), batch.counts["created"]) == ("applied", 7, 7)


def test_an_import_stopped_can_be_gone_on_with(world, monkeypatch):
    batch = previewed(world, LINES)
    monkeypatch.setattr("maillage.exchange.actions.running.CHUNK", 1)
    real = jobs.progress

    def stopped(job, done, total, message=""):
        if done == 1:
            jobs.request_stop(job)
        real(job, done, total, message)

    monkeypatch.setattr("maillage.exchange.actions.running.progress", stopped)
    applied(world, batch)
    assert (batch.status, Actor.objects.count()) == ("stopped", 1)
    monkeypatch.setattr("maillage.exchange.actions.running.progress", real)
    applied(world, batch)
    assert (batch.status, Actor.objects.count()) == ("applied", 2)


def test_an_animator_of_a_departement_is_told_up_front_what_is_refused(world):
    """Before anything is written, whatever the line would have done; and what is refused is in the counts."""
    known = make_actor(world.network, "Club des planètes", commune=world.montpellier, siret="18008901303720")
    make_actor(world.network, "Fossiles", commune=world.montpellier)
    Role.objects.filter(user=world.user).update(department="32")
    world.by = viewer_for(world.user, world.network)
    lines = [
        "Astroclub d'Auch;32000;Auch;",
        "Labo;34000;Montpellier;",
        "Fossiles;34000;Montpellier;",
        f"Club du ciel;34000;Montpellier;{known.siret}",
        f"Club du ciel;32000;Auch;{known.siret}",
    ]
    batch = previewed(world, lines, head="Nom;Code postal;Ville;SIRET")
    assert [verdict for _number, verdict in verdicts(batch)] == ["create", "barred", "barred", "barred", "barred"]
    reasons = {fault["reason"] for line in batch.lines.filter(verdict="barred") for fault in line.faults}
    assert reasons == {"Cet acteur est dans un département que vous n'animez pas."}
    applied(world, batch)
    assert [batch.figures[name] for name in ("created", "refused", "left")] == [1, 4, 0]
    (title,) = set(Notice.objects.filter(user=world.user, kind="import_finished").values_list("title", flat=True))
    assert title == "Import terminé : liste.csv (1 fiche créée, 4 lignes refusées)"
    assert [actor.name for actor in Actor.objects.filter(commune=world.auch)] == ["Astroclub d'Auch"]


def test_an_animator_of_a_departement_lists_no_actor_that_another_network_follows_elsewhere(world):
    """Listing it, giving it a circle: neither is for who does not animate where it is, whatever the line says of it."""
    theirs = make_actor(make_network("Ailleurs"), "Fossiles", commune=world.montpellier, siret="18008901303720")
    batch = previewed(world, [f"Fossiles;32000;Auch;{theirs.siret};1"], head="Nom;Code postal;Ville;SIRET;Cercle")
    assert verdicts(batch) == [(2, "update")]
    Role.objects.filter(user=world.user).update(department="32")
    applied(world, batch)
    assert [batch.figures[name] for name in ("updated", "refused")] == [0, 1]
    batch = previewed(world, [f"Fossiles;32000;Auch;{theirs.siret};1"], head="Nom;Code postal;Ville;SIRET;Cercle")
    assert verdicts(batch) == [(2, "barred")]
    applied(world, batch)
    assert not Listing.objects.filter(network=world.network).exists()
    assert not Qualification.objects.exists()


def test_an_import_shows_nothing_of_a_sheet_that_the_network_does_not_list(world):
    """Its codes lead to it, and the comparison of a second line would have told its contact and its address."""
    elsewhere, codes = make_network("Ailleurs"), {"siret": "18008901303720", "rna": "W343000001"}
    contact = {"kind": "person", "email": "privee@exemple.fr", "address": "3 impasse"}
    theirs = make_actor(elsewhere, "Camille", commune=world.auch, **codes, **contact)
    lines = [f"Camille;32000;Auch;{code};x@exemple.fr;1 rue" for code in ("18008901303720;", ";W343000001")]
    batch = previewed(world, lines, head="Nom;Code postal;Ville;SIRET;RNA;E-mail;Adresse")
    assert [(line.verdict, [each["ref"] for each in line.alike]) for line in batch.lines.all()] == [
        ("update", []),
        ("lookalike", [theirs.pk]),
    ]
    (alike,) = shown_lines(list(batch.lines.all()), target("actors"))[1].alike
    assert (alike.differences, alike.kept, alike.is_compared) == ([], [], False)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (
            "34000;Montpellier;Département 32",
            "Département",
            "Montpellier est dans le département Département 34 (34), pas Département 32.",
        ),
        (
            "34000;Auch;34",
            "Ville",
            "Les codes de la ligne sont ceux de Montpellier, qui est retenue à la place de « Auch ».",
        ),
        ("34200;Montpellier;", "Code postal", "Le code postal 34200 est celui de Sète, pas de Montpellier."),
        ("34000;Montpellier;34", "", ""),
        ("34967;Montpellier Cedex 2;34", "", ""),
        ("34000;Hameau du Lac;", "", ""),
        ("34000;Montpellier;Occitanie", "", ""),
    ],
)
def test_a_place_that_contradicts_itself_is_told_on_its_cell(world, line, column, reason):
    """The commune is chosen all the same; an office of CEDEX, a hamlet, a region contradict nothing."""
    make_commune("34301", "Sète", (43.4, 3.7), ["34200"])
    batch = previewed(world, [f"Astro;{line}"], head="Nom;Code postal;Ville;Département")
    found = batch.lines.get()
    told = [(fault["column"], fault["reason"], fault["doubt"]) for fault in found.faults]
    assert (found.verdict, found.detail, told) == ("create", "Montpellier", [(column, reason, True)] if column else [])
    assert [row[4] for row in report_rows(batch)] == [reason]
    assert list(filtered_lines(batch, verdict="remarks")) == ([found] if column else [])


def test_a_lookalike_is_shown_beside_the_line_with_what_agrees_and_what_differs(world):
    known = make_actor(
        world.network,
        "Astroclub d'Auch",
        commune=world.auch,
        website="https://astro.example.org",
        family=make_term("family", "association"),
    )
    stamp = Stamp(Origin.ACTOR, user_id=world.user.pk)
    update_actor(by=world.by, actor=known, values={"phone": "05 62 00 00 00"}, stamp=stamp)
    lines = ["Astroclub d'Auch;32000;Auch;astro.example.org;05 62 99 99 99;musee"] * 2
    batch = previewed(world, lines, head="Nom;Code postal;Ville;Site web;Téléphone;Famille")
    (alike,), (earlier,) = (line.alike for line in shown_lines(list(batch.lines.all()), target("actors")))
    assert (alike.label, alike.url, alike.kept) == (known.name, f"/travail/acteurs/{known.pk}/", ["Téléphone"])
    assert alike.reasons == ["nom identique", "même adresse de site", "même commune"]
    told = {one.label: (one.before, one.after) for one in alike.differences}
    assert told["Famille"] == ("Association", "Musee")
    assert told["Téléphone"] == ("05 62 00 00 00", "05 62 99 99 99")
    assert not told.keys() & {"Nom", "Commune", "Site web"}
    assert (earlier.line, earlier.url, earlier.differences) == (2, "", [])


def test_another_network_lists_the_same_actor_without_touching_its_record(world):
    other = make_network("Autre réseau")
    shared = make_actor(other, "Musée partagé", commune=world.montpellier)
    shared.identifiers.create(scheme="liste-d-essai", value="M1")
    imported(world, LINES)
    shared.refresh_from_db()
    assert shared.name == "Musée partagé"
    assert Listing.objects.get(actor=shared, network=world.network).state == "published"


def test_the_end_is_told_to_who_began_and_every_actor_has_its_line_in_the_journal(world):
    batch = imported(world, LINES)
    assert Notice.objects.filter(user=world.user, kind="import_finished").exists()
    assert Entry.objects.filter(verb="actor.create", details__batch=batch.pk).count() == 2


def test_the_verdicts_of_many_lines_cost_few_queries(world, count_queries):
    few = deposited(world, [f"Acteur {n};Q{n};34000;Montpellier;;;" for n in range(3)])
    many = deposited(world, [f"Autre {n};R{n};32000;Auch;;;" for n in range(60)])
    actions.preview(few)
    assert count_queries(lambda: actions.preview(many)) <= 45


def test_a_batch_is_invisible_to_another_network(world):
    batch = previewed(world, LINES)
    elsewhere = Viewer.as_system(make_network("Ailleurs"), "essai")
    assert not Batch.objects.visible_to(elsewhere).filter(pk=batch.pk).exists()
