"""How Django's forms are drawn: `{{ form }}` and `{{ field.as_field_group }}` give the site's accessible markup."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"
