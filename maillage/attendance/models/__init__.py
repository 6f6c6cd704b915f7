"""Tables of the registrations."""

from maillage.attendance.models.openings import Opening, Session
from maillage.attendance.models.registrations import Registration

__all__ = ["Opening", "Registration", "Session"]
