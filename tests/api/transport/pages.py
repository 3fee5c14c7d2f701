"""What a test asks of a page of ours: where it leads, and that nothing of it is inline."""

import re
from html.parser import HTMLParser


class Links(HTMLParser):
    """Everything a page points at, and what would need an inline policy."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [str(given[name]) for name in ("src", "href", "action") if name in given]
        self.inline += any(name.startswith("on") or name == "style" for name in given)
        self.inline += tag == "style" or (tag == "script" and "src" not in given)


def outside_addresses(text: str) -> list[str]:
    """Addresses of elsewhere in a file; comments may name where an idea comes from."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"(?:https?:)?//(?!www\.w3\.org/)[\w.-]+\.\w+/", code)
