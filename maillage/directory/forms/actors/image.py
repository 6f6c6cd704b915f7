"""The picture of the actor and what is said of it to those who do not see it."""

from django.utils.translation import gettext_lazy

from maillage.directory.forms.actors.step import StepForm
from maillage.directory.kit.pictures import PictureForm


class ImageForm(StepForm, PictureForm):
    step, title = "image", gettext_lazy("Image")

    def prepare(self) -> None:
        if not self.actor.image:
            del self.fields["remove"]

    @property
    def has_picture(self) -> bool:
        return bool(self.actor.image)
