"""A folder of pages opened in Chromium as a reader opens it: from the disk, with no network, and every complaint kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCAL = ("file:", "data:", "blob:")


@dataclass
class Browser:
    """One Chromium for many readers; each reader has a context of their own."""

    chromium: Any

    @contextmanager
    def reader(self, scripts: bool = True, **options: Any) -> Iterator[Reader]:
        context = self.chromium.new_context(java_script_enabled=scripts, offline=True, **options)
        try:
            yield Reader(context)
        finally:
            context.close()


@dataclass
class Reader:
    """A page, and what went wrong on it: errors and warnings of the console, exceptions, requests to elsewhere."""

    context: Any
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", lambda request: self.complaints.append(f"not loaded: {request.url}"))
        self.page.on("dialog", self._dialog)

    def open(self, file: Path) -> Any:
        self.page.goto(file.resolve().as_uri(), wait_until="load")
        return self.page

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning", "assert"):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(LOCAL):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own Chromium, which need() has found."""
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        try:
            yield Browser(started)
        finally:
            started.close()
