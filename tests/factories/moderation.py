"""Reports, made by the real actions."""

from typing import Any

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.moderation.actions import report
from maillage.moderation.models import Case
from maillage.moderation.queries import reached
from maillage.networks.models import Network
from tests.factories.accounts import make_person, viewer


def report_event(by: Viewer, event: Any, *, reason: str = "faux", words: str = "") -> Any:
    """As the page does it: what is not visible is not reported."""
    found = reached(by, "evenement", event.pk)
    assert found is not None and found.kind is not None
    return report(by=by, kind=found.kind, content=found.content, reason=reason, words=words)


def report_by_accounts(network: Network, event: Any, number: int) -> list[User]:
    """`number` different accounts report it."""
    people = [make_person(network) for _each in range(number)]
    for person in people:
        report_event(viewer(person, network), event)
    return people


def case_of(event: Any) -> Case:
    return Case.objects.about("evenement", event.pk).order_by("-pk")[0]
