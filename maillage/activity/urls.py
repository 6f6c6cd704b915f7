"""The journal, notices and jobs."""

from django.urls import path

from maillage.activity import views

app_name = "activity"
urlpatterns = [
    path("gestion/journal/", views.show_journal, name="journal"),
    path("gestion/taches/", views.list_jobs, name="job_list"),
    path("gestion/taches/<int:pk>/", views.show_job, name="job_detail"),
    path("gestion/taches/<int:pk>/relancer/", views.retry_job, name="job_retry"),
    path("gestion/taches/<int:pk>/arreter/", views.stop_job, name="job_stop"),
    path("compte/avis/", views.list_notices, name="notice_list"),
    path("compte/avis/lus/", views.mark_seen, name="notices_seen"),
    path("compte/avis/preferences/", views.edit_preferences, name="preferences"),
    path("compte/avis/preferences/adresse/", views.try_address_again, name="address_retry"),
    path("gestion/personnes/adresses-refusees/", views.list_refused, name="refused_list"),
    path("avis/arret/<str:token>/", views.stop_notices, name="notices_stop"),
]
