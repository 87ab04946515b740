"""The dyno sizes of the simulated platform, and which of them one app may mix.

Source: Dev Center, "Dyno Types", and the price table of the official CLI. The prices are the sandbox's answer to
`GET /dyno-sizes`. The program itself knows no price.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from herodyno.sandbox.world.resources import Generation, Refused, Size

# name, MB, compute, dedicated, $ a month, kill factor (R15), tier, dyno units
_CEDAR = (
    ("Eco", 512, 1, False, 5, 2.0, "eco", 0.28),
    ("Basic", 512, 1, False, 7, 2.0, "basic", 0.28),
    ("Standard-1X", 512, 1, False, 25, 2.0, "production", 1.0),
    ("Standard-2X", 1024, 2, False, 50, 2.0, "production", 2.0),
    ("Performance-M", 2560, 12, True, 250, 2.0, "production", 8.0),
    ("Performance-L", 14336, 50, True, 500, 2.0, "production", 16.0),
    ("Performance-L-RAM", 30720, 24, True, 500, 1.2, "production", 16.0),
    ("Performance-XL", 63488, 50, True, 750, 1.2, "production", 24.0),
    ("Performance-2XL", 129024, 100, True, 1500, 1.2, "production", 48.0),
    ("Private-S", 1024, 12, True, None, 1.0, "private", 8.0),
    ("Private-M", 2560, 12, True, None, 1.0, "private", 16.0),
    ("Private-L", 14336, 50, True, None, 1.0, "private", 32.0),
    ("Shield-S", 1024, 12, True, None, 1.0, "shield", 8.0),
    ("Shield-M", 2560, 12, True, None, 1.0, "shield", 16.0),
    ("Shield-L", 14336, 50, True, None, 1.0, "shield", 32.0),
)
# vCPU, GB, $ a month
_FIR = ((1, 0.5, 25), (2, 1, 50), (1, 4, 80), (2, 8, 160), (4, 16, 320), (2, 4, 150), (4, 8, 300), (1, 8, 100))


def _cedar(
    name: str, mb: int, compute: int, dedicated: bool, dollars: int | None, kill: float, tier: str, units: float
) -> Size:
    return Size(
        name=name, id=_id_of(name), memory_mb=mb, compute=compute, dedicated=dedicated, precise_dyno_units=units,
        private_space_only=tier in {"private", "shield"}, generation="cedar", tier=tier, kill_factor=kill,
        cost_cents=None if dollars is None else dollars * 100, can_autoscale=dedicated,
    )  # fmt: skip


def _fir(cpus: int, gb: float, dollars: int) -> Size:
    name = f"dyno-{cpus}c-{gb:g}gb"
    return Size(
        name=name, id=_id_of(name), memory_mb=int(gb * 1024), compute=cpus, dedicated=gb > 1,
        precise_dyno_units=float(cpus), private_space_only=True, generation="fir", tier="fir", kill_factor=1.0,
        cost_cents=dollars * 100, can_autoscale=True,
    )  # fmt: skip


def _id_of(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://sandbox.invalid/dyno-sizes/{name}"))


SIZES = {size.name: size for size in [*(_cedar(*row) for row in _CEDAR), *(_fir(*row) for row in _FIR)]}
_FOLDED = {name.casefold(): size for name, size in SIZES.items()}


def sizes_for(generation: Generation, *, in_space: bool) -> list[Size]:
    """The sizes that an app may use. Private and Shield sizes are for apps in a space."""
    return [
        each
        for each in SIZES.values()
        if each.generation == generation and (generation == "fir" or each.private_space_only == in_space)
    ]


def size_named(name: str, offered: list[Size]) -> Size:
    """The size of that name, in any case of letters. Refused (422) when `offered` does not have it."""
    size = _FOLDED.get(name.casefold())
    if size is None or size not in offered:
        names = ", ".join(each.name for each in offered)
        raise Refused(422, "invalid_params", f"No such size as {name}. Available dyno sizes are {names}.")
    return size


def check_mix(sizes: list[Size]) -> None:
    """Refused (422) when the sizes are of more than one tier: one app has Eco, or Basic, or the others."""
    tiers = {size.tier for size in sizes}
    if len(tiers) > 1:
        names = ", ".join(sorted({size.name for size in sizes}))
        raise Refused(422, "invalid_params", f"Cannot use the following dyno types in the same app: {names}.")
