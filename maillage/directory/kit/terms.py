"""The field of several terms, lent to the apps above."""

from typing import Any

from django import forms

from maillage.topics.models import Term


class TermsField(forms.TypedMultipleChoiceField):
    """Terms of one vocabulary as the network orders and names them, from a list already read; cleaned to Terms."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, terms: list[Term], **kwargs: Any) -> None:
        self.terms = {term.pk: term for term in terms}
        choices = [(term.pk, term.label) for term in terms]
        super().__init__(choices=choices, coerce=lambda pk: self.terms[int(pk)], required=False, **kwargs)
