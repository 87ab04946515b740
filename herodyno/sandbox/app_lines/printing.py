"""What the simulated app prints at each occasion. Each line of a traceback is a log line of its own.

The words of a line take their chance from the id of its request. So they change nothing else in the world.
"""

from __future__ import annotations

from random import Random

from herodyno.sandbox.app_lines.frameworks import Framework
from herodyno.sandbox.app_lines.words import fill

_TASKS = ("send_receipt", "refresh_stock", "resize_picture", "charge_card", "index_product")
TOLD = 0.3  # the share of failed requests about which an app prints its line


def banner(framework: Framework, type: str) -> tuple[str, ...]:
    """The lines of a process of this type at the end of its boot."""
    return framework.banner if type == "web" else (f"{type} ready, 4 threads",)


def shutdown(framework: Framework, type: str) -> tuple[str, ...]:
    """The lines of a process of this type on SIGTERM."""
    return framework.shutdown if type == "web" else ("shutting down",)


def boot_failure(framework: Framework, random: Random) -> tuple[str, ...]:
    """The traceback of a release that cannot start."""
    module = random.choice(("pricing", "mailer"))
    return tuple(fill(each, random, module=module) for each in framework.unbootable)


def crash(framework: Framework, random: Random) -> tuple[str, ...]:
    """The traceback of an exception that ends the process."""
    return tuple(fill(each, random) for each in framework.crashed)


def failure(
    framework: Framework, code: str, line: str, method: str, path: str, request_id: str, random: Random
) -> tuple[str, ...]:
    """What a dyno prints about a request that failed: a traceback for a 500, else `line` about some of them.

    An empty `line` prints nothing. Clients and platform errors (H99) give the app nothing to print.
    """
    if not line:
        return ()
    if code != "500":
        return (fill(line, Random(request_id), request_id=request_id),) if random.random() < TOLD else ()  # noqa: S311
    page = path.partition("?")[0].strip("/").split("/")[0] or "home"
    given = {"page": page, "line": random.randint(20, 60), "key": random.randint(1000, 9999)}
    return tuple(
        fill(each, random, request_id=request_id, method=method, path=path, **given) for each in framework.failed
    )


def success(framework: Framework, method: str, path: str, request_id: str, service_ms: int, random: Random) -> str:
    """What a dyno prints about a request that succeeded."""
    given: dict[str, object] = {"method": method, "path": path, "request_id": request_id, "ms": service_ms}
    words = Random(request_id)  # noqa: S311  the same seed must give the same words
    if random.random() < 0.5:
        return fill(words.choice(framework.served), words, **given)
    return fill(framework.access, words, net=random.randint(0, 255), host=random.randint(1, 254), **given)


def job(framework: Framework, random: Random) -> str:
    """What a worker prints about a job."""
    given = {"task": random.choice(_TASKS), "number": random.randint(100_000, 999_999), "ms": random.randint(40, 3000)}
    return fill(framework.job, random, **given)
