"""Jinja2 with the templates of the site: everything is escaped but what our own setters mark as HTML."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from typing import Any

from proofsheet.errors import CallError

INSTALL = 'pip install "proofsheet[site]"'


class Templates:
    """The templates and assets of this package."""

    def __init__(self) -> None:
        try:
            library: Any = import_module("jinja2")
        except ImportError:
            raise CallError(f"the web site needs Jinja2, which is not installed: {INSTALL}") from None
        self._folder = files(__package__)
        self._environment = library.Environment(
            loader=library.FunctionLoader(self._template),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=library.StrictUndefined,
        )

    def _template(self, name: str) -> str:
        return self._folder.joinpath("templates", name).read_text(encoding="utf-8")

    def render(self, name: str, **values: Any) -> str:
        """A template filled in."""
        return str(self._environment.get_template(name).render(**values))

    def asset(self, name: str) -> str:
        """A file that is copied as it stands."""
        return self._folder.joinpath("assets", name).read_text(encoding="utf-8")


def templates() -> Templates:
    """The templates of the site. Raises CallError without Jinja2."""
    return Templates()
