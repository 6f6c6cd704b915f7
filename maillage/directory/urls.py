from django.urls import path

from maillage.directory.views import work, work_bulk, work_edit, work_own, work_sheet, work_table

app_name = "directory"

WORK = [
    path("travail/", work.show_home, name="work_home"),
    path("travail/acteurs/", work_table.list_actors, name="actor_table"),
    path("travail/acteurs/fichier/", work_table.export_table, name="actor_table_export"),
    path("travail/acteurs/nouveau/", work_edit.create_actor, name="actor_create"),
    path("travail/acteurs/nouveau/ressemblances/", work_edit.show_lookalikes, name="actor_lookalikes"),
    path("travail/acteurs/a-placer/", work_edit.list_to_place, name="actors_to_place"),
    path("travail/acteurs/modifier/", work_bulk.change_actors, name="actors_bulk"),
    path("travail/acteurs/modifications/<int:pk>/", work_bulk.show_bulk, name="bulk_show"),
    path("travail/acteurs/modifications/<int:pk>/annuler/", work_bulk.undo_bulk, name="bulk_undo"),
    path("travail/acteurs/vues/", work_table.save_view, name="view_save"),
    path("travail/acteurs/vues/<int:pk>/supprimer/", work_table.delete_view, name="view_delete"),
    path("travail/acteurs/<int:pk>/", work_sheet.show_sheet, name="actor_work"),
    path("travail/acteurs/<int:pk>/ligne/", work_table.edit_in_row, name="actor_row"),
    path("travail/acteurs/<int:pk>/cercle/", work_sheet.qualify, name="actor_qualify"),
    path("travail/acteurs/<int:pk>/note/", work_sheet.write_note, name="actor_note"),
    path("travail/acteurs/<int:pk>/etat/", work_sheet.change_state, name="actor_state"),
    path("travail/acteurs/<int:pk>/archiver/", work_sheet.archive, name="actor_archive"),
    path("travail/acteurs/<int:pk>/placer/", work_edit.place_actor, name="actor_place"),
    path("mes-fiches/", work_own.list_sheets, name="own_sheets"),
    path("mes-fiches/<int:pk>/", work_own.show_sheet, name="own_sheet"),
    path("fiches/<int:pk>/modifier/", work_edit.edit_actor, name="actor_edit"),
    path("fiches/<int:pk>/modifier/<slug:step>/", work_edit.edit_actor, name="actor_edit_step"),
    path("fiches/<int:pk>/a-jour/", work_edit.confirm_actor, name="actor_confirm"),
]

urlpatterns = [*WORK]
