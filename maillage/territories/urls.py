"""Addresses of the territories, under /territoires/."""

from django.urls import path

from maillage.territories import views

app_name = "territories"
urlpatterns = [
    path("communes/", views.list_communes, name="commune_options"),
    path("contours/<slug:kind>/<str:scope>.geojson", views.show_contours, name="contours"),
]
