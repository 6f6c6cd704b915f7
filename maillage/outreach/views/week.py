"""« Ma semaine »: what is to be done, by day, whatever feature it comes from; then what was done."""

from datetime import date, timedelta

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
    lines = sorted(found, key=lambda pair: pair[1].on or date.max)
    ranked = [(rank, *pair) for rank, pair in enumerate(lines, 1)]
    context = {
        "late": [line for line in ranked if line[2].on and line[2].on < today],
        "today_lines": [line for line in ranked if line[2].on == today],
        "later": [line for line in ranked if line[2].on and line[2].on > today],
        "some_day": [line for line in ranked if line[2].on is None],
        "last_rank": len(ranked),
        "back": request.get_full_path(),
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
