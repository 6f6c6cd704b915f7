"""Addresses of the search."""

from django.urls import path

from maillage.search import views

app_name = "search"

urlpatterns = [
    path("", views.show_results, name="results"),
    path("suggestions/", views.show_suggestions, name="suggestions"),
]
