"""Who is looking: the logged-in user as every handler and verb sees them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """A logged-in user and the session they use. ``session`` is the session's id, not its token.

    ``knows_names`` is False on a phone that nobody has vouched for yet: it shows patients by their initials.
    """

    user: int
    name: str
    administrator: bool
    front_desk: bool
    practitioner: bool
    session: int
    kind: str
    knows_names: bool = True

    @property
    def keeps_desk(self) -> bool:
        """Administrators and front desk see all diaries, and work on while the portal is offline."""
        return self.administrator or self.front_desk

    def keeps(self, practitioner: int) -> bool:
        """Whether they book and change things in that diary: practitioners in their own, the desk in all."""
        return self.keeps_desk or (self.practitioner and self.user == practitioner)

    @property
    def on_phone(self) -> bool:
        """Whether the session is a phone's."""
        return self.kind == "phone"
