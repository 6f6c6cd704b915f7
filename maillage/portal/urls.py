"""Addresses of the portal."""

from django.urls import path

from maillage.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.show_home, name="home"),
    path("le-reseau/", views.show_about, name="about"),
    path("mentions-legales/", views.show_notice, name="notice"),
    path("confidentialite/", views.show_privacy, name="privacy"),
    path("accessibilite/", views.show_accessibility, name="accessibility"),
    path("aide/", views.show_help, name="help"),
    path("plan-du-site/", views.show_site_map, name="site_map"),
    path("style/", views.show_gallery, name="gallery"),
]
