"""The same work for each of many apps: some at a time, answered in their order. A failure costs only its own app."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import Generic, NamedTuple, TypeVar

from herodyno.errors import BadReply, HerodynoError, NotAuthenticated, RateLimited, TwoFactorNeeded, Unreachable
from herodyno.heroku.api.call_budget import CallBudget

T = TypeVar("T")
A = TypeVar("A")

# Ours: so many calls are on their way at once, of so many apps at most. An app's calls wait for one another, so that as
# many apps as calls are needed.
CALLS_AT_ONCE = 20
APPS_AT_ONCE = 20
# Ours: so often an app is asked again after a 429.
TRIES = 3
# Ours: after so many failures of the network without a single answer, the network is down and not an app.
LOST_WITHOUT_ANSWER = 3


class Answer(NamedTuple, Generic[A]):
    """What the work gave for one app: `value`, or the `error` for which there is none."""

    value: A | None
    error: HerodynoError | None = None


def side_by_side(
    items: Sequence[T], work: Callable[[T], A], *, calls_each: int, budget: CallBudget
) -> Iterator[tuple[T, Answer[A]]]:
    """Each item with its answer, in the order of the items, each as soon as those before it are there.

    `work` runs in threads and sends about `calls_each` API calls. Its HerodynoErrors are answers. Any other exception
    is raised here, as is an error that all items would meet: a refused token, a network that is down. What needs a
    second factor is done again in the caller's thread: only there does Ctrl-C reach a prompt.
    """
    todo = deque(enumerate(items))
    done: SimpleQueue[tuple[int, Answer[A] | BaseException]] = SimpleQueue()

    def worker() -> None:
        while todo:
            try:
                place, item = todo.popleft()
            except IndexError:  # another thread was faster
                return
            try:
                done.put((place, _answer(item, work, calls_each, budget)))
            except BaseException as error:
                done.put((place, error))

    for _ in range(min(len(items), APPS_AT_ONCE)):
        threading.Thread(target=worker, daemon=True).start()
    try:
        yield from _in_order(items, work, done)
    finally:
        todo.clear()


def _answer(item: T, work: Callable[[T], A], calls: int, budget: CallBudget) -> Answer[A]:
    tries = 1
    while True:
        budget.take(calls)
        try:
            return Answer(work(item))
        except RateLimited as error:
            budget.after_refusal(error.seconds)
            if tries == TRIES:
                return Answer(None, error)
        except HerodynoError as error:
            return Answer(None, error)
        finally:
            budget.give_back(calls)
        tries += 1


def _in_order(
    items: Sequence[T], work: Callable[[T], A], done: SimpleQueue[tuple[int, Answer[A] | BaseException]]
) -> Iterator[tuple[T, Answer[A]]]:
    waiting: dict[int, Answer[A]] = {}
    lost, has_answer = 0, False
    for place, item in enumerate(items):
        while place not in waiting:
            number, answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            if isinstance(answer.error, TwoFactorNeeded):
                answer = _here(items[number], work)
            if isinstance(answer.error, NotAuthenticated) and not isinstance(answer.error, TwoFactorNeeded):
                raise answer.error
            is_lost = isinstance(answer.error, Unreachable) and not isinstance(answer.error, BadReply)
            has_answer, lost = has_answer or not is_lost, lost + is_lost
            if answer.error and lost == LOST_WITHOUT_ANSWER and not has_answer:
                raise answer.error
            waiting[number] = answer
        yield item, waiting.pop(place)


def _here(item: T, work: Callable[[T], A]) -> Answer[A]:
    try:
        return Answer(work(item))
    except HerodynoError as error:
        return Answer(None, error)
