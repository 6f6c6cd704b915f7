"""A row of the working table as a form: only the columns shown may change."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.actions.editing import edit_row
from maillage.directory.enums import Circle, ListingState
from maillage.directory.forms.fields import NameField, TermField, phone_validator
from maillage.directory.queries.table import Column, Row, held_in
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary


class RowForm(SeenForm, forms.Form):
    """What is not changed is not written, so that two people may work at one row."""

    use_required_attribute = False

    name = NameField(label=gettext_lazy("Nom"), max_length=200)
    circle = forms.TypedChoiceField(
        label=gettext_lazy("Cercle"),
        choices=[("", "—"), *((circle.value, str(circle.value)) for circle in Circle)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Motif du cercle"), max_length=300, required=False)
    state = forms.ChoiceField(label=gettext_lazy("État"), choices=ListingState.choices)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=120, required=False)
    update_rhythm = forms.IntegerField(label=gettext_lazy("Rythme (mois)"), min_value=1, max_value=36)
    acronym = forms.CharField(label=gettext_lazy("Sigle"), max_length=40, required=False)
    summary = forms.CharField(label=gettext_lazy("En une phrase"), max_length=300, required=False)
    website = forms.URLField(label=gettext_lazy("Site web"), max_length=300, required=False, assume_scheme="https")
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"), max_length=30, required=False, validators=[phone_validator]
    )

    def __init__(self, data: Any = None, *, row: Row, columns: list[Column], viewer: Viewer) -> None:
        held = held_in(row)
        super().__init__(data, initial=held, auto_id=f"ligne-{row.actor.pk}-%s")
        self.row = row
        self.fields["family"] = TermField(vocabularies(viewer.network)[Vocabulary.FAMILY], label=_("Famille"))
        shown = {"name", *(column.edited for column in columns)}
        if "circle" in shown:
            shown.add("reason")
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        self.held = {name: held[name] for name in self.fields if name in held}
        for field in self.fields.values():
            field.widget.attrs |= {"form": f"ligne-{row.actor.pk}", "aria-label": str(field.label)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "circle" in self.changed() and not cleaned.get("reason"):
            self.add_error("reason", _("Dites pourquoi le cercle change."))
        return cleaned

    def save(self, by: Viewer) -> None:
        values = self.changed()
        state = values.pop("state", None)
        circle = (values.pop("circle"), self.cleaned_data["reason"]) if "circle" in values else None
        edit_row(by=by, actor=self.row.actor, values=values, state=state, circle=circle, seen=self.seen)
