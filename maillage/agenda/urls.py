from django.urls import path, re_path

from maillage.agenda.feeds import event_feed
from maillage.agenda.views import outputs, public

app_name = "agenda"

OUTPUTS = [
    path("agenda/calendrier.ics", outputs.follow_calendar, name="event_calendar"),
    path("agenda/flux.atom", event_feed, name="event_feed"),
    path("agenda/donnees.openagenda.json", outputs.export_openagenda, name="event_openagenda"),
    re_path(r"^agenda/donnees\.(?P<kind>csv|json|xlsx|geojson)$", outputs.export_events, name="event_export"),
    path("agenda/integrer/", outputs.embed_events, name="event_embed"),
    path("agenda/widget/", outputs.show_widget, name="event_widget"),
    path("agenda/<slug:slug>/evenement.ics", outputs.take_event, name="event_take"),
]

PUBLIC = [
    path("agenda/", public.list_events, name="event_list"),
    path("agenda/carte.json", public.points, name="event_points"),
    path("agenda/<slug:slug>/", public.show_event, name="event_show"),
]

urlpatterns = [*OUTPUTS, *PUBLIC]
