from django.urls import path

from maillage.tours.views import public, work

app_name = "tours"

WORK = [
    path("travail/tournees/", work.list_seasons, name="season_table"),
    path("travail/tournees/nouvelle/", work.add_season, name="season_add"),
    path("travail/tournees/<int:pk>/", work.show_season, name="season_work"),
    path("travail/tournees/<int:pk>/reglages/", work.edit_season, name="season_edit"),
    path("travail/tournees/<int:pk>/calculer/", work.plan_season, name="season_plan"),
    path("travail/tournees/<int:pk>/avancement/", work.show_progress, name="season_progress"),
    path("travail/tournees/<int:pk>/points.json", work.show_points, name="season_work_points"),
    path("travail/tournees/<int:pk>/etat/", work.change_state, name="season_state"),
    path("travail/tournees/<int:pk>/demarcher/", work.canvass, name="season_canvass"),
    path("travail/tournees/<int:pk>/demandes/", work.list_requests, name="request_table"),
    path("travail/tournees/<int:pk>/demandes/<int:ask>/", work.show_request, name="request_work"),
    path("travail/tournees/<int:pk>/demandes/<int:ask>/cout/", work.price_move, name="stop_cost"),
    path("travail/tournees/<int:pk>/demandes/<int:ask>/placer/", work.move_stop, name="stop_move"),
    path("travail/tournees/<int:pk>/demandes/<int:ask>/fixer/", work.fix_stop, name="stop_fix"),
]

PUBLIC = [
    path("tournees/", public.list_tours, name="season_list"),
    path("tournees/mes-demandes/", public.list_own, name="request_list"),
    path("tournees/mes-demandes/<int:pk>/", public.show_own, name="request_show"),
    path("tournees/mes-demandes/<int:pk>/retirer/", public.withdraw, name="request_withdraw"),
    path("tournees/<slug:slug>/", public.show_tour, name="season_show"),
    path("tournees/<slug:slug>/demander/", public.ask, name="request_ask"),
    path("tournees/<slug:slug>/points.json", public.show_points, name="season_points"),
    path("tournees/<slug:slug>/tournee.ics", public.show_calendar, name="season_calendar"),
    path("tournees/<slug:slug>/tournee.json", public.show_data, name="season_data"),
]

urlpatterns = [*WORK, *PUBLIC]
