"""What the networks do when the territories below them change."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.networks import actions
from maillage.territories.models import Territory
from maillage.territories.signals import commune_merged


@receiver(commune_merged)
def follow_merger(old: Territory, new: Territory, **kwargs: Any) -> None:
    actions.follow_merger(by=Viewer.as_system(None, _("fusion de communes")), old=old, new=new)
