"""Two people at the same moment: the content is hidden once, decided once."""

import pytest

from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.moderation.actions import settle
from maillage.moderation.models import Case, Report
from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event
from tests.factories.directory import make_network
from tests.factories.moderation import case_of, report_by_accounts, report_event
from tests.support.at_once import queued

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def net():
    return make_network()


def test_the_third_and_the_fourth_report_at_once_hide_once(net):
    event = make_event(net)
    report_by_accounts(net, event, 2)
    last = [viewer(make_person(net), net) for _each in range(2)]
    done = queued(net, *(lambda by=by: report_event(by, event) for by in last))
    assert sum(isinstance(each, Report) for each in done) == 2
    assert (
        Entry.objects.filter(verb="event.suspend").count() == Entry.objects.filter(verb="case.suspended").count() == 1
    )
    assert Case.objects.get().state == "hidden"


def test_two_first_reports_at_once_open_one_case(net):
    event = make_event(net)
    people = [viewer(make_person(net), net) for _each in range(2)]
    done = queued(net, *(lambda by=by: report_event(by, event) for by in people))
    assert (len(done), Case.objects.count(), Report.objects.count()) == (2, 1, 2)


def test_one_account_that_reports_twice_at_once_counts_once(net):
    event, by = make_event(net), viewer(make_person(net), net)
    done = queued(net, lambda: report_event(by, event), lambda: report_event(by, event))
    assert [each.status for each in done if isinstance(each, Refused)] == [409]
    assert Report.objects.count() == 1


def test_two_moderators_at_once_decide_once(net):
    team = [viewer(make_person(net, RoleKind.ANIMATOR), net) for _each in range(2)]
    event = make_event(net)
    report_by_accounts(net, event, 3)
    case = case_of(event)
    done = queued(
        net,
        lambda: settle(by=team[0], case=case, removed=True, words="Retiré."),
        lambda: settle(by=team[1], case=case, removed=False, words="Gardé."),
    )
    assert [each.status for each in done if isinstance(each, Refused)] == [409]
    assert Entry.objects.filter(verb__in=["case.kept", "case.removed"]).count() == 1
