"""A log full of markup: it is shown, and does nothing."""

import pytest

from hostile import ATTACKS


def expect_harmless(browser):
    messages, asked = browser.logs()
    assert browser.run("return window.hacked") is None
    assert len(browser.all("script")) == 1
    assert browser.all("iframe, object, embed, link, meta[http-equiv=refresh], main svg [onload], [onerror], [onclick]") == []
    assert [url for url in asked if not url.startswith(("file:", "data:image/png;"))] == []
    assert messages == []


def test_nothing_runs_and_nothing_is_asked_for(browser, hostile_page):
    browser.open(hostile_page)
    browser.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    # Everything is drawn once.
    browser.screenshot(hostile_page.with_suffix(".png"))
    expect_harmless(browser)


def test_a_comparison_runs_nothing_either(browser, hostile_comparison):
    browser.open(hostile_comparison)
    browser.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    browser.screenshot(hostile_comparison.with_suffix(".png"))
    assert "window.hacked" in browser.one("main").get_attribute("textContent")
    expect_harmless(browser)


def test_pointing_searching_and_folding_run_nothing_either(browser, hostile_page):
    browser.open(hostile_page)
    for token in browser.all(".answer .map .t")[:8]:
        browser.point_at(token)
        assert browser.one("#tip").is_displayed()
    browser.press("O")
    for text in ("<script>", "onerror"):
        browser.press("/")
        browser.run("document.querySelector('#search').value = ''")
        browser.press(text)
        browser.wait(lambda: " of " in browser.one("#hits").text)
    expect_harmless(browser)


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.isprintable()])
def test_the_text_is_shown_as_it_is(browser, hostile_page, attack):
    browser.open(hostile_page)
    shown = browser.run("return [...document.querySelectorAll('.step.prompt')].map(prompt => prompt.querySelector('.prose').textContent)")
    assert attack.replace("`", "").replace("**", "") in [text.replace("`", "").replace("**", "") for text in shown]


def test_characters_that_work_unseen_are_named(browser, hostile_page):
    browser.open(hostile_page)
    names = browser.run("return [...document.querySelectorAll('.step.prompt .prose .hidden-character')].map(badge => badge.textContent)")
    assert names == ["U+202E", "U+202C", "U+2066", "U+2069", "U+200B", "U+FEFF", "U+2028", "U+E0041", "U+0000", "U+001B", "U+0007", "U+0085"]


def test_pictures_from_elsewhere_are_named_and_not_loaded(browser, hostile_page):
    browser.open(hostile_page)
    assert browser.all("main img") == []
    links = [link.get_attribute("href") for link in browser.all("main a[rel]")]
    assert links and set(links) == {"http://127.0.0.1:9/pic.png"}
