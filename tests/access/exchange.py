"""Imports: for those who run the network; a batch of another network does not exist."""

from django.core.files.base import ContentFile

from maillage.accounts.queries import viewer_for
from maillage.exchange import actions
from maillage.exchange.models import Recipe
from tests.access.table import LOGIN, line

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200, "anonymous": LOGIN, "others": 403}
MOVED = {"animator": 302, "network_admin": 302, "platform_admin": 302, "anonymous": LOGIN, "others": 403}
UNREADY = {"animator": 409, "network_admin": 409, "platform_admin": 409, "anonymous": LOGIN, "others": 403}


def prepare(world):
    by = viewer_for(world.users["animator"], world.network)
    file = ContentFile(b"Nom;Commune\nAstroclub;Auch\n", name="liste.csv")
    world.batch = actions.receive_file(by=by, file=file, target="actors")
    world.recipe = Recipe.objects.create(network=world.network, target="actors", name="Ma recette", spec={})


def pk(world):
    return {"pk": world.batch.pk}


LINES = [
    line("exchange:batch_list", **TEAM),
    line("exchange:batch_create", **TEAM),
    line("exchange:batch_show", args=pk, **MOVED),
    line("exchange:batch_progress", args=pk, **TEAM),
    line("exchange:batch_reading", args=pk, **TEAM),
    line("exchange:batch_mapping", args=pk, **TEAM),
    line("exchange:batch_decide", args=pk, method="post", data={"decision": "skip"}, **MOVED),
    line("exchange:batch_judge", args=pk, **MOVED),
    line("exchange:batch_automate", args=pk, method="post", **MOVED),
    line("exchange:batch_withdraw", args=pk, method="post", **MOVED),
    line("exchange:batch_apply", args=pk, method="post", **UNREADY),
    line("exchange:batch_stop", args=pk, method="post", **MOVED),
    line("exchange:batch_undo", args=pk, **TEAM),
    line("exchange:batch_undo", args=pk, method="post", **UNREADY),
    line("exchange:batch_report", args=lambda world: {**pk(world), "fmt": "csv"}, **TEAM),
    line("exchange:batch_report", args=lambda world: {**pk(world), "fmt": "xlsx"}, **TEAM),
    line("exchange:batch_discard", args=pk, method="post", **MOVED),
    line("exchange:recipe_delete", args=lambda world: {"pk": world.recipe.pk}, **TEAM),
    line("exchange:recipe_delete", args=lambda world: {"pk": world.recipe.pk}, method="post", **MOVED),
]
