"""« Ma semaine »: what is to be done, by day, whatever feature it comes from; then what was done."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.core.requests import Request
from maillage.directory.queries.waiting import waiting_count
from maillage.outreach.queries.contacts import done_since
from maillage.outreach.registry.week import due_kinds
from maillage.outreach.views.team import team_page

_LINES = 60


@team_page
@require_safe
def show_week(request: Request) -> HttpResponse:
    """Mine, or the whole team's (`equipe=1`)."""
    viewer, today = request.viewer, timezone.localdate()
    everyone = request.GET.get("equipe") == "1"
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    lines = [(kind, due) for kind in due_kinds() for due in kind.lines(viewer, sunday, everyone, _LINES)]
    context = {
        "late": _when(lines, lambda on: on is not None and on < today),
        "today_lines": _when(lines, lambda on: on == today),
        "later": _when(lines, lambda on: on is not None and on > today),
        "some_day": _when(lines, lambda on: on is None),
        "today": today,
        "monday": monday,
        "sunday": sunday,
        "everyone": everyone,
        "done": done_since(viewer, monday, everyone),
        "waiting": waiting_count(viewer),
        "is_empty": not lines,
    }
    return render(request, "outreach/week.html", context)


def _when(lines, falls):  # type: ignore[no-untyped-def]
    return sorted((pair for pair in lines if falls(pair[1].on)), key=lambda pair: (pair[1].on is None, pair[1].on or 0))
