"""From what was typed and what is there to what will be: per type, before and after, with the price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from herodyno.dynos import DynoSize, Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.near_misses import did_you_mean
from herodyno.operations.prices import cents_per_month, is_flat
from herodyno.operations.scale.grammar import MAX_QUANTITY, ScaleWord
from herodyno.units import count


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChange:
    """One process type before and after. Prices in cents per month for all its dynos, None when not known."""

    type: str
    quantity_before: int
    quantity_after: int
    size_before: str
    size_after: str
    cents_before: int | None
    cents_after: int | None

    @property
    def changes(self) -> bool:
        """Whether anything is to be sent for this type."""
        return self.quantity_before != self.quantity_after or self.resizes

    @property
    def resizes(self) -> bool:
        """Whether the size changes, which restarts every dyno of the type."""
        return self.size_before.casefold() != self.size_after.casefold()

    @property
    def cents_difference(self) -> int | None:
        """How much more (or less) a month costs."""
        if self.cents_before is None or self.cents_after is None:
            return None
        return self.cents_after - self.cents_before


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalePlan:
    """What one batch call will change. `notes` are sentences to read before it is sent."""

    app: str
    types: tuple[TypeChange, ...]
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[TypeChange, ...]:
        """The types for which something is sent."""
        return tuple(each for each in self.types if each.changes)

    @property
    def cents_difference(self) -> int | None:
        """The difference per month over all types; None when the price of one of them is not known."""
        parts = [each.cents_difference for each in self.changes]
        return None if None in parts else sum(part for part in parts if part is not None)

    @property
    def drops(self) -> tuple[str, ...]:
        """What must be confirmed: types that go to 0 or lose more than half of their dynos."""
        return tuple(
            f"{each.type} goes from {each.quantity_before} to {each.quantity_after} dynos"
            for each in self.types
            if _is_drop(each.quantity_before, each.quantity_after)
        )

    @property
    def undo(self) -> tuple[str, ...]:
        """The arguments of `scale` that bring back what was there, with the confirmation that this may need."""
        words = tuple(f"{each.type}={each.quantity_before}:{each.size_before}" for each in self.changes)
        asks = any(_is_drop(each.quantity_after, each.quantity_before) for each in self.changes)
        return (*words, "--app", self.app, *(("--confirm", self.app) if asks else ()))


def plan_scale(
    app: str, words: Sequence[ScaleWord], formation: Iterable[Formation], sizes: Sequence[DynoSize]
) -> ScalePlan:
    """The plan, or the reason why there is none: unknown type or size, a count below zero. Nothing is sent here.

    `sizes` are those the app may use; when empty (the API did not tell), sizes go unchecked and unpriced.
    """
    there = {each.type: each for each in formation}
    if not there:
        raise NotFound(f"{app} has no process types; nothing was sent.", next_step="Deploy a Procfile first.")
    types = tuple(_change(app, word, there, sizes) for word in words)
    return ScalePlan(app=app, types=types, notes=tuple(_notes(types, sizes)))


def require_quantity(word: ScaleWord, formation: Iterable[Formation], wanted: int) -> None:
    """--if-quantity: Refused unless the type to be scaled has exactly `wanted` dynos now."""
    for each in formation:
        if each.type == word.type and each.quantity != wanted:
            raise Refused(
                f"{each.type} is at {each.quantity}, not {wanted}, as --if-quantity asks; nothing was sent.",
                next_step="Somebody else (or an autoscaler) changed it. Look with: herodyno scale",
            )


def size_named(wanted: str, sizes: Sequence[DynoSize]) -> DynoSize | None:
    """The size of that name in any case; Shield-M is called Private-M by the API (as the Heroku CLI does it)."""
    names = {size.name.casefold(): size for size in sizes}
    folded = wanted.casefold()
    return names.get(folded) or names.get(folded.replace("shield-", "private-", 1))


def formation_words(formation: Iterable[Formation]) -> list[str]:
    """The formation as arguments of `scale`, by type: it can be fed back."""
    return [f"{each.type}={each.quantity}:{each.size}" for each in sorted(formation, key=lambda each: each.type)]


def _is_drop(before: int, after: int) -> bool:
    """To 0 or by more than half."""
    return bool(before) and after * 2 < before


def _change(app: str, word: ScaleWord, there: dict[str, Formation], sizes: Sequence[DynoSize]) -> TypeChange:
    before = there.get(word.type)
    if before is None:
        raise NotFound(
            f"{app} has no process type {word.type!r}; nothing was sent.", next_step=did_you_mean(word.type, there)
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
    size = size_named(word.size, sizes)
    if size is None:
        raise UsageError(
            f"{word}: {app} cannot use a dyno size {word.size!r}; nothing was sent.",
            next_step=did_you_mean(word.size, [each.name for each in sizes]),
        )
    return size.name


def _cents(name: str, quantity: int, sizes: Sequence[DynoSize]) -> int | None:
    size = size_named(name, sizes)
    each = None if size is None or is_flat(size) else cents_per_month(size)
    return None if each is None else each * quantity


def _notes(types: Sequence[TypeChange], sizes: Sequence[DynoSize]) -> Iterable[str]:
    for each in types:
        if each.resizes and each.quantity_before:
            yield f"The new size restarts all {each.quantity_before} {each.type} dynos at once."
        size = size_named(each.size_after, sizes)
        if size and is_flat(size):
            yield f"{size.name} has one price for the whole account, so it is not counted here."
        if size and size.dedicated and each.type == "web" and each.quantity_before != each.quantity_after:
            yield (
                "web can be autoscaled on this size. Whether it is cannot be seen here (Heroku keeps that on another"
                " host, which gets no token): if it is, Heroku will change the count again."
            )
