"""The harmless shell of one-off dynos: a few commands, none of which touches the user's machine.

It has echo, printf, sleep, cat, env, count, true, false, exit, sh -c, nohup and the operators ; && || ( ). So what
clients wrap around a command, as a marker with its exit status or traps, works as in a real dyno.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from herodyno.sandbox.world.shell_console import Console, Interrupted
from herodyno.sandbox.world.shell_syntax import Block, ShellSyntaxError, Simple, Word, parse

PROMPT = b"~ $ "
_VARIABLE = re.compile(r"\$(?:(?P<name>\w+|\?|\$)|\{(?P<braced>\w+)(?::?-(?P<other>[^}]*))?\})")
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:0?(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|(?P<letter>[ntrae\\]))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "e": "\033", "\\": "\\"}


class _Exit(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class Shell:
    """One shell with its variables."""

    def __init__(self, console: Console, env: Mapping[str, str]) -> None:
        self._console = console
        self._variables = dict(env)
        self._status = 0

    def run(self, text: str) -> int:
        """Run a command line. Return its exit status, 0 to 255; 2 for a syntax error."""
        try:
            self._block(parse(text))
        except _Exit as leaving:
            self._status = leaving.status
        except ShellSyntaxError as error:
            self._print(f"sh: {error}\n")
            self._status = 2
        return self._status

    def _block(self, block: Block) -> None:
        for operator, command in block.steps:
            if (operator == "&&" and self._status) or (operator == "||" and not self._status):
                continue
            if isinstance(command, Simple):
                self._simple(command)
            else:
                self._status = self._inner(lambda shell, inner=command: shell._block(inner))  # type: ignore[misc]

    def _inner(self, work: Callable[[Shell], None]) -> int:
        shell = Shell(self._console, self._variables)
        try:
            work(shell)
        except _Exit as leaving:
            return leaving.status
        return shell._status

    def _simple(self, command: Simple) -> None:
        words = [word for piece in command.words if (word := self._expanded(piece)) is not None]
        assignments = []
        while words and (found := _ASSIGNMENT.fullmatch(words[0])):
            assignments.append((found["name"], found["value"]))
            words.pop(0)
        if not words:
            self._variables.update(assignments)
            self._status = 0
            return
        before = dict(self._variables)
        self._variables.update(assignments)
        try:
            self._status = self._command(words) & 255
        except Interrupted:
            self._status = 130
        if assignments:
            self._variables = before

    def _expanded(self, word: Word) -> str | None:
        """The text of a word. None for a word that was nothing but empty variables."""
        text = "".join(_VARIABLE.sub(self._value, piece) if live else piece for piece, live in word)
        return text if text or any(not live for _, live in word) else None

    def _value(self, found: re.Match[str]) -> str:
        name = found["name"] or found["braced"]
        if name == "?":
            return str(self._status)
        return self._variables.get(name, "") or found["other"] or ""

    def _print(self, text: str) -> None:
        self._console.write(text.encode())

    def _command(self, words: list[str]) -> int:
        name, arguments = words[0], words[1:]
        match name:
            case "true" | ":" | "trap" | "set" | "stty":
                return 0
            case "false":
                return 1
            case "echo":
                newline = arguments[:1] != ["-n"]
                self._print(" ".join(arguments if newline else arguments[1:]) + "\n" * newline)
            case "printf":
                self._print(_printf(arguments))
            case "sleep" | "count":
                return self._timed(name, arguments)
            case "cat":
                while line := self._console.read_line():
                    self._console.write(line)
            case "env":
                self._print("".join(f"{key}={value}\n" for key, value in sorted(self._variables.items())))
            case "export":
                found = (_ASSIGNMENT.fullmatch(each) for each in arguments)
                self._variables.update((each["name"], each["value"]) for each in found if each)
            case "exit":
                raise _Exit(_number(arguments[0] if arguments else str(self._status)) & 255)
            case "sh" | "bash" | "exec" | "launcher" | "nohup":
                return self._another(name, arguments)
            case _:
                self._print(f"sh: {name}: command not found (the sandbox's shell knows {KNOWN_COMMANDS})\n")
                return 127
        return 0

    def _another(self, name: str, arguments: list[str]) -> int:
        """A shell in the shell: for the text after -c, for a command, or interactive."""
        if name == "exec" and arguments:
            raise _Exit(self._command(arguments))
        if name in ("launcher", "nohup") and arguments:
            return self._command(arguments)
        if arguments[:1] in (["-c"], ["-lc"]) and len(arguments) > 1:
            return Shell(self._console, self._variables).run(arguments[1])
        return self._interactive()

    def _interactive(self) -> int:
        shell = Shell(self._console, self._variables)
        while True:
            self._console.write(PROMPT)
            try:
                line = self._console.read_line()
                if not line:
                    return shell._status
                shell._block(parse(line.decode(errors="replace")))
            except Interrupted:
                shell._status = 130
            except _Exit as leaving:
                return leaving.status
            except ShellSyntaxError as error:
                self._print(f"sh: {error}\n")
                shell._status = 2

    def _timed(self, name: str, arguments: list[str]) -> int:
        """`sleep SECONDS`, or `count N`, which prints a number every second."""
        try:
            amount = float(arguments[0])
        except (IndexError, ValueError):
            self._print(f"{name}: give a number\n")
            return 2
        if name == "sleep":
            self._console.sleep(amount)
            return 0
        for number in range(1, int(amount) + 1):
            self._print(f"{number}\n")
            self._console.sleep(1)
        return 0


KNOWN_COMMANDS = "echo printf sleep count cat env true false exit sh nohup"


def _number(text: str) -> int:
    return int(text) if text.lstrip("-").isdecimal() else 2


def _printf(arguments: list[str]) -> str:
    form = _ESCAPE.sub(_escaped, arguments[0]) if arguments else ""
    values = iter(arguments[1:])
    return re.sub(r"%(%|[sdi])", lambda found: "%" if found[1] == "%" else next(values, ""), form)


def _escaped(found: re.Match[str]) -> str:
    if found["octal"]:
        return chr(int(found["octal"], 8))
    return chr(int(found["hex"], 16)) if found["hex"] else _LETTERS[found["letter"]]
