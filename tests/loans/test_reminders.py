"""Reminders of a return (LOAN-6): three days before, that day, two days after, then the team; each once, by day, and no more once it is
back."""

from datetime import timedelta

import pytest

from maillage.activity.models import Notice
from maillage.loans import actions
from tests.factories.loans import ask, make_loan, noon_in

SAID = {
    "À rendre bientôt": "before",
    "À rendre aujourd'hui": "that_day",
    "En retard": "after",
    "Toujours attendu": "escalated",
}


def reminders(person):
    """What was sent to a person by mail, in order."""
    found = Notice.objects.filter(user=person.user, channel="mail", kind="loan_reminder").order_by("pk")
    titles = [title.partition(":")[0].strip() for title in found.values_list("title", flat=True)]
    return [SAID.get(title, title) for title in titles]


def mind(world, *days, hour=9):
    for day in days:
        actions.mind_network(world.network, at=noon_in(day) + timedelta(hours=hour - 9))


@pytest.fixture
def loan(world):
    """Out for a week: it is due on the sixth day from now."""
    return make_loan(world, state="out", first=0, days=7)


def test_each_leaves_on_its_day_and_once(world, loan):
    for day, told in ((2, []), (3, ["before"]), (5, []), (6, ["that_day"]), (7, []), (8, ["after"]), (12, [])):
        before = reminders(world.basile)
        mind(world, day, day)
        mind(world, day, hour=17)
        assert reminders(world.basile)[len(before) :] == told, day
    mind(world, 13, 14)
    assert reminders(world.basile) == ["before", "that_day", "after", "escalated"]


@pytest.mark.parametrize("hour", [0, 5, 7, 20, 23])
def test_none_leaves_at_night(world, loan, hour):
    mind(world, 3, 6, 8, 13, hour=hour)
    assert reminders(world.basile) == []


def test_one_that_was_due_at_night_leaves_in_the_morning(world, loan):
    mind(world, 6, hour=1)
    mind(world, 6, hour=8)
    assert reminders(world.basile) == ["that_day"]


def test_none_leaves_once_it_is_back(world, loan):
    mind(world, 3)
    units = {unit.pk: actions.Back() for unit in loan.units.all()}
    actions.return_units(by=world.louise, loan=loan, units=units, at=noon_in(5))
    mind(world, 6, 8, 13)
    assert reminders(world.basile) == ["before"]


def test_after_an_extension_they_go_by_the_new_day(world, loan):
    mind(world, 3)
    extension = actions.ask_extension(by=world.basile, loan=loan, last=loan.last + 20)
    actions.answer_extension(by=world.louise, extension=extension, accepted=True)
    mind(world, 6, 8, 12)
    assert reminders(world.basile) == ["before"]
    mind(world, 13, 14, 16)
    assert reminders(world.basile) == ["before", "before", "that_day"]


def test_one_that_is_late_warns_the_next_borrower_and_says_so_to_both(world, loan):
    following = actions.accept_loan(by=world.louise, loan=ask(world.nadia, world.kit, first=9))
    mind(world, 8, 9)
    assert following.told.get().moment == "endangered"
    assert reminders(world.basile) == ["after", "Quelqu'un attend votre retour"]
    said = Notice.objects.filter(user=world.nadia.user, channel="site", title__startswith="Votre prêt est incertain")
    assert said.count() == 1
