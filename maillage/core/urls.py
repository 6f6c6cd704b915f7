"""Addresses of what every page needs: the network's colours, the pictures drawn for want of a photo, the appearance."""

from django.urls import path

from maillage.core import views

app_name = "core"

urlpatterns = [
    path("reseau.css", views.network_css, name="network_css"),
    path("motif/<int:hue>.svg", views.pattern, name="pattern"),
    path("apparence/", views.set_theme, name="theme_set"),
]
