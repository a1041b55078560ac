"""Security headers on every response."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # A page may show patients: neither a shared cache nor the browser's Back may show it to the next person.
    "cache-control": "no-store",
}
UNTOLD = {"referrer-policy": "no-referrer"}
"""For a page whose address is a secret link: no other site is to learn of it, nor another page of ours."""
STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains"


class SecurityHeadersMiddleware:
    """Adds the headers that a response doesn't set itself."""

    def __init__(self, app: ASGIApp, https_only: bool) -> None:
        self.app = app
        headers = HEADERS | ({"strict-transport-security": STRICT_TRANSPORT_SECURITY} if https_only else {})
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with its headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message["headers"])
                names = {name for name, _ in own}  # lower case, as ASGI wants them
                message["headers"] = [*own, *(header for header in self.headers if header[0] not in names)]
            await send(message)

        await self.app(scope, receive, send_with_headers)
