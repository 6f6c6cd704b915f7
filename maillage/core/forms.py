"""How forms are drawn, the field of a rich text, forms filled without an account, and those that several people may have open
at once.

`{{ form }}` and `{{ field.as_field_group }}` give the site's accessible markup.
"""

import time
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core import signing
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.widgets import ProseEditorWidget

from maillage.core import seen
from maillage.core.richtext import as_text, sanitised

EDITOR = {
    "extensions": {
        "Heading": {"levels": [2, 3, 4]},
        "Bold": True,
        "Italic": True,
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "Link": {"enableTarget": False},
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
        "HardBreak": True,
        "History": True,
    }
}


EITHER = "core/forms/either.html"  # `template_name` of a field of a choice that is required.


class TrapInput(forms.TextInput):
    """A box that nobody sees, hears or reaches by keyboard: only programs fill it. Drawn by `core/forms/field.html`."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "tabindex": "-1"})


class DrawnField(forms.BoundField):
    """`meanwhile` says what is stored now, when someone else wrote it since the page was opened."""

    meanwhile = ""

    @property
    def aria_describedby(self) -> str | None:
        said = super().aria_describedby
        return f"{said or ''} {self.auto_id}_meanwhile".strip() if self.meanwhile else said

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        """The label stands above: a placeholder, which the sign-in library puts everywhere, would say it twice."""
        self.field.widget.attrs.pop("placeholder", None)
        return super().as_widget(widget, attrs, only_initial)


class FormRenderer(TemplatesSetting):
    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"
    bound_field_class = DrawnField


class RichTextField(forms.CharField):
    """Rich text, reduced to the allow-list; without JavaScript it is edited as HTML in a text area.

    Its page calls `{% rich_text form %}` in its head.
    """

    def __init__(self, *, trusted: bool = False, rows: int = 12, max_length: int = 50_000, **kwargs: Any) -> None:
        widget = ProseEditorWidget(config=EDITOR, preset="configurable", attrs={"rows": rows})
        super().__init__(required=False, max_length=max_length, widget=widget, **kwargs)
        self.trusted = trusted

    def clean(self, value: Any) -> str:
        return sanitised(super().clean(value), trusted=self.trusted)


class SeenForm(forms.BaseForm):
    """A form that several people may have open (see `core.seen`): mixed into a form, which sets `held`, what is stored of
    each field, before or after its own `__init__`. Its page sends `vu` back."""

    held: Mapping[str, Any] = {}

    @property
    def seen(self) -> dict[str, str]:
        return seen.read(self.data.get("vu", "") if self.is_bound else seen.marks(self.held))

    @property
    def vu(self) -> str:
        return " ".join(f"{name}.{mark}" for name, mark in self.seen.items())

    def changed(self) -> dict[str, Any]:
        """What the author changed; the rest is not written."""
        wanted = {name: value for name, value in self.cleaned_data.items() if name in self.held}
        return seen.changed(wanted, self.seen)

    def tell(self, held: Mapping[str, Any]) -> None:
        """After a conflict: what is stored now is said beside what the author typed, and takes the place of what they left
        alone; saving again, once read, overwrites knowingly."""
        typed = cast(QueryDict, self.data).copy()
        wanted = self.changed()
        for name in seen.moved(held, {name: wanted.get(name) for name in held}, self.seen):
            if name in wanted:
                cast(DrawnField, self[name]).meanwhile = said(self[name], held[name])
        for name in held.keys() & self.fields.keys() - wanted.keys():
            _type(typed, self[name], held[name])
        typed["vu"] = seen.marks(held)
        self.data = typed


def _type(data: Any, bound: forms.BoundField, value: Any) -> None:
    """Write a stored value in posted data as a browser would; a widget of several boxes says how (`posted`)."""
    prepared = bound.field.prepare_value(value)
    if isinstance(prepared, list):
        data.setlist(bound.html_name, prepared)
    elif hasattr(bound.field.widget, "posted"):
        for name, text in bound.field.widget.posted(bound.html_name, prepared).items():
            data[name] = text
    elif prepared is False:
        data.pop(bound.html_name, None)
    else:
        data[bound.html_name] = "" if prepared is None else prepared


def said(bound: forms.BoundField, value: Any) -> str:
    """A stored value in words, as its field shows it."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(bound.field, forms.FileField):
        return _("un fichier") if value else _("vide")
    prepared = bound.field.prepare_value(value)
    if isinstance(bound.field, RichTextField):
        prepared = as_text(prepared)
    elif hasattr(bound.field.widget, "words"):
        prepared = bound.field.widget.words(prepared)
    labels = dict(getattr(bound.field, "choices", ()) or ())
    shown = [str(labels.get(each, each)) for each in (prepared if isinstance(prepared, list) else [prepared])]
    return ", ".join(each for each in shown if each not in ("", "None")) or _("vide")


LEAST_SECONDS = 3
_LONGEST_SECONDS = 12 * 3600
_SALT = "directory.contact"


class VisitorForm(forms.Form):
    """A form that a visitor fills without an account. No puzzle: a field that people do not see and the time taken to write tell
    programs from people. `site` must stay empty; `opened` is the signed time when the form was shown."""

    site = forms.CharField(label=gettext_lazy("Laissez ce champ vide"), required=False, widget=TrapInput)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    error_css_class = "error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("opened", signing.dumps(int(time.time()), salt=_SALT))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("site"):
            sentence = _(
                "Un champ caché a été rempli, sans doute par votre navigateur : il est vidé et votre texte est gardé. "
                "Relisez-le, attendez quelques secondes et envoyez-le de nouveau."
            )
        elif not self._took_its_time(cleaned.get("opened", "")):
            sentence = _(
                "Nous n'avons pas pu vérifier que ce message vient d'une personne. Attendez quelques secondes et envoyez-le "
                "de nouveau : votre texte est gardé."
            )
        else:
            return cleaned
        # Sending again works: the hidden box is emptied, a page left open overnight gets a fresh mark.
        renewed = cast(QueryDict, self.data).copy()
        renewed["site"], renewed["opened"] = "", self.initial["opened"]
        self.data = renewed
        raise forms.ValidationError(sentence, code="robot")

    def _took_its_time(self, opened: str) -> bool:
        try:
            age = time.time() - signing.loads(opened, salt=_SALT)
        except (signing.BadSignature, TypeError):
            return False
        return LEAST_SECONDS <= age <= _LONGEST_SECONDS
