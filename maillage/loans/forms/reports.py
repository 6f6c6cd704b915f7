"""The form of a condition report: one block for each copy, then who attests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import Condition, ReportKind
from maillage.loans.models import LoanUnit
from maillage.networks.validators import validate_one_line

MOST_PHOTOS, MOST_IN_ALL = 8, 60
MOST_BYTES = 90_000_000
_NEVER_SEEN = {ReportKind.OUT: Condition.LOST, ReportKind.LATER: Condition.FIT}
"""What is lost does not leave; what is found after a return is a damage."""


class _Pictures(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures, each written anew without its metadata; none is opened when the report has too many (`is_refused`)."""

    is_refused = False

    def __init__(self, *, camera: bool, **kwargs: Any) -> None:
        attrs = {"accept": "image/*", "multiple": True} | ({"capture": "environment"} if camera else {})
        super().__init__(required=False, widget=_Pictures(attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[ContentFile]:
        uploads = data if isinstance(data, list | tuple) else [data]
        if self.is_refused:
            return []
        return [images.received(super(PicturesField, self).clean(each, initial)) for each in uploads if each]


class UnitBlock:
    """The fields of a unit, as its part of the page draws them."""

    def __init__(self, form: "ReportForm", unit: LoanUnit) -> None:
        self.form, self.unit = form, unit

    def __getitem__(self, name: str) -> forms.BoundField:
        return self.form[f"u{self.unit.pk}-{name}"]

    @property
    def fields(self) -> list[forms.BoundField]:
        names = ("back", "condition", "missing", "notes", "camera", "photos")
        return [self[name] for name in names if f"u{self.unit.pk}-{name}" in self.form.fields]


class ReportForm(forms.Form):
    """`cle` is drawn by the page, and kept by the device until we answered; `fait` is the time of the device."""

    cle = forms.UUIDField(widget=forms.HiddenInput)
    fait = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    notes = forms.CharField(
        label=gettext_lazy("Observations générales"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    lender = forms.CharField(
        label=gettext_lazy("Pour le prêteur : nom et prénom"), max_length=120, validators=[validate_one_line]
    )
    lender_attests = forms.BooleanField(
        label=gettext_lazy("Pour le prêteur : j’atteste que ce constat est exact"),
        error_messages={"required": gettext_lazy("Cochez cette case pour signer le constat.")},
    )
    borrower = forms.CharField(
        label=gettext_lazy("Pour l’emprunteur : nom et prénom"),
        max_length=120,
        required=False,
        validators=[validate_one_line],
    )
    borrower_attests = forms.BooleanField(
        label=gettext_lazy("Pour l’emprunteur : j’atteste que ce constat est exact"), required=False
    )

    def __init__(self, *args: Any, units: Sequence[LoanUnit], kind: ReportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.kind = list(units), kind
        self.initial.setdefault("cle", uuid4())
        for unit in self.units:
            self._add(unit)
        if kind == ReportKind.IN:
            self.fields["borrower"].help_text = _("Laissez vide si personne n’est là pour signer : le constat le dira.")
        if kind == ReportKind.TRANSFER:
            self.fields["lender"].label = _("Qui remet : nom et prénom")
            self.fields["lender_attests"].label = _("Je remets ces exemplaires et j’atteste que ce constat est exact")
            self.fields["borrower"].label = _("Qui reçoit : nom et prénom")
            self.fields["borrower_attests"].label = _("Je reçois ces exemplaires et j’atteste que ce constat est exact")
        if kind == ReportKind.LATER:
            del (
                self.fields["borrower"],
                self.fields["borrower_attests"],
            )  # Told of it, they answer on the page of the damage.

    def _add(self, unit: LoanUnit) -> None:
        start = f"u{unit.pk}-"
        if self.kind == ReportKind.IN:
            self.fields[f"{start}back"] = forms.BooleanField(
                label=_("Revenu maintenant (ou perdu)"), required=False, initial=True
            )
        if self.kind == ReportKind.LATER:
            self.fields[f"{start}back"] = forms.BooleanField(
                label=_("Un dommage est découvert sur cet exemplaire"), required=False, initial=len(self.units) == 1
            )
        conditions = [each for each in Condition if each != _NEVER_SEEN.get(self.kind)]
        self.fields[f"{start}condition"] = forms.ChoiceField(
            label=_("État"),
            choices=[(each.value, each.label) for each in conditions],
            initial=conditions[0].value,
            widget=forms.RadioSelect,
        )
        self.fields[f"{start}missing"] = forms.CharField(label=_("Ce qui manque"), max_length=300, required=False)
        self.fields[f"{start}notes"] = forms.CharField(label=_("Remarques"), max_length=500, required=False)
        self.fields[f"{start}camera"] = PicturesField(camera=True, label=_("Prendre une photo"))
        self.fields[f"{start}photos"] = PicturesField(
            camera=False, label=_("Choisir des photos"), help_text=_("Huit photos au plus pour un exemplaire.")
        )

    @property
    def blocks(self) -> list[UnitBlock]:
        return [UnitBlock(self, unit) for unit in self.units]

    @property
    def ends(self) -> list[forms.BoundField]:
        names = ("notes", "lender", "lender_attests", "borrower", "borrower_attests")
        return [self[name] for name in names if name in self.fields]

    def full_clean(self) -> None:
        """Photos are counted and weighed as they came, before any is decoded."""
        self.too_much = self._too_much() if self.is_bound else {}
        for field in self.fields.values():
            if isinstance(field, PicturesField):
                field.is_refused = bool(self.too_much)
        super().full_clean()

    def _too_much(self) -> dict[str | None, str]:
        """Field (None for the report) → sentence."""
        found: dict[str | None, str] = {}
        uploads = {unit.pk: self._sent(f"u{unit.pk}-") for unit in self.units}
        for pk, sent in uploads.items():
            if len(sent) > MOST_PHOTOS:
                found[f"u{pk}-photos"] = _("Huit photos au plus pour un exemplaire.")
        sizes = [each.size or 0 for sent in uploads.values() for each in sent]
        if len(sizes) > MOST_IN_ALL:
            found[None] = _("Soixante photos au plus pour un constat : gardez les plus parlantes.")
        elif sum(sizes) > MOST_BYTES:
            found[None] = _("Ces photos pèsent trop lourd ensemble : %(limit)d Mo au plus. Retirez-en.") % {
                "limit": MOST_BYTES // 1_000_000
            }
        return found

    def _sent(self, start: str) -> list[Any]:
        return [each for name in ("camera", "photos") for each in self._uploads(f"{start}{name}") if each]

    def _uploads(self, name: str) -> list[Any]:
        given = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return list(given) if isinstance(given, list | tuple) else [given]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, sentence in self.too_much.items():
            self.add_error(name, sentence)
        for unit in self.units:
            start = f"u{unit.pk}-"
            is_told = given.get(f"{start}back") or self.kind != ReportKind.LATER
            if is_told and given.get(f"{start}condition") == Condition.MISSING and not given.get(f"{start}missing"):
                self.add_error(f"{start}missing", _("Dites ce qui manque."))
        if self.kind == ReportKind.LATER:
            if self.units and not any(given.get(f"u{unit.pk}-back") for unit in self.units):
                self.add_error(None, _("Cochez au moins un exemplaire."))
            return given
        if given.get("borrower") and not given.get("borrower_attests"):
            self.add_error("borrower_attests", _("Cochez cette case pour signer le constat."))
        if not given.get("borrower") and (self.kind != ReportKind.IN or given.get("borrower_attests")):
            self.add_error("borrower", _("Écrivez le nom de qui atteste."))
        if self.kind == ReportKind.IN and self.units and not any(given.get(f"u{unit.pk}-back") for unit in self.units):
            self.add_error(None, _("Cochez au moins un exemplaire revenu, ou perdu."))
        return given

    def _photos(self, start: str) -> list[ContentFile]:
        return [*(self.cleaned_data.get(f"{start}camera") or ()), *(self.cleaned_data.get(f"{start}photos") or ())]

    @property
    def key(self) -> UUID:
        return self.cleaned_data["cle"]

    @property
    def signed(self) -> Signed:
        return Signed(self.cleaned_data["lender"], self.cleaned_data.get("borrower", ""))

    @property
    def looked(self) -> dict[int, Looked]:
        given, found = self.cleaned_data, {}
        for unit in self.units:
            start = f"u{unit.pk}-"
            if given.get(f"{start}back", True):
                found[unit.pk] = Looked(
                    Condition(given[f"{start}condition"]),
                    given[f"{start}missing"],
                    given[f"{start}notes"],
                    self._photos(start),
                )
        return found
