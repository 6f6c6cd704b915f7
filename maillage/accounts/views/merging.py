"""« J'ai un autre compte »: its address, the code that proves one reads it, what will follow, then both are one.

Until the code is given, nothing looks whether an account has the address: pages, messages and time are the same.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.accounts import actions, kit, rules
from maillage.accounts.forms import IdentityCodeForm, OtherAddressForm
from maillage.accounts.queries import merging
from maillage.core import mail
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import client_of, hit, too_many

CODES_AN_HOUR = 5


@kit.recently_confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def name_other_account(request: Request) -> HttpResponse:
    form = OtherAddressForm(request.POST or None, user=request.viewer.user)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        # Whoever asks, from where, and whom they write to: a mailbox is not filled by several accounts.
        asked = [f"user:{request.user.pk}", client_of(request), address]
        waits = [hit("other_account", who, limit=CODES_AN_HOUR, seconds=3600) for who in asked]
        if any(waits):
            return too_many(request, max(waits))
        code = kit.new_address_code(request, address)
        mail.send("accounts/mail/other_account_code.html", to=address, context={"code": code}, network=request.network)
        return redirect("accounts:merge_prove")
    return render(request, "accounts/merge_ask.html", {"form": form}, status=422 if form.errors else 200)


@kit.recently_confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def prove_other_account(request: Request) -> HttpResponse:
    address = kit.awaited_address(request)
    if not address:
        return redirect("accounts:merge_confirm" if kit.proved_address(request) else "accounts:merge_ask")
    form = IdentityCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if kit.check_address_code(request, form.cleaned_data["code"]):
            return redirect("accounts:merge_confirm")
        form.add_error("code", _("Ce code n'est pas le bon, ou il n'est plus valable."))
    context = {"form": form, "address": address, "is_over": not kit.awaited_address(request)}
    return render(request, "accounts/merge_prove.html", context, status=422 if form.errors else 200)


@kit.recently_confirmed
@never_cache
@require_http_methods(["GET", "POST"])
@once
def merge_other_account(request: Request) -> HttpResponse:
    """What will follow, with counts; then, on the button, at once and for good."""
    address = kit.proved_address(request)
    if not address:
        return redirect("accounts:merge_ask")
    viewer, other = request.viewer, merging.account_at(address)
    answer = rules.may_merge_accounts(viewer, other)
    refusal, status = ("" if answer else answer.sentence), 200
    if request.method == "POST" and other is not None and answer:
        try:
            if request.POST.get("compte") != str(other.pk):
                raise Conflict(_("Cette adresse ouvre maintenant un autre compte : relisez avant de confirmer."))
            actions.merge_accounts(by=viewer, other=other, address=address)
        except Refused as refused:
            refusal, status = refused.sentence, refused.status
        else:
            kit.forget_addresses(request)
            messages.success(request, _("Les deux comptes n'en font plus qu'un : les deux adresses ouvrent celui-ci."))
            return redirect("accounts:profile")
    elif request.method == "POST":
        status = 403
    context = {
        "address": address,
        "other": other,
        "refusal": refusal,
        "lines": merging.told(merging.following(viewer.user, other)) if other is not None and not refusal else [],
    }
    return render(request, "accounts/merge_confirm.html", context, status=status)
