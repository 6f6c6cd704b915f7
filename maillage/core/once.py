"""One form sent twice makes one object: double click, Back and send again, a retry after a time-out.

The form carries `{% form_key %}`, drawn anew with each page; the view that creates is decorated:

    @team_page
    @once
    def create_actor(request): ...

The first sending does its work, and where it led is kept with it in one transaction; the same again, from the same
person and with the same contents, waits for it and is led there too. What was refused leaves no trace: the form may be
sent again. Without a key (a program that posts), nothing changes.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.jobs import task
from maillage.core.models import Job, Submission

FIELD = "cle"
KEPT = timedelta(days=2)
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
        with transaction.atomic():
            # The second of two at the same time waits here for the first one's end: the row is unique.
            submission, is_first = Submission.objects.get_or_create(fingerprint=mark)
            if is_first:
                response = view(request, *args, **kwargs)
                if response.status_code < 400:
                    submission.led_to = response.get("Location") or request.get_full_path()
                    submission.save(update_fields=["led_to"])
                else:
                    submission.delete()
                return response
        messages.info(request, _("Ce formulaire était déjà parti : il n'a pas été envoyé une seconde fois."))
        return HttpResponseRedirect(submission.led_to)

    return answer


@task(every=timedelta(days=1))
def forget_submissions(job: Job) -> None:
    Submission.objects.filter(at__lt=timezone.now() - KEPT).delete()
