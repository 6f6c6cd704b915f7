"""The working pages of the directory, and the sheets that people look after."""

from maillage.accounts.queries import viewer_for
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions.bulk_edit import BulkChange, start_bulk
from maillage.directory.actions.merging import merge
from maillage.directory.models import ActorMember, DistinctPair, SavedView, Suspect
from tests.access.table import LOGIN, line

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200, "anonymous": LOGIN, "others": 403}
DONE = {"animator": 302, "network_admin": 302, "platform_admin": 302, "anonymous": LOGIN, "others": 403}


def prepare(world):
    """An actor of A that is being prepared: the team and its representative see it, nobody else."""
    by = Viewer.as_system(world.network, "essai")
    world.preparing = actions.create_actor(by=by, values={"name": "Fiche à préparer"})
    ActorMember.objects.create(actor=world.preparing, user=world.users["representative"])
    animator = viewer_for(world.users["animator"], world.network)
    world.bulk = start_bulk(by=animator, ids=[world.preparing.pk], change=BulkChange(update_rhythm=6))
    world.saved_view = SavedView.objects.create(
        network=world.network, owner=world.users["animator"], name="À moi", query="etat=draft"
    )
    world.twins = [actions.create_actor(by=by, values={"name": "Deux fois"}) for _each in range(2)]
    first, second = sorted(actor.pk for actor in world.twins)
    world.pair = Suspect.objects.create(
        network=world.network, first_id=first, second_id=second, score=0.9, band="certain"
    )
    apart = sorted(actions.create_actor(by=by, values={"name": "Deux acteurs"}).pk for _each in range(2))
    world.decided = DistinctPair.objects.create(first_id=apart[0], second_id=apart[1])
    others = [actions.create_actor(by=by, values={"name": "Réunie"}) for _each in range(2)]
    world.merge = merge(by=animator, kept=others[0], gone=others[1], chosen={})


def pk(world):
    return {"pk": world.preparing.pk}


def bulk(world):
    return {"pk": world.bulk.pk}


def pair(world):
    return {"pk": world.pair.pk}


def merged(world):
    return {"pk": world.merge.pk}


def both(world):
    return {"pk": world.twins[0].pk, "other": world.twins[1].pk}


def team(name, **options):
    """What concerns a sheet is for the team; elsewhere the sheet does not exist."""
    return line(f"directory:{name}", args=pk, **options)


LINES = [
    line("directory:work_home", **TEAM),
    line("directory:actor_options", query="q=musee", **TEAM),
    line("directory:actor_table", **TEAM),
    line("directory:actor_table", query="cercle=1&tri=-cercle&colonnes=email", **TEAM),
    line("directory:actor_table_export", method="post", data={"format": "csv"}, **TEAM),
    line("directory:actor_table_export", method="post", data={"fiches": "csv"}, **TEAM),
    line("directory:actor_create", **TEAM),
    line("directory:actor_lookalikes", method="post", data={"name": "Fiche"}, **TEAM),
    line("directory:actors_to_place", **TEAM),
    line("directory:actors_bulk", **DONE),
    line("directory:bulk_show", args=bulk, **TEAM),
    line("directory:bulk_undo", args=bulk, method="post", **(DONE | {"others": 403})),
    line("directory:view_save", method="post", data={"name": "Vue", "query": ""}, **DONE),
    line(
        "directory:view_delete",
        args=lambda world: {"pk": world.saved_view.pk},
        method="post",
        anonymous=LOGIN,
        animator=302,
        network_admin=404,
        platform_admin=404,
        others=403,
    ),
    team("actor_work", **TEAM),
    team("actor_row", **TEAM),
    team("actor_qualify", method="post", data={"nature": "assessed", "circle": "1", "reason": "vu"}, **DONE),
    team("actor_note", method="post", data={"body": "vu"}, **DONE),
    team("actor_state", method="post", data={"state": "published"}, **DONE),
    team("actor_archive", method="post", data={"reason": "fermé"}, **DONE),
    team("actor_place", **TEAM),
    team("actor_twin", **TEAM),
    line("directory:actor_merge", args=both, **TEAM),
    line("directory:pair_list", query="sorte=certain", **TEAM),
    line("directory:pair_look", method="post", **DONE),
    line("directory:pair_next", method="post", **DONE),
    line("directory:pair_show", args=pair, **TEAM),
    line("directory:pair_take", args=pair, method="post", **DONE),
    line("directory:pair_leave", args=pair, method="post", **DONE),
    line("directory:decided_list", **TEAM),
    line("directory:decided_take_back", args=lambda world: {"pk": world.decided.pk}, method="post", **DONE),
    # A pair of elsewhere is answered as one already decided: the next one comes.
    line("directory:pair_judge", args=pair, method="post", data={"verdict": "later"}, elsewhere=302, **DONE),
    line("directory:merge_list", **TEAM),
    line("directory:merge_undo", args=merged, method="post", **DONE),
    line("directory:own_sheets", anonymous=LOGIN, others=200),
    line(
        "directory:own_sheet",
        args=pk,
        anonymous=LOGIN,
        representative=200,
        animator=302,
        network_admin=302,
        platform_admin=302,
        others=404,
    ),
    line("directory:actor_edit", args=pk, representative=200, **(TEAM | {"others": 404})),
    line(
        "directory:actor_edit_step",
        args=lambda world: {"pk": world.preparing.pk, "step": "contact"},
        representative=200,
        **(TEAM | {"others": 404}),
    ),
    line("directory:actor_confirm", args=pk, method="post", representative=302, **(DONE | {"others": 404})),
]
