"""Choosing, field by field, what two sheets that become one will say."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from maillage.directory.queries.merging import BOTH, GONE, KEPT, Choice

_SHOWN = 300  # Characters of a value.


class MergeForm(forms.Form):
    """`seen` is what the sheets were when they were shown (`actions.merging.state_of`); `half_hidden` asks whether to show
    what one of the two hid."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=200)
    publish = forms.BooleanField(
        label=_lazy("Publier la fiche gardée"),
        help_text=_lazy("L'une des deux est publiée, l'autre masquée. Sans cela, la fiche gardée est masquée."),
        required=False,
    )

    def __init__(self, data: Any = None, *, choices: list[Choice], seen: str, half_hidden: bool = False) -> None:
        super().__init__(data, initial={"seen": seen})
        if not half_hidden:
            del self.fields["publish"]
        self.names = [choice.name for choice in choices]
        self.alone = {choice.name for choice in choices if choice.alone}
        for choice in choices:
            before, after = ([getattr(each, side) for each in choice.differences] for side in ("before", "after"))
            options = [
                (KEPT, _("%(value)s – fiche gardée") % {"value": _told(before)}),
                (GONE, _("%(value)s – l'autre") % {"value": _told(after)}),
            ]
            if choice.can_add:
                options.append((BOTH, _("Les deux ensemble")))
            self.fields[choice.name] = forms.ChoiceField(
                label=choice.label, choices=options, initial=choice.default, widget=forms.RadioSelect
            )

    def to_choose(self) -> list[Any]:
        """What the two sheets tell differently."""
        return [self[name] for name in self.names if name not in self.alone]

    def to_complete(self) -> list[Any]:
        """What one of them alone says."""
        return [self[name] for name in self.names if name in self.alone]

    def chosen(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}


def _told(values: list[str]) -> str:
    told = " · ".join(value for value in values if value)
    return (told[:_SHOWN] + "…" if len(told) > _SHOWN else told) or _("(rien)")
