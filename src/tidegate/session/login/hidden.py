"""What a page of HTML says, and the values that it hides."""

from __future__ import annotations

from html.parser import HTMLParser


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.texts: list[str] = []
        self.asks_for_password = False
        self._unread = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread = tag in ("script", "style")
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type", "").lower() == "password":
            self.asks_for_password = True
        elif tag == "input" and "value" in given:
            self.values.setdefault(given.get("name", ""), given["value"])
        elif tag == "meta" and "content" in given:
            self.values.setdefault(given.get("name", ""), given["content"])

    def handle_endtag(self, tag: str) -> None:
        self._unread = self._unread and tag not in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.texts += data.split()


def field(html: str, name: str) -> str | None:
    """The value of the page's first input, or meta element, of that name."""
    return _read(html).values.get(name)


def asks_for_password(html: str) -> bool:
    """Whether the page has a field for a password, as a login has."""
    return _read(html).asks_for_password


def text_of(html: str) -> str:
    """What somebody reads who looks at the page, on one line."""
    return " ".join(_read(html).texts)


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page
