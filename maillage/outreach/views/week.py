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
    found = [(kind, due) for kind in due_kinds() for due in kind.lines(viewer, sunday, everyone, _LINES)]
    lines = sorted((pair for pair in found if pair[1].on is not None), key=lambda pair: pair[1].on or today)
    context = {
        "late": [pair for pair in lines if pair[1].on and pair[1].on < today],
        "today_lines": [pair for pair in lines if pair[1].on == today],
        "later": [pair for pair in lines if pair[1].on and pair[1].on > today],
        "some_day": [pair for pair in found if pair[1].on is None],
        "today": today,
        "monday": monday,
        "sunday": sunday,
        "everyone": everyone,
        "mine": not everyone,
        "done": done_since(viewer, monday, everyone),
        "waiting": waiting_count(viewer),
        "is_empty": not found,
    }
    return render(request, "outreach/week.html", context)
