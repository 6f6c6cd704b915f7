"""Reads of the accounts: who someone is in a network, who was away for long, what is held of a person, two accounts of one."""

from maillage.accounts.queries.absent import Absent, absences
from maillage.accounts.queries.people import (
    device_named,
    invitation_opened_by,
    lacks_second_factor,
    live_token,
    networks_of,
    people_of,
    sessions_of,
    viewer_for,
)
from maillage.accounts.queries.personal import (
    Fate,
    addresses_of,
    erasure_preview,
    is_suppressed,
    objecting_among,
    owner_path,
    processing_register,
    rows_of,
    suppressed_among,
    undeclared_personal_fields,
)

__all__ = [
    "Absent",
    "Fate",
    "absences",
    "addresses_of",
    "device_named",
    "erasure_preview",
    "invitation_opened_by",
    "is_suppressed",
    "lacks_second_factor",
    "live_token",
    "networks_of",
    "objecting_among",
    "owner_path",
    "people_of",
    "processing_register",
    "rows_of",
    "sessions_of",
    "suppressed_among",
    "undeclared_personal_fields",
    "viewer_for",
]
