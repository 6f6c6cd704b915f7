"""Template pieces that every app uses; built in, no `load` needed."""

from typing import Any

from django import template
from django.http import QueryDict

from maillage.core.pagination import with_params

register = template.Library()


@register.simple_tag(takes_context=True)
def url_with(context: dict[str, Any], **changes: Any) -> str:
    """The current query string after `changes` (None removes)."""
    request = context.get("request")
    return with_params(request.GET if request is not None else QueryDict(), **changes)
