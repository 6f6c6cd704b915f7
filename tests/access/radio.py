"""The radio: the team prepares, the public listens to what is published."""

from maillage.core.viewer import Viewer
from maillage.radio.actions import add_free_item
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.radio import make_episode, make_show, silent_mp3, upload

_RUNS = ("animator", "network_admin", "platform_admin")
PAGE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
POST = "post"


def prepare(world):
    """Of A: a programme with an episode in preparation and a published one; a closed programme."""
    team = Viewer.as_system(world.network, "table")
    world.show = make_show(team, "Les ondes de A")
    world.closed_show = make_show(team, "Essais sans public", is_open=False)
    world.episode = make_episode(team, world.show, "Épisode en chantier")
    world.item = add_free_item(by=team, episode=world.episode, kind="chronicle", title="Une chronique")
    world.aired = make_episode(team, world.show, "Épisode à écouter", state="published")


def episode(world):
    """Of a working page."""
    return {"pk": world.episode.pk}


ITEM = {"args": lambda world: {"pk": world.episode.pk, "item": world.item.pk}}
SHOW = {"args": lambda world: {"show": world.show.slug}}
CLOSED = {"args": lambda world: {"show": world.closed_show.slug}}
AIRED = {"args": lambda world: {"show": world.show.slug, "slug": world.aired.slug}}
UNAIRED = {"args": lambda world: {"show": world.show.slug, "slug": world.episode.slug}}
NEW_SHOW = {
    "name": "Une émission", "summary": "De quoi.", "minutes": 5, "rate": 150, "language": "fr", "category": "Science",
    "owner_name": "L'équipe", "owner_email": "r@exemple.test",
}  # fmt: skip
HIDDEN = {"others": 404, **dict.fromkeys(_RUNS, 200)}

LINES = [
    line("radio:episode_table", query="etat=zz&tri=zz&page=99999&q=%27&emission=zz", **TEAM),
    line("radio:show_list_work", **TEAM),
    line("radio:show_add", **TEAM),
    line("radio:show_add", method=POST, data=NEW_SHOW, **DONE),
    line("radio:show_edit", **SHOW, **PAGE),
    line("radio:show_edit", **SHOW, method=POST, data=NEW_SHOW, **(DONE | dict.fromkeys(_RUNS, 409))),
    line("radio:airtime", query="du=zz&au=0001-01-01&page=9999", **TEAM),
    line("radio:airtime_export", **TEAM),
    line("radio:episode_add", query="emission=zz", **TEAM),
    line("radio:episode_add", method=POST, data=lambda world: {"show": world.show.pk, "title": "Nouveau"}, **DONE),
    line("radio:episode_work", args=episode, **PAGE),
    line("radio:episode_work", args=episode, method=POST, data={"acte": "ajouter", "kind": "jingle", "title": "x"}, **DONE),
    line("radio:episode_work", args=episode, method=POST,
         data=lambda world: {"acte": "retirer", "element": world.item.pk}, **DONE),
    line("radio:episode_edit", args=episode, **PAGE),
    line("radio:candidates", args=episode, query="du=zz&au=9999-99-99&departement=zz&theme=zz&q=%27&peu=x", **PAGE),
    line("radio:candidates", args=episode, method=POST, data={"evenement": "zz", "acteur": "99999999999999999999"},
         **(DONE | dict.fromkeys(_RUNS, 422))),
    line("radio:episode_state", args=episode, method=POST, data={"etat": "ready"}, **DONE),
    line("radio:episode_state", args=episode, method=POST, data={"etat": "zz"}, **DONE),
    line("radio:episode_copy", args=episode, **PAGE),
    line("radio:episode_copy", args=episode, method=POST, data={"title": "Le suivant"}, **DONE),
    line("radio:episode_delete", args=episode, **PAGE),
    line("radio:episode_delete", args=episode, method=POST, **DONE),
    line("radio:episode_sound", args=episode, **PAGE),
    line("radio:episode_sound", args=episode, method=POST, data=lambda world: {"audio": upload(silent_mp3())}, **DONE),
    line("radio:script", args=episode, **PAGE),
    line("radio:script_text", args=episode, **PAGE),
    line("radio:contacts", args=episode, **PAGE),
    line("radio:item", **ITEM, **PAGE),
    line("radio:item_words", **ITEM, method=POST, data={"words": ""}, **DONE),
    line("radio:show_list", everyone=200, elsewhere=200),
    line("radio:show_show", **SHOW, query="page=zz", everyone=200),
    line("radio:show_show", **CLOSED, **HIDDEN),
    line("radio:feed", **SHOW, everyone=200),
    line("radio:feed", **CLOSED, **HIDDEN),
    line("radio:cover", **SHOW, everyone=200),
    line("radio:small_cover", args=lambda world: {"show": world.show.slug, "side": 136}, everyone=200),
    line("radio:small_cover", args=lambda world: {"show": world.show.slug, "side": 99_999}, everyone=404),
    line("radio:subscribe", **SHOW, everyone=200),
    line("radio:episode_show", **AIRED, everyone=200),
    line("radio:episode_show", **UNAIRED, **HIDDEN),
    line("radio:transcript", **AIRED, everyone=200),
    line("radio:transcript", **UNAIRED, everyone=404),
    line("radio:sound", args=lambda world: {"name": world.aired.audio_name}, everyone=200),
    line("directory:sitemap_part", args={"part": "radio-1"}, everyone=200, elsewhere=None),
]  # fmt: skip
