"""The program's start: how the interpreter is set up for a run. It knows no command."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    if hasattr(sys, "frozen"):  # packed into one program, which its worker processes start anew
        from multiprocessing import freeze_support  # noqa: PLC0415 - slow, and needed by no other

        freeze_support()
    gc.disable()  # a run leaves next to no cycles behind; looking for them takes a tenth of its time
    from assess_xlsx.cli import main as run  # noqa: PLC0415 - imports too go without

    try:
        run()
    finally:
        gc.freeze()  # nor does the interpreter, at its end, have to look through everything


if __name__ == "__main__":
    main()
