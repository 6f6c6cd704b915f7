"""What every step of an actor's sheet shares."""

from collections.abc import Mapping
from typing import Any

from django import forms

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor


def typed(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class StepForm(forms.Form):
    """A step; `actor` gives the initial values, `viewer` what the network offers."""

    step = ""
    title: Any = ""
    writes: tuple[str, ...] = ()

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, viewer: Viewer) -> None:
        self.actor, self.viewer = actor, viewer
        super().__init__(data, files, initial=self.initial_of(actor))
        self.prepare()

    def initial_of(self, actor: Actor) -> dict[str, Any]:
        return {name: getattr(actor, name) for name in self.writes}

    def prepare(self) -> None:
        """Add what depends on the network or the actor."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.writes if name in self.fields}

    @property
    def records(self) -> Mapping[str, str]:
        """Form field → field of the record, whose provenance is shown beside it."""
        return {name: name for name in self.fields}
