from django.urls import path

from maillage.exchange.views import importing as views
from maillage.exchange.views import judging

app_name = "exchange"
urlpatterns = [
    path("travail/imports/", views.list_batches, name="batch_list"),
    path("travail/imports/nouveau/", views.create_batch, name="batch_create"),
    path("travail/imports/<int:pk>/", views.show_batch, name="batch_show"),
    path("travail/imports/<int:pk>/avancement/", views.show_progress, name="batch_progress"),
    path("travail/imports/<int:pk>/lecture/", views.edit_reading, name="batch_reading"),
    path("travail/imports/<int:pk>/correspondances/", views.edit_mapping, name="batch_mapping"),
    path("travail/imports/<int:pk>/decider/", views.decide_lines, name="batch_decide"),
    path("travail/imports/<int:pk>/juger/", judging.judge_lines, name="batch_judge"),
    path("travail/imports/<int:pk>/juger/ensemble/", judging.decide_certain, name="batch_automate"),
    path("travail/imports/<int:pk>/juger/reprendre/", judging.withdraw_certain, name="batch_withdraw"),
    path("travail/imports/<int:pk>/appliquer/", views.apply_batch, name="batch_apply"),
    path("travail/imports/<int:pk>/arreter/", views.stop_batch, name="batch_stop"),
    path("travail/imports/<int:pk>/annuler/", views.undo_batch, name="batch_undo"),
    path("travail/imports/<int:pk>/supprimer/", views.discard_batch, name="batch_discard"),
    path("travail/imports/<int:pk>/rapport.<str:fmt>", views.download_report, name="batch_report"),
    path("travail/imports/recettes/<int:pk>/supprimer/", views.delete_recipe, name="recipe_delete"),
]
