"""The application: the one place that lists controllers, guards, middleware and what starts and stops with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware

from app import settings as process_settings
from app.accounts.alerts import tell_of_lost_login
from app.accounts.middleware import ViewerMiddleware
from app.accounts.refusals import HANDLERS as ACCOUNTS_HANDLERS
from app.accounts.views.account import AccountController
from app.accounts.views.authenticator import AuthenticatorController, RecoveryCodeController
from app.accounts.views.change_notices import ChangeNoticeController
from app.accounts.views.confirming import ConfirmController
from app.accounts.views.desktop_pin import DesktopPinController
from app.accounts.views.forgotten import (
    DeskForgottenController,
    ForgottenController,
    ForgottenLinkController,
)
from app.accounts.views.forgotten_pin import ForgottenPinController, ForgottenPinLinkController
from app.accounts.views.lock import LockController
from app.accounts.views.login import (
    DeskLogInController,
    EntranceController,
    LogOutController,
    PasswordLogInController,
)
from app.accounts.views.new_devices import NewDeviceController, OwnPhoneController, UserPhoneController
from app.accounts.views.nowhere import NowhereController
from app.accounts.views.own_sessions import OwnSessionController
from app.accounts.views.passkey_doors import PasskeyDoorController
from app.accounts.views.passkeys import PasskeyController
from app.accounts.views.phone_login import PhoneCodeController, PinLogInController
from app.accounts.views.presence import PresenceController
from app.accounts.views.second_step import SecondStepController
from app.accounts.views.setup import SetupController
from app.accounts.views.user_factors import UserFactorController
from app.accounts.views.user_sessions import UserSessionController
from app.accounts.views.users import UserController
from app.db import bind, close_pool, connect, database, open_pool
from app.db.watcher import Changes
from app.diary.appointments.views.appointments import AppointmentController
from app.diary.appointments.views.progress import AttendeeController, StatusController
from app.diary.appointments.views.undoing import ChangeController
from app.diary.booking.views.booking import BookingController
from app.diary.catalogue.views import ClinicController, LocationController, RoomController, TypeController
from app.diary.hours.views.absences import HolidayController, LeaveController
from app.diary.hours.views.hours import HoursController
from app.diary.pages.live import Feed
from app.diary.pages.views.diary import DiaryController
from app.diary.pages.views.events import EventController
from app.diary.pages.views.phone import PhoneDiaryController
from app.diary.pages.views.preferences import PreferenceController
from app.diary.patients.views import PatientController
from app.diary.setbacks.views.handover import HandoverController
from app.diary.setbacks.views.late import LateController
from app.diary.setbacks.views.leaving import LeavingController
from app.diary.setbacks.views.plans import PlanController
from app.messages.alarm import Alarm
from app.messages.views.receipts import VonageController
from app.messages.views.tray import TrayController
from app.oversight.views import AuditController
from app.portal.views import IdentityController, PatientPortalController, SettingsController
from app.provisioning.views.expired import ExpiredController
from app.provisioning.views.logins import LoginController
from app.provisioning.views.messages import ChannelController, MessageController
from app.provisioning.views.wizard import WizardController
from app.reminders.views.answers import AnswerController, StopController
from app.reminders.views.inbound import InboundController
from app.reminders.views.requests import RequestController
from app.reminders.views.rules import ReminderController, SendAgainController
from app.settings import ROOT, Settings
from app.web.access_log import AccessLogMiddleware
from app.web.assets import Assets
from app.web.cookies import cookie_name
from app.web.errors import HANDLERS
from app.web.headers import SecurityHeadersMiddleware
from app.web.health import health, ready
from app.web.hosts import HostMiddleware
from app.web.ids import require_possible_ids
from app.web.proxies import ProxyMiddleware
from app.web.request import Request
from app.web.templates import template_config
from app.work import work_inside

LARGEST_FORM = 256 * 1024

CONTROLLERS = [
    EntranceController,
    PasswordLogInController,
    DeskLogInController,
    PinLogInController,
    PhoneCodeController,
    PasskeyDoorController,
    SecondStepController,
    NewDeviceController,
    OwnPhoneController,
    UserPhoneController,
    LogOutController,
    ForgottenController,
    DeskForgottenController,
    ForgottenLinkController,
    ForgottenPinController,
    ForgottenPinLinkController,
    LockController,
    ConfirmController,
    PresenceController,
    SetupController,
    AccountController,
    DesktopPinController,
    ChangeNoticeController,
    OwnSessionController,
    PasskeyController,
    AuthenticatorController,
    RecoveryCodeController,
    DiaryController,
    PhoneDiaryController,
    PreferenceController,
    EventController,
    BookingController,
    RequestController,
    AppointmentController,
    StatusController,
    AttendeeController,
    ChangeController,
    PlanController,
    LateController,
    HandoverController,
    LeavingController,
    PatientController,
    HoursController,
    LeaveController,
    HolidayController,
    UserController,
    UserSessionController,
    UserFactorController,
    WizardController,
    LoginController,
    ExpiredController,
    MessageController,
    ChannelController,
    ReminderController,
    SendAgainController,
    PatientPortalController,
    SettingsController,
    ClinicController,
    TypeController,
    LocationController,
    RoomController,
    IdentityController,
    VonageController,
    InboundController,
    AnswerController,
    StopController,
    AuditController,
    TrayController,
    NowhereController,
]


def create_app(settings: Settings) -> Litestar:
    """The application for these settings. Binds the database; its lifespan opens and closes the connections."""
    process_settings.use(settings)
    bind(connect(settings.database_url))
    assets = Assets.load(ROOT / "static")
    secure = not settings.is_development
    app = Litestar(
        route_handlers=[*CONTROLLERS, health, ready, assets.handler()],
        request_class=Request,
        guards=[require_possible_ids],
        middleware=[
            DefineMiddleware(HostMiddleware, allowed=settings.allowed_hosts),
            DefineMiddleware(ViewerMiddleware, exclude_from_auth_key="static"),
        ],
        dependencies={
            "viewer": Provide(provide_viewer),
            "clinic": Provide(provide_clinic),
            "alarm": Provide(provide_alarm),
        },
        exception_handlers={**HANDLERS, **ACCOUNTS_HANDLERS},
        csrf_config=CSRFConfig(
            secret=settings.key("csrf").hex(),
            cookie_name=cookie_name("csrf"),
            cookie_secure=secure,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        # Static files are compressed at start; a stream's events must not wait for each other. A page holds its token
        # beside what the address says, but another site's request brings no session along (SameSite) to guess it by.
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=5, minimum_size=1000, exclude=["^/static/", "^/events"]
        ),
        template_config=template_config(assets, reload=settings.is_development),
        lifespan=[partial(_running, settings)],
        openapi_config=None,
        request_max_body_size=LARGEST_FORM,
    )
    # Around the framework's own router and error handling: what these refuse is logged, and has its headers, too.
    answering = SecurityHeadersMiddleware(app.asgi_handler, https_only=secure)
    app.asgi_handler = AccessLogMiddleware(ProxyMiddleware(answering, trusted=settings.trusted_proxies))
    return app


async def provide_viewer(request: Request) -> Any:
    """Who is looking; None for a stranger."""
    return request.viewer


# It asks for the viewer only to come after: what the framework could provide at the same time gets a task each, which
# costs 0.12 ms of CPU, twice as much as all else that it does for a request.
async def provide_clinic(request: Request, viewer: Any) -> Any:  # noqa: ARG001 - only to come after it
    """The clinic's settings; None until it is set up."""
    return request.context.get("clinic")


async def provide_alarm() -> Alarm:
    """Who hears of a message that won't arrive."""
    return tell_of_lost_login


@asynccontextmanager
async def _running(settings: Settings, app: Litestar) -> AsyncIterator[None]:
    """Database connections, the change watcher and, where there is no other, the worker with its planner and sealer."""
    await open_pool()
    try:
        async with Changes(database()) as changes, work_inside(settings, changes):
            app.state.changes = changes
            app.state.feed = Feed(changes)
            yield
    finally:
        await close_pool()
