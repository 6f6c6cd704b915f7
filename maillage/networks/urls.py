"""The set-up of a network and the list of networks (creation is in `accounts`, which names the first administrator)."""

from django.urls import path

from maillage.networks import views

app_name = "networks"
urlpatterns = [
    path("gestion/reseau/", views.edit_identity, name="settings"),
    path("gestion/reseau/logo/", views.edit_logo, name="logo"),
    path("gestion/reseau/reglages/", views.edit_settings, name="values"),
    path("gestion/reseau/perimetre/", views.edit_perimeter, name="perimeter"),
    path("gestion/reseau/textes/", views.list_legal_texts, name="legal_text_list"),
    path("gestion/reseau/textes/<str:kind>/", views.edit_legal_text, name="legal_text"),
    path("gestion/reseau/vocabulaires/", views.list_vocabularies, name="vocabulary_list"),
    path("gestion/reseau/vocabulaires/<str:vocabulary>/", views.edit_vocabulary, name="vocabulary"),
    path("gestion/reseau/consortium/", views.list_consortium, name="consortium"),
    path("gestion/reseau/consortium/nouveau/", views.edit_consortium_member, name="consortium_create"),
    path("gestion/reseau/consortium/<int:pk>/", views.edit_consortium_member, name="consortium_update"),
    path("gestion/reseau/consortium/<int:pk>/retirer/", views.remove_consortium_member, name="consortium_remove"),
    path("plateforme/reseaux/", views.list_networks, name="network_list"),
    path("plateforme/reseaux/<int:pk>/", views.edit_platform_side, name="network_update"),
]
