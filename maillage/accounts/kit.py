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
ADDRESS_SECONDS = 1800
_CODE_KEY, _ADDRESS_KEY, _PROVED_KEY = "identity_code", "other_address_code", "other_address_proved"
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
    return _new_code(request, _CODE_KEY)


def check_identity_code(request: Request, code: str) -> bool:
    """Single use, fifteen minutes, five tries."""
    if _checked(request, _CODE_KEY, code, CODE_SECONDS) is None:
        return False
    record_authentication(request, request.user, method="code", reauthenticated=True)
    return True


def awaits_identity_code(request: Request) -> bool:
    return _is_fresh(request.session.get(_CODE_KEY), CODE_SECONDS)


# --- proof of another address ------------------------------------------------------------------------------------------
def new_address_code(request: Request, address: str) -> str:
    """A code for an address that may open another account: kept like the other, it proves that this person reads it."""
    request.session.pop(_PROVED_KEY, None)
    return _new_code(request, _ADDRESS_KEY, address=address, user=request.user.pk)


def check_address_code(request: Request, code: str) -> bool:
    """Single use, thirty minutes, five tries; the proof then holds for thirty minutes, in this session."""
    kept = _checked(request, _ADDRESS_KEY, code, ADDRESS_SECONDS)
    if kept is None or kept["user"] != request.user.pk:
        return False
    request.session[_PROVED_KEY] = {"address": kept["address"], "user": kept["user"], "at": time.time()}
    return True


def awaited_address(request: Request) -> str:
    """The address to which a code went, or ""."""
    return _address(request, _ADDRESS_KEY)


def proved_address(request: Request) -> str:
    """The address that this person proved to read a moment ago, or ""."""
    return _address(request, _PROVED_KEY)


def forget_addresses(request: Request) -> None:
    for key in (_ADDRESS_KEY, _PROVED_KEY):
        request.session.pop(key, None)


def _address(request: Request, key: str) -> str:
    kept: Any = request.session.get(key)
    fresh = _is_fresh(kept, ADDRESS_SECONDS) and kept["user"] == request.user.pk
    return str(kept["address"]) if fresh else ""


def _new_code(request: Request, key: str, **facts: Any) -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    request.session[key] = {"hash": _code_hash(letters), "at": time.time(), "tries": CODE_TRIES, **facts}
    return f"{letters[:4]}-{letters[4:]}"


def _checked(request: Request, key: str, code: str, seconds: int) -> dict[str, Any] | None:
    """What was kept with the code, when this is the one; a wrong one costs a try."""
    kept: dict[str, Any] | None = request.session.pop(key, None)
    if kept is None or not _is_fresh(kept, seconds):
        return None
    if constant_time_compare(kept["hash"], _code_hash(code)):
        return kept
    if kept["tries"] > 1:
        request.session[key] = {**kept, "tries": kept["tries"] - 1}
    return None


def _is_fresh(kept: Any, seconds: int) -> bool:
    return kept is not None and time.time() - kept["at"] <= seconds


def _code_hash(code: str) -> str:
    letters = "".join(char for char in code.upper() if char.isalpha())
    return salted_hmac("maillage.identity_code", letters, algorithm="sha256").hexdigest()
