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
