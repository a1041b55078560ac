"""Who may call which route: the one list of them. A route that isn't in it fails a test, and so does one too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

EVERYBODY = """
/                                                              GET
/.well-known/daybook/{nonce}                                   GET
/admin/login                                                   GET POST
/admin/login/passkey                                           POST
/admin/login/forgotten                                         GET POST
/a/{token}                                                     GET POST
/a/{token}/stop                                                GET POST
/health                                                        GET
/lock                                                          GET POST
/lock/passkey                                                  POST
/login                                                         GET POST
/login/factor                                                  GET POST
/login/factor/passkey                                          POST
/login/passkey                                                 POST
/login/passkey/options                                         POST
/login/expired                                                 POST
/login/forgotten                                               GET POST
/login/forgotten/{token}                                       GET POST
/logout                                                        POST
/m                                                             GET POST
/m/code                                                        GET POST
/m/forgotten                                                   GET POST
/m/forgotten/{token}                                           GET POST
/m/forgotten/{token}/code                                      POST
/m/passkey                                                     POST
/new-device/{token}                                            GET
/new-device/{token}/confirm                                    POST
/new-device/{token}/not-me                                     POST
/ready                                                         GET
/setup/{token}                                                 GET POST
/static/{name}                                                 GET
/{address}                                                     GET
"""
STAFF = """
/account                                                       GET
/account/change-notices                                        POST
/account/new-pin                                               GET POST
/account/authenticator                                         GET POST
/account/authenticator/code                                    POST
/account/authenticator/removal                                 POST
/account/offer/removal                                         POST
/account/passkeys                                              GET POST
/account/passkeys/options                                      POST
/account/passkeys/{passkey}                                    GET POST
/account/passkeys/{passkey}/removal                            POST
/account/password                                              POST
/account/devices/{device}/end                                  POST
/account/phones/{device}/confirm                               POST
/account/phones/{device}/not-me                                POST
/account/pin                                                   POST
/account/sessions/end                                          POST
/account/sessions/{session}/end                                POST
/account/shared-tablet                                         POST
/confirm                                                       GET POST
/confirm/passkey                                               POST
/account/recovery-codes                                        GET POST
/diary                                                         GET
/diary/agenda                                                  GET
/diary/agenda/{day_name}                                       GET
/diary/appointments                                            POST
/diary/appointments/{appointment}                              GET POST
/diary/appointments/{appointment}/attendees                    POST
/diary/appointments/{appointment}/attendees/{patient}/removal  POST
/diary/appointments/{appointment}/edit                         GET
/diary/appointments/{appointment}/status                       POST
/diary/appointments/{appointment}/status/{status}              GET
/diary/appointments/{appointment}/time                         POST
/diary/block                                                   GET
/diary/blocks                                                  POST
/diary/book                                                    GET
/diary/changes/{change}/undo                                   POST
/diary/day                                                     GET
/diary/day/{day_name}                                          GET
/diary/handover/{practitioner}                                 GET
/diary/handover/{practitioner}/absence                         POST
/diary/handover/{practitioner}/cancellation                    POST
/diary/handover/{practitioner}/colleague                       POST
/diary/handover/{practitioner}/{appointment}/status            POST
/diary/handover/{practitioner}/{appointment}/time              POST
/diary/late/{practitioner}                                     GET POST
/diary/month                                                   GET
/diary/month/{day_name}                                        GET
/diary/plans/{practitioner}/{day_name}                         GET
/diary/preferences                                             GET POST
/diary/requests                                                GET
/diary/requests/{request_id}/kept                              POST
/diary/week                                                    GET
/diary/week/{day_name}                                         GET
/events                                                        GET
/lock/now                                                      POST
/m/day/{day_name}                                              GET
/m/days                                                        GET
/m/today                                                       GET
/patients                                                      GET POST
/patients/look-up                                              GET
/patients/new                                                  GET
/patients/{patient}                                            GET POST
/patients/{patient}/edit                                       GET
/presence                                                      GET POST
"""
ADMINISTRATORS = """
/admin/audit                                                   GET
/admin/audit/export                                            GET
/admin/clinic                                                  GET
/admin/clinic/holidays                                         GET POST
/admin/clinic/holidays/new                                     GET
/admin/clinic/holidays/{absence_id}                            GET POST
/admin/clinic/holidays/{absence_id}/removal                    POST
/admin/clinic/hours                                            GET
/admin/clinic/hours/{user_id}                                  GET POST
/admin/clinic/hours/{user_id}/days                             POST
/admin/clinic/hours/{user_id}/days/new                         GET
/admin/clinic/hours/{user_id}/days/{day_name}/removal          POST
/admin/clinic/hours/{user_id}/leave                            POST
/admin/clinic/hours/{user_id}/leave/new                        GET
/admin/clinic/hours/{user_id}/leave/{absence_id}               GET POST
/admin/clinic/hours/{user_id}/leave/{absence_id}/removal       POST
/admin/clinic/hours/{user_id}/weeks/{day_name}                 GET
/admin/clinic/hours/{user_id}/weeks/{day_name}/removal         POST
/admin/clinic/locations                                        GET POST
/admin/clinic/locations/new                                    GET
/admin/clinic/locations/{item}                                 GET POST
/admin/clinic/locations/{item}/active                          POST
/admin/clinic/locations/{item}/place                           POST
/admin/clinic/rooms                                            GET POST
/admin/clinic/rooms/new                                        GET
/admin/clinic/rooms/{item}                                     GET POST
/admin/clinic/rooms/{item}/active                              POST
/admin/clinic/rooms/{item}/place                               POST
/admin/clinic/types                                            GET POST
/admin/clinic/types/new                                        GET
/admin/clinic/types/{item}                                     GET POST
/admin/clinic/types/{item}/active                              POST
/admin/clinic/types/{item}/place                               POST
/admin/messages                                                GET
/admin/messages/channels/{channel}/test                        POST
/admin/messages/channels/{channel}/try                         POST
/admin/messages/news                                           GET
/admin/messages/reminders                                      GET
/admin/messages/reminders/quiet                                POST
/admin/messages/reminders/{whose}/{channel}                    GET POST
/admin/messages/{message_id}                                   GET
/admin/messages/{message_id}/again                             POST
/admin/messages/{message_id}/news                              GET
/admin/users                                                   GET POST
/admin/users/new                                               GET
/admin/users/{practitioner}/leaving                            POST
/admin/users/{user_id}                                         GET POST
/admin/users/{user_id}/current                                 POST
/admin/users/{user_id}/factors                                 GET POST
/admin/users/{user_id}/logins/{kind}                           GET
/admin/users/{user_id}/logins/{kind}/address                   POST
/admin/users/{user_id}/logins/{kind}/lost                      POST
/admin/users/{user_id}/logins/{kind}/reissue                   POST
/admin/users/{user_id}/logins/{kind}/show                      POST
/admin/users/{user_id}/devices/{device}/end                    POST
/admin/users/{user_id}/news                                    GET
/admin/users/{user_id}/phones/{device}/confirm                 POST
/admin/users/{user_id}/sessions                                GET
/admin/users/{user_id}/sessions/end                            POST
/admin/users/{user_id}/sessions/{session}/end                  POST
/admin/users/{user_id}/wizard                                  GET
/admin/users/{user_id}/wizard/check                            GET POST
/admin/users/{user_id}/wizard/delivery                         GET
/admin/users/{user_id}/wizard/delivery/news                    GET
/admin/users/{user_id}/wizard/done                             POST
/admin/users/{user_id}/wizard/email                            GET POST
/admin/users/{user_id}/wizard/logins                           GET POST
/admin/users/{user_id}/wizard/mobile                           GET POST
/admin/web-booking                                             GET
/admin/web-booking/check                                       POST
/admin/web-booking/offline                                     GET
/admin/web-booking/settings                                    GET POST
/admin/web-booking/status                                      POST
"""
# What proves itself otherwise than by logging in: a carrier by its signature, development by the machine it runs on.
MACHINES = """
/tray                                                          GET
/tray/{reference}/body                                         GET
/webhooks/vonage/inbound                                       POST
/webhooks/vonage/status                                        POST
"""

WHO_MAY = {
    "everybody": EVERYBODY,
    "staff": STAFF,
    "administrators": ADMINISTRATORS,
    "machines": MACHINES,
}
# What stands for a path's parameters when it is called.
SAMPLES = {
    "address": "no/such/page",
    "channel": "email",
    "day_name": "2026-11-23",
    "kind": "password",
    "status": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path, as ``/patients/{patient}``."""

    method: str
    path: str

    @property
    def address(self) -> str:
        """An address that leads there."""
        return re.sub(r"{(\w+)}", lambda name: SAMPLES.get(name[1], "1"), self.path).replace("//", "/")


def declared() -> dict[Route, str]:
    """Every route of the list, and who may call it."""
    found: dict[Route, str] = {}
    for who, text in WHO_MAY.items():
        for line in text.strip().splitlines():
            path, *methods = line.split()
            for method in methods:
                route = Route(method, path)
                assert route not in found, f"{route} is there twice"
                found[route] = who
    return found


def handlers(app: Litestar) -> Iterator[tuple[Route, HTTPRouteHandler]]:
    """Every route that the application has."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: say here who may open it"
        for handler in route.route_handlers:
            for method in sorted(handler.http_methods - {"OPTIONS"}):  # which the framework answers
                yield Route(str(method), re.sub(r":\w+}", "}", route.path)), handler
