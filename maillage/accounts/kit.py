"""The door of sensitive acts, lent to the views of this app and of those above."""

import secrets
import time
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from maillage.core.doors import View, signed_in
from maillage.core.requests import Request

CODE_SECONDS = 900
CODE_TRIES = 5
_CODE_KEY = "identity_code"
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def recently_confirmed(view: View) -> View:
    """For sensitive acts: who one is was proved in the last minutes, else it is asked again (password, second factor,
    or an e-mailed code for those who have neither)."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not was_recently_confirmed(request):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse(_confirmation_url(request.user))}?{query}")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def was_recently_confirmed(request: Request) -> bool:
    records = get_authentication_records(request, request.user)
    limit = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record.get("at", 0) > limit for record in records)


def _confirmation_url(user: Any) -> str:
    from allauth.account.internal.flows.reauthentication import get_reauthentication_flows

    flows = get_reauthentication_flows(user)
    names = {"reauthenticate": "account_reauthenticate", "mfa_reauthenticate": "mfa_reauthenticate"}
    return names[flows[0]["id"]] if flows else "accounts:identity_confirm"


def new_identity_code(request: Request) -> str:
    """A code to e-mail; the session keeps a keyed hash of it, the hour and the tries left."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    request.session[_CODE_KEY] = {"hash": _code_hash(letters), "at": time.time(), "tries": CODE_TRIES}
    return f"{letters[:4]}-{letters[4:]}"


def check_identity_code(request: Request, code: str) -> bool:
    """Single use, fifteen minutes, five tries."""
    kept = request.session.pop(_CODE_KEY, None)
    if kept is None or time.time() - kept["at"] > CODE_SECONDS:
        return False
    if constant_time_compare(kept["hash"], _code_hash(code)):
        record_authentication(request, request.user, method="code", reauthenticated=True)
        return True
    if kept["tries"] > 1:
        request.session[_CODE_KEY] = {**kept, "tries": kept["tries"] - 1}
    return False


def awaits_identity_code(request: Request) -> bool:
    kept = request.session.get(_CODE_KEY)
    return kept is not None and time.time() - kept["at"] <= CODE_SECONDS


def _code_hash(code: str) -> str:
    letters = "".join(char for char in code.upper() if char.isalpha())
    return salted_hmac("maillage.identity_code", letters, algorithm="sha256").hexdigest()
