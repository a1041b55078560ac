"""A browser without JavaScript: it keeps cookies, follows forms as they stand on the page, and can speak htmx."""

from __future__ import annotations

from typing import Any, Self

import httpx

from tests.support.html import Element, parse
from tests.support.page_rules import faults

HOST = "portal.example"
# What htmx 4 sends when it will swap a part of the page.
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Answer:
    """What came back: the response, and the page or fragment in it."""

    def __init__(self, client: Client, response: httpx.Response) -> None:
        self.client = client
        self.response = response
        self._document: Element | None = None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where it leads: by redirect, or by htmx's header."""
        return self.response.headers.get("location") or self.response.headers.get("hx-redirect", "")

    @property
    def headers(self) -> httpx.Headers:
        return self.response.headers

    @property
    def document(self) -> Element:
        """The HTML, read. Raises AssertionError when it breaks a rule that holds for all pages."""
        if self._document is None:
            self._document = parse(self.response.text)
            assert faults(self._document) == [], f"at {self.response.url}"
        return self._document

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return self.document.text

    def __getitem__(self, selector: str) -> Element:
        return self.document[selector]

    def __contains__(self, selector: str) -> bool:
        return selector in self.document

    def all(self, selector: str) -> list[Element]:
        return self.document.all(selector)

    async def follow(self) -> Answer:
        """The page that it leads to."""
        assert self.location, f"{self.status} leads nowhere: {self.response.text[:300]}"
        return await self.client.page(self.location)

    async def submit(
        self, form: str = "main form", *, button: str | None = None, partial: bool = False, **typed: Any
    ) -> Answer:
        """Send a form of this page, as it stands but for what is ``typed``; ``button`` is the one pressed, by selector.

        A value of None unticks the box of that name. Raises LookupError for a name that the form doesn't have.
        With ``partial`` it is sent as htmx does it.
        """
        element = self[form]
        fields = form_fields(element)
        names = {e.get("name") for e in element.descendants()}
        if unknown := typed.keys() - names:
            raise LookupError(f"the form {form!r} has no {', '.join(sorted(unknown))}, only {sorted(names)}")
        fields |= {name: str(value) for name, value in typed.items() if value is not None}
        fields = {name: value for name, value in fields.items() if typed.get(name, value) is not None}
        pressed = element[button] if button else None
        if pressed and pressed.has("name"):
            fields[pressed.get("name")] = pressed.get("value")
        action = (pressed and pressed.get("formaction")) or element.get("action")
        target = str(self.response.url.join(action))
        headers = PARTIAL if partial else {}
        if element.get("method", "get").lower() == "get":
            return await self.client.page(target, params=fields, headers=headers)
        return Answer(self.client, await self.client.post(target, data=fields, headers=headers))


def form_fields(form: Element) -> dict[str, str]:
    """What a browser would send of the form, untouched."""
    fields: dict[str, str] = {}
    for element in form.descendants():
        name = element.get("name")
        if not name or element.has("disabled"):
            continue
        if element.tag == "textarea":
            fields[name] = element.text
        elif element.tag == "select":
            options = element.all("option")
            chosen = next((o for o in options if o.has("selected")), options[0])
            fields[name] = chosen.get("value", chosen.text)
        elif element.tag == "input" and element.get("type") in ("checkbox", "radio"):
            if element.has("checked"):
                fields[name] = element.get("value", "on")
        elif element.tag == "input" and element.get("type") not in ("submit", "button", "image"):
            fields[name] = element.get("value")
    return fields


class Client(httpx.AsyncClient):
    """One browser. ``address`` is the network address that the server sees."""

    def __init__(self, app: Any, *, address: str = "203.0.113.7") -> None:
        super().__init__(
            transport=httpx.ASGITransport(app, client=(address, 50000)), base_url=f"https://{HOST}"
        )

    async def __aenter__(self) -> Self:
        return await super().__aenter__()

    async def page(self, path: str, **options: Any) -> Answer:
        """Open a page."""
        return Answer(self, await self.get(path, **options))

    async def partial(self, path: str, **options: Any) -> Answer:
        """What htmx gets when it asks for a part of the page."""
        return await self.page(path, headers=PARTIAL, **options)

    async def submit(
        self, path: str, typed: dict[str, Any], *, partial: bool = False, **options: Any
    ) -> Answer:
        """Post a form without opening its page, with the right token; as htmx does it when ``partial``."""
        headers = PARTIAL if partial else {}
        data = {"_csrf_token": await self.token(), **typed}
        return Answer(self, await self.post(path, data=data, headers=headers, **options))

    async def token(self) -> str:
        """The token that proves a form to be ours, from any page."""
        if not self._kept_token():
            await self.get("/login")
        return self._kept_token()

    def _kept_token(self) -> str:
        return next((value for name, value in self.cookies.items() if name.endswith("csrf")), "")
