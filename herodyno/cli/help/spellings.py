"""Words of the Heroku CLI and of other tools: the command that a word means here, or what to type instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# Spellings of the Heroku CLI, and the words that stand for each. Its own aliases are among them.
_OF_ONE_DYNO_COMMAND = {
    "scale": ("scale",), "type": ("scale",), "resize": ("scale",), "restart": ("restart",), "stop": ("stop",),
    "kill": ("stop",), "wait": ("wait",),
}  # fmt: skip
HEROKU_CLI: Mapping[str, tuple[str, ...]] = {
    **{f"{topic}:{word}": means for topic in ("ps", "dyno") for word, means in _OF_ONE_DYNO_COMMAND.items()},
    "kill": ("stop",), "resize": ("scale",), "run:detached": ("run", "--detach"),
    "releases:rollback": ("rollback",), "autocomplete": ("completion",),
    "auth:login": ("auth", "login"), "login": ("auth", "login"), "auth:logout": ("auth", "logout"),
    "logout": ("auth", "logout"), "auth:token": ("auth", "token"),
    "auth:whoami": ("auth", "status"), "whoami": ("auth", "status"),
}  # fmt: skip

# What the Heroku CLI does, and herodyno does not.
_NOT_HERE = ("ps:exec", "ps:copy", "ps:forward", "ps:socks", "ps:autoscale:enable", "ps:autoscale:disable",
             "run:inside", "releases:info", "releases:output", "releases:retry")  # fmt: skip

# Words of other tools -> what to type.
INSTEAD: Mapping[str, str] = {
    **{word: f"the Heroku CLI has it: heroku {word}" for word in _NOT_HERE},
    **dict.fromkeys(("tail", "follow", "watch"), "to follow the log: herodyno logs --tail"),
    **dict.fromkeys(("exec", "ssh", "shell", "bash", "console"), "in a dyno of its own: herodyno run COMMAND"),
    **dict.fromkeys(("status", "list", "ls", "get", "describe", "dynos", "pods"), "herodyno ps"),
    **dict.fromkeys(("start", "up"), "to have a dyno: herodyno scale TYPE=1"),
    **dict.fromkeys(("history", "deploys", "deployments"), "herodyno releases"),
    **dict.fromkeys(
        ("auth list", "auth whoami", "auth switch", "auth accounts"), "herodyno auth status; --account NAME chooses one"
    ),
    **dict.fromkeys(("undo", "rollout"), "herodyno rollback, of a release; herodyno journal, of other changes"),
}

# (command or "", flag of other tools) -> what to type.
FLAGS_INSTEAD: Mapping[tuple[str, str], str] = {
    ("ps", "-w"): "herodyno ps --watch",
    ("logs", "--follow"): "herodyno logs --tail",
    ("logs", "-f"): "herodyno logs --tail",
    ("logs", "--watch"): "herodyno logs --tail",
    ("logs", "--lines"): "herodyno logs --num 200",
    **{("logs", flag): "herodyno logs --table dyno,code,service,path" for flag in ("--columns", "--fields")},
    **{("", flag): "--confirm APP answers the question" for flag in ("--yes", "-y", "--force")},
    ("", "--watch"): "watch -n 5 herodyno COMMAND",
}

# Commands of ours that no program in a dyno is called, as far as we know: `run logs` is mistaken for `logs`.
_MISTAKEN = {
    "logs": "logs", "stop": "stop", "status": "ps", "start": "scale", "restart": "restart", "scale": "scale",
    "releases": "releases", "rollback": "rollback", "diagnose": "diagnose", "sizes": "sizes", "journal": "journal",
    "list": "run list",
}  # fmt: skip


def instead_of(word: str, known: Iterable[str], path: str) -> str:
    """What to type instead of a word that is no command: a near miss of one, else what other tools call so, else ""."""
    if told := INSTEAD.get(f"{path} {word}".removeprefix("herodyno ")):
        return told
    near = close_to(word, known)
    return f"did you mean: {path} {near[0]}" if near else ""


def instead_of_flag(flag: str, known: Iterable[str], command: str) -> str:
    """The same for a flag of a command ("logs")."""
    told = FLAGS_INSTEAD.get((command, flag)) or FLAGS_INSTEAD.get(("", flag))
    if told:
        return told
    near = close_to(flag, known)
    return f"did you mean {' or '.join(near)}?" if near else ""


def close_to(word: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known words that were probably meant: those that begin so, and near misses ("restrat"). Nearest first."""
    from difflib import get_close_matches  # needed only after a typing mistake

    names = list(known)
    least = 4 if word.startswith("--") else 3
    beginning = [name for name in names if len(word) >= least and name.startswith(word)]
    return list(dict.fromkeys([*beginning, *get_close_matches(word, names, n=most, cutoff=0.75)]))[:most]


def mistaken_for(words: Iterable[str]) -> str:
    """The command of ours that a one-off's command was probably meant to be ("run logs"); "" for any other command."""
    return _MISTAKEN.get(next(iter(words), ""), "")
