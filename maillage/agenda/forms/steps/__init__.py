"""The form of an event, in named steps that are saved one by one."""

from maillage.agenda.forms.steps.dates import DatesForm
from maillage.agenda.forms.steps.essential import EssentialForm, PublicForm
from maillage.agenda.forms.steps.people import BookingForm, ImageForm, OrganisersForm, PublicationForm
from maillage.agenda.forms.steps.place import PlaceForm
from maillage.agenda.forms.steps.step import StepForm

STEPS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (
        EssentialForm, DatesForm, PlaceForm, PublicForm, BookingForm, OrganisersForm, ImageForm, PublicationForm,
    )
}  # fmt: skip
# Fields that a step adds for the network or the event; the others are those of its class.
_PREPARED = {
    "title": "essentiel",
    "summary": "essentiel",
    "description": "essentiel",
    "action_kinds": "essentiel",
    "themes": "essentiel",
    "parent": "essentiel",
    "languages": "essentiel",
    "schedule": "dates",
    "venue": "lieu",
    "audiences": "public",
    "organisers": "organisateurs",
    "organiser_name": "organisateurs",
    "publish_at": "publication",
}


def step_of(field: str) -> str:
    """The step that has a field of the event; "" when none has it."""
    return _PREPARED.get(field) or next((step for step, form in STEPS.items() if field in form.base_fields), "")


def steps_for(waits: bool) -> dict[str, type[StepForm]]:
    """Those that an editor may save; when they publish is for who writes at once."""
    return {name: form for name, form in STEPS.items() if not (waits and name == PublicationForm.step)}
