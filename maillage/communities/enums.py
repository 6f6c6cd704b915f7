"""Closed lists of the communities and of what people follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What may be followed; the name of its column in `Follow`."""

    TERM = "term", _("thématique")
    ACTOR = "actor", _("acteur")
    TERRITORY = "territory", _("territoire")
    COMMUNITY = "community", _("communauté")
    PERSON = "person", _("personne")


class Access(models.TextChoices):
    """How one comes in. Hidden: nothing of it shows to who is not a member."""

    OPEN = "open", _("ouverte")
    REQUEST = "request", _("sur demande")
    HIDDEN = "hidden", _("cachée")


class CommunityState(models.TextChoices):
    OPEN = "open", _("en activité")
    ARCHIVED = "archived", _("archivée")


class Withheld(models.TextChoices):
    """Nothing of it shows, but to those who animate it and to the team: until it is decided of what people report, or for good."""

    SUSPENDED = "suspended", _("masquée en attendant")
    REMOVED = "removed", _("retirée par l'équipe")


class MemberRole(models.TextChoices):
    MEMBER = "member", _("membre")
    ANIMATOR = "animator", _("anime")


class MemberState(models.TextChoices):
    ASKED = "asked", _("demande")
    INVITED = "invited", _("invitation")
    MEMBER = "member", _("membre")
    REFUSED = "refused", _("refusée")
    LEFT = "left", _("partie")
    REMOVED = "removed", _("retirée")


STANDING = [MemberState.ASKED.value, MemberState.INVITED.value, MemberState.MEMBER.value]
