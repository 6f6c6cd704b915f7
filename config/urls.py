"""Addresses of the whole site; each app gives its own."""

from django.urls import include, path

from maillage.core import images, metrics, views

handler404 = "maillage.api.views.handle_404"
handler500 = "maillage.core.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("fichiers/<path:name>", images.serve, name="file"),
    path("", include("maillage.core.urls")),
    path("", include("maillage.portal.urls")),
    path("", include("maillage.accounts.urls")),
    path("", include("maillage.activity.urls")),
    path("", include("maillage.networks.urls")),
    path("recherche/", include("maillage.search.urls")),
    path("", include("maillage.exchange.urls")),
    path("", include("maillage.moderation.urls")),
    path("", include("maillage.sharing.urls")),
    path("", include("maillage.directory.urls")),
    path("", include("maillage.agenda.urls")),
    path("", include("maillage.catalogue.urls")),
    path("", include("maillage.newsletters.urls")),
    path("", include("maillage.publications.urls")),
    path("", include("maillage.communities.urls")),
    path("", include("maillage.radio.urls")),
    path("", include("maillage.loans.urls")),
    path("", include("maillage.tours.urls")),
    path("", include("maillage.attendance.urls")),
    path("", include("maillage.outreach.urls")),
    path("", include("maillage.api.urls")),
    path("", include("maillage.observatory.urls")),
    path("territoires/", include("maillage.territories.urls")),
]
