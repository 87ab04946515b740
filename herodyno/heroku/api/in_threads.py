"""Several reads at the same time, each in a thread, with one second-factor prompt for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from herodyno.errors import TwoFactorNeeded


def in_threads(*thunks: Callable[[], object]) -> tuple[object, ...]:
    """The results in the order of the calls. Raises the first failure in that order.

    A call that raised TwoFactorNeeded runs again in the caller's thread, one after the other: only there does Ctrl-C
    reach a prompt, and after the first code the other calls need none.
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
