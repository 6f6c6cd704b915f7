from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "maillage.networks"
    verbose_name = "Réseaux"
