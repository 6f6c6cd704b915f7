"""What a suggestion proposes, and how it differs from the sheet as it is now."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from maillage.activity.queries import Difference
from maillage.core.viewer import Viewer
from maillage.directory.enums import SuggestionState
from maillage.directory.models import Actor, Suggestion
from maillage.directory.queries.fields import held_fields
from maillage.directory.queries.history import differences_of
from maillage.directory.queries.revisions import labels_of
from maillage.networks.models import Network
from maillage.territories.models import Territory

PROPOSED = ("name", "summary", "address", "commune", "website", "email", "phone")


@dataclass(frozen=True)
class Proposal:
    """A field proposed, beside what the sheet says; `already` when it says that already."""

    name: str
    difference: Difference
    already: bool


def given(suggestion: Suggestion) -> dict[str, Any]:
    """The values proposed, as a form of the sheet gives them; a commune that is gone proposes nothing."""
    values = {name: suggestion.values[name] for name in PROPOSED if suggestion.values.get(name)}
    if "commune" in values:
        commune = Territory.objects.communes().select_related("department").filter(pk=values["commune"]).first()
        if commune is None:
            del values["commune"]
        else:
            values["commune"] = commune
    return values


def proposals(suggestion: Suggestion, actor: Actor) -> list[Proposal]:
    """Field by field, what is there and what is proposed."""
    values = {name: _key(value) for name, value in given(suggestion).items()}
    changes = {name: [_key(getattr(actor, name)), value] for name, value in values.items()}
    differences = differences_of([changes])[0]
    return [
        Proposal(name, difference, pair[0] == pair[1])
        for (name, pair), difference in zip(changes.items(), differences, strict=True)
    ]


def shown_fields(suggestion: Suggestion, actor: Actor, viewer: Viewer) -> dict[str, Any]:
    """What the page shows of the sheet: its marks go with the form."""
    return held_fields(actor, viewer, list(given(suggestion)))


def said_of_own(viewer: Viewer, actor: Actor | None = None) -> list[tuple[Suggestion, str]]:
    """The errors that wait on sheets that the viewer looks after, oldest first, with the fields that they correct."""
    waiting = Suggestion.objects.said_to(viewer).waiting()
    if actor is not None:
        waiting = waiting.filter(actor=actor)
    return [(each, ", ".join(labels_of(list(each.values)))) for each in waiting.select_related("actor")[:50]]


_RESUMED = "maillage.suggestion"


def resume_token(suggestion: Suggestion) -> str:
    """What the answer to a refused suggestion carries, whose author has no account: it lives as long as the suggestion."""
    return signing.dumps(suggestion.pk, salt=_RESUMED)


def resumed_by(network: Network | None, token: str) -> Suggestion | None:
    """The refused suggestion that a personal link opens, on the host of its own network."""
    try:
        key = signing.loads(token, salt=_RESUMED)
    except signing.BadSignature:
        return None
    refused = Suggestion.objects.filter(network=network, state=SuggestionState.REFUSED)
    return refused.select_related("actor").filter(pk=key).first()


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)
