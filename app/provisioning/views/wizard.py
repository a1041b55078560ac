"""/admin/users/<id>/wizard: the Online User Wizard, a page a step."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app import settings
from app.accounts.guards import administrators_only
from app.accounts.logins import logins_of
from app.accounts.reauthentication import require_fresh_login
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports import channel_available
from app.provisioning.forms import CreateForm, EmailForm, LoginsForm, MobileForm, StepForm
from app.provisioning.logins import create_logins
from app.provisioning.tables import WizardStep
from app.provisioning.wizard import (
    Wizard,
    choose_logins,
    finish,
    give_email,
    give_mobile,
    load_wizard,
)
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class WizardController(Controller):
    """The steps. Each is shown only once it is reached; any other leads to where the wizard stands."""

    path = "/admin/users/{user_id:int}/wizard"
    guards = [administrators_only]

    @get()
    async def resume(self, request: Request, user_id: int) -> Response[Any]:
        """Go on where the wizard stands."""
        return see_other(request, _url(await load_wizard(user_id)))

    @get([f"/{step}" for step in WizardStep])
    async def show(self, request: Request, user_id: int) -> Response[Any]:
        """One step, as it was left."""
        wizard, step = await load_wizard(user_id), WizardStep(request.url.path.rpartition("/")[2])
        if not wizard.may_show(step):
            return see_other(request, _url(wizard))
        return await _step_page(request, wizard, step)

    @post("/logins")
    async def logins(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Step 1: which logins."""
        wizard, form = await load_wizard(user_id), await read_form(request, LoginsForm)
        following = await form.apply(choose_logins, wizard, by=viewer)
        return await _answer(request, wizard, WizardStep.LOGINS, form, following)

    @post("/email")
    async def email(self, request: Request, user_id: int) -> Response[Any]:
        """Step 2: the online login's user name."""
        wizard, form = await load_wizard(user_id), await read_form(request, EmailForm)
        following = await form.apply(give_email, wizard)
        return await _answer(request, wizard, WizardStep.EMAIL, form, following)

    @post("/mobile")
    async def mobile(self, request: Request, user_id: int) -> Response[Any]:
        """Step 3: the mobile login's user name."""
        wizard, form = await load_wizard(user_id), await read_form(request, MobileForm)
        following = await form.apply(give_mobile, wizard)
        return await _answer(request, wizard, WizardStep.MOBILE, form, following)

    @post("/check")
    async def create(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int
    ) -> Response[Any]:
        """Step 4: *Create logins*."""
        wizard, form = await load_wizard(user_id), await read_form(request, CreateForm)

        async def create(typed: CreateForm) -> WizardStep:
            await require_fresh_login(request.auth, typed.password)
            await create_logins(wizard, typed.version, clinic, by=viewer)
            return WizardStep.DELIVERY

        return await _answer(request, wizard, WizardStep.CHECK, form, await form.apply(create))

    @get("/delivery/news", opt={"watches": True})
    async def delivery(self, request: Request, user_id: int) -> Response[Any]:
        """What the delivery step asks for again and again."""
        return await _delivery_news(request, await load_wizard(user_id))

    @post("/done")
    async def done(self, request: Request, user_id: int) -> Response[Any]:
        """*Done*: back to the record."""
        await finish(await load_wizard(user_id))
        return see_other(request, f"/admin/users/{user_id}", notice=_("Online access is set up."))


def _url(wizard: Wizard, step: WizardStep | None = None) -> str:
    return f"/admin/users/{wizard.user.id}/wizard/{step or wizard.step}"


async def _answer(
    request: Request, wizard: Wizard, step: WizardStep, form: FormState[Any], following: WizardStep | None
) -> Response[Any]:
    """Lead on to the following step; or show this one again with what is wrong, and where the wizard is now."""
    if following:
        return see_other(request, _url(wizard, following))
    current = await load_wizard(wizard.user.id)
    if current.created_at:
        return see_other(request, _url(current), notice=_("The logins have been created already."))
    if not current.may_show(step):
        return see_other(request, _url(current), notice=_("The wizard stands at another step now."))
    return await _step_page(request, current, step, form)


async def _step_page(
    request: Request, wizard: Wizard, step: WizardStep, form: FormState[Any] | None = None
) -> Response[Any]:
    form = form or blank(
        StepForm,
        online_login=wizard.online_login,
        mobile_login=wizard.mobile_login,
        email=wizard.email,
        mobile=wizard.mobile,
    )
    return page(
        request,
        "provisioning/wizard.html",
        "provisioning/_step.html",
        status=form.status,
        **await _context(wizard, step),
        form=form,
    )


async def _delivery_news(request: Request, wizard: Wizard) -> Response[Any]:
    return page(
        request,
        "provisioning/wizard.html",
        "provisioning/_deliveries.html",
        **await _context(wizard, WizardStep.DELIVERY),
        form=blank(StepForm),
    )


async def _context(wizard: Wizard, step: WizardStep) -> dict[str, Any]:
    logins = await logins_of(wizard.user.id) if step is WizardStep.DELIVERY else {}
    return {
        "section": "users",
        "wizard": wizard,
        "user": wizard.user,
        "step": step,
        "steps": [(name, step_name(name), _url(wizard, name)) for name in wizard.steps],
        "email_unavailable": channel_available(Channel.EMAIL, settings.current()).reason,
        "text_unavailable": channel_available(Channel.TEXT, settings.current()).reason,
        "logins": logins,
        "news_to_come": any(_awaits_news(login) for login in logins.values()),
    }


def _awaits_news(login: Any) -> bool:
    return login.logged_in_at is None or not (login.delivery and login.delivery.is_final)


def step_name(step: WizardStep) -> str:
    """What the stepper calls a step."""
    return {
        WizardStep.LOGINS: _("Logins"),
        WizardStep.EMAIL: _("E-mail"),
        WizardStep.MOBILE: _("Mobile"),
        WizardStep.CHECK: _("Check"),
        WizardStep.DELIVERY: _("Delivery"),
    }[step]
