"""/patients: the list with its search, each patient's record, and the look-up for a form that books."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import Parameter

from app.accounts.guards import who_knows_names
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import today_in
from app.diary.pages.views.addresses import layout_for
from app.diary.patients.access import sees_all_patients
from app.diary.patients.dates_of_birth import age, example
from app.diary.patients.forms import PatientForm
from app.diary.patients.patients import (
    DETAILS,
    AlreadyThere,
    PatientRecord,
    change_patient,
    create_patient,
    open_patient,
)
from app.diary.patients.search import list_patients, patient_choices
from app.diary.patients.visits import coming_visits, earlier_visits
from app.i18n import Renderer
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

LARGEST_ID = 2**31 - 1  # PostgreSQL's; what is larger never was in an address of ours
Id = Annotated[int, Parameter(ge=1, le=LARGEST_ID)]
OptionalId = Annotated[int | None, Parameter(ge=1, le=LARGEST_ID)]


class PatientController(Controller):
    """Patients: everybody who is treated, as far as the viewer may know of them."""

    path = "/patients"
    guards = [who_knows_names]

    @get()
    async def index(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, q: str = "", after: OptionalId = None
    ) -> Response[Any]:
        """The list, narrowed as one types; ``after`` goes on with it behind that patient."""
        return page(
            request,
            "diary/patients/patients.html",
            "diary/patients/_patient_rows.html" if after else "diary/patients/_patient_list.html",
            section="patients",
            layout=layout_for(viewer),
            found=await list_patients(q, viewer, clinic, after=after),
            q=q,
            after=after,
        )

    @get("/look-up")
    async def look_up(
        self,
        request: Request,
        viewer: Viewer,
        clinic: ClinicSettings,
        q: str = "",
        patient: str = "",
    ) -> Response[Any]:
        """Whom a form that books lets one choose from; ``patient`` is what is chosen already, perhaps "new"."""
        chosen = int(patient) if re.fullmatch(r"\d{1,9}", patient, re.ASCII) else None
        return page(
            request,
            "diary/patients/_patient_choices.html",
            found=await patient_choices(q, chosen, viewer, clinic),
            q=q,
            chosen=chosen,
        )

    @get("/new")
    async def new(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """An empty record."""
        return _form_page(request, viewer, clinic, blank(PatientForm, key=new_token()))

    @post()
    async def create(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Store the new record, or ask whether it is somebody who has one."""
        form = await read_form(request, PatientForm)
        if patient := await form.apply(create_patient, clinic, by=viewer):
            return see_other(request, f"/patients/{patient}", notice=_("The patient is added."))
        if isinstance(form.refusal, AlreadyThere):
            form.values = {**form.values, "key": new_token()}  # adding them anyway is something else
        return _form_page(request, viewer, clinic, form)

    @get("/{patient:int}")
    async def show(
        self,
        request: Request,
        viewer: Viewer,
        clinic: ClinicSettings,
        patient: Id,
        after: OptionalId = None,
        before: OptionalId = None,
    ) -> Response[Any]:
        """The record. ``after`` and ``before`` go on with its two lists behind that appointment."""
        opened = await open_patient(patient, clinic, by=viewer)
        return page(
            request,
            "diary/patients/patient.html",
            "diary/patients/_more_visits.html",
            section="patients",
            layout=layout_for(viewer),
            patient=opened,
            age=age(opened.date_of_birth, today_in(clinic)) if opened.date_of_birth else None,
            coming=await coming_visits(patient, viewer, clinic, after=after),
            earlier=await earlier_visits(patient, viewer, clinic, before=before),
            after=after,
            sees_all=sees_all_patients(viewer, clinic),
        )

    @get("/{patient:int}/edit")
    async def edit(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, patient: Id
    ) -> Response[Any]:
        """The record as a form."""
        opened = await open_patient(patient, clinic, by=viewer)
        values = {**_as_written(opened, renderer(clinic)), "version": opened.version}
        return _form_page(request, viewer, clinic, blank(PatientForm, **values), opened)

    @post("/{patient:int}")
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, patient: Id
    ) -> Response[Any]:
        """Store the record."""
        form = await read_form(request, PatientForm)
        if await form.apply(change_patient, patient, clinic, by=viewer):
            return see_other(request, f"/patients/{patient}", notice=_("The record is saved."))
        stored = await open_patient(patient, clinic, by=viewer)  # the form may show what is stored
        if form.data and form.data.version != stored.version:
            _show_both(form, form.data, stored, renderer(clinic))
        return _form_page(request, viewer, clinic, form, stored)


def _as_written(patient: PatientRecord, when: Renderer) -> dict[str, str]:
    """The record as its form shows it: what is not known is empty, and so is a box that isn't ticked."""
    born = when.date_of_birth(patient.date_of_birth) if patient.date_of_birth else ""
    numbers = {name: when.phone(getattr(patient, name)) for name in ("mobile", "phone")}
    known = asdict(patient) | numbers | {"date_of_birth": born}
    return {name: known[name] if isinstance(known[name], str) else _ticked(known[name]) for name in DETAILS}


def _ticked(value: bool) -> str:
    return "true" if value else ""


def _show_both(
    form: FormState[PatientForm], typed: PatientForm, stored: PatientRecord, when: Renderer
) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    theirs = _as_written(stored, when)
    for name in DETAILS:
        if getattr(typed, name) != getattr(stored, name):
            value = _("ticked") if theirs[name] == _ticked(True) else theirs[name]
            form.errors.setdefault(name, _("Now stored: {value}").format(value=value or _("nothing")))
    form.values = {**form.values, "version": stored.version}


def _form_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    form: FormState[PatientForm],
    patient: PatientRecord | None = None,
) -> Response[Any]:
    namesakes = form.refusal.patients if isinstance(form.refusal, AlreadyThere) else ()
    return page(
        request,
        "diary/patients/patient_form.html",
        "diary/patients/_patient_form.html",
        status=form.status,
        section="patients",
        layout=layout_for(viewer),
        form=form,
        patient=patient,
        namesakes=namesakes,
        example=example(renderer(clinic).locale),
    )
