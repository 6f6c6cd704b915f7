"""Why something is refused or hidden: the forms of whoever answers, lent to the apps above."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy


class RefusalForm(forms.Form):
    """`reasons`: the closed list of an app; words follow, which the person reads."""

    reasons: ClassVar[Any] = ()
    code = forms.ChoiceField(label=gettext_lazy("Motif"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Envoyée à la personne : ce qu'il faudrait pour que ce soit retenu."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = self.reasons  # type: ignore[attr-defined]


class HidingForm(forms.Form):
    """`read_by`: who reads the words, as the help says it."""

    read_by: ClassVar[Any] = ""
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = self.read_by
