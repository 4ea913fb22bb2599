"""Medians, ratios inside of rounds, and how numbers are written."""

import math
import statistics


def known(values):
    """The values that are there: a client that failed in a round has None in it."""
    return [value for value in values if value is not None]


def median(values):
    """The median of the values that are there; None where there are none."""
    values = known(values)
    return statistics.median(values) if values else None


def ratios(values, base):
    """Each value by the one of `base` in the same round: what disturbs the machine in a round disturbs both."""
    return [
        value / other if value is not None and other is not None and other > 0 else None for value, other in zip(values, base)
    ]


def number(value):
    """A number as people read it: two decimals, fewer where there are three digits before them, more where they would be zeros."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    return f"{value:,.{1 - magnitude if magnitude < -1 else max(0, 2 - max(0, magnitude))}f}"


def spread(values):
    """`median (min..max)` of the values that are there, or the value alone where there is one."""
    values = known(values)
    if not values:
        return "–"
    if len(values) == 1:
        return number(values[0])
    return f"{number(median(values))} ({number(min(values))}..{number(max(values))})"
