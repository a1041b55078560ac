"""What our e-mails say. A letter has one wording; the templates mail.txt and mail.html set it as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.clinic.clinic import ClinicSettings, renderer
from app.i18n import gettext as _
from app.messages.tables import Channel


class Changed(StrEnum):
    """What somebody's ``credential_changed`` notice is about."""

    PASSWORD = "password"
    PIN = "pin"
    PIN_CHOSEN = "pin_chosen"
    PHONE_LOST = "phone_lost"
    PASSWORD_SHOWN = "password_shown"
    PIN_SHOWN = "pin_shown"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_FLAGGED = "passkey_flagged"
    AUTHENTICATOR_ADDED = "authenticator_added"
    AUTHENTICATOR_REMOVED = "authenticator_removed"
    RECOVERY_CODES = "recovery_codes"
    RECOVERY_CODE_USED = "recovery_code_used"
    FACTORS_REMOVED = "factors_removed"
    SECOND_STEP_FAILED = "second_step_failed"
    LOGGED_OUT = "logged_out"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the letter's table. A ``secret`` is set so that its letters can't be confused."""

    label: str
    value: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's wording. The subject never holds a secret: notifications show it on locked screens."""

    subject: str
    name: str
    opening: str
    facts: tuple[Fact, ...]
    closing: tuple[str, ...]
    button: str = ""
    path: str = ""  # where on the portal the button leads
    opt_out: str = ""  # where on the portal its reader can say that they want no more of the kind


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is written from."""

    context: Mapping[str, str]
    clinic: ClinicSettings
    portal_url: str
    recipient: str
    at: datetime

    @property
    def support(self) -> str:
        """Whom to ask, as the last words of a sentence."""
        clinic = self.clinic
        return clinic.support_contact or renderer(clinic).phone(clinic.phone) or _("your administrator")


def online_login(occasion: Occasion) -> Letter:
    """The first password."""
    return _with_password(
        occasion,
        subject=_("Your online login for {clinic}"),
        opening=_(
            "You can now see your diary at {clinic} online. On a desktop computer or a tablet, log in with this user "
            "name and password:"
        ),
    )


def online_login_reissued(occasion: Occasion) -> Letter:
    """A new password in place of the old one."""
    return _with_password(
        occasion,
        subject=_("Your new password for {clinic}"),
        opening=_(
            "You have been given a new password for your diary at {clinic}. The old one no longer works, and you have "
            "been logged out on desktop computers and tablets. Log in with:"
        ),
    )


def _with_password(occasion: Occasion, subject: str, opening: str) -> Letter:
    clinic, context = occasion.clinic, occasion.context
    return Letter(
        subject=subject.format(clinic=clinic.name),
        name=context["name"],
        opening=opening.format(clinic=clinic.name),
        facts=(
            Fact(_("Address"), occasion.portal_url),
            Fact(_("User name"), occasion.recipient),
            Fact(_("Password"), context["password"], secret=True),
        ),
        button=_("Log in"),
        closing=(
            _(
                "The password works for {days} days. Once you are logged in you can change it to something that is "
                "easier to remember."
            ).format(days=clinic.temporary_secret_days),
            _("Please keep it to yourself: nobody at {clinic} will ask you for it.").format(
                clinic=clinic.name
            ),
            _("If it doesn't work, or you didn't expect this e-mail, please ask {support}.").format(
                support=occasion.support
            ),
        ),
    )


def credential_changed(occasion: Occasion) -> Letter:
    """To the owner: something about how you log in has changed."""
    context = occasion.context
    happened = {
        Changed.PASSWORD: _("Your password for {clinic} was changed."),
        Changed.PIN: _("You were given a new PIN for {clinic}; the old one no longer works."),
        Changed.PHONE_LOST: _(
            "Your phone was reported lost: your mobile login for {clinic} is stopped until you get a new PIN."
        ),
        Changed.PIN_CHOSEN: _("Your PIN for {clinic} was changed."),
        Changed.PASSWORD_SHOWN: _(
            "{by} made a new password for you at {clinic} and saw it, to give it to you; the old one no longer works."
        ),
        Changed.PIN_SHOWN: _(
            "{by} made a new PIN for you at {clinic} and saw it, to give it to you; the old one no longer works."
        ),
        Changed.PASSKEY_ADDED: _("A passkey was added to your login for {clinic}."),
        Changed.PASSKEY_REMOVED: _("A passkey was removed from your login for {clinic}."),
        Changed.PASSKEY_FLAGGED: _(
            "A passkey of yours for {clinic} was refused because it may have been copied. Remove it, and add a new one."
        ),
        Changed.AUTHENTICATOR_ADDED: _("An authenticator app was added to your login for {clinic}."),
        Changed.AUTHENTICATOR_REMOVED: _("The authenticator app was removed from your login for {clinic}."),
        Changed.RECOVERY_CODES: _(
            "New recovery codes were made for your login for {clinic}; earlier ones no longer work."
        ),
        Changed.RECOVERY_CODE_USED: _("Somebody logged in to your diary at {clinic} with a recovery code."),
        Changed.FACTORS_REMOVED: _(
            "{by} removed the passkeys and the authenticator app from your login for {clinic}."
        ),
        Changed.SECOND_STEP_FAILED: _(
            "Somebody gave your password for {clinic} and then a wrong code, again and again. They were not let in. "
            "If it wasn't you, change your password."
        ),
        Changed.LOGGED_OUT: _("You were logged out of {clinic} on another device."),
        Changed.FORGOTTEN: _("A browser that you use for {clinic} was forgotten, and logged out."),
    }[Changed(context["changed"])]
    return Letter(
        subject=_("A change to your login for {clinic}").format(clinic=occasion.clinic.name),
        name=context["name"],
        opening=happened.format(clinic=occasion.clinic.name, by=context.get("by", "")),
        facts=(when_it_was(occasion),),
        closing=(
            _("If that was you or your administrator, there is nothing to do."),
            _("If it wasn't, please tell {support} at once.").format(support=occasion.support),
        ),
    )


def portal_address_changed(occasion: Occasion) -> Letter:
    """To every administrator: links in messages lead somewhere else from now on."""
    context = occasion.context
    return Letter(
        subject=_("The address of your portal has changed"),
        name=context["name"],
        opening=_("{by} has changed the address of the portal of {clinic}.").format(
            by=context["by"], clinic=occasion.clinic.name
        ),
        facts=(
            Fact(_("Old address"), context["old"] or _("none")),
            Fact(_("New address"), context["new"]),
        ),
        closing=(
            _("Links in messages lead to the new address from now on, and earlier links no longer work."),
            _(
                "If you didn't expect this, log in at once, look at the Settings tab of Web Booking, and change "
                "your password."
            ),
        ),
    )


def login_not_delivered(occasion: Occasion) -> Letter:
    """To every administrator: somebody waits for a password or PIN that didn't arrive."""
    context = occasion.context
    by_mail = context["channel"] == Channel.EMAIL
    what = _("The e-mail with {whose}'s password") if by_mail else _("The text message with {whose}'s PIN")
    recipient = context["recipient"]
    return Letter(
        subject=_("{whose}'s login has not arrived").format(whose=context["whose"]),
        name=context["name"],
        opening=_("{what} was not delivered: {why}.").format(
            what=what.format(whose=context["whose"]), why=context["why"]
        ),
        facts=(
            Fact(_("Sent to"), recipient if by_mail else renderer(occasion.clinic).phone(recipient)),
            Fact(_("Record"), f"{occasion.portal_url}{context['path']}"),
        ),
        button=_("Open the record"),
        path=context["path"],
        closing=(
            _(
                "{whose} can't log in with it. On the record you can send a new one, or correct where it goes."
            ).format(whose=context["whose"]),
        ),
    )


def test(occasion: Occasion) -> Letter:
    """To an administrator who asked for it."""
    clinic = occasion.clinic
    return Letter(
        subject=_("A test from Daybook"),
        name=occasion.context["name"],
        opening=_("This is the test that you asked for: e-mails from {clinic} reach you.").format(
            clinic=clinic.name
        ),
        facts=(when_it_was(occasion),),
        closing=(_("There is nothing to do."),),
    )


def when_it_was(occasion: Occasion) -> Fact:
    """The line that says when, on the clinic's wall clock."""
    when = renderer(occasion.clinic)
    moment = _("{date}, {time}").format(date=when.date_long(occasion.at), time=when.time(occasion.at))
    return Fact(_("When"), moment)
