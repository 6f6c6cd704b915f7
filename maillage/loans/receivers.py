"""What goes with a row or a person that goes: documents and photos on the disk, the names of those who signed. What the stock of a
lender changes for those who were promised something, or who wait."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from maillage.accounts.models import User
from maillage.accounts.signals import erasing, merging
from maillage.catalogue.models import Resource
from maillage.catalogue.signals import reopened, stock_changed
from maillage.directory.models import Actor
from maillage.loans.actions import forgetting
from maillage.loans.actions.returning import warn_endangered
from maillage.loans.actions.waiting import leave_twice_waited, serve_reopened, serve_waiting
from maillage.loans.models import LoanDocument, ReportPhoto
from maillage.networks.models import Network


@receiver(post_delete, sender=LoanDocument)
def forget_document(instance: LoanDocument, **kwargs: Any) -> None:
    _delete(instance.file)


@receiver(post_delete, sender=ReportPhoto)
def forget_photo(instance: ReportPhoto, **kwargs: Any) -> None:
    _delete(instance.image)


def _delete(file: Any) -> None:
    if name := file.name:
        storage = file.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)


@receiver(erasing)
def forget_signer(user: User, **kwargs: Any) -> None:
    forgetting.forget_signer(user=user)


@receiver(merging)
def keep_one_place(kept: User, gone: User, **kwargs: Any) -> None:
    leave_twice_waited(kept=kept, gone=gone)


@receiver(stock_changed)
def follow_stock(resource: Resource, **kwargs: Any) -> None:
    warn_endangered(resource)
    serve_waiting(resource)


@receiver(reopened)
def follow_hours(network: Network, actor: Actor, **kwargs: Any) -> None:
    serve_reopened(network, actor)
