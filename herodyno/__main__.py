"""The front door: `python -m herodyno` and the console script."""


def main() -> None:
    """Run the command line."""
    from herodyno.cli.app import main as run

    run()


if __name__ == "__main__":
    main()
