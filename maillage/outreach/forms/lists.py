"""Target lists: their name, whom to add, the approaches that they begin."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.outreach.forms.approaches import FollowedForm, reason_field


class ListForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom de la liste"), max_length=120)
    purpose = forms.CharField(
        label=gettext_lazy("À quoi elle sert"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Pour l'équipe : ce que vous voulez proposer à ces acteurs."),
    )


class AddForm(forms.Form):
    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["actor"] = ActorField(viewer=viewer, label=_("Ajouter un acteur"))


class BeginAllForm(FollowedForm):
    reason = reason_field(
        gettext_lazy("La même phrase pour tous ; vous pourrez l'écrire autrement pour chacun. L'acteur peut la lire.")
    )
    field_order = ["reason", "follower"]

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data, viewer=viewer, initial={"follower": viewer.user_id})
        del self.fields["next_on"]
        self.order_fields(self.field_order)
