"""The program's start, which reading processes load again: so it imports nothing until it is called."""

from __future__ import annotations


def main() -> None:
    from assess_xlsx.cli import main as run  # noqa: PLC0415 - a reading process needs no command line

    run()


if __name__ == "__main__":
    main()
