"""The form field of an actor, lent to the apps above: proposals as one types, and the typed text read by the server."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.proposals import ProposalInput
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.queries.naming import detail_of, named_so, shown_actor

_CHOICES = 10


class ActorInput(ProposalInput):
    url = reverse_lazy("directory:actor_options")
    question = gettext_lazy("Quel acteur ?")

    def options(self) -> Iterator[tuple[str, str, str]]:
        return ((str(actor.pk), shown_actor(actor), detail_of(actor)) for actor in self.proposals)


class ActorField(forms.Field):
    """An actor that the viewer may see, chosen among proposals or named in words; cleaned to an `Actor` (with its commune and
    département) or None."""

    widget = ActorInput

    def __init__(self, *, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        kwargs.setdefault("label", gettext_lazy("Acteur"))
        kwargs.setdefault("help_text", gettext_lazy("Tapez les premières lettres de son nom."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (str(value.pk), shown_actor(value)) if isinstance(value, Actor) else value

    def clean(self, value: Any) -> Actor | None:
        key, text = value if isinstance(value, tuple) else ("", "")
        if (pk := whole_number(key)) is not None:
            visible = Actor.objects.visible_to(self.viewer).select_related("family", "commune__department")
            chosen = visible.filter(pk=pk).distinct().first()
            # A text changed after the choice, without JavaScript to undo it, speaks louder than the choice.
            if chosen is not None and (not text or text in {shown_actor(chosen), chosen.name}):
                return chosen
        if not text:
            if self.required:
                raise ValidationError(_("Choisissez un acteur de l'annuaire."), code="required")
            return None
        return self._resolved(text[:200])

    def _resolved(self, text: str) -> Actor:
        found = named_so(text, self.viewer, limit=_CHOICES)
        exact = [actor for actor in found if text in {actor.name, shown_actor(actor)}]
        if len(exact) == 1 or len(found) == 1:
            return (exact if len(exact) == 1 else found)[0]
        if not found:
            sentence = _("Aucun acteur de l'annuaire ne correspond à « %(text)s ».")
            raise ValidationError(sentence, code="unknown", params={"text": text[:80]})
        self.widget.proposals = found
        raise ValidationError(_("Plusieurs acteurs correspondent : choisissez le bon."), code="ambiguous")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ("", "")
        return bool(tuple(before) != tuple(data or ("", "")))
