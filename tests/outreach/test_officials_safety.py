"""What keeps elected officials safe: refusals that nothing undoes, traces that go, lists that one line cannot stop."""

from datetime import date

import pytest

from maillage.outreach.models import Mandate, Official
from tests.factories.outreach import make_official
from tests.outreach.test_officials_import import ANA, imported, places, verdicts

__all__ = ["places"]
pytestmark = pytest.mark.django_db


def told(by, *lines, **rest):
    """The verdict of each line, and the first reason why."""
    return [(verdict, faults[0] if faults else "") for verdict, faults in verdicts(by, *lines, **rest)]


# --- one line cannot stop a list ------------------------------------------------------------------------------------------


def test_an_end_before_the_beginning_that_is_known_is_an_error_on_its_line_alone(animator, network, places):
    held = make_official(network, "Vidal", first_name="Ana", since=date(2020, 5, 18), territory=places.montpellier)
    head = "Code de la commune;Nom de l'élu;Prénom de l'élu;Date de fin du mandat"
    lines = "34172;VIDAL;Ana;01/01/2019", "34301;ROUX;Bob;"
    (verdict, reason), (other, _none) = told(animator, *lines, head=head)
    assert (verdict, other) == ("error", "create") and "finirait avant d'avoir commencé" in reason
    imported(animator, *lines, head=head)
    assert Official.objects.filter(last_name="ROUX").exists()
    assert held.mandates.get().until is None


def test_a_beginning_after_the_end_that_is_known_is_an_error_too(animator, network, places):
    make_official(network, "Vidal", first_name="Ana", until=date(2019, 1, 1), territory=places.montpellier)
    ((verdict, reason),) = told(animator, ANA)
    assert verdict == "error" and "finirait avant d'avoir commencé" in reason


def test_of_two_mandates_the_one_of_that_day_is_the_one_of_the_line(animator, network, places):
    official = make_official(network, "Vidal", first_name="Ana", civility="mme", territory=places.montpellier)
    dated = {"since": date(2020, 5, 18), "until": date(2026, 3, 21), "function": "maire"}
    Mandate.objects.create(official=official, territory=places.montpellier, **dated)
    assert told(animator, ANA) == [("identical", "")]
