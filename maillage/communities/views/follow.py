"""Following in one click, and back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.communities import actions, rules
from maillage.communities.queries.targets import target_of
from maillage.core.doors import signed_in
from maillage.core.requests import Request


@signed_in
@require_POST
def toggle(request: Request) -> HttpResponse:
    """`suivre` or `arreter` names what; one comes back where one was, where the button says the contrary."""
    viewer = request.viewer
    rules.may_follow(viewer).require()
    if code := request.POST.get("arreter", ""):
        row = actions.unfollow(by=viewer, code=code[:40])
        if row is not None:
            messages.info(request, _("Vous ne suivez plus « %(name)s ».") % {"name": row})
        return redirect(_back(request))
    target = target_of(viewer, request.POST.get("suivre", "")[:40])
    if target is None:
        raise Http404
    actions.follow(by=viewer, target=target)
    sentence = _("Vous suivez « %(name)s » : ce qui paraît se lit dans « Mon réseau ».")
    messages.success(request, sentence % {"name": target})
    return redirect(_back(request))


def _back(request: Request) -> str:
    """An address of this site alone."""
    asked = request.POST.get("retour", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return "/mon-reseau/"
