from django.urls import path

from maillage.attendance.views import links, own, public, work

app_name = "attendance"

PUBLIC = [
    path("agenda/<slug:slug>/inscription/", public.register, name="register"),
    path("agenda/<slug:slug>/inscription/envoyee/", public.register_done, name="register_done"),
    path("inscriptions/<int:pk>/<str:token>/", links.show, name="registration_show"),
    path("mes-inscriptions/", own.list_own, name="own_list"),
]

WORK = [
    path("evenements/<int:pk>/inscriptions/", work.show_board, name="board"),
    path("evenements/<int:pk>/inscriptions/regler/", work.edit_opening, name="opening_edit"),
    path("evenements/inscriptions/<int:pk>/", work.show_session, name="session_show"),
    path("evenements/inscriptions/<int:pk>/places/", work.edit_size, name="session_size"),
    path("evenements/inscriptions/<int:pk>/feuille/", work.show_sheet, name="session_sheet"),
    path("evenements/inscriptions/<int:pk>/liste.csv", work.export, name="session_export"),
    path("evenements/inscriptions/<int:pk>/annuler/<int:registration>/", work.remove, name="registration_remove"),
    path("evenements/inscriptions/<int:pk>/venus/<int:registration>/", work.count, name="registration_count"),
]

urlpatterns = [*PUBLIC, *WORK]
