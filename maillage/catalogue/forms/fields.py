"""Fields that several forms of the catalogue share."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from maillage.catalogue.models import Resource
from maillage.directory.kit.choosing import ActorField
from maillage.directory.models import Actor
from maillage.territories.models import Territory


def column(name: str, **kwargs: Any) -> forms.Field:
    """The form field of a plain column of a resource, by its own label and limits."""
    field: Any = Resource._meta.get_field(name)
    if isinstance(field, models.PositiveSmallIntegerField):
        kwargs.setdefault("max_value", 32_767)  # What PostgreSQL holds; SQLite would take more.
    return field.formfield(**{"required": False, **kwargs})


class DepartmentsField(forms.TypedMultipleChoiceField):
    """Départements of the network, cleaned to territories."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, departments: list[Territory], **kwargs: Any) -> None:
        known = {each.pk: each for each in departments}
        choices = [(each.pk, each.name) for each in departments]
        super().__init__(choices=choices, coerce=lambda pk: known[int(pk)], required=False, **kwargs)


class OwnActorField(forms.TypedChoiceField):
    """One of the actors that the viewer looks after, cleaned to it."""

    def __init__(self, own: list[Actor], **kwargs: Any) -> None:
        self.known = {str(actor.pk): actor for actor in own}
        choices = [(key, actor.name) for key, actor in self.known.items()]
        super().__init__(choices=choices, coerce=lambda key: self.known[str(key)], empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value.pk) if isinstance(value, Actor) else value


def actor_field(viewer: Any, own: list[Actor], **kwargs: Any) -> forms.Field:
    """The team names any actor; others choose among their own."""
    kwargs.setdefault("label", _("Proposée par"))
    if viewer.runs_network:
        return ActorField(viewer=viewer, **kwargs)
    return OwnActorField(own, **kwargs)
