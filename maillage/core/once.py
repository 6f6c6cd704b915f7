"""One form sent twice makes one object: double click, Back and send again, a retry after a time-out.

The form carries `{% form_key %}`, drawn anew with each page; the view that creates is decorated:

    @team_page
    @once
    def create_actor(request): ...

The first sending does its work, and where it led is kept; the same again, from the same person and with the same
contents, waits for it and is led there too. What was refused leaves no trace: the form may be sent again. Without a key
(a program that posts), nothing changes. The view is not held in one transaction: it would keep the others from writing.
A process killed between its work and the keeping of where it led is the one case in which sending again does it twice.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.errors import Conflict
from maillage.core.jobs import task
from maillage.core.models import Job, Submission

FIELD = "cle"
KEPT = timedelta(days=2)
PATIENCE = 10  # Seconds that a second sending waits for the first.
DEAD = timedelta(minutes=2)  # A first sending without an end for that long was killed.
View = Callable[..., HttpResponse]


def fingerprint(request: HttpRequest) -> str:
    """What makes two sendings the same one; "" when the form carries no key.

    The contents count as well as the key: a page kept by the browser, filled again with something else, is a new sending.
    """
    try:
        key = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return ""
    sent = sorted((name, values) for name, values in request.POST.lists() if name not in (FIELD, "csrfmiddlewaretoken"))
    files = sorted((name, [(file.name, file.size) for file in found]) for name, found in request.FILES.lists())
    # A visitor without an account is told apart by the secret of the form's cookie.
    who = request.user.pk or request.META.get("CSRF_COOKIE", "")
    return hashlib.sha256(repr((str(key), who, request.get_full_path(), sent, files)).encode()).hexdigest()


def once(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = fingerprint(request) if request.method == "POST" else ""
        if not mark:
            return view(request, *args, **kwargs)
        until = time.monotonic() + PATIENCE
        while not _is_ours(mark):
            if led_to := Submission.objects.filter(fingerprint=mark).values_list("led_to", flat=True).first():
                messages.info(request, _("Ce formulaire était déjà parti : il n'a pas été envoyé une seconde fois."))
                return HttpResponseRedirect(led_to)
            if time.monotonic() > until:
                raise Conflict(_("Ce formulaire est déjà parti et n'a pas fini d'être traité : attendez un instant."))
            time.sleep(0.05)
        led_to = ""
        try:
            response = view(request, *args, **kwargs)
            if response.status_code < 400:
                led_to = response.get("Location") or request.get_full_path()
            return response
        finally:
            ours = Submission.objects.filter(fingerprint=mark)
            if led_to:
                ours.update(led_to=led_to)
            else:
                ours.delete()

    return answer


def _is_ours(mark: str) -> bool:
    """Whether this request is the first, or the first died without a word."""
    _submission, is_first = Submission.objects.get_or_create(fingerprint=mark)
    now = timezone.now()
    return is_first or bool(Submission.objects.filter(fingerprint=mark, led_to="", at__lt=now - DEAD).update(at=now))


@task(every=timedelta(days=1))
def forget_submissions(job: Job) -> None:
    Submission.objects.filter(at__lt=timezone.now() - KEPT).delete()
