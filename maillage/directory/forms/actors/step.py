"""What every step of an actor's sheet shares."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from maillage.core.forms import SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Revision
from maillage.directory.queries.fields import TERMS, held_fields
from maillage.directory.queries.freshness import FORBIDDEN, is_forbidden
from maillage.directory.queries.revisions import over


def typed(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class StepForm(SeenForm, forms.Form):
    """A step; `actor` gives what is held, `viewer` what the network offers, `revision` the words of an author that wait.
    Only what was changed is written."""

    step = ""
    title: Any = ""

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, viewer: Viewer, revision: Revision | None = None
    ) -> None:
        self.actor, self.viewer = actor, viewer
        super().__init__(data, files)
        self.prepare()
        self.held = over(held_fields(actor, viewer, self.fields), revision)
        self.initial = dict(self.held)

    def prepare(self) -> None:
        """Add what depends on the network or the actor."""

    def clean_email(self) -> str:
        """Asked of steps that have the field."""
        email: str = self.cleaned_data["email"]
        if is_forbidden(self.actor, email):
            raise ValidationError(FORBIDDEN, code="forbidden")
        return email

    @property
    def records(self) -> Mapping[str, str]:
        """Form field → field of the record, whose provenance is shown beside it."""
        return {name: "terms" if name in TERMS else name for name in self.fields}
