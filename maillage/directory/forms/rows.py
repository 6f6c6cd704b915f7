"""A row of the working table as a form: only the columns shown may change."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.enums import Circle, ListingState
from maillage.directory.forms.fields import TermField, phone_validator
from maillage.directory.queries.table import Column, Row
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary


class RowForm(forms.Form):
    """`seen` is when the row was read, so that nobody's change is lost."""

    use_required_attribute = False

    seen = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["iso-8601"])
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200)
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
        actor = row.actor
        held = {
            name: getattr(actor, name)
            for name in ("name", "source", "update_rhythm", "acronym", "summary", "website", "email", "phone")
        }
        initial = {
            **held,
            "family": actor.family_id,
            "circle": row.circle,
            "state": row.state,
            "seen": (row.changed_at or actor.updated_at).isoformat(),
        }
        super().__init__(data, initial=initial, auto_id=f"ligne-{actor.pk}-%s")
        self.row = row
        self.fields["family"] = TermField(vocabularies(viewer.network)[Vocabulary.FAMILY], label=_("Famille"))
        shown = {"seen", "name", *(column.edited for column in columns)}
        if "circle" in shown:
            shown.add("reason")
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs["form"] = f"ligne-{actor.pk}"
            if name != "seen":
                field.widget.attrs["aria-label"] = str(field.label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "circle" in self.fields and cleaned.get("circle") != self.row.circle and not cleaned.get("reason"):
            self.add_error("reason", _("Dites pourquoi le cercle change."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("seen", "circle", "reason", "state")
        }

    @property
    def new_circle(self) -> tuple[int | None, str] | None:
        if "circle" not in self.fields or self.cleaned_data["circle"] == self.row.circle:
            return None
        return self.cleaned_data["circle"], self.cleaned_data["reason"]

    @property
    def new_state(self) -> str | None:
        chosen = self.cleaned_data.get("state")
        return chosen if chosen != self.row.state else None
