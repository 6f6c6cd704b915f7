"""Addresses of the portal."""

from django.urls import path

from maillage.portal import views

app_name = "portal"

urlpatterns = [
    path("style/", views.show_gallery, name="gallery"),
]
