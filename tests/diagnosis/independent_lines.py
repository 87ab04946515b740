"""Lines in the published formats: the router's, old and new, and those of runtime metrics."""

from __future__ import annotations

from random import Random
from uuid import UUID


def router_line(random: Random, code: str, path: str, fwd: str, status: int, reached: str, *, legacy: bool) -> str:
    """One request, without its time. `code` is "", an H code or a status; `reached` the dyno and the times."""
    head = "at=info " if not code or code.isdigit() else f'at=error code={code} desc="told by the router" '
    sock = {"H18": "sock=backend ", "H27": "sock=client "}.get(code, "")
    version = random.choice(("http2.0 tls=true tls_version=tls1.3", "http1.1 tls=true tls_version=unknown"))
    return (
        f'heroku[router]: {sock}{head}method={random.choice(("GET", "POST", "GET"))} path="{path}" '
        f"host=shop.example.com request_id={UUID(int=random.getrandbits(128))} "
        f'fwd="{fwd}" {reached} status={status} bytes={random.randint(0, 9999)} '
        f"protocol={'https' if legacy else version}"
    )


def memory_text(dyno: str, dyno_id: str, total: float, quota: float, pages: int) -> str:
    """The text of a memory line, in MB; what is above the quota is swapped."""
    swap = max(0.0, total - quota)
    return (
        f"source={dyno} dyno=heroku.99887766.{dyno_id} sample#memory_total={total:.2f}MB "
        f"sample#memory_rss={total - swap:.2f}MB sample#memory_cache=0.10MB sample#memory_swap={swap:.2f}MB "
        f"sample#memory_pgpgin={pages * 3 + 4000}pages sample#memory_pgpgout=100pages "
        f"sample#memory_quota={quota:.2f}MB"
    )
