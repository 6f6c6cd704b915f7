"""A network that opens, closes or changes its address takes with it what it shares."""

from typing import Any

from django.dispatch import receiver

from maillage.networks.signals import acted
from maillage.sharing.actions import network_changed

_TELLING = {"is_public", "host"}


@receiver(acted)
def follow_network(verb: str, subject: Any = None, changes: Any = None, **kwargs: Any) -> None:
    if verb == "network.changed" and subject is not None and _TELLING & set(changes or ()):
        network_changed(subject)
