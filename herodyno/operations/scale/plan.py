"""The plan of a scale: each process type before and after, with its price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from herodyno.dynos import DynoSize, Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.heroku.api.wire import private_size
from herodyno.operations.near_misses import did_you_mean
from herodyno.operations.prices import cents_per_month, is_flat, size_named
from herodyno.operations.scale.grammar import MAX_QUANTITY, ScaleWord
from herodyno.operations.scale.reasons import DEFAULT_PRICE_STEP_CENTS, reasons_to_confirm
from herodyno.operations.writes import TypeChange, Write
from herodyno.units import count


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalePlan:
    """The changes that one batch call makes. `notes` are sentences for a person to read before it is sent.

    `price_step_cents` are the US cents per month that it may add unasked.
    """

    app: str
    types: tuple[TypeChange, ...]
    notes: tuple[str, ...] = ()
    price_step_cents: int = DEFAULT_PRICE_STEP_CENTS

    @property
    def changes(self) -> tuple[TypeChange, ...]:
        """The types that the call names: those that change."""
        return tuple(each for each in self.types if each.changes)

    @property
    def cents_difference(self) -> int | None:
        """The difference in US cents per month over all changed types; None when one price is not known."""
        parts = [each.cents_difference for each in self.changes]
        return None if None in parts else sum(part for part in parts if part is not None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What must be confirmed, see `reasons_to_confirm`."""
        return reasons_to_confirm(self.changes, self.price_step_cents)

    @property
    def undo(self) -> tuple[str, ...]:
        """The arguments of `scale` that restore the state before, with --confirm where the way back needs it."""
        words = tuple(f"{each.type}={each.quantity_before}:{each.size_before}" for each in self.changes)
        asks = reasons_to_confirm([each.reversed for each in self.changes], self.price_step_cents)
        return (*words, "--app", self.app, *(("--confirm", self.app) if asks else ()))


def plan_scale(
    app: str,
    words: Sequence[ScaleWord],
    formation: Iterable[Formation],
    sizes: Sequence[DynoSize],
    *,
    price_step_cents: int = DEFAULT_PRICE_STEP_CENTS,
) -> ScalePlan:
    """The plan for the words. Nothing is sent here.

    `sizes` are those the app may use. When the API gives none, sizes are neither checked nor priced. Raises NotFound
    for an unknown process type, UsageError for an unknown size or a count that is negative or too large.
    """
    current = {each.type: each for each in formation}
    if not current:
        raise NotFound(f"{app} has no process types; nothing was sent.", next_step="Deploy a Procfile first.")
    types = tuple(_change(app, word, current, sizes) for word in words)
    notes = tuple(_notes(types, sizes))
    return ScalePlan(app=app, types=types, notes=notes, price_step_cents=price_step_cents)


def scale_write(plan: ScalePlan) -> Write:
    """The one batch call of a plan that changes at least one type."""
    return Write(verb="scale", app=plan.app, types=plan.changes, undo=("herodyno", "scale", *plan.undo))


def require_quantity(word: ScaleWord, formation: Iterable[Formation], wanted: int) -> None:
    """--if-quantity: raise Refused unless the type in `word` has exactly `wanted` dynos now."""
    for each in formation:
        if each.type == word.type and each.quantity != wanted:
            raise Refused(
                f"{each.type} is at {each.quantity}, not {wanted}, as --if-quantity asks; nothing was sent.",
                next_step="Somebody else (or an autoscaler) changed it. Look with: herodyno scale",
            )


def offered_size(wanted: str, sizes: Sequence[DynoSize]) -> DynoSize | None:
    """The size of that name among `sizes`, letter case ignored. The API lists Shield-M under the name Private-M."""
    return size_named(wanted, sizes) or size_named(private_size(wanted), sizes)


def formation_words(formation: Iterable[Formation]) -> list[str]:
    """The formation as arguments of `scale`, sorted by type: typed again, they restore it."""
    return [f"{each.type}={each.quantity}:{each.size}" for each in sorted(formation, key=lambda each: each.type)]


def _change(app: str, word: ScaleWord, current: dict[str, Formation], sizes: Sequence[DynoSize]) -> TypeChange:
    before = current.get(word.type)
    if before is None:
        raise NotFound(
            f"{app} has no process type {word.type!r}; nothing was sent.", next_step=did_you_mean(word.type, current)
        )
    quantity = before.quantity if word.quantity is None else word.quantity
    quantity += word.change or 0
    if not 0 <= quantity <= MAX_QUANTITY:
        raise UsageError(
            f"{word}: {word.type} has {before.quantity}, which would make {count(quantity)}; nothing was sent.",
            next_step=f"Say the count itself: {word.type}=0" if quantity < 0 else "",
        )
    size = _checked_size(app, word, sizes) if word.size else before.size
    return TypeChange(
        type=word.type,
        quantity_before=before.quantity,
        quantity_after=quantity,
        size_before=before.size,
        size_after=size,
        cents_before=_cents(before.size, before.quantity, sizes),
        cents_after=_cents(size, quantity, sizes),
    )


def _checked_size(app: str, word: ScaleWord, sizes: Sequence[DynoSize]) -> str:
    if not sizes:
        return word.size
    size = offered_size(word.size, sizes)
    if size is None:
        raise UsageError(
            f"{word}: {app} cannot use a dyno size {word.size!r}; nothing was sent.",
            next_step=did_you_mean(word.size, [each.name for each in sizes]),
        )
    return size.name


def _cents(name: str, quantity: int, sizes: Sequence[DynoSize]) -> int | None:
    size = offered_size(name, sizes)
    each = None if size is None or is_flat(size) else cents_per_month(size)
    return None if each is None else each * quantity


def _notes(types: Sequence[TypeChange], sizes: Sequence[DynoSize]) -> Iterable[str]:
    for each in types:
        if each.resizes and each.quantity_before:
            many = each.quantity_before > 1
            what = f"all {each.quantity_before} {each.type} dynos at once" if many else f"the {each.type} dyno"
            yield f"The new size restarts {what}."
        size = offered_size(each.size_after, sizes)
        if size and is_flat(size):
            yield f"{size.name} has one price for the whole account, so it is not counted here."
        if size and size.dedicated and each.type == "web" and each.quantity_before != each.quantity_after:
            yield (
                "web can be autoscaled on this size. Whether it is cannot be seen here (Heroku keeps that on another"
                " host, which gets no token): if it is, Heroku will change the count again."
            )
