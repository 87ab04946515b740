"""The front door: `python -m herodyno` and the console script."""

import sys


def main() -> None:
    """Run the command line. The version is answered here, before anything is loaded."""
    if sys.argv[1:] in (["--version"], ["-V"], ["version"]):
        from herodyno import __version__

        print(f"herodyno {__version__}")  # noqa: T201 - the port would load what this door spares
        return
    from herodyno.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
