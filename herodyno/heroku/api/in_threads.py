"""Several reads at once, each in a thread; one second-factor prompt for all, in the caller's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from herodyno.errors import TwoFactorNeeded


def in_threads(*thunks: Callable[[], object]) -> tuple[object, ...]:
    """Their answers in the order given; the first failure in that order is raised.

    Whoever was refused for want of a second factor is run again here, one by one: a prompt belongs to
    the caller's thread, where Ctrl-C reaches it, and after the first the others need none.
    """
    answers: list[object] = [None] * len(thunks)
    failures: dict[int, BaseException] = {}

    def work(index: int) -> None:
        try:
            answers[index] = thunks[index]()
        except BaseException as error:
            failures[index] = error

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(thunks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, failure in sorted(failures.items()):
        if not isinstance(failure, TwoFactorNeeded):
            raise failure
        answers[index] = thunks[index]()
    return tuple(answers)
