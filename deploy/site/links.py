"""Every link of the site leads to a file and a heading of it, and nothing is fetched from elsewhere: HTML."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


class Page(HTMLParser):
    """Links and headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in FETCHED and given.get("rel") != "canonical" and FETCHED[tag] in given:
            self.fetched.append(given[FETCHED[tag]])


def main() -> None:
    site = Path(sys.argv[1])
    pages = {path: Page(path.read_text()) for path in sorted(site.rglob("*.html"))}
    faults = []
    links = 0
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for link in page.links + page.fetched:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.fetched:
                    faults.append(f"{path.relative_to(site)} fetches {link}")
                continue
            links += 1
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if there.is_dir():
                there /= "index.html"
            if not there.is_file():
                faults.append(f"{path.relative_to(site)} links to {link}, which is not there")
            elif there in pages and unquote(parts.fragment) not in pages[there].names | {"", "__skip"}:
                faults.append(f"{path.relative_to(site)} links to {link}, which has no such heading")
    if len(pages) < 30 or links < 1000:
        faults.append(f"{len(pages)} pages and {links} links are too few to be the site")
    if faults:
        sys.exit("\n".join(faults))
    print(
        f"Passed: {len(pages)} pages, {links} links of the site lead somewhere, and nothing is fetched from elsewhere"
    )


main()
