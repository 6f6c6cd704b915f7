"""Public pages of the directory: read by all, without an account; a sheet that is not published is for the team."""

from tests.access.table import line
from tests.factories.directory import make_actor

TEAM = {"animator": 200, "network_admin": 200, "platform_admin": 200}


def prepare(world):
    world.actor = make_actor(world.network, "Musée des essais")
    world.draft = make_actor(world.network, "Fiche à préparer", state="draft")


def actor(world):
    return {"slug": world.actor.slug}


def draft(world):
    return {"slug": world.draft.slug}


LINES = [
    line("directory:actor_list", everyone=200),
    line("directory:actor_list", query="famille=inconnue&pres=99999&page=999999&tri=x&cercle=1", everyone=200),
    line("directory:place_list", everyone=302),
    line("directory:actor_points", everyone=200),
    line("directory:actor_points", query="bbox=nan,1,2,3&zoom=-1", everyone=200),
    line("directory:actor_feed", everyone=200),
    line("directory:actor_export", args={"kind": "csv"}, everyone=200, elsewhere=200),
    line("directory:actor_export", args={"kind": "json"}, everyone=200, elsewhere=200),
    line("directory:actor_export", args={"kind": "xlsx"}, everyone=200, elsewhere=200),
    line("directory:actor_export", args={"kind": "geojson"}, everyone=200, elsewhere=200),
    line("directory:actor_embed", everyone=200),
    line("directory:actor_widget", everyone=200),
    line("directory:actor_show", args=actor, everyone=200),
    line("directory:actor_show", args=draft, others=404, **TEAM),
    line("directory:actor_show", args={"slug": "inconnu"}, everyone=404),
    line("directory:actor_contact", args=actor, everyone=200),
    line("directory:actor_contact", args=actor, method="post", everyone=422),
    line("directory:actor_contact", args=draft, others=404, **TEAM),
    line("directory:actor_report", args=actor, everyone=200),
    line("directory:actor_report", args=actor, method="post", everyone=422),
    line("directory:actor_report", args=draft, others=404, **TEAM),
    line("directory:sitemap", everyone=200),
    line("directory:sitemap_part", args={"part": "pages"}, everyone=200, elsewhere=200),
    line("directory:sitemap_part", args={"part": "1"}, everyone=200),
    line("directory:sitemap_part", args={"part": "2"}, everyone=404),
    line("directory:robots", everyone=200),
]
