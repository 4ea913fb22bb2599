"""The page of a session, driven as a reader drives it."""

import pytest
from selenium.webdriver.common.keys import Keys

from sessions import PARIS, PROMPTS

WIDTHS = [360, 768, 1280, 1900]


@pytest.fixture
def opened(browser, session_page):
    browser.open(session_page)
    return browser


def visible(browser, selector):
    return [element for element in browser.all(selector) if element.is_displayed()]


def test_the_conversation_is_there(opened):
    prompts = [prompt.get_attribute("textContent") for prompt in opened.all(".step.prompt .prose")]
    assert prompts == PROMPTS
    assert len(visible(opened, ".step.call")) == 8
    assert "sunny" in opened.one("#tool-1").text
    assert opened.one(".totals").text.count("\n") > 10
    assert opened.logs()[0] == []


def test_reasoning_and_system_prompt_are_folded(opened):
    fold = opened.one(".reasoning")
    assert fold.get_attribute("open") is None
    opened.one(".reasoning summary").click()
    assert fold.get_attribute("open") is not None
    assert opened.one(".instructions summary").text.startswith("System prompt")


def test_retries_and_errors_are_marked(opened):
    assert "HTTP 503" in opened.one(".retries").text
    assert "HTTP 400" in opened.one(".call .failure").text
    assert len(opened.all(".row.problem")) == 2
    opened.one("[for=problems-only]").click()
    assert len(visible(opened, ".step.call")) == 2
    opened.one("[for=problems-only]").click()


@pytest.mark.parametrize(
    ("name", "selector"),
    [("prompt", ".step.prompt"), ("answer", ".answer"), ("reasoning", ".reasoning"), ("tool", ".step.tool"), ("problem", ".retries"), ("figure", ".figures")],
)
def test_filters_hide_what_they_name(opened, name, selector):
    assert visible(opened, selector)
    opened.one(f"[for=show-{name}]").click()
    assert not visible(opened, selector)
    opened.one(f"[for=show-{name}]").click()
    assert visible(opened, selector)


def test_pointing_at_a_token_shows_it_and_its_rivals(opened):
    token = next(token for token in opened.all(".answer .map .t") if token.text.strip())
    text = token.text.strip()
    opened.point_at(token)
    lines = opened.all("#tip .line")
    assert len(lines) >= 4
    assert text in lines[0].text and "%" in lines[0].text
    opened.point_at(opened.one("h1"))
    assert not opened.one("#tip").is_displayed()


def test_the_arrow_keys_go_from_token_to_token(opened):
    opened.run("document.querySelector('.answer .map').focus()")
    opened.press(Keys.ARROW_RIGHT)
    first = opened.one("#announcement").get_attribute("textContent")
    opened.press(Keys.ARROW_RIGHT)
    assert opened.one("#announcement").get_attribute("textContent") != first
    opened.press(Keys.ARROW_LEFT)
    assert opened.one("#announcement").get_attribute("textContent") == first
    opened.press(Keys.ESCAPE)
    assert not opened.one("#tip").is_displayed()


def test_without_probabilities_the_text_is_markdown(opened):
    assert visible(opened, ".answer .map") and not visible(opened, ".answer pre")
    opened.press("p")
    assert not visible(opened, ".answer .map") and visible(opened, ".answer pre")
    opened.press("p")


def hits(browser):
    return browser.one("#hits").text


def test_search_finds_over_the_borders_of_tokens_and_goes_round(opened):
    opened.press("/", "The capital of France")
    opened.wait(lambda: hits(opened).startswith("1 of "))
    count = int(hits(opened).split()[-1])
    opened.press(Keys.ENTER)
    assert hits(opened) == f"{1 % count + 1} of {count}"
    opened.run("document.activeElement.blur()")
    opened.press("N")
    assert hits(opened) == f"1 of {count}"
    opened.press("N")
    assert hits(opened) == f"{count} of {count}"
    opened.press("n")
    assert hits(opened) == f"1 of {count}"
    assert opened.run("return CSS.highlights.get('found').size") == count
    opened.press(Keys.ESCAPE)
    assert hits(opened) == "" and opened.run("return CSS.highlights.size") == 0


def test_search_unfolds_what_it_finds_and_says_when_there_is_nothing(opened):
    opened.press("/", "It is Paris")
    opened.wait(lambda: hits(opened).startswith("1 of "))
    assert any(fold.get_attribute("open") is not None for fold in opened.all(".reasoning"))
    opened.press("xyz")
    opened.wait(lambda: hits(opened) == "none")
    opened.one("#search").clear()


def test_what_is_filtered_out_is_not_found(opened):
    opened.one("[for=show-tool]").click()
    opened.press("/", "condition")
    opened.wait(lambda: hits(opened) != "")
    assert "of" not in hits(opened)
    opened.one("[for=show-tool]").click()
    opened.wait(lambda: " of " in hits(opened))
    opened.one("#search").clear()


def test_keys_go_through_calls_and_prompts_and_fold(opened):
    focus = "return document.activeElement.id"
    opened.run("scrollTo(0, 0)")
    opened.press("j")
    assert opened.run(focus) == "call-1"
    opened.press("j")
    assert opened.run(focus) == "call-2"
    opened.press("k")
    assert opened.run(focus) == "call-1"
    opened.press("o")
    assert opened.run("return [...document.querySelectorAll('#call-1 details')].every(fold => fold.open)")
    opened.press("J")
    assert opened.run(focus).startswith("prompt-")
    opened.press("?")
    assert opened.one("#help").is_displayed()
    opened.press(Keys.ESCAPE)
    assert not opened.one("#help").is_displayed()
    opened.press("O")
    assert opened.run("return [...document.querySelectorAll('details')].every(fold => fold.open)")
    assert opened.one("#fold-all").text == "Unfold all" or opened.wait(lambda: opened.one("#fold-all").text == "Fold all")


def test_the_waterfall_leads_to_what_it_shows(opened):
    rows = opened.all(".row a")
    assert len(rows) == 9
    opened.point_at(rows[1])
    assert "get_weather" in opened.one("#tip").text
    rows[1].click()
    assert opened.run("return location.hash") == "#tool-1"


def brightness(browser):
    return browser.run("return getComputedStyle(document.documentElement).backgroundColor.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => +a + +b)")


def test_dark_follows_the_system_and_can_be_chosen(opened):
    light = brightness(opened)
    opened.media(scheme="dark")
    dark = brightness(opened)
    assert float(dark) < 200 < 600 < float(light)
    opened.press("d")
    assert brightness(opened) == light
    opened.press("d")
    assert brightness(opened) == dark


def contrast(browser):
    """The least contrast (WCAG 2.2) of text with what is behind it."""
    return browser.run(
        """
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        const parts = (...colours) => {
          canvas.clearRect(0, 0, 1, 1);
          for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = rgb => rgb.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
        let worst = [99, ''];
        for (const element of document.querySelectorAll('body *')) {
          if (!element.checkVisibility() || element.closest('svg, select, dialog, .unseen, :disabled')) continue;
          if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
          const grounds = [];
          for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
          const ground = light(parts(...grounds)), ink = light(parts(...grounds, getComputedStyle(element).color));
          const ratio = (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
          if (ratio < worst[0]) worst = [ratio, element.className + ': ' + element.textContent.slice(0, 60)];
        }
        return worst;
        """
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(opened, scheme):
    opened.media(scheme=scheme)
    opened.press("O")
    ratio, where = contrast(opened)
    assert ratio >= 4.5, where


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_window_is_too_narrow(opened, session_page, width, scheme):
    opened.resize(width, 900)
    opened.media(scheme=scheme)
    opened.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert opened.run("return document.documentElement.scrollWidth") <= width
    outside = opened.run(
        """
        return [...document.querySelectorAll('main *')].filter(element => !element.closest('pre, svg, .unseen, .rows, [hidden]'))
          .filter(element => element.getBoundingClientRect().right > innerWidth + 1).map(element => element.outerHTML.slice(0, 100));
        """
    )
    assert outside == []
    opened.screenshot(session_page.with_name(f"session-{width}-{scheme}.png"))


def test_printed_it_is_all_there_and_has_no_controls(opened, session_page):
    pdf = opened.pdf()
    assert pdf.startswith(b"%PDF")
    session_page.with_suffix(".pdf").write_bytes(pdf)
    opened.media(scheme="dark", kind="print")
    assert visible(opened, ".filters, .settings, .search, .outline") == []
    assert float(brightness(opened)) > 700
    assert opened.run("return [...document.querySelectorAll('details')].some(fold => !fold.open)")
    heights = opened.run("return [...document.querySelectorAll('.reasoning')].map(fold => fold.getBoundingClientRect().height)")
    assert min(heights) > 30
    opened.media(scheme="light")


def test_without_scripts_it_can_be_read_and_filtered(browser, session_page):
    browser.scripts(False)
    try:
        browser.open(session_page)
        assert PARIS in browser.one(".step.prompt").text
        assert not visible(browser, ".scripted")
        token = browser.one(".answer .map .t")
        assert "%" in token.get_attribute("title")
        browser.one("[for=show-prompt]").click()
        assert not visible(browser, ".step.prompt")
    finally:
        browser.scripts(True)


def test_nothing_is_asked_of_anybody(opened):
    assert [url for url in opened.logs()[1] if not url.startswith("file:")] == []
