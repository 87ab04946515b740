"""`python -m tests.diagnosis.world 20 [WORD…]`: figures of the families whose name or part has a word, 20 cases each.

`python -m tests.diagnosis.world log FAMILY SEED` prints the log of a case. SEED=300 in the environment begins there and
not at 0. VERBOSE=1 tells each case that fell short. Seeds from 0 to 9,999 are for looking and mending. Those from which
the README's figures come begin elsewhere and judge alone.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.diagnosis.world.answer import log_of
from tests.diagnosis.world.case import FAMILIES
from tests.diagnosis.world.scoring import Outcome, figures, judged
from tests.diagnosis.world.table import table


def fell_short(outcome: Outcome) -> bool:
    """Whether a reader of figures would want to see this one."""
    return bool(outcome.wrongly or outcome.failed) or outcome.found is False or outcome.tense is False


if __name__ == "__main__" and sys.argv[1] == "log":
    case = FAMILIES[sys.argv[2]].draw(f"{sys.argv[2]}/{sys.argv[3]}")
    for _, data in case.files or [("", log_of(case.app))]:
        sys.stdout.buffer.write(data)
elif __name__ == "__main__":
    n, first = int(sys.argv[1]), int(os.environ.get("SEED", "0"))
    chosen = [f for f in FAMILIES.values() if not sys.argv[2:] or any(w in f"{f.name} {f.part}" for w in sys.argv[2:])]
    results = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for each in chosen:
            begun = time.monotonic()
            own = list(pool.map(judged, [each.name] * n, range(first, first + n), chunksize=max(1, n // 8)))
            results += own
            print(f"{each.name:48s} {time.monotonic() - begun:5.1f} s  {figures(own)}", flush=True)
            for outcome in own:
                if os.environ.get("VERBOSE") and fell_short(outcome):
                    print("   ", outcome)
    print(table(results))
