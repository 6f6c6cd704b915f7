"""Elected officials: who they are, what they were elected to and where, what was promised."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.outreach.enums import Civility, Function, Promiser, PromiseState
from maillage.outreach.models.contacts import Contact
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory


class OfficialQuerySet(models.QuerySet["Official"]):
    def visible_to(self, viewer: Viewer) -> "OfficialQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()

    def with_mandates(self) -> "OfficialQuerySet":
        """All that `Official.present_mandates` and `Official.departments` read."""
        held = Mandate.objects.select_related("territory__department", "territory__region")
        return self.prefetch_related(models.Prefetch("mandates", held))

    def within(self, departments: Iterable[str]) -> "OfficialQuerySet":
        """Those who hold a mandate in one of these départements."""
        held = Mandate.objects.current().within(departments).filter(official=OuterRef("pk"))
        return self.filter(Exists(held))


class Official(Dated):
    """An elected official as public sources give them; `source` and `sourced_on` say which. `stopped_at`: wants no more
    letters; `objected_at`: objected to being kept, only this refusal remains beside the name."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    civility = models.CharField(_("civilité"), max_length=3, choices=Civility.choices, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80)
    name_key = models.CharField(max_length=170, editable=False)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.TextField(_("adresse postale"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=120)
    sourced_on = models.DateField(_("date de la source"), default=timezone.localdate)
    stopped_at = models.DateTimeField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(objected_at=None) | Q(email="", phone="", address=""),
                name="official_objected_has_no_contact",
            )
        ]
        indexes = [models.Index(fields=["network", "name_key"])]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = folded(f"{self.last_name} {self.first_name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("outreach:official_show", args=[self.pk])

    @property
    def may_be_written_to(self) -> bool:
        return self.stopped_at is None and self.objected_at is None

    @property
    def present_mandates(self) -> list["Mandate"]:
        """From `with_mandates`: no query."""
        today = timezone.localdate()
        return [mandate for mandate in self.mandates.all() if mandate.is_current(today)]

    @property
    def past_mandates(self) -> list["Mandate"]:
        present = self.present_mandates
        return [mandate for mandate in self.mandates.all() if mandate not in present]

    @property
    def departments(self) -> set[str]:
        """Codes of the départements of their mandates, "" for one that covers several: the present ones, else all."""
        return {mandate.department for mandate in self.present_mandates or self.mandates.all()}


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(self, viewer: Viewer) -> "MandateQuerySet":
        return self.filter(official__network=viewer.network_id) if viewer.runs_network else self.none()

    def current(self) -> "MandateQuerySet":
        today = timezone.localdate()
        begun, going_on = Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today)
        return self.filter(begun, going_on)

    def within(self, departments: Iterable[str]) -> "MandateQuerySet":
        codes = list(departments)
        itself = Q(territory__kind=TerritoryKind.DEPARTMENT, territory__code__in=codes)
        return self.filter(itself | Q(territory__department__code__in=codes))


class Mandate(models.Model):
    """What someone was elected to: in a territory, or a body that has none here (`body`)."""

    official = models.ForeignKey(Official, models.CASCADE, related_name="mandates")
    function = models.CharField(_("fonction"), max_length=14, choices=Function.choices)
    delegation = models.CharField(_("délégation"), max_length=120, blank=True)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.CharField(_("assemblée ou organisme"), max_length=120, blank=True)
    since = models.DateField(_("depuis le"), null=True, blank=True)
    until = models.DateField(_("jusqu'au"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = [F("until").desc(nulls_first=True), F("since").desc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")), name="mandate_order"
            ),
            models.CheckConstraint(condition=~Q(territory=None) | ~Q(body=""), name="mandate_is_somewhere"),
            models.UniqueConstraint(fields=["official", "function", "territory", "since"], name="mandate_once"),
            models.UniqueConstraint(
                fields=["official", "function", "territory"], condition=Q(since=None), name="mandate_without_date_once"
            ),
        ]
        indexes = [models.Index(fields=["territory", "function"])]

    def __str__(self) -> str:
        return f"{self.function_held}, {self.place}"

    def clean(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("Un mandat ne finit pas avant d'avoir commencé.")})
        if self.territory_id is None and not self.body:
            raise ValidationError({"body": _("Dites où : une commune, un département… ou le nom de l'assemblée.")})

    @property
    def function_held(self) -> str:
        """It agrees with the civility of whoever holds it: reads `official`."""
        official = getattr(self, "official", None)  # None on a line of an import, before anyone holds it.
        return Function(self.function).held_by(official.civility if official is not None else "")

    @property
    def place(self) -> str:
        return self.body or (self.territory.name if self.territory else "")

    @property
    def department(self) -> str:
        """Code of the département, "" where it lies in none or several."""
        if self.territory is None:
            return ""
        if self.territory.kind == TerritoryKind.DEPARTMENT:
            return self.territory.code
        return self.territory.department.code if self.territory.department else ""

    def is_current(self, today: date) -> bool:
        return (self.since is None or self.since <= today) and (self.until is None or self.until >= today)


class ContactOfficial(models.Model):
    """An elected official that a contact was with."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="official_links")
    official = models.ForeignKey(Official, models.CASCADE, related_name="contact_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "official"], name="contact_official_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} – {self.official_id}"


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, viewer: Viewer) -> "PromiseQuerySet":
        return self.filter(official__network=viewer.network_id) if viewer.runs_network else self.none()

    def waiting(self) -> "PromiseQuerySet":
        return self.filter(state=PromiseState.WAITING)


class Promise(Dated):
    """What was promised, by them or by us, `due_on`; `follow_on` is the day when `follower` asks how it goes."""

    official = models.ForeignKey(Official, models.CASCADE, related_name="promises")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="promises")
    promiser = models.CharField(_("qui promet"), max_length=8, choices=Promiser.choices, default=Promiser.OFFICIAL)
    text = models.CharField(_("ce qui est promis"), max_length=300)
    due_on = models.DateField(_("pour le"), null=True, blank=True)
    follow_on = models.DateField(_("à suivre le"), null=True, blank=True)
    follower = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("état"), max_length=8, choices=PromiseState.choices, default=PromiseState.WAITING)
    settled_on = models.DateField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = [F("settled_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PromiseState.WAITING, settled_on=None)
                | (~Q(state=PromiseState.WAITING) & Q(settled_on__isnull=False)),
                name="promise_settled_on_a_day",
            )
        ]
        indexes = [models.Index(fields=["state", "follow_on"])]

    def __str__(self) -> str:
        return self.text

    @property
    def waits(self) -> bool:
        return self.state == PromiseState.WAITING
