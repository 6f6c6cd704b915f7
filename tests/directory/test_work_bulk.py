"""Changes of many actors: shown before, applied together, undone whole."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Role, User
from maillage.accounts.queries import viewer_for
from maillage.activity.models import Entry
from maillage.core import jobs
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.directory import actions
from maillage.directory.actions import bulk_edit
from maillage.directory.actions.bulk_edit import BulkChange, plan, start_bulk
from maillage.directory.enums import MemberRole
from maillage.directory.models import ActorMember, Listing, Qualification
from maillage.exchange.actions import request_undo, undo_batch
from maillage.exchange.models import Batch
from tests.factories.directory import make_actor, make_commune, make_network, make_term

pytestmark = pytest.mark.django_db


def animator_of(network, department="", email="a@exemple.test"):
    user = User.objects.create_user(email, name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR, department=department)
    return viewer_for(user, network)


def held(actor):
    actor.refresh_from_db()
    return {
        "circle": list(
            Qualification.objects.filter(actor=actor)
            .order_by("since", "pk")
            .values_list("circle", "since", "until", "reason")
        ),
        "family": actor.family_id,
        "terms": sorted(actor.terms.values_list("pk", flat=True)),
        "state": actor.listings.get().state,
        "source": actor.source,
        "rhythm": actor.update_rhythm,
        "archived": actor.archived_at is not None,
        "provenance": dict(actor.provenance),
    }


def everything(**changes):
    return BulkChange(
        circle=1,
        circle_reason="Mission première",
        circle_source="Forum",
        family=make_term("family", "musee").pk,
        add_terms=(make_term("theme", "climat").pk,),
        remove_terms=(make_term("theme", "astronomie").pk,),
        state="hidden",
        source="Forum 2025",
        update_rhythm=6,
        archive_reason="Fermé",
        **changes,
    )


def test_the_plan_says_what_would_change_and_writes_nothing(network, animator):
    actor = make_actor(network, terms=[make_term("theme", "astronomie")])
    before = held(actor)
    planned = plan(by=animator, ids=[actor.pk], change=everything()).changed[0]
    assert planned.changes["circle"] == [None, 1]
    assert planned.changes["state"] == ["published", "hidden"]
    assert planned.changes["terms"] == [[make_term("theme", "astronomie").pk], [make_term("theme", "climat").pk]]
    assert held(actor) == before


def test_the_plan_costs_the_same_for_one_and_three_actors(network, animator, same_queries):
    ids = []
    same_queries(
        page=lambda: plan(by=animator, ids=ids, change=everything()),
        add=lambda: ids.append(make_actor(network, commune=make_commune()).pk),
    )


def test_everything_changes_then_everything_comes_back(network, animator):
    actor = make_actor(network, terms=[make_term("theme", "astronomie")], source="Ancienne")
    actions.set_circle(by=animator, actor=actor, circle=3, reason="Vu en 2024", on=date(2024, 5, 2))
    before = held(actor)
    batch = start_bulk(by=animator, ids=[actor.pk], change=everything())
    after = held(actor)
    assert (after["state"], after["source"], after["rhythm"], after["archived"]) == ("hidden", "Forum 2025", 6, True)
    assert [circle for circle, *_ in after["circle"]] == [3, 1]
    undo_batch(by=animator, batch=batch)
    assert held(actor) == before


def test_a_circle_given_the_same_day_comes_back_with_its_reason(network, animator):
    actor = make_actor(network)
    actions.set_circle(by=animator, actor=actor, circle=3, reason="Ce matin")
    batch = start_bulk(by=animator, ids=[actor.pk], change=BulkChange(circle=1, circle_reason="Ce soir"))
    undo_batch(by=animator, batch=batch)
    assert [(circle, until, reason) for circle, _, until, reason in held(actor)["circle"]] == [(3, None, "Ce matin")]


def test_a_circle_removed_from_many_comes_back(network, animator):
    actor = make_actor(network)
    actions.set_circle(by=animator, actor=actor, circle=2, reason="Vu", on=date(2024, 5, 2))
    before = held(actor)["circle"]
    batch = start_bulk(by=animator, ids=[actor.pk], change=BulkChange(circle=0, circle_reason="Erreur"))
    assert not Qualification.objects.in_force().exists()
    undo_batch(by=animator, batch=batch)
    assert held(actor)["circle"] == before


def test_what_someone_changed_since_is_not_undone_and_is_told(network, animator):
    actor = make_actor(network, source="Ancienne")
    batch = start_bulk(by=animator, ids=[actor.pk], change=BulkChange(source="Lot", update_rhythm=6))
    actions.update_actor(by=animator, actor=actor, values={"source": "À la main"})
    undo_batch(by=animator, batch=batch)
    assert (held(actor)["source"], held(actor)["rhythm"]) == ("À la main", 12)
    assert batch.changes.get().kept == {"source": "modifié depuis"}


def test_the_undoing_is_in_the_history_of_the_actor(network, animator):
    actor = make_actor(network, source="Ancienne")
    undo_batch(by=animator, batch=start_bulk(by=animator, ids=[actor.pk], change=BulkChange(source="Lot")))
    entry = Entry.objects.get(verb="actor.undo", object_id=actor.pk)
    assert (entry.user, entry.changes) == (animator.user, {"source": ["Lot", "Ancienne"]})


def test_what_the_actor_wrote_is_its_own_again_after_the_undo(network, animator):
    actor = make_actor(network)
    user = User.objects.create_user("r@exemple.test")
    ActorMember.objects.create(actor=actor, user=user, role=MemberRole.ADMIN)
    family = make_term("family", "asso")
    actions.update_actor(by=viewer_for(user, network), actor=actor, values={"family": family})
    batch = start_bulk(by=animator, ids=[actor.pk], change=BulkChange(family=make_term("family", "musee").pk))
    undo_batch(by=animator, batch=batch)
    actor.refresh_from_db()
    assert (actor.family, actor.wrote_itself("family")) == (family, True)


def test_what_one_may_not_change_is_named_and_left(network, client):
    gard = animator_of(network, department="30")
    here = make_actor(network, "Ici", commune=make_commune("30189", "Nîmes"))
    there = make_actor(network, "Là-bas", commune=make_commune())
    planned = plan(by=gard, ids=[here.pk, there.pk], change=BulkChange(source="Forum"))
    assert [each.row.actor.name for each in planned.refused] == ["Là-bas"]
    batch = start_bulk(by=gard, ids=[here.pk, there.pk], change=BulkChange(source="Forum"))
    assert (held(here)["source"], held(there)["source"]) == ("Forum", "")
    assert (batch.counts["updated"], batch.counts["refused"]) == (1, 1)


def test_actors_of_another_network_are_not_reached(network, animator):
    other = make_actor(make_network("Nord"), "Ailleurs")
    assert plan(by=animator, ids=[other.pk], change=BulkChange(source="Forum")).planned == []


def test_many_actors_are_changed_and_undone_in_the_background(network, animator, monkeypatch):
    monkeypatch.setattr(bulk_edit, "AT_ONCE", 2)
    ids = [make_actor(network).pk for _ in range(5)]
    batch = start_bulk(by=animator, ids=ids, change=BulkChange(source="Forum"))
    assert batch.changes.count() == 0
    jobs.run_waiting()
    batch.refresh_from_db()
    assert (batch.status, batch.counts["updated"]) == ("applied", 5)
    request_undo(by=animator, batch=batch)
    jobs.run_waiting()
    batch.refresh_from_db()
    assert (batch.status, batch.counts["undone"]) == ("undone", 5)


def test_the_actors_of_a_bulk_change_are_told_to_the_networks_together(network, animator):
    ids = [make_actor(network).pk for _ in range(3)]
    start_bulk(by=animator, ids=ids, change=BulkChange(source="Forum", state="hidden", circle=1, circle_reason="vu"))
    assert Listing.objects.values("revision").distinct().count() == 1


def test_a_colleague_does_not_undo_what_is_not_theirs(network, animator):
    batch = start_bulk(by=animator, ids=[make_actor(network).pk], change=BulkChange(source="Forum"))
    with pytest.raises(Refused):
        undo_batch(by=animator_of(network, email="b@exemple.test"), batch=batch)


# --- pages ------------------------------------------------------------------------------------------------------------


def bulk_url(query):
    return f"{reverse('directory:actors_bulk')}?{query}"


def test_from_ticks_to_preview_to_confirmation_to_undo(client, network, animator):
    ids = [make_actor(network, f"Acteur {n}").pk for n in range(2)]
    ticked = f"acteur={ids[0]}&acteur={ids[1]}"
    assert client.get(bulk_url(ticked)).status_code == 200
    query = f"{ticked}&n-source=Forum+2025"
    preview = client.get(bulk_url(query))
    assert preview.context["changed"] == 2
    assert "Forum 2025" in preview.content.decode()
    done = client.post(bulk_url(query), {"lu": preview.context["digest"]})
    batch = Batch.objects.get()
    assert done.url == reverse("directory:bulk_show", args=[batch.pk])
    assert "Forum 2025" in client.get(done.url).content.decode()
    client.post(reverse("directory:bulk_undo", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.status == "undone"
    again = client.post(reverse("directory:bulk_undo", args=[batch.pk]))
    text = again.content.decode()
    assert again.status_code == 409
    assert "Erreur 409" in text and "Erreur 403" not in text
    assert f"Déjà annulé le {timezone.localtime(batch.undone_at):%-d} " in text and "par Camille Rey" in text


def test_all_the_list_is_chosen_without_ticking(client, network, animator):
    for n in range(3):
        make_actor(network, f"Acteur {n}", state="draft" if n else "published")
    preview = client.get(bulk_url("tous=1&etat=draft&n-source=Forum"))
    assert preview.context["changed"] == 2


def test_a_confirmation_of_another_selection_shows_the_preview_again(client, network, animator):
    make_actor(network, state="draft")
    digest = client.get(bulk_url("tous=1&etat=draft&n-source=Forum")).context["digest"]
    make_actor(network, state="draft")
    again = client.post(bulk_url("tous=1&etat=draft&n-source=Forum"), {"lu": digest})
    assert again.context["changed"] == 2
    assert not Batch.objects.exists()


def test_the_actors_concerned_are_named_the_first_in_sight_the_others_in_a_fold(
    client, network, animator, same_queries
):
    ids = [make_actor(network, f"Acteur {n:02}").pk for n in range(8)]
    ticked = "&".join(f"acteur={pk}" for pk in ids)
    for query in (ticked, f"{ticked}&n-source=Forum"):
        text = client.get(bulk_url(query)).text
        assert "<strong>Acteur 05</strong>" in text and "<strong>Acteur 06</strong>" not in text
        assert "et 2 autres" in text and "Acteur 06, Acteur 07." in text
    few = client.get(bulk_url(f"acteur={ids[0]}&q=mus&par=50"))
    assert " autres</summary>" not in few.text and "?q=mus&amp;par=50" in few.text
    many = [make_actor(network).pk for _ in range(1)]
    same_queries(
        page=lambda: client.get(bulk_url("&".join(f"acteur={pk}" for pk in many))),
        add=lambda: many.append(make_actor(network).pk),
    )


def test_archiving_many_is_a_tick_and_a_confirmation(client, network, animator):
    actor = make_actor(network)
    assert client.get(bulk_url(f"acteur={actor.pk}&n-archive_reason=Oubli")).status_code == 422
    preview = client.get(bulk_url(f"acteur={actor.pk}&n-archive=on"))
    assert "Archiver un acteur" in preview.text
    client.post(bulk_url(f"acteur={actor.pk}&n-archive=on"), {"lu": preview.context["digest"]})
    actor.refresh_from_db()
    assert (actor.archived_at is not None, actor.archive_reason) == (True, "Sans motif précisé")


def test_the_words_to_add_and_to_take_away_are_named_apart(client, network, animator):
    theme = make_term("theme", "climat", label="Climat")
    preview = client.get(bulk_url(f"acteur={make_actor(network).pk}&n-add_terms={theme.pk}"))
    assert "Climat</ins>" in preview.text
    text = client.get(bulk_url(f"acteur={make_actor(network).pk}")).text
    assert "Ajouter des thématiques, des publics" in text and "Retirer des thématiques, des publics" in text
    assert '<legend class="visually-hidden">Thématique</legend>' in text


def test_nothing_chosen_leads_back_to_the_table(client, network, animator):
    assert client.get(bulk_url("acteur=abc")).url == reverse("directory:actor_table")


def test_a_circle_for_many_asks_for_its_reason(client, network, animator):
    response = client.get(bulk_url(f"acteur={make_actor(network).pk}&n-circle=1"))
    assert response.status_code == 422
    assert "Dites pourquoi" in response.content.decode()
