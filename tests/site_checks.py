"""What is asked of an exported site in a browser: each check returns its complaints, none of a good site.

A site is asked by what a reader meets, not by its ids: its entries are the links of the index to other pages of the
folder, its search is the one landmark of the role search, with a searchbox and a status in it, its copy buttons are buttons with "Copy" in their name.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from browser import Browser, Reader

WIDTHS = (360, 768, 1280)
GRAVE = ("serious", "critical")
HEIGHT = 900


def pages(site: Path) -> list[Path]:
    """The index first."""
    return sorted(site.rglob("*.html"), key=lambda page: (page.name != "index.html", page))


def identities(site: Path) -> list[Path]:
    """The pages that show a derivation."""
    return [page for page in pages(site) if "<math" in page.read_text(encoding="utf-8") and page.name != "index.html"]


# What a page holds, without a browser


class Links(HTMLParser):
    """The addresses that a page refers to, and the names that can be referred to on it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.names: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action") and value:
                self.addresses.append(value)
            elif name == "id" and value:
                self.names.add(value)


def broken_links(site: Path) -> list[str]:
    """Links to files or places that are not there, or that lie outside the folder."""
    found = {page.resolve(): Links(page) for page in pages(site)}
    return [
        f"{page.name}: {address} leads nowhere"
        for page, links in found.items()
        for address in links.addresses
        if not leads_somewhere(page, address, site.resolve(), found)
    ]


def leads_somewhere(page: Path, address: str, site: Path, found: dict[Path, Links]) -> bool:
    target = urlsplit(urljoin(page.as_uri(), address))
    if target.scheme != "file":
        return target.scheme in ("http", "https", "data", "mailto")
    file = Path(unquote(target.path))
    if not file.is_file() or not file.is_relative_to(site):
        return False
    return not target.fragment or file not in found or unquote(target.fragment) in found[file].names


# Opened


def noise(browser: Browser, site: Path) -> list[str]:
    """What the console, the network and the program of the pages complain of."""
    with browser.reader(viewport={"width": 1280, "height": HEIGHT}) as reader:
        for page in pages(site):
            reader.open(page)
        reader.page.wait_for_timeout(100)  # for what a page does after it is loaded
        return reader.complaints


FORMULAS = """() => {
  const found = [];
  const say = (math, what) => found.push(what + ': ' + math.textContent.replace(/\\s+/g, ' ').slice(0, 60));
  for (const math of document.querySelectorAll('math')) {
    const box = math.getBoundingClientRect(), size = parseFloat(getComputedStyle(math).fontSize);
    if (!math.checkVisibility()) { say(math, 'not shown'); continue; }
    if (box.width < 2 || box.height < size / 3 || size < 10) say(math, 'too small');
    if (box.height > 12 * size) say(math, 'too tall');
    if (math.querySelector('merror')) say(math, 'error in the formula');
    if (/[$\\\\_]/.test(math.textContent)) say(math, 'TeX left in the formula');
  }
  for (const fraction of document.querySelectorAll('mfrac')) {
    if (!fraction.checkVisibility()) continue;
    const [above, below] = [...fraction.children].map(part => part.getBoundingClientRect());
    if (below.top < above.bottom - 1) say(fraction, 'denominator not below the numerator');
  }
  const closing = {'(': ')', '[': ']', '{': '}'};
  for (const math of document.querySelectorAll('math')) {
    const open = [];
    for (const one of math.querySelectorAll('mo')) {
      const sign = one.textContent.trim();
      if (sign in closing) open.push(one);
      else if (Object.values(closing).includes(sign) && open.length) {
        const [first, last] = [open.pop(), one].map(bracket => bracket.getBoundingClientRect());
        if (Math.max(first.height, last.height) > 1.15 * Math.min(first.height, last.height))
          say(math, `brackets of unlike heights, ${Math.round(first.height)} and ${Math.round(last.height)}`);
      }
    }
  }
  return found;
}"""


def formulas(browser: Browser, site: Path) -> list[str]:
    """Formulas that are not typeset: without size, fractions on one line, brackets that do not match, TeX left over."""
    found = [
        f"{page.name}: no formula" for page in pages(site) if page not in identities(site) and page.stem != "index"
    ]
    with browser.reader() as reader:
        for page in pages(site):
            found += [f"{page.name}: {what}" for what in reader.open(page).evaluate(FORMULAS)]
    return found


WIDE = """() => {
  const page = document.scrollingElement, found = [];
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide`);
  for (const one of document.body.querySelectorAll('*')) {
    if (!one.checkVisibility() || one.closest('math') || one.closest('svg')) continue;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const cut = ['hidden', 'clip'].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    if (cut && box.width > 1) found.push(`<${one.localName} class="${one.className}"> cuts its content`);
    if (box.width > 1 && box.right > innerWidth + 1 && !scrolled(one))
      found.push(`<${one.localName} class="${one.className}"> ends at ${Math.round(box.right)}`);
  }
  function scrolled(one) {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return true;
    return false;
  }
  return found;
}"""


def too_wide(browser: Browser, site: Path) -> list[str]:
    """Whatever makes a page wider than its window, on a telephone, a tablet and a desk."""
    found = []
    with browser.reader() as reader:
        for page in pages(site):
            reader.open(page)
            for width in WIDTHS:
                reader.page.set_viewport_size({"width": width, "height": HEIGHT})
                found += [f"{page.name} at {width} px: {what}" for what in reader.page.evaluate(WIDE)]
    return found


# The search of the index


def entries(site: Path, page: Any) -> set[str]:
    """The pages of the site that the index shows links to."""
    shown = page.evaluate(
        "() => [...document.querySelectorAll('main a[href]')].filter(one => one.checkVisibility())"
        ".map(one => one.href.split('#')[0])"
    )
    return {Path(unquote(urlsplit(address).path)).name for address in shown} & {one.name for one in identities(site)}


def parts(page: Any) -> tuple[Any, Any]:
    """The box of the search and what it says."""
    region = page.get_by_role("search")
    return region.get_by_role("searchbox"), region.get_by_role("status")


def search(browser: Browser, site: Path, word: str) -> list[str]:
    """The search shows the entries that match, says how many, says that there are none, and shows all again."""
    with browser.reader() as reader:
        page = reader.open(site / "index.html")
        box, status = parts(page)
        if box.count() != 1 or status.count() != 1:
            return [f"{box.count()} boxes and {status.count()} elements of the role status in the search"]
        everything = {one.name for one in identities(site)}
        found = [] if entries(site, page) == everything else ["the index does not list every page"]
        box.fill(word)
        page.wait_for_timeout(250)
        return found + narrowed(site, page, word, everything) + reset(site, page, everything)


def narrowed(site: Path, page: Any, word: str, everything: set[str]) -> list[str]:
    shown, said = entries(site, page), parts(page)[1].inner_text()
    named = {one for one in everything if word.lower() in one.lower()}
    found = [] if shown and shown != everything else [f"{word!r} shows {len(shown)} of {len(everything)}"]
    found += [f"{word!r} does not show {one}" for one in sorted(named - shown)]
    return found + (
        [] if str(len(shown)) in re.findall(r"\d+", said) else [f"{len(shown)} shown, and it says {said!r}"]
    )


def reset(site: Path, page: Any, everything: set[str]) -> list[str]:
    box, status = parts(page)
    box.fill("no such words anywhere")
    page.wait_for_timeout(250)
    found = ["words that are nowhere show entries"] if entries(site, page) else []
    if not re.search(r"\b(no|none|nothing|0)\b", status.inner_text(), re.IGNORECASE):
        found.append(f"nothing is shown, and it says {status.inner_text()!r}")
    box.fill("")
    page.wait_for_timeout(250)
    return found + ([] if entries(site, page) == everything else ["an empty search does not show all"])


# Buttons that copy

WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def copied(browser: Browser, page: Path, clipboard: bool = True, keys: int = 0) -> dict[str, str]:
    """What each copy button of the page puts on the clipboard, by the button's name and number.

    Without `clipboard` the page finds no navigator.clipboard, as in browsers that give none to files. The
    first `keys` buttons are pressed with Enter, or all are clicked.
    """
    found = {}
    with browser.reader(permissions=["clipboard-read", "clipboard-write"]) as reader:
        if not clipboard:
            reader.page.add_init_script(WITHOUT_CLIPBOARD)
        paper = reader.context.new_page()
        paper.goto(page.resolve().as_uri())
        reader.open(page)
        buttons = reader.page.get_by_role("button", name=re.compile("copy", re.IGNORECASE))
        for number in range(keys or buttons.count()):
            button = buttons.nth(number)
            name = button.get_attribute("aria-label") or button.inner_text()
            write(paper, "nothing was copied")
            reader.page.bring_to_front()
            press(button, bool(keys))
            reader.page.wait_for_timeout(50)
            found[f"{number} {name}"] = read(paper)
    return found


def press(button: Any, keys: bool) -> None:
    if keys:
        button.focus()
        button.press("Enter")
    else:
        button.click()


def write(page: Any, text: str) -> None:
    page.bring_to_front()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def read(page: Any) -> str:
    page.bring_to_front()
    return page.evaluate("() => navigator.clipboard.readText()")


# Reading without a mouse, without sight, on paper, without scripts

TARGETS = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  const shown = all.filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled);
  shown.forEach((one, number) => one.dataset.number = number);
  return shown.map(one => one.localName + ' ' + (one.getAttribute('aria-label') || one.innerText || one.type).trim());
}"""
WATCH = """() => {
  window.focused = [];
  document.addEventListener('focusin', event => {
    const style = getComputedStyle(event.target);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
    if (event.target.dataset.number) window.focused.push([Number(event.target.dataset.number), ring]);
  });
}"""


def keyboard(browser: Browser, site: Path) -> list[str]:
    """Links, buttons and boxes that Tab does not reach, or does not mark where it is."""
    found = []
    with browser.reader(viewport={"width": 1280, "height": HEIGHT}) as reader:
        for page in pages(site):
            reader.open(page)
            found += [f"{page.name}: {what}" for what in tabbed(reader)]
    return found


def tabbed(reader: Reader) -> list[str]:
    targets = reader.page.evaluate(TARGETS)
    reader.page.evaluate(WATCH)
    for _ in range(len(targets) + 20):  # regions that scroll may be reached too
        reader.page.keyboard.press("Tab")
    reached = dict(reader.page.evaluate("() => window.focused"))
    found = [f"Tab does not reach {target!r}" for number, target in enumerate(targets) if number not in reached]
    return found + [f"nothing shows that {targets[one]!r} has the focus" for one, seen in reached.items() if not seen]


# axe knows nothing of what is inside a formula but its colours, and would look at every letter of it
ONE_WORD = """() => document.querySelectorAll('math').forEach(math => {
  const word = document.createElementNS(math.namespaceURI, 'mtext');
  word.textContent = math.textContent;
  math.replaceChildren(word);
})"""


def accessibility(browser: Browser, site: Path, scheme: str) -> list[str]:
    """What axe finds serious or critical; of the dark scheme only what hangs on colours, as all else is the same."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    options = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if scheme == "dark" else {})
    with browser.reader(color_scheme=scheme, viewport={"width": 1280, "height": HEIGHT}) as reader:
        for page in pages(site):
            reader.open(page).evaluate(ONE_WORD)
            for rule in axe.run(reader.page, options=options).response["violations"]:
                where = ", ".join(str(node["target"]) for node in rule["nodes"][:3])
                if rule["impact"] in GRAVE:
                    found.append(f"{page.name}: {rule['id']} ({rule['help']}) at {where}")
    return found


LIGHTNESS = """() => {
  const lightness = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return (r + g + b) / 3; };
  const behind = [document.body, document.documentElement].map(one => getComputedStyle(one).backgroundColor);
  const colour = behind.find(one => !one.endsWith(', 0)')) ?? null;
  return {paper: colour && lightness(colour), ink: lightness(getComputedStyle(document.body).color)};
}"""


def schemes(browser: Browser, site: Path) -> list[str]:
    """Pages whose dark scheme is not dark, or whose light scheme is not light."""
    found = []
    with browser.reader() as reader:
        for page in pages(site):
            reader.open(page)
            for scheme, good in (("light", lambda paper, ink: paper > ink), ("dark", lambda paper, ink: paper < ink)):
                reader.page.emulate_media(color_scheme=scheme)
                seen = reader.page.evaluate(LIGHTNESS)
                paper = 255 if seen["paper"] is None else seen["paper"]
                if not good(paper, seen["ink"]):
                    found.append(f"{page.name} is not {scheme}: paper {paper:.0f}, ink {seen['ink']:.0f}")
    return found


SHOWN = """() => ({
  formulas: [...document.querySelectorAll('math')].filter(one => one.checkVisibility({visibilityProperty: true})).length,
  all: document.querySelectorAll('math').length,
  headings: [...document.querySelectorAll('h1, h2')].filter(one => one.checkVisibility()).length,
  controls: [...document.querySelectorAll('button, input, select')].filter(one => one.checkVisibility())
    .map(one => one.getAttribute('aria-label') || one.innerText || one.type),
})"""


def on_paper(browser: Browser, site: Path) -> list[str]:
    """Buttons that are printed, and formulas that are not."""
    with browser.reader(viewport={"width": 800, "height": HEIGHT}) as reader:
        reader.page.emulate_media(media="print")
        return [what for page in pages(site) for what in incomplete(page, reader.open(page).evaluate(SHOWN))]


def without_scripts(browser: Browser, site: Path) -> list[str]:
    """Formulas that are only shown by a script, and buttons that do nothing without one."""
    with browser.reader(scripts=False) as reader:
        return [what for page in pages(site) for what in incomplete(page, reader.open(page).evaluate(SHOWN))]


def incomplete(page: Path, seen: dict[str, Any]) -> list[str]:
    found = [f"{page.name}: {control!r} is shown" for control in seen["controls"]]
    if seen["formulas"] < seen["all"]:
        found.append(f"{page.name}: {seen['formulas']} of {seen['all']} formulas are shown")
    return found if seen["headings"] else [*found, f"{page.name}: no heading is shown"]
