"""What leaves the agenda: read by all, never holding what is not shown, whoever asks."""

from tests.access.table import line
from tests.factories.agenda import make_event


def prepare(world):
    world.outgoing = make_event(world.network, "Fête des essais", commune=None, attendance="online")
    world.outgoing_draft = make_event(
        world.network, "Événement à préparer", commune=None, attendance="online", state="draft"
    )


def event(world):
    return {"slug": world.outgoing.slug}


LINES = [
    line("agenda:event_calendar", everyone=200),
    line("agenda:event_calendar", query="departement=zz&pres=99999&quand=x&age=-1", everyone=200),
    line("agenda:event_feed", everyone=200),
    line("agenda:event_export", args={"kind": "csv"}, everyone=200, elsewhere=200),
    line("agenda:event_export", args={"kind": "json"}, everyone=200, elsewhere=200),
    line("agenda:event_export", args={"kind": "xlsx"}, everyone=200, elsewhere=200),
    line("agenda:event_export", args={"kind": "geojson"}, everyone=200, elsewhere=200),
    line("agenda:event_openagenda", everyone=200),
    line("agenda:event_science", everyone=200),
    line("agenda:event_embed", everyone=200),
    line("agenda:event_widget", everyone=200),
    line("agenda:event_take", args=event, everyone=200),
    line("agenda:event_take", args=lambda world: {"slug": world.outgoing_draft.slug}, everyone=404),
    line("agenda:event_take", args={"slug": "inconnu"}, everyone=404),
    line("directory:sitemap_part", args={"part": "agenda-1"}, everyone=200, elsewhere=None),
    line("directory:sitemap_part", args={"part": "agenda-9"}, everyone=404),
    line("directory:sitemap_part", args={"part": "inconnu-1"}, everyone=404),
]
