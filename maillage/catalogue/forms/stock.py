"""Forms of what is lent: modules, copies, what is used up, upkeep, terms and closures of a lender."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.engine.halves import OF_A_WEEK
from maillage.catalogue.enums import Borrowers, CopyState
from maillage.catalogue.kit import DayField
from maillage.catalogue.models import Consumable, Copy, LendingTerms, Module, Resource
from maillage.catalogue.queries.lending import Terms
from maillage.core.viewer import Viewer
from maillage.directory.kit.terms import TermsField
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

_DAYS = [gettext_lazy(name) for name in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")]


def halves_of_week() -> list[tuple[int, str]]:
    return [
        (half, f"{_DAYS[half // 2]} {_('après-midi') if half % 2 else _('matin')}".capitalize())
        for half in range(OF_A_WEEK)
    ]


class _Read:
    """A form that says what it showed, so that only what was changed on it is written (`changed_data`)."""

    def keep_read(self: Any) -> None:
        for field in self.fields.values():
            field.show_hidden_initial = True

    def read(self: Any) -> str:
        """Hidden fields, for the template: the ones of the house show no more than the widget."""
        return format_html_join("", "{}", ((bound.as_hidden(only_initial=True),) for bound in self))


class ModuleForm(_Read, forms.ModelForm):
    class Meta:
        model = Module
        fields = ("title", "surface", "details")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_read()

    def _get_validation_exclusions(self) -> set[str]:
        """Its title is its own among those of the resource, which the form does not show."""
        return super()._get_validation_exclusions() - {"resource"}  # type: ignore[misc]


class CopiesForm(forms.Form):
    """Several at once."""

    number = forms.IntegerField(label=gettext_lazy("Combien"), min_value=1, max_value=100, initial=1)
    label = forms.CharField(
        label=gettext_lazy("Étiquette"),
        max_length=34,
        help_text=gettext_lazy("Ce qui est écrit dessus ; un numéro suit quand il y en a plusieurs."),
    )
    where = forms.CharField(label=gettext_lazy("Rangé à"), max_length=120, required=False)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].initial = resource.title[:28]
        modules = {str(each.pk): each for each in resource.modules.all()}
        if modules:
            self.fields["module"] = forms.TypedChoiceField(
                label=_("Module"),
                choices=[(key, each.title) for key, each in modules.items()],
                coerce=lambda key: modules[key],
            )


class CopyForm(_Read, forms.Form):
    label = forms.CharField(label=gettext_lazy("Étiquette"), max_length=40)
    where = forms.CharField(label=gettext_lazy("Rangé à"), max_length=120, required=False)
    state = forms.ChoiceField(label=gettext_lazy("État"), choices=CopyState.choices)
    state_note = forms.CharField(label=gettext_lazy("Précision"), max_length=300, required=False)

    def __init__(self, *args: Any, copy: Copy, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(copy, name) for name in ("label", "where", "state", "state_note")}
        super().__init__(*args, **kwargs)
        self.copy = copy
        # One whose page was open says nothing of what someone else changed meanwhile: only what was changed on it is written.
        self.keep_read()

    def clean_label(self) -> str:
        label = self.cleaned_data["label"]
        if Copy.objects.filter(resource=self.copy.resource_id, label=label).exclude(pk=self.copy.pk).exists():
            raise ValidationError(_("Un autre exemplaire porte cette étiquette."))
        return label


class PartForm(forms.Form):
    """A copy of the same lender, put in the kit."""

    part = forms.CharField(
        label=gettext_lazy("Ajouter à la malle"),
        widget=forms.Select,
        help_text=gettext_lazy("Un exemplaire de la même structure, qui ne soit dans aucune malle."),
    )

    def __init__(self, *args: Any, parts: dict[str, Copy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{copy.label} – {copy.resource.title}") for key, copy in parts.items()]
        self.fields["part"] = forms.TypedChoiceField(
            label=_("Ajouter à la malle"),
            choices=choices,
            coerce=lambda key: parts[key],
            help_text=_("Un exemplaire de la même structure, qui ne soit dans aucune malle."),
        )


class ConsumableForm(_Read, forms.ModelForm):
    stock = forms.IntegerField(label=gettext_lazy("En réserve"), min_value=0, max_value=1_000_000, initial=0)

    class Meta:
        model = Consumable
        fields = ("title", "each", "stock", "low")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A departure may count the reserve down while the page is open: only what was changed on it is written.
        self.keep_read()

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"resource"}  # type: ignore[misc]


class UpkeepForm(forms.Form):
    first_on = DayField(label=gettext_lazy("Du"))
    last_on = DayField(label=gettext_lazy("Au"))
    note = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("L'entretien finit après avoir commencé."))
        if first and last and (last - first).days > 730:
            self.add_error("last_on", _("Deux ans au plus : au-delà, changez l'état de l'exemplaire."))
        return cleaned


class ClosureForm(forms.Form):
    first_on = DayField(label=gettext_lazy("Du"))
    last_on = DayField(label=gettext_lazy("Au"))
    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=120, required=False, help_text=gettext_lazy("Lu de tous.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first_on") and cleaned.get("last_on") and cleaned["last_on"] < cleaned["first_on"]:
            self.add_error("last_on", _("La fermeture finit après avoir commencé."))
        return cleaned


_NUMBERS = (
    "notice_days",
    "max_days",
    "renewals",
    "at_once",
    "transport",
    "setup",
    "buffer",
    "open_first_days",
    "offer_hours",
)
_MOST = {"notice_days": 90, "max_days": 730, "renewals": 12, "at_once": 100, "transport": 28, "setup": 28, "buffer": 60,
         "open_first_days": 365, "offer_hours": 720}  # fmt: skip
_YES_NO = ("closed_on_holidays", "needs_agreement", "needs_insurance", "needs_deposit")


class TermsForm(forms.Form):
    """What is left empty is asked of the next: `default`, shown in the boxes."""

    def __init__(self, data: Any = None, *, viewer: Viewer, terms: LendingTerms | None, default: Terms) -> None:
        held: dict[str, Any] = {}
        if terms is not None:
            held = {name: getattr(terms, name) for name in (*_NUMBERS, "hours", "pickup_notes", "borrowers")}
            held["open_halves"] = [str(half) for half in terms.open_halves or []]
            held["families"] = [term.pk for term in terms.families.all()]
            held |= {name: {True: "oui", False: "non", None: ""}[getattr(terms, name)] for name in _YES_NO}
        super().__init__(data, initial=held)
        column = LendingTerms._meta.get_field
        self.fields["open_halves"] = forms.TypedMultipleChoiceField(
            label=_("Retraits et retours"),
            choices=halves_of_week(),
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Rien de coché : %(halves)s.") % {"halves": _halves_in_words(default)},
        )
        for name, rows in (("hours", 0), ("pickup_notes", 3)):
            attrs = {"placeholder": getattr(default, name), **({"rows": rows} if rows else {})}
            widget: Any = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
            self.fields[name] = column(name).formfield(required=False, widget=widget)  # type: ignore[union-attr]
        for name in _NUMBERS:
            self.fields[name] = forms.IntegerField(
                label=str(column(name).verbose_name).capitalize(),  # type: ignore[union-attr]
                required=False,
                min_value=0,
                max_value=_MOST[name],
                widget=forms.NumberInput(attrs={"placeholder": str(getattr(default, name))}),
            )
        self.fields["borrowers"] = forms.ChoiceField(
            label=_("Peuvent emprunter"),
            required=False,
            choices=[("", _("comme ailleurs : %(who)s") % {"who": default.borrowers.label}), *Borrowers.choices],
        )
        families = vocabularies(viewer.network)[Vocabulary.FAMILY]
        self.fields["families"] = TermsField(families, label=_("Familles d'acteurs"))
        for name in _YES_NO:
            usual = _("oui") if getattr(default, name) else _("non")
            self.fields[name] = forms.ChoiceField(
                label=str(column(name).verbose_name).capitalize(),  # type: ignore[union-attr]
                required=False,
                choices=[
                    ("", _("comme ailleurs : %(answer)s") % {"answer": usual}),
                    ("oui", _("oui")),
                    ("non", _("non")),
                ],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("borrowers") == Borrowers.FAMILIES and not cleaned.get("families"):
            self.add_error("families", _("Choisissez au moins une famille."))
        return cleaned

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["open_halves"] = sorted(given["open_halves"]) or None
        for name in _YES_NO:
            given[name] = {"oui": True, "non": False}.get(given[name])
        return given


def _halves_in_words(default: Terms) -> str:
    labels = dict(halves_of_week())
    if default.open_halves == frozenset(range(10)):
        return _("du lundi au vendredi")
    return ", ".join(labels[half].lower() for half in sorted(default.open_halves))
