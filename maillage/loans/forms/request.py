"""A request for a loan, on one page: when, what, for whom, where, what for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Module, Resource
from maillage.catalogue.queries.availability import Wanted
from maillage.catalogue.queries.lending import Terms
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.loans.forms.halves import SpanForm
from maillage.loans.queries.terms import Asked
from maillage.territories.kit import CommuneField

_NOBODY = ""


class RequestForm(SpanForm):
    """`actors` are those that whoever asks may borrow for."""

    actor = forms.ChoiceField(label=gettext_lazy("Pour qui"), required=False)
    quantity = forms.IntegerField(label=gettext_lazy("Combien d'exemplaires"), min_value=1, max_value=200, initial=1)
    purpose = forms.CharField(
        label=gettext_lazy("Pour quoi faire"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Lu par le prêteur : une classe, une fête, une médiation en bibliothèque…"),
    )
    place = forms.CharField(label=gettext_lazy("Dans quel lieu"), max_length=200, required=False)
    commune = CommuneField(required=False, label=gettext_lazy("Commune"))
    expected = forms.IntegerField(
        label=gettext_lazy("Personnes attendues"), min_value=0, max_value=1_000_000, required=False
    )

    def __init__(
        self, data: Any = None, *, viewer: Viewer, resource: Resource, terms: Terms, actors: list[Actor], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.resource = resource
        self.actors = {str(actor.pk): actor for actor in actors}
        self.modules: list[Module] = list(resource.modules.all())
        choices = [(key, actor.name) for key, actor in self.actors.items()]
        if terms.borrowers == Borrowers.ANYONE or not choices:
            choices.append((_NOBODY, _("En mon nom")))
        cast("forms.ChoiceField", self.fields["actor"]).choices = choices
        if self.modules:
            # Of another resource when the form comes from its page: then the whole is asked for.
            name = self.modules_name
            self.fields[name] = forms.MultipleChoiceField(
                label=_("Quelles parties"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(module.pk), module.title) for module in self.modules],
                help_text=_("Aucune cochée : le tout."),
            )
        order = ["first_on", "first_half", "last_on", "last_half", self.modules_name, "quantity", "actor"]
        self.order_fields([*order, "purpose", "place", "commune", "expected"])

    @property
    def modules_name(self) -> str:
        return f"modules-{self.resource.pk}"

    @property
    def modules_field(self) -> forms.BoundField | None:
        return self[self.modules_name] if self.modules else None

    def wanted(self) -> Wanted:
        quantity = self.cleaned_data["quantity"]
        if not self.modules:
            return {None: quantity}
        chosen = self.cleaned_data.get(self.modules_name) or [str(module.pk) for module in self.modules]
        return {int(key): quantity for key in chosen}

    def asked(self) -> Asked:
        actor = self.actors.get(self.cleaned_data["actor"])
        return Asked(self.resource, self.wanted(), self.first, self.last, actor, self.cleaned_data.get("commune"))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("purpose", "place", "commune", "expected")}

    def tell(self, sentences: dict[str, str]) -> None:
        """What the terms of the lender refuse, next to the fields."""
        for name, sentence in sentences.items():
            self.add_error(name if name in self.fields else None, sentence)
