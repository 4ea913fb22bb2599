"""Medians, ratios and how numbers are written."""

import unittest

from suite.arithmetic import median, number, ratios, spread


class Arithmetic(unittest.TestCase):
    def test_a_ratio_is_taken_inside_of_its_round(self):
        # The machine is twice as slow in the second round: the ratio is the same.
        self.assertEqual(ratios([1.0, 2.0], [4.0, 8.0]), [0.25, 0.25])

    def test_a_round_in_which_one_of_both_failed_has_no_ratio(self):
        self.assertEqual(ratios([1.0, None, 3.0], [None, 2.0, 2.0]), [None, None, 1.5])

    def test_nothing_is_divided_by_zero(self):
        self.assertEqual(ratios([1.0], [0]), [None])

    def test_the_median_leaves_out_what_is_missing(self):
        self.assertEqual(median([3.0, None, 1.0, 2.0]), 2.0)
        self.assertEqual(median([1.0, 2.0]), 1.5)
        self.assertIsNone(median([None]))

    def test_numbers_are_short(self):
        written = [number(value) for value in (None, 0, 0.0612, 0.3, 1.567, 15.38, 459669, -2.5)]
        self.assertEqual(written, ["–", "0", "0.061", "0.30", "1.57", "15.4", "459,669", "-2.50"])

    def test_a_spread_is_the_median_and_both_ends(self):
        self.assertEqual(spread([1.6, 1.5, 1.7]), "1.60 (1.50..1.70)")
        self.assertEqual(spread([20266]), "20,266")
        self.assertEqual(spread([None, None]), "–")


if __name__ == "__main__":
    unittest.main()
