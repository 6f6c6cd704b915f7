"""The verbs of a network's set-up. Every one is told to the journal, which outdates the cached pages."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core import images
from maillage.core.errors import Refused
from maillage.core.richtext import sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.networks import rules
from maillage.networks.models import ConsortiumMember, LegalText, Network, TermChoice
from maillage.networks.queries import consortium_values, held_terms, term_uses
from maillage.networks.registry import SETTINGS
from maillage.networks.signals import tell_act
from maillage.territories.models import Territory
from maillage.territories.rules import may_load
from maillage.topics.models import Term


def create_network(*, by: Viewer, name: str, host: str, perimeter: list[Territory], **values: Any) -> Network:
    """A new network; its first administrator is invited or named by the caller."""
    rules.may_create(by).require()
    network = Network(name=name.strip(), host=host.strip().lower() or None, slug=_free_slug(name), **values)
    network.full_clean()
    with transaction.atomic():
        network.save()
        network.perimeter.set(perimeter)
        tell_act("network.created", by=by.in_network(network), subject=network)
    return network


def _free_slug(name: str) -> str:
    base = slugged(name, 50)
    taken = set(Network.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else next(f"{base}-{n}" for n in range(2, 1000) if f"{base}-{n}" not in taken)


_PLATFORM_FIELDS = {"host", "is_public"}


def save_network(*, by: Viewer, network: Network, values: Mapping[str, Any], seen: Seen | None = None) -> Network:
    """Change fields of the network; the host name and the opening ask for the platform's administration."""
    _require(by, network)
    with transaction.atomic():
        network = Network.objects.select_for_update().get(pk=network.pk)
        held = {name: getattr(network, name) for name in values}
        require_unmoved(held, values, seen)
        changes = {name: [held[name], value] for name, value in values.items() if held[name] != value}
        if changes.keys() & _PLATFORM_FIELDS:
            rules.may_change_host(by).require()
        for name, value in values.items():
            setattr(network, name, value)
        network.full_clean()
        if changes:
            network.save(update_fields=[*changes, "updated_at"])
            tell_act("network.changed", by=by, subject=network, changes=changes)
    return network


def save_settings(*, by: Viewer, network: Network, values: Mapping[str, Any], seen: Seen | None = None) -> Network:
    """Declared settings only, within their bounds; a value equal to the default is not kept."""
    _require(by, network)
    for name, value in values.items():
        setting = SETTINGS.get(name)
        if setting is None:
            raise Refused(_("Ce réglage n'existe pas."), status=422)
        low, high = setting.minimum, setting.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise Refused(
                _("« %(label)s » va de %(low)s à %(high)s.") % {"label": setting.label, "low": low, "high": high},
                status=422,
            )
        if setting.choices and value not in dict(setting.choices):
            raise Refused(_("« %(label)s » : choisissez dans la liste.") % {"label": setting.label}, status=422)
        if setting.check is not None:
            try:
                setting.check(value)
            except ValidationError as error:
                raise Refused(" ".join(error.messages), status=422) from error
    with transaction.atomic():
        network = Network.objects.select_for_update().get(pk=network.pk)
        before = {name: network.setting(name) for name in values}
        require_unmoved(before, values, seen)
        changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
        kept = {**network.settings, **values}
        network.settings = {
            name: value for name, value in kept.items() if name in SETTINGS and value != SETTINGS[name].default
        }
        network.save(update_fields=["settings", "updated_at"])
        if changes:
            tell_act("network.settings_changed", by=by, subject=network, changes=changes)
    return network


def save_logo(*, by: Viewer, network: Network, upload: UploadedFile | None) -> Network:
    """Keep the logo, checked and written anew by `core.images`; None takes it away."""
    _require(by, network)
    content = None
    if upload is not None:
        try:
            content = images.received(upload)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), status=422) from error
    former = network.logo.name
    with transaction.atomic():
        if content is None:
            network.logo = ""
        else:
            network.logo.save(content.name or "logo.webp", content, save=False)
        network.save(update_fields=["logo", "updated_at"])
        tell_act("network.logo_changed", by=by, subject=network)
        if former:
            transaction.on_commit(lambda: images.forget(former))
    return network


def set_perimeter(*, by: Viewer, network: Network, territories: list[Territory], seen: Seen | None = None) -> Network:
    _require(by, network)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        held = list(network.perimeter.all())
        require_unmoved({"perimeter": held}, {"perimeter": territories}, seen)
        before, after = _names(held), _names(territories)
        network.perimeter.set(territories)
        if before != after:
            changes = {"perimeter": [before[:50], after[:50]]}
            tell_act("network.perimeter_changed", by=by, subject=network, changes=changes)
    return network


def follow_merger(*, by: Viewer, old: Territory, new: Territory) -> None:
    """The commune `old` became a part of `new`: perimeters and the consortium's territories follow."""
    may_load(by).require()
    with transaction.atomic():
        for network in Network.objects.filter(perimeter=old).order_by("pk"):
            network.perimeter.add(new)
            network.perimeter.remove(old)
            changes = {"perimeter": [[old.name], [new.name]]}
            tell_act("network.perimeter_changed", by=by.in_network(network), subject=network, changes=changes)
        for member in ConsortiumMember.objects.filter(territories=old).select_related("network").order_by("pk"):
            member.territories.add(new)
            member.territories.remove(old)
            changes = {"territories": [[old.name], [new.name]]}
            tell_act("consortium.changed", by=by.in_network(member.network), subject=member, changes=changes)


def save_legal_text(
    *, by: Viewer, network: Network, kind: str, body: str, seen: Seen | None = None
) -> LegalText | None:
    """The network's own legal text, sanitised; an empty one gives the shipped text back."""
    _require(by, network)
    clean = sanitised(body, trusted=True)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        text = LegalText.objects.filter(network=network, kind=kind).first() or LegalText(network=network, kind=kind)
        require_unmoved({"body": text.body}, {"body": clean}, seen)
        tell_act("network.legal_text_changed", by=by, subject=network, details={"kind": kind})
        if not clean:
            LegalText.objects.filter(network=network, kind=kind).delete()
            return None
        text.body = clean
        text.full_clean()
        text.save()
    return text


def set_term(
    *, by: Viewer, network: Network, term: Term, label: str | None = None, hidden: bool | None = None
) -> TermChoice:
    """Rename a term for this network (its own or a shared one) or hide it; other networks see no change."""
    _require(by, network)
    with transaction.atomic():
        choice = _choice(network, term)
        before = [choice.label or term.label, choice.is_hidden]
        if label is not None:
            cleaned = label.strip()
            choice.label = "" if cleaned == term.label else cleaned
        if hidden is not None:
            choice.is_hidden = hidden
        choice.full_clean()
        choice.save()
        changes = {"label": [before[0], choice.label or term.label], "hidden": [before[1], choice.is_hidden]}
        kept = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if kept:
            tell_act("term.changed", by=by, subject=term, changes=kept)
    return choice


def set_terms(
    *, by: Viewer, network: Network, vocabulary: str, values: Mapping[str, Any], seen: Seen | None = None
) -> None:
    """The names and hidings of a vocabulary that changed (`queries.held_terms` names them), all or none."""
    _require(by, network)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        uses = term_uses(network, vocabulary)
        require_unmoved(held_terms(uses), values, seen)
        for use in uses:
            label, hidden = values.get(f"label-{use.term.pk}"), values.get(f"hidden-{use.term.pk}")
            if label is not None or hidden is not None:
                set_term(by=by, network=network, term=use.term, label=label, hidden=hidden)


def add_term(*, by: Viewer, network: Network, vocabulary: str, label: str, hue: int = 1, shape: str = "circle") -> Term:
    """A term of this network alone, last in its list. Its identifier carries the network's: two networks may choose
    the same word without meeting."""
    _require(by, network)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        base = slugged(f"{network.slug} {label}", 56)
        taken = set(Term.objects.filter(vocabulary=vocabulary, slug__startswith=base).values_list("slug", flat=True))
        slug = base if base not in taken else next(f"{base}-{n}" for n in range(2, 999) if f"{base}-{n}" not in taken)
        term = Term(
            vocabulary=vocabulary, slug=slug, label=label.strip(), hue=hue, shape=shape, is_shared=False, position=1000
        )
        term.full_clean()
        term.save()
        TermChoice.objects.create(network=network, term=term)
        tell_act("term.added", by=by, subject=term)
    return term


def order_terms(*, by: Viewer, network: Network, terms: list[Term]) -> None:
    """Put the terms of a vocabulary in this order, for this network alone."""
    _require(by, network)
    with transaction.atomic():
        for position, term in enumerate(terms, start=1):
            choice = _choice(network, term)
            if choice.position != position:
                choice.position = position
                choice.save()
        tell_act("terms.ordered", by=by, subject=network)


def _choice(network: Network, term: Term) -> TermChoice:
    choice = TermChoice.objects.filter(network=network, term=term).first()
    if choice is None and not term.is_shared:
        raise Refused(_("Ce terme n'est pas de ce réseau."), status=404)
    return choice or TermChoice(network=network, term=term)


def save_consortium_member(
    *, by: Viewer, network: Network, member: ConsortiumMember | None = None, values: Mapping[str, Any],
    seen: Seen | None = None,
) -> ConsortiumMember:  # fmt: skip
    """Add or change an association that runs the network; `territories` is one of the values."""
    _require(by, network)
    with transaction.atomic():
        if member is None:
            member, verb, seen = ConsortiumMember(network=network), "consortium.added", None
        else:
            member, verb = ConsortiumMember.objects.select_for_update().get(pk=member.pk), "consortium.changed"
        held = consortium_values(member)
        require_unmoved(held, values, seen)
        own = {name: value for name, value in values.items() if name != "territories"}
        for name, value in own.items():
            setattr(member, name, value)
        member.full_clean()
        member.save()
        changes = {name: [held[name], value] for name, value in own.items() if held[name] != value}
        if "territories" in values:
            member.territories.set(values["territories"])
            before, after = (_names(places) for places in (held["territories"], values["territories"]))
            if before != after:
                changes["territories"] = [before[:50], after[:50]]
        tell_act(verb, by=by, subject=member, changes=changes if verb == "consortium.changed" else {})
    return member


def _names(territories: list[Territory]) -> list[str]:
    return sorted(territory.name for territory in territories)


def remove_consortium_member(*, by: Viewer, member: ConsortiumMember) -> None:
    _require(by, member.network)
    with transaction.atomic():
        tell_act("consortium.removed", by=by, subject=member.network, details={"name": member.name})
        member.delete()


def _require(by: Viewer, network: Network) -> None:
    """An administrator of A has no right in B: the rule is asked of the network that is changed."""
    if by.network_id != network.pk:
        raise Refused(_("Ce réseau n'est pas le vôtre."), status=404)
    rules.may_configure(by).require()
