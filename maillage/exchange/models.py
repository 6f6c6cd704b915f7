"""Recipes, batches, their lines, and the changes that a batch made: what its undoing reads."""

import secrets
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated, Job
from maillage.core.storage import WholeFiles
from maillage.core.viewer import Viewer
from maillage.exchange.enums import BatchKind, BatchStatus, Decision, Outcome, Verdict
from maillage.networks.models import Network


def private_storage() -> WholeFiles:
    """Outside every folder that a web server may serve."""
    return WholeFiles(location=settings.VAR / "imports", base_url=None, file_permissions_mode=0o600)


def random_name(batch: "Batch", name: str) -> str:
    """Nothing of the given name reaches the disk; the day lets old files be purged by folder."""
    return f"{timezone.localdate():%Y-%m}/{secrets.token_hex(16)}"


class RecipeQuerySet(models.QuerySet["Recipe"]):
    def visible_to(self, viewer: Viewer) -> "RecipeQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Recipe(Dated):
    """How the files of one source are read, kept by a network; shipped ones are in `registry`.

    `spec` has the shape of `registry.ShippedRecipe.spec`.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    target = models.CharField(max_length=40)
    name = models.CharField(_("nom de la recette"), max_length=120)
    spec: Any = models.JSONField(default=dict)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RecipeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["network", "target", "name"], name="recipe_name_once")]

    def __str__(self) -> str:
        return self.name


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, viewer: Viewer) -> "BatchQuerySet":
        return self.filter(network=viewer.network_id) if viewer.runs_network else self.none()


class Batch(Dated):
    """A set of changes made together, undone together: an import, or a bulk change.

    `options` holds what was chosen: `{"file": how to read it, "recipe": the spec of the mapping}`; `counts` the number
    of lines by verdict, then by outcome; `findings` what reading told about the whole file.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    kind = models.CharField(_("nature"), max_length=10, choices=BatchKind.choices)
    target = models.CharField(max_length=40)
    title = models.CharField(_("titre"), max_length=200)
    source = models.CharField(_("source"), max_length=120, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    author_label = models.CharField(max_length=120, blank=True)
    file = models.FileField(storage=private_storage, upload_to=random_name, blank=True)
    file_name = models.CharField(_("fichier"), max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True)
    recipe_key = models.CharField(max_length=60, blank=True)
    options: Any = models.JSONField(default=dict, blank=True)
    findings: Any = models.JSONField(default=dict, blank=True)
    counts: Any = models.JSONField(default=dict, blank=True)
    status = models.CharField(_("état"), max_length=12, choices=BatchStatus.choices, default=BatchStatus.UPLOADED)
    error = models.CharField(max_length=500, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["network", "-created_at"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.file_name = PurePath(self.file_name.replace("\\", "/")).name[-200:]
        super().save(*args, **kwargs)

    @property
    def figures(self) -> dict[str, int]:
        """`counts` with every name, 0 where nothing was counted."""
        names = ["read", "skipped", *Verdict.values, *Outcome.values, "undone", "kept"]
        return {**dict.fromkeys(names, 0), **self.counts}

    @property
    def is_applied(self) -> bool:
        return self.status in (BatchStatus.APPLIED, BatchStatus.STOPPED)

    @property
    def is_busy(self) -> bool:
        return self.status in (BatchStatus.PREVIEWING, BatchStatus.APPLYING, BatchStatus.UNDOING)

    @property
    def can_be_undone(self) -> bool:
        return self.status in (BatchStatus.APPLIED, BatchStatus.STOPPED, BatchStatus.FAILED)


class Line(models.Model):
    """A line of the file that its recipe keeps.

    `number` is the line in the file (the spreadsheet's row), `raw` its cells, `data` what the target understood,
    `faults` `[{"field", "column", "cell", "reason", "blocking", "doubt"}]`, `alike` `[{"ref", "label", "score", "reasons", "branch", "changes", "kept", "values"}]`.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    raw: Any = models.JSONField(default=list)
    data: Any = models.JSONField(default=dict)
    label = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    faults: Any = models.JSONField(default=list)
    fault_field = models.CharField(max_length=60, blank=True)
    alike: Any = models.JSONField(default=list)
    changes: Any = models.JSONField(default=dict)
    subject_id = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    unseen = models.BooleanField(default=False, help_text="decided with many others, without being looked at")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="line_number_once")]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"]),
            models.Index(fields=["batch", "outcome", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class Change(models.Model):
    """What a batch did to one object: `before` and `after` by field, in JSON values of the target's own."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="changes")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    label = models.CharField(max_length=200, blank=True)
    created = models.BooleanField(default=False)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    kept: Any = models.JSONField(default=dict, help_text="field → why it was not restored")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["batch", "undone_at", "id"]),
            models.Index(fields=["content_type", "object_id"]),
        ]

    def __str__(self) -> str:
        return self.label
