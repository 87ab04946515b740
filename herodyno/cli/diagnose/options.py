"""What was typed after `herodyno diagnose`: understood, and refused where words exclude one another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from herodyno.cli.diagnose.inputs import Typed
from herodyno.errors import UsageError
from herodyno.operations.durations import parse_duration

FORMATS = ("text", "json", "jsonl")
# The lowest exit code of a verdict that is not taken for 0.
FAIL_ON = {"": 0, "warning": 10, "critical": 20, "never": 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was typed, apart from the app."""

    files: tuple[str, ...]
    dynos_file: str | None
    listen: str
    log_filter: Typed
    format: str
    nagios: bool
    fail_on: str
    bundle: Path | None
    from_bundle: Path | None
    redact: bool

    @property
    def listen_seconds(self) -> float:
        """Seconds to follow the log, 0 when it is not to be followed."""
        return parse_duration(self.listen, flag="--listen") if self.listen else 0.0

    @property
    def wants_details(self) -> bool:
        """Whether the verdict is shown with its sentences, not as findings or as a line for monitoring."""
        return self.format != "jsonl" and not self.nagios

    def exit_code(self, of_verdict: int) -> int:
        """The verdict's exit code; 0 below what `--fail-on` names, and then for too little data as well."""
        if not self.fail_on:
            return of_verdict
        return of_verdict if FAIL_ON[self.fail_on] <= of_verdict <= FAIL_ON["critical"] else 0


def check(wishes: Wishes, *, unclaimed: bool, names_app: bool) -> None:
    """UsageError for words that exclude one another."""
    if unclaimed or (wishes.dynos_file and not wishes.files):
        raise UsageError("files are read with --from-file", next_step="herodyno diagnose --from-file app.log")
    sources = [
        name
        for name, is_given in (
            ("--from-file", wishes.files),
            ("--from-bundle", wishes.from_bundle),
            ("--listen", wishes.listen_seconds),
        )
        if is_given
    ]
    if len(sources) > 1:
        raise UsageError(f"{' and '.join(sources)} are two sources", next_step="leave one out")
    if wishes.from_bundle and names_app:
        raise UsageError("a bundle names its own app", next_step="leave out --app and --remote")
    if wishes.format not in FORMATS:
        raise UsageError(f"--output {wishes.format!r} is no format", next_step=f"one of {', '.join(FORMATS)}")
    if wishes.fail_on not in FAIL_ON:
        raise UsageError(f"--fail-on {wishes.fail_on!r} is no level", next_step="one of critical, warning, never")
    if wishes.nagios and (wishes.fail_on or wishes.format != "text"):
        raise UsageError(
            "--nagios has a line and exit codes of its own", next_step="leave out --json, -o and --fail-on"
        )
    if not wishes.redact and not wishes.bundle:
        raise UsageError("--no-redact is for --bundle only: what is shown is always redacted")
