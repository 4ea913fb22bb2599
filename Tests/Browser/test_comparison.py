"""The page that compares two sessions."""

import pytest


@pytest.fixture
def opened(browser, comparison_page):
    browser.open(comparison_page)
    return browser


def test_what_differs_is_marked_on_its_side(opened):
    assert "Different" in opened.one(".verdict").text
    changed = opened.one(".compared.problem")
    sides = [side.get_attribute("textContent") for side in changed.find_elements("css selector", ".kind-answer .side")]
    assert sides == ["The capital of France is Paris.", "The capital of France is not Rome."]
    removed, added = (changed.find_element("css selector", f".kind-answer {tag}") for tag in ("del", "ins"))
    assert "Paris" in removed.text and "Rome" in added.text
    assert opened.logs()[0] == []


def test_calls_that_are_the_same_can_be_left_out(opened):
    shown = "return [...document.querySelectorAll('.compared')].filter(call => call.checkVisibility()).length"
    everything = opened.run(shown)
    opened.one("[for=problems-only]").click()
    assert opened.run(shown) == 1 < everything


def test_the_times_lead_to_their_calls(opened):
    row = opened.all(".row.pair a")[1]
    opened.point_at(row)
    assert opened.one("#tip").text.startswith("call 2")
    row.click()
    assert opened.run("return location.hash") == "#call-2"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_window_is_too_narrow(opened, comparison_page, width, scheme):
    opened.resize(width, 900)
    opened.media(scheme=scheme)
    opened.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert opened.run("return document.documentElement.scrollWidth") <= width
    opened.screenshot(comparison_page.with_name(f"comparison-{width}-{scheme}.png"))
