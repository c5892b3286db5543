"""Looks at reports in a browser and at their tables in pandas; see report.sh."""

import os
import sys
from pathlib import Path

import pandas
from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]


def look(browser, folder, scheme, width):
    """Goes through the page as a reader would; returns what went wrong and the picture."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append("dialog: " + dialog.message), dialog.dismiss()))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:"))
            else complaints.append("request: " + request.url))
    page.goto((folder / "report.html").resolve().as_uri())
    if not page.locator("#title").inner_text():
        complaints.append("the page shows no title")
    if page.locator("#choice").is_visible():
        trials(page, folder, complaints)
    for choice in ("#measure", "#model", "#layer"):
        if page.locator(choice).is_visible():
            for option in page.locator(choice + " option").all()[:12]:
                page.select_option(choice, option.get_attribute("value"))
            page.select_option(choice, index=0)
    if page.locator("#heatmap .leads").count():
        page.locator("#heatmap .leads").first.click()
        rows = page.locator("#tensors tr").count() - 1
        if rows < 1 or not page.locator("#cell").is_visible():
            complaints.append(f"a cell leads to {rows} rows")
        page.locator("#cell").click()
    if page.locator("#tensors-section").is_visible():
        merged(page, folder, complaints)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        complaints.append("the page is wider than the window")
    picture = Path(os.environ["PICTURES"]) / f"{folder.resolve().parent.name}-{scheme}-{width}.png"
    page.screenshot(path=picture, full_page=True)
    page.close()
    return complaints, picture


def trials(page, folder, complaints):
    """What was tried: a mark of each that says what it is, and the table of all."""
    there = len(pandas.read_parquet(folder / "trials.parquet"))
    marks = page.locator("#course circle").count() + page.get_by_text("×", exact=True).count()
    if marks != there:
        complaints.append(f"{marks} marks of {there} trials")
    page.locator("#course circle").first.hover()
    if not page.locator("#tip").is_visible() or not page.locator("#tip").inner_text():
        complaints.append("a mark does not say what it is")
    page.mouse.move(0, 0)
    page.locator("#choice summary").click()
    if page.locator("#trials tr").count() != there + 1:
        complaints.append(f"{page.locator('#trials tr').count() - 1} rows of {there} trials")
    page.locator("#choice summary").click()


def merged(page, folder, complaints):
    """What became of the tensors, and another report beside it."""
    page.set_input_files("#other", folder / "report.html")
    page.wait_for_selector("#comparison table")
    same = page.locator("#comparison tr td:last-child").all_inner_texts()
    if any(text not in ("0", "0 %", "–") for text in same):
        complaints.append(f"a report beside itself differs: {same}")
    page.set_input_files("#other", Path(__file__))
    page.get_by_text("is no report of Stockpot").wait_for()
    page.set_input_files("#other", [])
    for heading in range(page.locator("#tensors th button").count()):
        page.locator("#tensors th button").nth(heading).click()
    page.fill("#filter", "norm")
    page.fill("#filter", "")
    if page.locator("#tensors tr").count() < 2:
        complaints.append("the table of tensors is empty")


def main():
    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=ARGUMENTS)
        for folder in map(Path, sys.argv[1:]):
            for table in sorted(folder.glob("*.parquet")):
                rows = pandas.read_parquet(table)
                print(f"{table}: {len(rows)} rows of {', '.join(rows.columns)}")
            for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):  # the last is a phone
                complaints, picture = look(browser, folder, scheme, width)
                print(f"{picture}: {'; '.join(complaints) or 'no complaints'}")
                failed |= bool(complaints)
        browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
