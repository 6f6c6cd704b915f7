"""The form of an actor's sheet, in named steps that are saved one by one.

Each step is a form whose `values()` are those of `actions.update_actor`.
"""

from maillage.directory.forms.actors.activity import ActivityForm
from maillage.directory.forms.actors.contact import ContactForm, FollowUpForm
from maillage.directory.forms.actors.identity import IdentityForm
from maillage.directory.forms.actors.image import ImageForm
from maillage.directory.forms.actors.place import AccessForm, PlaceForm
from maillage.directory.forms.actors.step import StepForm

STEPS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (IdentityForm, ActivityForm, PlaceForm, ContactForm, ImageForm, AccessForm, FollowUpForm)
}
# What is lacking (models.completeness) → the step and the field that fill it.
LACK_AT: dict[str, tuple[str, str]] = {
    "family": ("activite", "id_family"),
    "summary": ("activite", "id_summary"),
    "description": ("activite", "id_description"),
    "themes": ("activite", "id_themes"),
    "audiences": ("activite", "id_audiences"),
    "action_kinds": ("activite", "id_action_kinds"),
    "commune": ("lieu", "id_commune"),
    "position": ("lieu", "id_latitude"),
    "website": ("contact", "id_website"),
    "contact": ("contact", "id_email"),
    "image": ("image", "id_image"),
    "identifier": ("identite", "id_siret"),
}
# Fields that a step adds for the network or the actor; the others are those of its class.
_PREPARED = {
    "parent": "identite",
    "family": "activite",
    "summary": "activite",
    "description": "activite",
    "themes": "activite",
    "audiences": "activite",
    "action_kinds": "activite",
    "zone": "lieu",
}


def step_of(field: str) -> str:
    """The step that has a field of the sheet; "" when none has it."""
    return _PREPARED.get(field) or next((step for step, form in STEPS.items() if field in form.base_fields), "")
