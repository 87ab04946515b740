"""The front door: `python -m herodyno` and the console script."""

import gc
import os
import sys


def main() -> None:
    """Run the command line. What a shell asks at each start is answered here, before anything is loaded."""
    text = _known_answer(sys.argv[1:])
    if text:
        try:
            data = text.encode()
            while data:  # past the buffer: what could not be written would stay in it
                data = data[os.write(sys.stdout.fileno(), data) :]
        except (OSError, ValueError, AttributeError):
            pass  # stdout is closed or full: the whole program knows what to do then
        else:
            return
    # Loading modules makes many objects and no garbage. To look for some at every 700 takes a tenth of a short
    # command, to look once more on the way out, where all of them go anyway, a fifth.
    gc.set_threshold(100_000)
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl-C while modules load is an end without a traceback; app.main() catches it from then on.
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
