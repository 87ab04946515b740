"""A line, with or without a warm-up that fades, through memory levels whose noise follows itself from block to block.

Nobody knows how strongly the noise follows itself, nor how fast a warm-up fades. So one model is fitted for each pair
of a correlation and a time of fading, and each counts by how well it explains the levels: the marginal likelihood
under flat priors (A. Zellner, An Introduction to Bayesian Inference in Econometrics, 1971). That keeps the ranges
honest. An interval for independent noise is several times too narrow.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import erf, exp, lgamma, log, pi, sqrt
from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]  # seconds since 1970, MB
Vector: TypeAlias = Sequence[float]
Matrix: TypeAlias = list[list[float]]

# Correlations of the noise of one block with that of the block before. All count alike beforehand.
_CORRELATIONS = (0.0, 0.2, 0.4, 0.6, 0.75, 0.85, 0.92, 0.96, 0.985)
# A warm-up fades to 37 % in so many hours: from 4 minutes on, each time a quarter longer.
_FADING_HOURS = tuple(4 / 60 * 1.25**step for step in range(24))
# A warm-up that fades more slowly, measured by the time observed, cannot be told from growth.
_FADING_PART = 0.4
# The height of a warm-up in MB that is expected beforehand. It weighs the models with a warm-up against the line.
_USUAL_WARM_UP_MB = 300.0
# Models whose logarithm of the likelihood is so far below the best have no weight.
_NO_WEIGHT = 9.0


class _Products(NamedTuple):
    """Two columns: the sum of their products and that of each value with the one before, the first's left out of the
    former; the first and the last product.
    """

    same: float
    next_to: float
    first: float
    last: float


class _Model(NamedTuple):
    """One fit. `fading` is in hours, 0 without a warm-up. `beta` are level, slope per hour and height of the warm-up.

    `spread` is the covariance of `beta`. `freedom` are the degrees of freedom.
    """

    weight: float
    fading: float
    beta: Vector
    spread: Matrix
    freedom: int

    def mean(self, terms: Vector) -> float:
        """The mean of a sum of terms times `beta`."""
        return sum(term * value for term, value in zip(terms, self.beta, strict=True))

    def mean_and_variance(self, terms: Vector) -> tuple[float, float]:
        """Mean and variance of a sum of terms times `beta`."""
        # Asked some hundred times for each dyno, so written out.
        if len(terms) == 2:
            (a, b), (level, slope), (first, second) = terms, self.beta, self.spread
            return (a * level + b * slope, a * (a * first[0] + b * first[1]) + b * (a * second[0] + b * second[1]))
        (a, b, c), (level, slope, height) = terms, self.beta
        down, mid, up = ((a * row[0] + b * row[1] + c * row[2]) for row in self.spread)
        return (a * level + b * slope + c * height, a * down + b * mid + c * up)


class Drift:
    """What the levels say about the line. Points by time, more than a model has terms: three, with warm-ups four. Steps
    without a point count as one step.
    """

    def __init__(self, points: Sequence[Point], *, with_warm_up: bool = True) -> None:
        self._origin = points[0][0]
        hours = tuple(self._hours(seconds) for seconds, _ in points)
        levels = [level for _, level in points]
        fading = [hour for hour in _FADING_HOURS if hour < hours[-1] * _FADING_PART] if with_warm_up else []
        line = [_products(column, levels) for column in (*_columns(hours, 0.0), levels)]
        fits = list(_fits(hours, 0.0, 0.0, line))
        for time in fading:
            warm_up = _products(_of_times(hours, time)[0], levels)
            prior = -log(_USUAL_WARM_UP_MB * len(fading))
            fits += _fits(hours, time, prior, [*line[:2], warm_up, line[2]])
        best = max(fit.weight for fit in fits)
        fits = [fit._replace(weight=exp(fit.weight - best)) for fit in fits if fit.weight > best - _NO_WEIGHT]
        total = sum(fit.weight for fit in fits)
        self._models = [fit._replace(weight=fit.weight / total) for fit in fits]

    def slope(self) -> tuple[float, float]:
        """(MB/h, its standard deviation) of the line, without what a warm-up adds."""
        slopes = [(model.weight, model.beta[1], model.spread[1][1]) for model in self._models]
        mean = sum(weight * slope for weight, slope, _ in slopes)
        return (mean, sqrt(sum(weight * (variance + (slope - mean) ** 2) for weight, slope, variance in slopes)))

    def level(self, seconds: float) -> float:
        """The level in MB at a time, the noise left out."""
        return sum(model.weight * model.mean(self._terms(seconds, model)) for model in self._models)

    def chance_above(self, level_mb: float, seconds: float, noise_mb: float) -> float:
        """How probable it is that a sample at that time is above a level. `noise_mb`: how far samples scatter."""
        chance = 0.0
        for model in self._models:
            mean, variance = model.mean_and_variance(self._terms(seconds, model))
            scale = sqrt(variance + noise_mb * noise_mb)
            chance += model.weight * _student((mean - level_mb) / scale, model.freedom)
        return chance

    def _hours(self, seconds: float) -> float:
        return (seconds - self._origin) / 3600

    def _terms(self, seconds: float, model: _Model) -> Vector:
        return _terms(self._hours(seconds), model.fading)


def _fits(hours: tuple[float, ...], fading: float, prior: float, level_sums: Sequence[_Products]) -> Iterable[_Model]:
    """The fits for one time of fading, their weights as logarithms. A warm-up only rises.

    `level_sums` are those of the levels with each term, and with themselves.
    """
    size = len(level_sums) - 1
    freedom = len(hours) - size
    for correlation, (inverse, determinant) in zip(_CORRELATIONS, _of_times(hours, fading)[1], strict=True):
        if not inverse:
            continue
        sums = [_whitened(products, correlation) for products in level_sums]
        beta = [sum(inverse[i][j] * sums[j] for j in range(size)) for i in range(size)]
        if fading and beta[2] <= 0:
            continue
        rest = sums[size] - sum(beta[i] * sums[i] for i in range(size))
        rest = max(rest, 1e-6 * len(hours))
        weight = (
            prior
            - 0.5 * (len(hours) - 1) * log(1 - correlation * correlation)
            - 0.5 * log(determinant)
            - 0.5 * freedom * log(rest * pi)
            + lgamma(freedom / 2)
        )
        variance = rest / freedom
        yield _Model(weight, fading, beta, [[variance * value for value in row] for row in inverse], freedom)


def _terms(hours: float, fading: float) -> tuple[float, ...]:
    return (1.0, hours, -exp(-hours / fading)) if fading else (1.0, hours)


def _columns(hours: Sequence[float], fading: float) -> list[Sequence[float]]:
    """The terms of all points: each a column, so that the last can be kept in little room."""
    return [array("d", column) for column in zip(*(_terms(hour, fading) for hour in hours), strict=True)]


# Dynos that were seen for as long have the same times, and the levels are no part of this.
@lru_cache(maxsize=len(_FADING_HOURS) + 1)
def _of_times(hours: tuple[float, ...], fading: float) -> tuple[Sequence[float], list[tuple[Matrix, float]]]:
    """(the column of the last term, inverse and determinant of the terms' sums for each correlation)."""
    columns = _columns(hours, fading)
    sums = [[_products(one, other) for other in columns[i:]] for i, one in enumerate(columns)]
    found = []
    for correlation in _CORRELATIONS:
        matrix = [[0.0] * len(columns) for _ in columns]
        for i, row in enumerate(sums):
            for j, products in enumerate(row, i):
                matrix[i][j] = matrix[j][i] = _whitened(products, correlation)
        found.append(_inverse(matrix))
    return columns[-1], found


def _products(one: Sequence[float], other: Sequence[float]) -> _Products:
    """Two columns' sums of products. All correlations share these, so the points are run through once."""
    same = next_to = 0.0
    for (before, other_before), (value, other_value) in pairwise(zip(one, other, strict=True)):
        same += value * other_value
        next_to += value * other_before + before * other_value
    return _Products(same, next_to, one[0] * other[0], one[-1] * other[-1])


def _whitened(products: _Products, correlation: float) -> float:
    """The sum of products once each row has lost what it has from the row before: then the noise is independent."""
    same, next_to, corner, last = products
    before = same + corner - last
    rest = same - correlation * next_to + correlation * correlation * before
    return corner + rest / (1 - correlation * correlation)


def _inverse(matrix: Matrix) -> tuple[Matrix, float]:
    """(inverse, determinant) of a symmetric positive matrix by elimination; ([], 0) when it is nearly singular."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    determinant = 1.0
    for i in range(size):
        pivot = rows[i][i]
        if pivot <= 1e-9:
            return ([], 0.0)
        determinant *= pivot
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            if j != i:
                factor = rows[j][i]
                rows[j] = [value - factor * other for value, other in zip(rows[j], rows[i], strict=True)]
    return ([row[size:] for row in rows], determinant)


def _student(x: float, freedom: int) -> float:
    """Student's distribution function, to about three digits (D. L. Wallace, Ann. Math. Statist. 30 (1959) 1124)."""
    z = (8 * freedom + 1) / (8 * freedom + 3) * sqrt(freedom * log(1 + x * x / freedom))
    return 0.5 * (1 + erf((z if x > 0 else -z) / sqrt(2)))
