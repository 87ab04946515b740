"""What runs in a one-off dyno: the command (wrapped so that its exit status comes back), variables, time to live."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence

from herodyno.dynos import Dyno, Formation, natural_order
from herodyno.errors import UsageError
from herodyno.heroku.attach.exit_marker import announcement
from herodyno.heroku_facts import LONGEST_TIME_TO_LIVE_SECONDS, MOST_DYNOS_OF_A_TYPE
from herodyno.typed_values import parse_duration

_ENDING = r"""s=\$\?; printf '\\036herodyno [0-9a-f]+ %s\\036' "\$s"; exit "\$s\""""
_WRAPPED = re.compile(
    rf"""(?:launcher )?(?P<bare>.*) ; {_ENDING}"""
    rf"""|trap : INT QUIT TERM; (?:launcher )?"\${{BASH:-sh}}" -c (?P<quoted>.*); {_ENDING}""",
    re.DOTALL,
)
# As the official CLI matches each part.
_PAIR = re.compile(r"\s*([\w.-]+)\s*=\s*(.*)", re.ASCII | re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def shell_text(words: Sequence[str]) -> str:
    """The typed words as shell text: a single word is shell text already, several words are quoted one by one.

    Raises UsageError without a word, for a NUL character, and for bytes that are not UTF-8.
    """
    if not any(words):
        raise UsageError("no command to run", next_step="herodyno run -- COMMAND [ARGUMENT ...]")
    text = words[0] if len(words) == 1 else shlex.join(words)
    if "\0" in text:
        raise UsageError("a command cannot hold a NUL character")
    if not _is_text(text):
        raise UsageError(f"the command is not UTF-8: {text!r}; nothing was sent")
    return text


def command_for_dyno(text: str, *, word: str = "", process_types: Collection[str] = (), launcher: bool = False) -> str:
    """The command to send for the shell text `text`.

    `word` is the run's random word when the exit status must be announced, else "". A first word that is one of
    `process_types` stays first and unquoted, because Heroku replaces it with the Procfile's command. Any other text
    runs in a shell of its own: `exit 2`, exec, a signal or a syntax error ends that shell, not the announcing shell.
    The announcing shell exits with the command's status too. `launcher` puts the program `launcher` in front, which
    sets up an app built with Cloud Native Buildpacks.
    """
    prefix = "launcher " if launcher else ""
    if not word:
        return prefix + text
    ending = f's=$?; {announcement(word)}; exit "$s"'
    if text.split(None, 1)[0] in process_types:
        return f"{prefix}{text} ; {ending}"
    # $BASH names the running shell where that is bash. The traps are for Ctrl-C and `stop`: the announcing shell
    # survives them, waits for the command to die, and announces how it died.
    return f'trap : INT QUIT TERM; {prefix}"${{BASH:-sh}}" -c {shlex.quote(text)}; {ending}'


def as_typed(command: str) -> str:
    """The shell text inside a command made by `command_for_dyno`; any other command unchanged."""
    found = _WRAPPED.fullmatch(command)
    if not found:
        return command
    return found["bare"] or shlex.split(found["quoted"])[0]


def one_offs_of(dynos: Iterable[Dyno], formation: Iterable[Formation]) -> list[Dyno]:
    """The one-off dynos among an app's dynos, with their commands as typed.

    `run --type worker` makes a dyno worker.N with a random N up to HIGHEST_ONE_OFF_NUMBER. A formation has at most
    MOST_DYNOS_OF_A_TYPE. Where Heroku raised that limit, the formation's quantity is the bound.
    """
    wanted = {each.type: each.quantity for each in formation}
    return [
        dyno._replace(command=as_typed(dyno.command))
        for dyno in dynos
        if dyno.is_one_off or natural_order(dyno.name)[1] > max(MOST_DYNOS_OF_A_TYPE, wanted.get(dyno.type, 0))
    ]


def env_of(pairs: Iterable[str], file_text: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of an --env-file's text (`file_text`) and of -e (`pairs`); those of -e win.

    A pair NAME=VALUE is kept exactly. A NAME alone takes its value from `environ`, so that no secret stands in a
    command line. Raises UsageError for anything else; its text never holds a value.
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


def split_pairs(pairs: Iterable[str]) -> tuple[list[str], list[str]]:
    """The pairs of -e, each "A=1;B=2" as two, and the names in those that were split.

    The Heroku CLI splits so. Where a part is no NAME=VALUE, the CLI drops it: such a pair stays whole here, as a value
    with a semicolon.
    """
    whole: list[str] = []
    names: list[str] = []
    for pair in pairs:
        parts = [_PAIR.fullmatch(part) for part in pair.split(";") if part.strip()]
        found = [part for part in parts if part]
        if ";" in pair and found and len(found) == len(parts):
            whole += [f"{part[1]}={part[2]}" for part in found]
            names += [part[1] for part in found]
        else:
            whole.append(pair)
    return whole, names


def _is_text(text: str) -> bool:
    """Whether the text can become JSON. Python reads a byte that is not UTF-8 as half a surrogate pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def parse_ttl(text: str) -> int:
    """The value of --ttl in whole seconds, as the API's time_to_live: 1 s to 24 h. Raises UsageError."""
    seconds = int(parse_duration(text, flag="--ttl"))
    if not 1 <= seconds <= LONGEST_TIME_TO_LIVE_SECONDS:
        raise UsageError(
            f"--ttl {text}: Heroku takes 1s to {LONGEST_TIME_TO_LIVE_SECONDS // 3600}h", next_step="as in: --ttl 2h"
        )
    return seconds


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"not a name of a variable: {name!r}")
    return name


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
