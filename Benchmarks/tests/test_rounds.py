"""The order of the rounds, and what happens to a client that fails."""

import unittest

from suite.clients import Client
from suite.measures import Figure, Measure, per, rate, run_rounds, told
from suite.taking import Failed


def client(key):
    return Client(key, key.title(), [key], {"stream"})


class Rounds(unittest.TestCase):
    def setUp(self):
        self.taken, self.notes = [], []

    def measure(self, records, check=None):
        def take(command, _):
            self.taken.append(command)
            return records(command, len([taken for taken in self.taken if taken == command]))

        figures = [Figure("cpu", "CPU", per("cpu_us", "tokens"), is_main=True)]
        clients = [client("one"), client("two"), client("three")]
        return Measure("m", "M", "", clients, figures, lambda client: client.key, take=take, check=check)

    def test_the_order_turns_around_every_other_round(self):
        run_rounds(self.measure(lambda *_: {"cpu_us": 4, "tokens": 2}), 3, self.notes.append)
        self.assertEqual(self.taken, ["one", "two", "three", "three", "two", "one", "one", "two", "three"])

    def test_every_round_gives_a_value(self):
        found = run_rounds(self.measure(lambda command, turn: {"cpu_us": turn * 10, "tokens": 5}), 2, self.notes.append)
        self.assertEqual([row["values"]["cpu"] for row in found["rows"]], [[2, 4]] * 3)

    def test_a_client_that_fails_is_told_once_and_asked_no_more(self):
        def records(command, turn):
            if command == "two" and turn == 2:
                raise Failed("status 64: no such thing")
            return {"cpu_us": 1, "tokens": 1}

        found = run_rounds(self.measure(records), 3, self.notes.append)
        self.assertEqual(found["rows"][1]["values"]["cpu"], [1, None, None])
        self.assertEqual(self.notes, ["M: Two is left out from round 2 on (status 64: no such thing)."])
        self.assertEqual(self.taken.count("two"), 2)

    def test_a_client_that_never_works_has_no_row(self):
        def records(command, _):
            if command == "one":
                raise Failed("not there")
            return {"cpu_us": 1, "tokens": 1}

        found = run_rounds(self.measure(records), 2, self.notes.append)
        self.assertEqual([row["client"] for row in found["rows"]], ["two", "three"])

    def test_lost_text_is_told_with_how_often(self):
        def check(client, record):
            return "lost 2 bytes" if client.key == "three" and record["tokens"] == 1 else None

        run_rounds(self.measure(lambda command, turn: {"cpu_us": 1, "tokens": min(turn, 2)}, check), 3, self.notes.append)
        self.assertEqual(self.notes, ["M: Three lost 2 bytes (1 of 3 rounds)."])

    def test_figures_that_are_not_told_are_none(self):
        self.assertIsNone(told("first_us")({"first_us": 0}))
        self.assertIsNone(per("cpu_us", "tokens")({"cpu_us": 3}))
        self.assertEqual(rate("tokens")({"tokens": 10, "wall_us": 2e6}), 5)

    def test_a_command_line_has_the_measure_and_its_settings(self):
        ours = Client("c", "C", ["program"], {"stream"}, options={"stream": {"executor": "global"}})
        self.assertEqual(ours.arguments("stream", {"tokens": 5}), ["program", "stream", "tokens=5", "executor=global"])


if __name__ == "__main__":
    unittest.main()
