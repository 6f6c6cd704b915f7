from django.urls import path

from maillage.observatory import views

app_name = "observatory"

urlpatterns = [
    path("chiffres-cles/", views.show_figures, name="figures_show"),
    path("chiffres-cles/donnees.csv", views.export_figures, name="figures_export"),
]
