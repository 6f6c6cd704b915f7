from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "maillage.linkage"
    verbose_name = "Rapprochement"
