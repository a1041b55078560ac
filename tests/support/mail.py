"""An e-mail as its recipient's server got it."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail; ``login`` is the user name that the sender authenticated with."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool
    login: str | None

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def text(self) -> str:
        """The plain-text part."""
        body = self.message.get_body(("plain",))
        assert body is not None, "the mail has no plain-text part"
        return str(body.get_content())

    @property
    def html(self) -> str:
        """The HTML part."""
        body = self.message.get_body(("html",))
        assert body is not None, "the mail has no HTML part"
        return str(body.get_content())
