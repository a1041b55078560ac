"""What each recorded action is called: the one list of them, by group, in the words of the Audit page.

``who`` did it; ``whom`` is the user whom it was done to. An action that is told by more than its name has an entry for
each status, ``appointment.status cancelled``.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n import gettext as _


def action_groups() -> Mapping[str, str]:
    """What the parts of the list are called."""
    return {
        "logins": _("Logging in"),
        "users": _("Users and their logins"),
        "patients": _("Patients’ records"),
        "diary": _("Appointments"),
        "clinic": _("The portal and settings"),
    }


def action_words() -> Mapping[str, Mapping[str, str]]:
    """By group and action: a sentence about ``who`` and, in some, ``whom``."""
    return {
        "logins": {
            "login.succeeded": _("{who} logged in"),
            "login.failed": _("A log-in as {whom} failed"),
            "login.expired": _("{who} tried an expired password or PIN"),
            "login.ended": _("{who} logged out"),
            "session.locked": _("{who} locked a shared tablet"),
            "session.unlocked": _("{who} unlocked a tablet or phone"),
            "session.ended": _("{who} logged out another device of their own"),
            "session.ended_by_admin": _("{who} logged {whom} out"),
            "device.forgotten": _("{who} had a browser of their own forgotten"),
            "device.forgotten_by_admin": _("{who} had a browser of {whom} forgotten"),
            "tablet.shared": _("{who} marked a tablet as shared"),
            "tablet.not_shared": _("{who} marked a tablet as not shared"),
            "login.not_confirmed": _("{who} confirmed something with a wrong password"),
            "phone.confirmed": _("{who} confirmed {whom}’s new phone"),
            "device.refused": _("{who} said that a log-in wasn’t theirs"),
            "mobile_login.lost": _("{who} stopped {whom}’s mobile login: the phone is lost"),
            "phone.code_withheld": _("No code was sent to {whom}: there were too many"),
            "login.second_step_failed": _("A log-in as {whom} failed at its second step"),
            "recovery_code.used": _("{who} used a recovery code"),
            "passkey.flagged": _("A passkey of {whom} was refused: it may have been copied"),
            "login.cut_off": _("{who} was logged out after too many wrong passwords"),
        },
        "users": {
            "user.created": _("{who} added {whom} to the users"),
            "user.changed": _("{who} changed {whom}’s record"),
            "user.made_non_current": _("{who} made {whom} non-current"),
            "user.made_current": _("{who} made {whom} current again"),
            "administrator.created": _("{who} made {whom} an administrator"),
            "password.chosen": _("{who} chose a new password"),
            "pin.chosen": _("{who} chose a new PIN"),
            "password.forgotten": _("Somebody asked for a link because {whom} forgot the password"),
            "pin.forgotten": _("Somebody asked for help because {whom} forgot the PIN"),
            "password.chosen_by_link": _("{who} chose a new password by an e-mailed link"),
            "pin.chosen_by_link": _("{who} chose a new PIN by an e-mailed link and a code by text"),
            "pin.chosen_by_password": _("{who} chose a new PIN on a desktop, by password"),
            "password.reset": _("{who} reset {whom}’s password"),
            "passkey.added": _("{who} added a passkey"),
            "passkey.removed": _("{who} removed a passkey"),
            "authenticator.added": _("{who} added an authenticator app"),
            "authenticator.removed": _("{who} removed the authenticator app"),
            "recovery_codes.made": _("{who} made new recovery codes"),
            "factors.removed": _("{who} removed {whom}’s passkeys and authenticator app"),
            "online_login.created": _("{who} created {whom}’s online login"),
            "online_login.reissued": _("{who} sent {whom} a new password"),
            "online_login.renewed": _("{who} was sent a new password in place of an expired one"),
            "online_login.shown": _("{who} saw a new password for {whom}, to hand it over"),
            "online_login.address_changed": _("{who} changed the e-mail address of {whom}’s online login"),
            "mobile_login.created": _("{who} created {whom}’s mobile login"),
            "mobile_login.reissued": _("{who} sent {whom} a new PIN"),
            "mobile_login.renewed": _("{who} was sent a new PIN in place of an expired one"),
            "mobile_login.shown": _("{who} saw a new PIN for {whom}, to hand it over"),
            "mobile_login.address_changed": _("{who} changed the number of {whom}’s mobile login"),
        },
        "patients": {
            "patient.viewed": _("{who} opened a patient’s record"),
            "patient.created": _("{who} added a patient"),
            "patient.changed": _("{who} changed a patient’s record"),
            "patient.opted_out": _("{who} stopped messages to a patient, by their link or STOP"),
            "patient.opted_in": _("{who} let messages to a patient go on, by their link or START"),
        },
        "diary": {
            "appointment.viewed": _("{who} opened an appointment"),
            "appointment.booked": _("{who} booked an appointment"),
            "series.booked": _("{who} booked a series"),
            "series.changed": _("{who} changed a series"),
            "series.cancelled": _("{who} cancelled several of a series"),
            "series.place_cancelled": _("{who} cancelled a patient’s places in a series of classes"),
            "appointment.moved": _("{who} moved an appointment"),
            "appointment.changed": _("{who} changed an appointment"),
            "appointment.status booked": _("{who} took an appointment’s status back to booked"),
            "appointment.confirmed_by_patient": _("{who} confirmed an appointment by the link of a message"),
            "appointment.cancel_asked": _("{who} asked to cancel an appointment by the link of a message"),
            "appointment.kept": _("{who} settled a patient’s wish to cancel"),
            "appointment.status confirmed": _("{who} confirmed an appointment"),
            "appointment.status arrived": _("{who} noted that a patient arrived"),
            "appointment.status in_session": _("{who} started an appointment"),
            "appointment.status completed": _("{who} completed an appointment"),
            "appointment.status did_not_attend": _("{who} noted that a patient did not attend"),
            "appointment.status cancelled": _("{who} cancelled an appointment"),
            "appointment.status late_cancelled": _("{who} noted a late cancellation"),
            "appointment.attendee_added": _("{who} added a patient to a class"),
            "appointment.attendee_removed": _("{who} took a patient off a class"),
            "appointment.handed_over": _("{who} handed an appointment over to a colleague"),
            "appointment.delayed": _("{who} put an appointment off, running late"),
            "appointment.undone": _("{who} undid a change of an appointment"),
            "block.added": _("{who} blocked time in a diary"),
        },
        "clinic": {
            "clinic.set_up": _("{who} set up the clinic"),
            "clinic.changed": _("{who} changed the clinic’s settings"),
            "portal.opened": _("{who} put the portal online"),
            "portal.closed": _("{who} put the portal offline"),
            "type.created": _("{who} added a type of appointment"),
            "type.changed": _("{who} changed a type of appointment"),
            "type.retired": _("{who} took a type of appointment out of use"),
            "type.restored": _("{who} brought a type of appointment back into use"),
            "type.ordered": _("{who} moved a type of appointment in its list"),
            "location.created": _("{who} added a location"),
            "location.changed": _("{who} changed a location"),
            "location.retired": _("{who} took a location out of use"),
            "location.restored": _("{who} brought a location back into use"),
            "location.ordered": _("{who} moved a location in its list"),
            "room.created": _("{who} added a room"),
            "room.changed": _("{who} changed a room"),
            "room.retired": _("{who} took a room out of use"),
            "room.restored": _("{who} brought a room back into use"),
            "room.ordered": _("{who} moved a room in its list"),
            "hours.changed": _("{who} changed {whom}’s working week"),
            "hours.week_removed": _("{who} removed a week to come of {whom}’s hours"),
            "hours.day_changed": _("{who} changed {whom}’s hours of a day"),
            "hours.day_restored": _("{who} took back {whom}’s changed hours of a day"),
            "leave.added": _("{who} added leave of {whom}"),
            "leave.changed": _("{who} changed {whom}’s leave"),
            "leave.removed": _("{who} removed {whom}’s leave"),
            "holiday.added": _("{who} added a holiday of the clinic"),
            "holiday.changed": _("{who} changed a holiday of the clinic"),
            "holiday.removed": _("{who} removed a holiday of the clinic"),
            "reminders.changed": _("{who} changed what patients are sent"),
            "reminders.quiet_changed": _("{who} changed the quiet hours"),
            "reminders.sent_again": _("{who} sent a message to a patient again"),
            "message.tested": _("{who} sent a test message"),
            "message.channel_tried": _("{who} had a held channel tried again"),
            "database.restored": _("{who} restored a backup of the database"),
            "audit.exported": _("{who} exported the audit record"),
        },
    }


def words_for(action: str, status: str = "") -> str:
    """The sentence for an entry; for an action that has gone out of use, its name."""
    said = {key: words for group in action_words().values() for key, words in group.items()}
    return said.get(f"{action} {status}") or said.get(action) or f"{{who}}: {action}"
