"""Vocabularies of the network."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from maillage.api.conditional import conditional
from maillage.api.schemas import READ_PROBLEMS, TopicOut
from maillage.networks.queries import vocabularies

router = Router(tags=["Vocabulaires"])


@router.get(
    "/topics",
    response={200: list[TopicOut], 304: None, **READ_PROBLEMS},
    summary="Thématiques, publics, familles, types d'action",
)
@conditional
def list_topics(
    request: HttpRequest, vocabulary: Literal["theme", "audience", "family", "action_kind"] | None = None
) -> Any:
    found = vocabularies(request.network)
    return [term for name, terms in found.items() if vocabulary in (None, name) for term in terms]
