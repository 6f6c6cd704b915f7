"""Template pieces of the directory: `{% load directory %}`."""

import json
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from maillage.core.images import address, srcset
from maillage.core.panels import Panel
from maillage.directory.models import Actor

register = template.Library()
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@register.simple_tag
def picture_url(name: str, width: int | None = None) -> str:
    return address(name, width)


@register.simple_tag
def picture_srcset(name: str) -> str:
    return srcset(name)


@register.simple_tag
def distance(kilometres: float) -> str:
    """Rounded as a person would say it."""
    if kilometres < 1:
        return _("à moins de 1 km")
    return _("à %s km") % number_format(round(kilometres), use_l10n=True)


@register.simple_tag(takes_context=True)
def show_panel(context: Any, panel: Panel) -> str:
    """A panel of a slot, with its own context over the page's."""
    with context.push(**panel.context):
        return str(context.template.engine.get_template(panel.template).render(context))


@register.filter
def domain(url: str) -> str:
    """The host of a site, as people name it."""
    return urlsplit(url).netloc.removeprefix("www.") or url


@register.filter
def phone_digits(phone: str) -> str:
    """A telephone number as a link wants it."""
    return "".join(char for char in phone if char.isdecimal() or char == "+")


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A data block for machines; what could close it or open a tag is written as escapes."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def hue(actor: Actor) -> int:
    """The hue of the actor's family (1 to 8); the first one without a family."""
    return actor.family.hue if actor.family else 1
