"""What the journal says of the portal's own acts."""

from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import say

say(demo__loaded=_("a chargé la démonstration"))
