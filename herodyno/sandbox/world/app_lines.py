"""What the simulated app prints: a small shop in Python. Each line of a traceback is a log line of its own."""

from __future__ import annotations

from random import Random

_TASKS = ("send_receipt", "refresh_stock", "resize_picture", "charge_card", "index_product")


def banner(type: str) -> tuple[str, ...]:
    """The lines of a process of this type at the end of its boot."""
    if type == "web":
        return (
            "[INFO] Starting gunicorn 23.0.0",
            "[INFO] Listening at: http://0.0.0.0:48213 (2)",
            "[INFO] Using worker: gthread",
            "[INFO] Booting worker with pid: 9",
        )
    return (f"{type} ready, 4 threads",)


def shutdown(type: str) -> tuple[str, ...]:
    """The lines of a process of this type on SIGTERM."""
    return ("[INFO] Handling signal: term", "[INFO] Worker exiting (pid: 9)") if type == "web" else ("shutting down",)


def boot_failure(random: Random) -> tuple[str, ...]:
    """The traceback of a release that cannot start."""
    module = random.choice(("shop.pricing", "shop.mailer"))
    return (
        "Traceback (most recent call last):",
        '  File "/app/shop/wsgi.py", line 12, in <module>',
        "    from shop.app import application",
        '  File "/app/shop/app.py", line 7, in <module>',
        f"    import {module}",
        f"ModuleNotFoundError: No module named '{module}'",
    )


def crash(random: Random) -> tuple[str, ...]:
    """The traceback of an exception that ends the process."""
    return (
        "Traceback (most recent call last):",
        '  File "/app/shop/loop.py", line 88, in run',
        "    connection = pool.get(timeout=5)",
        '  File "/app/shop/pool.py", line 41, in get',
        f'    raise PoolExhausted("no connection in 5 s, {random.randint(18, 40)} waiting")',
        f"shop.pool.PoolExhausted: no connection in 5 s, {random.randint(18, 40)} waiting",
    )


def failure(code: str, method: str, path: str, request_id: str, random: Random) -> tuple[str, ...]:
    """What a dyno prints about a request that failed: a traceback for a 500, at most one line for a time-out."""
    if code in {"H12", "H27"}:
        return (f"[{request_id}] {method} {path} waiting for a database connection",) if random.random() < 0.3 else ()
    if code != "500":
        return ()
    name = path.partition("?")[0].strip("/").split("/")[0] or "home"
    return (
        f"[{request_id}] ERROR in {method} {path}",
        "Traceback (most recent call last):",
        '  File "/app/.heroku/python/lib/python3.12/site-packages/flask/app.py", line 917, in full_dispatch_request',
        "    rv = self.dispatch_request()",
        f'  File "/app/shop/views/{name}.py", line {random.randint(20, 60)}, in {name}',
        "    basket = session.load(key)",
        '  File "/app/shop/session.py", line 64, in load',
        "    return pickle.loads(self.store[key])",
        f"KeyError: 'basket:{random.randint(1000, 9999)}'",
    )


def success(method: str, path: str, request_id: str, service_ms: int, random: Random) -> str:
    """What a dyno prints about a request that succeeded."""
    if random.random() < 0.5:
        return f"[{request_id}] {method} {path} done in {service_ms} ms"
    return f'10.1.{random.randint(0, 255)}.{random.randint(1, 254)} - - "{method} {path} HTTP/1.1" 200 {service_ms}ms'


def job(random: Random) -> str:
    """What a worker prints about a job."""
    return f"{random.choice(_TASKS)} #{random.randint(100_000, 999_999)} done in {random.randint(40, 3000)} ms"
