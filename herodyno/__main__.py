"""The entry point: `python -m herodyno` and the console script."""

import gc
import os
import sys


def main() -> None:
    """Run the command line. --version and `completion show`, which a shell may ask at each start, load nothing more."""
    text = _known_answer(sys.argv[1:])
    if text:
        try:
            data = text.encode()
            while data:  # without the buffer, where bytes that could not be written would stay
                data = data[os.write(sys.stdout.fileno(), data) :]
        except (OSError, ValueError, AttributeError):
            pass  # stdout is closed or full: the whole program handles that
        else:
            return
    # Loading modules makes many objects and no garbage. A collection after every 700 objects takes a tenth of a short
    # command's time, and the collection at exit a fifth.
    gc.set_threshold(100_000)
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl-C while modules load ends the process without a traceback. Later app.main() catches it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from herodyno.cli.app import main as run

        run()
    finally:
        gc.freeze()


def _known_answer(argv: list[str]) -> str:
    if argv in (["--version"], ["-V"], ["version"]):
        from herodyno import __version__

        return f"herodyno {__version__}\n"
    if argv[:2] == ["completion", "show"] and len(argv) == 3:
        from herodyno.completion.scripts import SCRIPTS, script

        return script(argv[2]) if argv[2] in SCRIPTS else ""
    return ""


if __name__ == "__main__":
    main()
