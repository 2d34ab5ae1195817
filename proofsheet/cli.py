"""The command line: list, derive, check, audit, weaken, export, plot, new.

Results go to stdout, progress and errors to stderr. Exit codes: 0 every entry reached its declared outcome on the
requested layers, 1 some entry did not, 2 wrong call, 3 undecided, 130 interrupted.
Whatever needs SymPy is imported when a command runs, so that `list` and `--help` answer at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from proofsheet import __version__
from proofsheet.catalogue import Catalogue
from proofsheet.errors import CallError, CatalogueError, ProofsheetError
from proofsheet.export_options import checked_layers, notation, with_export_options
from proofsheet.layers import EXISTING
from proofsheet.monte_carlo.budget import SUITE as FALSE_ALARM

WRONG_CALL, UNDECIDED, INTERRUPTED = 2, 3, 130
FEW = 2  # identities named: so many numeric checks are told in full


def for_stream(text: str, stream: Any) -> str:
    return str(import_module("proofsheet.plain_text").for_stream(text, stream))


def _say(text: str, error: bool = False) -> None:
    """Print; on a stream that cannot carry Unicode, spelled out."""
    click.echo(text if text.isascii() else for_stream(text, sys.stderr if error else sys.stdout), err=error)


def _complain(text: str) -> None:
    _say(f"proofsheet: {text}", error=True)


def _complete_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    try:
        return [name for name in Catalogue(context.params.get("catalogue")).names if name.startswith(incomplete)]
    except ProofsheetError:
        return []


def _with_catalogue(command: Callable[..., Any]) -> Callable[..., Any]:
    where = click.option(
        "--catalogue",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="A folder with proofs/ (and numeric_checks/), or of proof scripts; the package's own by default.",
    )
    return where(command)


def _with_workers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the commands whose tasks run in processes of their own."""
    for option in (
        click.option("--memory", type=click.FloatRange(min=0.1), default=2.0, show_default=True, help="GiB a task."),
        click.option(
            "--timeout", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Seconds a task."
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=0),
            help="Processes; as many as there are cores by default. 0: in this process, without limits.",
        ),
    ):
        command = option(command)
    return command


def _with_draws(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the numeric checks: the command takes draws=(seed, false-alarm budget of the suite)."""

    @wraps(command)
    def with_draws(seed: int | None, reseed: bool, false_alarm: float, **others: Any) -> Any:
        return command(draws=(_seed(seed, reseed), false_alarm), **others)

    for option in (
        click.option(
            "--false-alarm",
            metavar="X",
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            default=FALSE_ALARM,
            show_default=True,
            help="How likely any numeric check of the catalogue may say what is not so.",
        ),
        click.option("--reseed", is_flag=True, help="Take a fresh seed, and tell it."),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            help="Of the exact models and the Monte Carlo draws; fixed by default.",
        ),
    ):
        with_draws = option(with_draws)
    return with_draws


def _seed(seed: int | None, reseed: bool) -> int | None:
    """The seed that is asked for; a fresh one is told at once, so that whatever follows can be repeated."""
    if not reseed:
        return seed
    if seed is not None:
        raise click.UsageError("--seed names the draws, --reseed asks for fresh ones: give one of the two")
    fresh = int(import_module("proofsheet.numeric.by_hand").fresh_seed())
    _say(f"seed {fresh}: for the same draws again, --seed {fresh}", error=True)
    return fresh


_names = click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_complete_names)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@contextmanager
def _explained() -> Iterator[None]:
    """Errors that are explained end the command with their text; Ctrl-C with 130."""
    try:
        yield
    except (CallError, CatalogueError) as error:
        _say(f"proofsheet: {error}", error=True)
        sys.exit(WRONG_CALL)
    except ProofsheetError as error:
        _say(f"proofsheet: {error}", error=True)
        sys.exit(1)
    except KeyboardInterrupt:
        _say("interrupted", error=True)
        sys.exit(INTERRUPTED)


def _catalogue(root: Path | None) -> Catalogue:
    """The catalogue; scripts whose names cannot be identities are named on stderr, not passed over in silence."""
    found = Catalogue(root)
    for name in found.skipped:
        _say(
            f"proofsheet: {name} is passed over: name it in small letters, and not like a standard-library module",
            error=True,
        )
    return found


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="proofsheet")
def main() -> None:
    """Identities of regularization theory: stated, derived line by line, and attacked."""


@main.command("list")
@_with_catalogue
@_json
def list_command(catalogue: Path | None, as_json: bool) -> None:
    """List the identities with their titles."""
    with _explained():
        entries = _catalogue(catalogue).entries
        if as_json:
            rows = [{"name": one.name, "title": one.title, "numeric_check": one.check is not None} for one in entries]
            _say(json.dumps({"schema": 1, "identities": rows}, indent=2, ensure_ascii=False))
            return
        width = max(len(one.name) for one in entries)
        for one in entries:
            _say(f"{one.name:<{width}}  {one.title}")


@main.command()
@_names
@_with_catalogue
@_json
@click.option("--width", type=click.IntRange(40), help="Columns to print in; the terminal's by default.")
@click.option("--explicit", is_flag=True, help="Add SymPy's second opinion, in explicit components.")
@notation
def derive(
    names: tuple[str, ...],
    catalogue: Path | None,
    as_json: bool,
    width: int | None,
    explicit: bool,
    notation_file: Path | None,
) -> None:
    """Print derivations with the reason for every line."""
    with _explained():
        entries = _catalogue(catalogue).select(names)
        page, command = import_module("proofsheet.render.page"), import_module("proofsheet.derive_command")
        look = (page.terminal_style(sys.stdout), width or page.terminal_width(sys.stdout))
        codes, objects, refused = {0}, [], set[str]()
        found = command.scripts(entries, refused, _complain)
        with command.in_notation(notation_file, entries, found) as readable:
            for position, (entry, script) in enumerate(readable):
                opinions = command.opinions_of(script) if explicit else {}
                codes |= command.exit_codes(opinions, UNDECIDED)
                if as_json:
                    objects.append(import_module("proofsheet.report").derivation_object(entry, script, opinions))
                else:
                    _say(("\n\n" if position else "") + command.text_of(script, opinions, *look))
        if as_json:
            _say(json.dumps({"schema": 1, "identities": objects}, indent=2, ensure_ascii=False))
        sys.exit(_worst(codes | ({1} if refused else set())))


def _worst(codes: set[int]) -> int:
    return 1 if 1 in codes else UNDECIDED if UNDECIDED in codes else 0


@main.command()
@_names
@_with_catalogue
@_json
@click.option(
    "--layers", metavar="LIST", help=f"Which evidence to gather: {','.join(EXISTING)}; all of these by default."
)
@_with_draws
@_with_workers
@click.option("-v", "--verbose", is_flag=True, help=f"Tell the numeric checks in full; done for up to {FEW} names.")
@click.option("--quiet", is_flag=True, help="Print nothing; the exit code tells.")
def check(
    names: tuple[str, ...],
    catalogue: Path | None,
    as_json: bool,
    layers: str | None,
    draws: tuple[int | None, float],
    verbose: bool,
    quiet: bool,
    **work: Any,
) -> None:
    """Gather evidence: derive again, ask SymPy, find witnesses, reject wrong variants, roll dice."""
    requested = EXISTING if layers is None else checked_layers(layers)
    with _explained():
        root = _catalogue(catalogue)
        entries = {entry.name: entry for entry in root.select(names)}
        if "monte_carlo" in requested:
            root.require_proofs()
        tasks = [("proofsheet.evidence", "gather", (entry, list(requested), *draws)) for entry in entries.values()]
        received: dict[str, Any] = {}

        def receive(outcome: Any) -> None:
            entry = outcome.task.arguments[0]
            lost = import_module("proofsheet.evidence").lost
            received[entry.name] = lost(entry, outcome.stopped, requested) if outcome.stopped else outcome.value

        complete = _gathered(tasks, "checking", receive, "proofsheet.report", **work)
        found = [received[name] for name in entries if name in received]
        if as_json and not quiet:
            checked = import_module("proofsheet.report").check_object(found, *draws)
            _say(json.dumps(checked, indent=2, ensure_ascii=False))
        elif not quiet:
            _print_check(found, requested, verbose or 0 < len(names) <= FEW, draws[1])
        if not complete:
            _say(f"interrupted: {len(found)} of {len(entries)} identities looked at", error=True)
            sys.exit(INTERRUPTED)
        codes = {evidence.exit_code for evidence in found}
        sys.exit(_worst(codes))


def _gathered(
    calls: list[tuple[str, str, tuple[Any, ...]]],
    doing: str,
    receive: Callable[[Any], None],
    reading: str,
    jobs: int | None,
    timeout: float,
    memory: float,
) -> bool:
    """Run module.function(*arguments) for each call; whether all were run (False after Ctrl-C).

    The module `reading`, which what comes back needs, is loaded while the workers' server loads what they need.
    """
    workers = import_module("proofsheet.workers")
    tasks = [workers.Task(*call) for call in calls]
    limits = workers.Limits(timeout, int(memory * workers.GIB))
    cores = workers.usable_cores() if jobs is None else jobs
    workers.expect(tasks, cores)
    import_module(reading)
    return bool(import_module("proofsheet.gathering").gathered(tasks, cores, limits, doing, receive))


def _print_check(found: list[Any], layers: tuple[str, ...], in_full: bool, false_alarm: float) -> None:
    told, page = import_module("proofsheet.check_text"), import_module("proofsheet.render.page")
    style, width = page.terminal_style(sys.stdout), page.terminal_width(sys.stdout)
    _say(told.check_text(found, layers, style, width, in_full, false_alarm))


@main.command()
@_names
@_with_catalogue
@_json
@click.option("--variants", is_flag=True, help="The kill table only.")
@click.option("--cards", is_flag=True, help="The assumption cards only.")
@click.option("--all", "every", is_flag=True, help="Show the mutants of every line, not of the last lines only.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the exact models.")
@_with_workers
def audit(
    names: tuple[str, ...],
    catalogue: Path | None,
    as_json: bool,
    variants: bool,
    cards: bool,
    every: bool,
    seed: int,
    **work: Any,
) -> None:
    """Attack: wrong variants, registered and mechanical, and dropped assumptions; each must be caught."""
    with _explained():
        entries = {entry.name: entry for entry in _catalogue(catalogue).select(names)}
        parts = import_module("proofsheet.audit_parts").parts(
            variants or not cards, cards or not variants, len(entries)
        )
        calls = [
            ("proofsheet.audit", "audit_part", (entry, part, seed)) for entry in entries.values() for part in parts
        ]
        received: dict[tuple[str, str], Any] = {}

        def receive(outcome: Any) -> None:
            entry, part, _ = outcome.task.arguments
            lost = import_module("proofsheet.audit").lost
            received[entry.name, part] = lost(entry, part, outcome.stopped) if outcome.stopped else outcome.value

        complete = _gathered(calls, "auditing", receive, "proofsheet.audit_text", **work)
        found = import_module("proofsheet.audit").joined(entries.values(), parts, received)
        _print_audit(found, as_json, every, seed)
        if not complete:
            _say(f"interrupted: {len(received)} of {len(calls)} parts looked at", error=True)
            sys.exit(INTERRUPTED)
        sys.exit(_worst({one.exit_code for one in found}))


def _print_audit(found: list[Any], as_json: bool, every: bool, seed: int) -> None:
    text, page = import_module("proofsheet.audit_text"), import_module("proofsheet.render.page")
    if as_json:
        _say(json.dumps(text.audit_object(found, seed), indent=2, ensure_ascii=False))
        return
    _say(text.audit_text(found, page.terminal_style(sys.stdout), page.terminal_width(sys.stdout), every))


@main.command()
@_names
@_with_catalogue
@_json
@click.option("--width", type=click.IntRange(40), help="Columns to print in; the terminal's by default.")
@click.option("--laws", is_flag=True, help="Write out the laws that show what cannot be left out.")
@_with_workers
def weaken(
    names: tuple[str, ...], catalogue: Path | None, as_json: bool, width: int | None, laws: bool, **work: Any
) -> None:
    """Find the smallest sets of assumptions that still prove a theorem, each proved by the kernel."""
    with _explained():
        entries = {entry.name: entry for entry in _catalogue(catalogue).select(names)}
        page = import_module("proofsheet.render.page")
        look = (page.terminal_style(sys.stdout), width or page.terminal_width(sys.stdout), laws)
        calls = [("proofsheet.weakening_report", "told", (entry, *look)) for entry in entries.values()]
        received: dict[str, Any] = {}

        def receive(outcome: Any) -> None:
            entry = outcome.task.arguments[0]
            lost = import_module("proofsheet.weakening_report").lost
            received[entry.name] = lost(entry, outcome.stopped) if outcome.stopped else outcome.value

        complete = _gathered(calls, "weakening", receive, "proofsheet.weakening_report", **work)
        found = [received[name] for name in entries if name in received]
        _print_weakened(found, as_json)
        if not complete:
            _say(f"interrupted: {len(found)} of {len(entries)} identities looked at", error=True)
            sys.exit(INTERRUPTED)
        sys.exit(_worst({one.exit_code for one in found}))


def _print_weakened(found: list[Any], as_json: bool) -> None:
    for one in found:
        if one.error:
            _say(f"proofsheet: {one.error}", error=True)
    if as_json:
        _say(json.dumps({"schema": 1, "identities": [one.facts for one in found]}, indent=2, ensure_ascii=False))
        return
    texts = ["\n".join(one.lines) for one in found if one.lines]
    if texts:
        _say("\n\n\n".join(texts))


@main.command()
@_names
@_with_catalogue
@_json
@with_export_options
def export(
    names: tuple[str, ...],
    catalogue: Path | None,
    as_json: bool,
    form: str,
    folder: Path,
    asked: dict[str, Any],
    notation_file: Path | None,
) -> None:
    """Write derivations for lecture notes, in the folder DIR: as LaTeX, slides, a web site, Markdown, notebooks or Typst."""
    with _explained():
        entries = _catalogue(catalogue).select(names)
        command = import_module("proofsheet.export_command")
        done = command.exported(entries, form, folder, asked, notation_file, _complain)
        if as_json:
            _say(json.dumps(command.as_object(done, form), indent=2, ensure_ascii=False))
            return
        _say("\n".join(command.as_rows(done)))
        if done.left:
            _complain(command.remark_on(done.left))


@main.command()
@click.argument("name", shell_complete=_complete_names)
@_with_catalogue
@click.option(
    "-o", "--output", "path", metavar="FILE", required=True, type=click.Path(path_type=Path), help="Where to."
)
@click.option("--case", metavar="CASE", help="Only this one of several cases of the numeric check.")
@_with_draws
def plot(name: str, catalogue: Path | None, path: Path, case: str | None, draws: tuple[int | None, float]) -> None:
    """Draw a numeric check, as png, svg or pdf: its estimate with the confidence band, or the order of convergence."""
    with _explained():
        (entry,) = _catalogue(catalogue).select([name])
        import_module("proofsheet.plots").plot(entry, path, case, *draws)
        _say(str(path))


@main.command()
@click.argument("name")
@click.option(
    "--catalogue", metavar="DIR", type=click.Path(path_type=Path), help="Write it to DIR/proofs; here by default."
)
@click.option("--numeric-check", is_flag=True, help="Also write DIR/numeric_checks/NAME.py.")
def new(name: str, catalogue: Path | None, numeric_check: bool) -> None:
    """Write NAME.py, a small proof script that holds as it stands, to be changed into an identity of your own."""
    with _explained():
        for path in import_module("proofsheet.scaffold").new(name, catalogue, numeric_check):
            _say(str(path))
        _say(f"next: change it, then  proofsheet check {name} --catalogue {catalogue or '.'}")


if __name__ == "__main__":
    main()
