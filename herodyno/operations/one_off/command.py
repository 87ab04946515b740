"""One-off dynos: the command that is sent (the words as typed, wrapped so that their exit status comes back),
their variables, which dynos are one-offs, what they have cost."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from herodyno.dynos import Dyno, DynoSize, Formation, natural_order
from herodyno.errors import UsageError
from herodyno.heroku.attach.exit_marker import announcement
from herodyno.operations.prices import HOURS_PER_MONTH, cents_per_month, is_flat
from herodyno.units import parse_duration

# The API's limit on time_to_live (Dev Center: a one-off dyno lives 24 hours at most).
LONGEST_TTL_SECONDS = 86_400

_MOST_OF_A_TYPE = 100
_ENDING = r"""s=\$\?; printf '\\036herodyno [0-9a-f]+ %s\\036' "\$s"; exit "\$s\""""
_WRAPPED = re.compile(
    rf"""(?:launcher )?(?P<bare>.*) ; {_ENDING}"""
    rf"""|trap : INT QUIT TERM; (?:launcher )?"\${{BASH:-sh}}" -c (?P<quoted>.*); {_ENDING}""",
    re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def shell_text(words: Sequence[str]) -> str:
    """What was typed, as shell text: one word is shell text already, several are quoted one by one."""
    if not any(words):
        raise UsageError("no command to run", next_step="herodyno run -- COMMAND [ARGUMENT ...]")
    text = words[0] if len(words) == 1 else shlex.join(words)
    if "\0" in text:
        raise UsageError("a command cannot hold a NUL character")
    if not _is_text(text):
        raise UsageError(f"the command is not UTF-8: {text!r}; nothing was sent")
    return text


def command_for_dyno(text: str, *, word: str = "", process_types: Collection[str] = (), launcher: bool = False) -> str:
    """The command to send. `word` is the run's random word when the status is to be announced, else "".

    A first word that is a process type stays first and bare: Heroku replaces it with the Procfile's
    command. Anything else runs in a shell of its own, so that `exit 2`, exec, a signal or a syntax
    error end that shell and not the one that announces. The dyno's own status is the command's too.
    `launcher` is the program that sets up an app built with Cloud Native Buildpacks.
    """
    prefix = "launcher " if launcher else ""
    if not word:
        return prefix + text
    ending = f's=$?; {announcement(word)}; exit "$s"'
    if text.split(None, 1)[0] in process_types:
        return f"{prefix}{text} ; {ending}"
    # $BASH names the shell this runs in, where that is bash. The traps are for Ctrl-C and `stop`:
    # the announcing shell waits for the command to die of them, and then tells how it died.
    return f'trap : INT QUIT TERM; {prefix}"${{BASH:-sh}}" -c {shlex.quote(text)}; {ending}'


def as_typed(command: str) -> str:
    """The command of a dyno that `command_for_dyno` made, without what it put around it; any other as it is."""
    found = _WRAPPED.fullmatch(command)
    if not found:
        return command
    return found["bare"] or shlex.split(found["quoted"])[0]


def one_offs_of(dynos: Iterable[Dyno], formation: Iterable[Formation]) -> list[Dyno]:
    """The one-off dynos among an app's, with their commands as typed.

    With `run --type worker` the name is worker.N, N random up to 9999. A formation has at most 100
    dynos of a type (Dev Center, "Limits"), unless Heroku raised it, and then its quantity tells.
    """
    wanted = {each.type: each.quantity for each in formation}
    return [
        dyno._replace(command=as_typed(dyno.command))
        for dyno in dynos
        if dyno.is_one_off or natural_order(dyno.name)[1] > max(_MOST_OF_A_TYPE, wanted.get(dyno.type, 0))
    ]


def cents_so_far(dyno: Dyno, sizes: Iterable[DynoSize], now: datetime) -> float | None:
    """What a dyno has cost since it was made, by its size's price; None where the API tells none."""
    size = size_named(dyno.size, sizes)
    cents = cents_per_month(size)
    if size is None or cents is None or is_flat(size) or dyno.created_at is None:
        return None
    hours = (now - dyno.created_at) / timedelta(hours=1)
    return round(cents / HOURS_PER_MONTH * max(0.0, hours), 2)


def size_named(name: str, sizes: Iterable[DynoSize]) -> DynoSize | None:
    """The size of that name, in any case."""
    return next((size for size in sizes if size.name.casefold() == name.casefold()), None)


def env_of(pairs: Iterable[str], file_text: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an --env-file's text, then those of -e, which win.

    A pair is NAME=VALUE, kept exactly; a NAME alone takes its value from `environ`, so that a secret
    need not stand in a command line. Raises UsageError, which never holds a value.
    """
    env: dict[str, str] = {}
    for number, line in enumerate(file_text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, equals, value = line.strip().removeprefix("export ").partition("=")
            if not equals:
                raise UsageError(f"line {number} of the env file is no NAME=VALUE")
            env[_checked(name.strip())] = _unquoted(value.strip())
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals and name not in environ:
            raise UsageError(f"-e {name}: not set here", next_step=f"write -e {name}=VALUE, or export {name} first")
        env[_checked(name)] = value if equals else environ[name]
    for name, value in env.items():
        if not _is_text(value):
            raise UsageError(f"the value of {name} is not UTF-8; nothing was sent")
    return env


def _is_text(text: str) -> bool:
    """Whether it can go into JSON: bytes that are no UTF-8 come in from a shell as half a surrogate pair."""
    return not any("\ud800" <= it <= "\udfff" for it in text)


def parse_ttl(text: str) -> int:
    """A dyno's longest life in whole seconds, as the API takes it: 1 s to 24 h."""
    seconds = int(parse_duration(text, flag="--ttl"))
    if not 1 <= seconds <= LONGEST_TTL_SECONDS:
        raise UsageError(f"--ttl {text}: Heroku takes 1s to 24h", next_step="as in: --ttl 2h")
    return seconds


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"not a name of a variable: {name!r}")
    return name


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
