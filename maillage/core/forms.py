"""How forms are drawn, and the field of a rich text.

`{{ form }}` and `{{ field.as_field_group }}` give the site's accessible markup.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django_prose_editor.widgets import ProseEditorWidget

from maillage.core.richtext import sanitised

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


class TrapInput(forms.TextInput):
    """A box that nobody sees, hears or reaches by keyboard: only programs fill it. Drawn by `core/forms/field.html`."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "tabindex": "-1"})


class FormRenderer(TemplatesSetting):
    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"


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
