from django.urls import path

from maillage.agenda.views import public

app_name = "agenda"

PUBLIC = [
    path("agenda/", public.list_events, name="event_list"),
    path("agenda/carte.json", public.points, name="event_points"),
    path("agenda/<slug:slug>/", public.show_event, name="event_show"),
]

urlpatterns = [*PUBLIC]
