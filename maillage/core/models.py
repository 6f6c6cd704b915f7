"""Base classes, the table of background jobs, and that of the forms already sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Dated(models.Model):
    """When a row was created and last changed."""

    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True, db_index=True)

    class Meta:
        abstract = True


class JobStatus(models.TextChoices):
    WAITING = "waiting", _("en attente")
    RUNNING = "running", _("en cours")
    DONE = "done", _("terminée")
    FAILED = "failed", _("en échec")
    CANCELLED = "cancelled", _("annulée")


class Job(models.Model):
    """One call of a task, leased by a worker; see `core.jobs`.

    `scope` names what the job belongs to ("network:3", "" for the instance): the administrators' page filters on it.
    `run_again` is set when a job of the same unique key is asked for while this one runs: it starts over when done.
    """

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    scope = models.CharField(max_length=50, blank=True)
    unique_key = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.WAITING)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    stop_requested = models.BooleanField(default=False)
    run_again = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "run_at"]), models.Index(fields=["scope", "status", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(status__in=["waiting", "running"]) & ~Q(unique_key=""),
                name="job_unique_key_while_pending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.get_status_display()})"


class Submission(models.Model):
    """A form already sent, by a digest of who sent what from which page, and where it led; see `core.once`."""

    fingerprint = models.CharField(max_length=64, unique=True)
    led_to = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.led_to
