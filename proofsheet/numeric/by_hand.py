"""A check script run by hand: python numeric_checks/NAME.py [--case CASE] [--seed N | --reseed] [--false-alarm X].

Each case is told as soon as it is judged, so that Ctrl-C loses only the one under way. Exit codes: 0 confirmed, 1 refuted,
2 wrong call, 3 undecided, 130 interrupted.
"""

from __future__ import annotations

import secrets
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from proofsheet.errors import CallError
from proofsheet.monte_carlo.budget import SUITE
from proofsheet.numeric.checks import Cases, CasesVerdict, Check, Options, Verdict
from proofsheet.numeric_layer import reported, share_of, with_parts
from proofsheet.plain_text import carries_unicode, print_to
from proofsheet.scripts import load
from proofsheet.verdict_table import case_table, joint_table, verdict_table

CODES = {"confirmed": 0, "refuted": 1, "undecided": 3}
INTERRUPTED = 130
PATIENCE = 0.5  # seconds without a word, before there is a bar


def fresh_seed() -> int:
    """Entropy from the system; 48 bits, which JSON carries whole."""
    return secrets.randbits(48)


def main(check: Check) -> None:
    """The command line of a check script; ends the process unless the check confirms."""
    script = Path(getattr(sys.modules["__main__"], "__file__", None) or "check.py")

    @click.command(
        context_settings={"help_option_names": ["-h", "--help"]}, help=f"The numeric check of {script.stem}."
    )
    @click.option("--case", metavar="CASE", help="Only this one of several cases.")
    @click.option("--seed", type=click.IntRange(min=0), help="Of the draws; fixed by default.")
    @click.option("--reseed", is_flag=True, help="Take fresh draws, and tell their seed.")
    @click.option(
        "--false-alarm",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        default=SUITE,
        show_default=True,
        help="Budget of the suite; this script may spend its equal part.",
    )
    def command(case: str | None, seed: int | None, reseed: bool, false_alarm: float) -> None:
        if reseed and seed is not None:
            raise click.UsageError("--seed names the draws, --reseed asks for fresh ones: give one of the two")
        if reseed:
            seed = fresh_seed()
            print_to(sys.stderr, f"seed {seed}: for the same draws again, --seed {seed}")
        try:
            code = _Telling(script, check).tell(Options(seed=seed, level=share_of(script, false_alarm)), case)
        except CallError as error:
            raise click.UsageError(str(error)) from None
        if code:
            sys.exit(code)

    command(prog_name=script.name)


class DrawsBar:
    """How much of the budget of draws is used, on stderr if that is a terminal, once it takes longer than a moment."""

    def __init__(self) -> None:
        self.used, self.label = 0.0, ""
        self._start = time.monotonic()
        self._bar: Any = None

    def __call__(self, used: float, label: str) -> None:
        self.used, self.label = used, label
        if not sys.stderr.isatty() or time.monotonic() - self._start < PATIENCE:
            return
        if self._bar is None:
            progress, console = import_module("rich.progress"), import_module("rich.console")
            self._bar = progress.Progress(
                console=console.Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._bar.add_task(label or "drawing", total=1.0)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=used, description=label or "drawing")

    def clear(self) -> None:
        """Take the bar away; the next call begins anew. What was used last is still known."""
        if self._bar is not None:
            self._bar.stop()
        self._bar, self._start = None, time.monotonic()


class _Telling:
    """Runs a check case by case, and prints each as it comes."""

    def __init__(self, script: Path, check: Check) -> None:
        self.name, self.check = script.stem, check
        self.mistakes = _mistakes(script)
        self.style = "unicode" if carries_unicode(sys.stdout) else "ascii"
        self.bar = DrawsBar()
        self.found: dict[str, Verdict] = {}

    def tell(self, options: Options, case: str | None) -> int:
        """The exit code."""
        options = Options(seed=options.seed, level=options.level, progress=self.bar)
        try:
            for name, verdict in self.check.each(options, case):
                self.bar.clear()
                self._case(name, verdict, alone=case is not None)
                if not verdict.interrupted:
                    self.bar.used, self.bar.label = 0.0, ""
        except KeyboardInterrupt:
            return self._interrupted()
        finally:
            self.bar.clear()
        if any(one.interrupted for one in self.found.values()):
            return self._interrupted()
        return CODES[self._joint(case)]

    def _case(self, name: str, verdict: Verdict, alone: bool) -> None:
        self.found[name] = verdict
        if name:
            one = self.check.checks[name] if isinstance(self.check, Cases) else self.check
            told = case_table(self.name, name, with_parts(reported(verdict, []), one), self.style, alone=alone)
            print_to(sys.stdout, "\n" * (len(self.found) > 1) + told)
        else:
            facts = with_parts(reported(verdict, self.mistakes), self.check)
            print_to(sys.stdout, verdict_table(self.name, facts, self.style))

    def _joint(self, case: str | None) -> str:
        """The verdict over all cases, which are told together if there are several."""
        verdict = self.found[""] if "" in self.found else CasesVerdict(self.found)
        facts = reported(verdict, [] if case else self.mistakes)
        if len(self.found) > 1:
            print_to(sys.stdout, "\n" + joint_table(self.name, facts, self.style))
        return str(facts["verdict"])

    def _interrupted(self) -> int:
        under_way = f" {self.bar.label}" * bool(self.bar.label)
        print_to(sys.stderr, f"interrupted{under_way} at {100 * self.bar.used:.0f} % of its draws")
        return INTERRUPTED


def _mistakes(script: Path) -> list[str]:
    """The registered wrong variants of the proof beside a check."""
    proof = script.resolve().parent.parent / "proofs" / script.name
    variants = getattr(load(proof), "variants", ()) if proof.is_file() else ()
    return [one.mistake for one in variants]
