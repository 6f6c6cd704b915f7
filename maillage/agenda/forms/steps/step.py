"""What every step of an event shares."""

from typing import Any

from django import forms

from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.fields import held_fields
from maillage.agenda.queries.revisions import over
from maillage.core.forms import SeenForm
from maillage.core.viewer import Viewer


class StepForm(SeenForm, forms.Form):
    """A step; `event` gives what is held, `viewer` what the network offers, `revision` the words of an author that wait.
    Only what was changed is written."""

    step = ""
    title: Any = ""
    template = ""  # Where the step is not a list of fields.

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        event: Event,
        viewer: Viewer,
        revision: EventRevision | None = None,
    ) -> None:
        self.event, self.viewer, self.revision = event, viewer, revision
        super().__init__(data, files)
        self.prepare()
        self.held = over(held_fields(event, viewer, self.fields), revision)
        self.initial = dict(self.held)

    def prepare(self) -> None:
        """Add what depends on the network or the event."""

    def doubts(self) -> list[str]:
        """What is allowed and unlikely in what was typed: asked once before it is saved."""
        return []
