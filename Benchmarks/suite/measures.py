"""What is measured, in interleaved rounds."""

from dataclasses import dataclass, field
from typing import Callable, Optional

from . import taking


@dataclass
class Figure:
    """A column of a measure's table."""

    name: str
    title: str
    # The figure out of what a program reports; None where it does not tell.
    of: Callable
    # Whether the columns with ratios are taken of this one.
    is_main: bool = False
    # Whether it is in the JSON alone.
    is_hidden: bool = False

    def json(self):
        return {"name": self.name, "title": self.title, "is_main": self.is_main, "is_hidden": self.is_hidden}


@dataclass
class Measure:
    """One thing that is measured of several programs."""

    name: str
    title: str
    about: str
    clients: list
    figures: list
    # The command line of a client, and its record.
    command: Callable
    take: Callable = taking.record
    # The keys of the clients that ratios are taken to.
    bases: tuple = ("floor", "rust")
    # Which error a record has, in words; None for none.
    check: Optional[Callable] = None
    timeout: float = 300
    rounds: Optional[int] = None


@dataclass
class Row:
    """What a client brought: for each figure a value a round, None where there is none."""

    client: str
    label: str
    values: dict = field(default_factory=dict)

    def json(self):
        return {"client": self.client, "label": self.label, "values": self.values}


def run_rounds(measure, rounds, note, progress=lambda text: None):
    """Runs each client once a round, the order turned around every other round. One that fails is told by `note` and left out from then on."""
    rounds = measure.rounds or rounds
    rows = {client.key: Row(client.key, client.label, {figure.name: [] for figure in measure.figures}) for client in measure.clients}
    failed, faults = set(), {}
    for index in range(rounds):
        order = measure.clients if index % 2 == 0 else measure.clients[::-1]
        for client in order:
            progress(f"{measure.name}: round {index + 1} of {rounds}, {client.label}")
            record = None
            if client.key not in failed:
                try:
                    record = measure.take(measure.command(client), measure.timeout)
                except taking.Failed as reason:
                    failed.add(client.key)
                    note(f"{measure.title}: {client.label} is left out from round {index + 1} on ({reason}).")
            if record is not None and measure.check:
                fault = measure.check(client, record)
                if fault:
                    faults.setdefault(client.label, []).append(fault)
                    # What did other work than it should is no figure of ours.
                    record = None if client.is_ours else record
            for figure in measure.figures:
                rows[client.key].values[figure.name].append(figure.of(record) if record is not None else None)
    for label, list_of_faults in faults.items():
        note(f"{measure.title}: {label} {list_of_faults[0]} ({len(list_of_faults)} of {rounds} rounds).")
    kept = [row for row in rows.values() if any(value is not None for values in row.values.values() for value in values)]
    return {
        "name": measure.name, "title": measure.title, "about": measure.about, "bases": list(measure.bases),
        "figures": [figure.json() for figure in measure.figures],
        "rows": [row.json() for row in kept],
    }


def per(numerator, denominator):
    """A figure by another one of a record; None where either is missing."""

    def of(record):
        return record[numerator] / record[denominator] if record.get(numerator) and record.get(denominator) else None

    return of


def rate(count, scale=1e6):
    """How many of `count` a second."""

    def of(record):
        return record[count] * scale / record["wall_us"] if record.get(count) and record.get("wall_us") else None

    return of


def told(name, scale=1):
    """A figure as it is told; None where a program tells 0, which is "I do not know"."""

    def of(record):
        return record[name] * scale if record.get(name) else None

    return of
