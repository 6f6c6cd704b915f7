"""Addresses of the API and of its page."""

from django.urls import path, re_path

from maillage.api import views
from maillage.api.root import api

urlpatterns = [
    path("api/", views.show_documentation, name="api_documentation"),
    path("api/v1/", api.urls),
    re_path("^api/", views.not_found, name="api_not_found"),
]
