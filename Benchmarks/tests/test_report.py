"""The report of a fixed result, and the plot of fixed points."""

import os
import tempfile
import unittest
import xml.etree.ElementTree as xml

from suite import goals, growth, report
from suite.plot import decades, label_heights, plot, short
from suite.results import memory


def measure(name, rows, figure="cpu", bases=("floor", "rust")):
    return {
        "name": name, "title": f"Measure {name}", "about": "About it.", "bases": list(bases),
        "figures": [{"name": figure, "title": "CPU µs", "is_main": True}],
        "rows": [{"client": key, "label": key, "values": {figure: values}} for key, values in rows.items()],
    }


def results(*measures, notes=()):
    return {
        "date": "2026-11-22 12:00 UTC", "machine": {"processor": "P", "cores": 2, "system": "Linux 6", "load": [0.1, 0.2, 0.3]},
        "versions": {"Swift": "6.3.1"}, "quick": False, "pinned": True, "rounds": 3, "measures": list(measures), "notes": list(notes),
    }


STREAM = {"floor": [0.1, 0.1, 0.2], "rust": [2.0, 1.0, 4.0], "client": [0.6, 0.4, 1.2]}


class Report(unittest.TestCase):
    def test_a_table_has_the_ratios_of_the_rounds(self):
        table = report.table(measure("stream-1", STREAM)).splitlines()
        self.assertEqual(table[0], "| client | CPU µs | × floor | × Rust |")
        self.assertEqual(table[4], "| **client** | 0.60 (0.40..1.20) | 6.00 (4.00..6.00) | 0.30 (0.30..0.40) |")

    def test_without_the_base_there_is_no_column(self):
        table = report.table(measure("stream-1", {"client": [1.0]}))
        self.assertNotIn("× Rust", table)

    def test_goals_tell_what_holds_and_what_does_not(self):
        table = goals.table(results(measure("stream-1", STREAM), measure("requests-1", {"rust": [1.0], "client": [1.5]})))
        self.assertIn("| One stream, saturated: client, CPU a token | 0.35 × Rust | 0.30 × Rust | holds |", table)
        self.assertIn("| Requests one at a time, CPU | 1.2 × Rust | 1.50 × Rust | **missed** |", table)

    def test_what_a_layer_adds_is_a_share_of_the_client(self):
        stream = measure("stream-1", {"client": [1.0, 2.0], "provider": [1.5, 3.0], "host-bare": [1.6, 3.2], "host": [1.8, 3.6]})
        self.assertAlmostEqual(goals.added(results(stream), "stream-1", "host", "host-bare"), 0.2)

    def test_memory_is_the_difference_of_two_measures(self):
        few = {**measure("paced-64", {"client": [1000]}, "rss")}
        many = {**measure("paced-512", {"client": [1000 + 448 * 12]}, "rss")}
        self.assertEqual(memory(results(few, many))["rows"][0]["values"]["rss"], [12])
        self.assertIsNone(memory(results(few)))

    def test_the_report_names_machine_versions_and_what_is_wrong(self):
        text = report.markdown(results(measure("stream-1", STREAM), notes=["aiohttp got 5 bytes."]))
        for part in ("2026-11-22", "P, 2 cores, Linux 6", "Swift 6.3.1", "3 interleaved rounds", "- aiohttp got 5 bytes."):
            self.assertIn(part, text)

    def test_a_page_keeps_what_is_around_its_marks(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"Before.\n{report.BEGIN}\nan older report\n{report.END}\nBehind.\n")
            report.insert(path, results(measure("stream-1", STREAM)))
            with open(path, encoding="utf-8") as file:
                page = file.read()
            self.assertTrue(page.startswith("Before.\n") and page.endswith("Behind.\n"))
            self.assertIn("Measure stream-1", page)
            self.assertNotIn("an older report", page)

    def test_a_page_without_marks_is_an_error(self):
        with tempfile.NamedTemporaryFile("w", suffix=".md") as file, self.assertRaises(ValueError):
            report.insert(file.name, results())


class Plots(unittest.TestCase):
    def test_a_plot_is_an_image_with_each_point_of_each_series(self):
        image = xml.fromstring(plot("Cost & size", "streams", "µs", [("ours", [(1, 2.0), (10, 2.1), (100, 2.2)]), ("other", [(1, 3), (100, 30)])]))
        self.assertEqual(len(image.findall(".//{*}circle")), 5)
        self.assertEqual(image.find("{*}title").text, "Cost & size")
        self.assertIn("prefers-color-scheme: dark", image.find("{*}style").text)

    def test_equal_steps_of_a_power_are_equally_wide(self):
        image = xml.fromstring(plot("T", "x", "y", [("s", [(1, 1), (10, 10), (100, 100)])]))
        across = [float(circle.get("cx")) for circle in image.findall(".//{*}circle")]
        self.assertAlmostEqual(across[1] - across[0], across[2] - across[1], places=3)

    def test_the_marks_of_an_axis_hold_all_points(self):
        self.assertEqual(decades(1.5, 18), [1, 2, 5, 10, 20])
        self.assertEqual(decades(1, 9000), [1, 10, 100, 1000, 10000])

    def test_numbers_of_an_axis_are_short(self):
        self.assertEqual([short(value) for value in (0.5, 1000, 1024, 100_000, 2e6)], ["0.5", "1k", "1,024", "100k", "2M"])

    def test_names_do_not_stand_over_each_other(self):
        heights = sorted(label_heights([100, 101, 102]))
        self.assertTrue(all(after - before >= 17 for before, after in zip(heights, heights[1:])))

    def test_an_exponent_tells_flat_from_linear(self):
        self.assertAlmostEqual(growth.exponent([(1, 5), (10, 5), (100, 5)]), 0)
        self.assertAlmostEqual(growth.exponent([(0, 1), (10, 20), (100, 200), (1000, 2000)]), 1)
        self.assertIsNone(growth.exponent([(1, 5)]))

    def test_zero_has_a_place_on_the_axis(self):
        image = growth.draw({"title": "T", "x": "tools", "y": "µs", "series": {"ours": [[0, 10.0], [1, 11.0], [4, 12.0]]}})
        self.assertIn(">0</text>", image)


if __name__ == "__main__":
    unittest.main()
