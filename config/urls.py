"""Addresses of the whole site; each app gives its own."""

from django.urls import include, path

from maillage.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("compte/", include("allauth.urls")),
]
