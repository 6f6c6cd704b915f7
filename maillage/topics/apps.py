from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "maillage.topics"
    verbose_name = "Vocabulaires"
