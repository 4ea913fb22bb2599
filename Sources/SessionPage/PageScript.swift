/// The script of all pages: search, keys, folding, and what is told of tokens. It puts texts on the page as texts only.
enum PageScript {
    static let source: StaticString = #"""
        'use strict';
        (() => {
          const root = document.documentElement;
          const one = (selector, inside = document) => inside.querySelector(selector);
          const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
          const announce = text => { one('#announcement').textContent = text; };
          root.classList.add('scripts');

          // The bar takes more lines in a narrow window.
          const bar = one('.bar');
          new ResizeObserver(() => {
            const isSticky = getComputedStyle(bar).position === 'sticky';
            // Not through a variable, which would have every element looked at again.
            root.style.scrollPaddingTop = (isSticky ? bar.offsetHeight + 12 : 12) + 'px';
          }).observe(bar);

          // What is told of an element whose title has more than a few words: a line for each line, with a gauge behind a percentage.
          const tip = one('#tip');
          let told = null;
          const described = '.t, .tip, .mark';
          const line = text => {
            const element = document.createElement('div');
            const parts = /^([\d.]+)%\t([^]*)$/.exec(text);
            if (!parts) { element.textContent = text; return element; }
            element.className = 'line';
            const [figure, gauge, name] = ['span', 'div', 'span'].map(tag => element.appendChild(document.createElement(tag)));
            figure.textContent = parts[1] + ' %';
            gauge.className = 'gauge';
            gauge.appendChild(document.createElement('i')).style.width = Math.min(100, +parts[1]) + '%';
            name.textContent = parts[2];
            return element;
          };
          const showTip = element => {
            hideTip();
            // The browser's own would be shown, too.
            if (element.title) { element.dataset.told = element.title; element.removeAttribute('title'); }
            if (!element.dataset.told) return;
            told = element;
            tip.replaceChildren(...element.dataset.told.split('\n').map(line));
            tip.hidden = false;
            element.setAttribute('aria-describedby', 'tip');
            placeTip();
          };
          const placeTip = () => {
            if (!told) return;
            const place = told.getClientRects()[0] || told.getBoundingClientRect();
            if (place.bottom < 0 || place.top > innerHeight) { hideTip(); return; }
            const above = place.top - tip.offsetHeight - 8;
            tip.style.top = (above > 4 ? above : place.bottom + 8) + 'px';
            tip.style.left = Math.max(8, Math.min(place.left, innerWidth - tip.offsetWidth - 8)) + 'px';
          };
          const hideTip = () => {
            tip.hidden = true;
            if (told) { told.removeAttribute('aria-describedby'); told.classList.remove('current'); }
            told = null;
          };
          document.addEventListener('pointerover', event => {
            const element = event.target.closest(described);
            if (element) { if (element !== told) showTip(element); } else if (told) hideTip();
          });
          document.addEventListener('focusin', event => { if (event.target.matches('.tip')) showTip(event.target); });
          document.addEventListener('focusout', hideTip);
          addEventListener('scroll', placeTip, { passive: true, capture: true });
          const stepToken = (map, by) => {
            const tokens = all('.t', map);
            const index = tokens.indexOf(told);
            const token = tokens[index < 0 ? (by > 0 ? 0 : tokens.length - 1) : index + by];
            if (!token) return;
            token.scrollIntoView({ block: 'nearest', behavior: 'instant' });
            showTip(token);
            token.classList.add('current');
            announce(token.dataset.told);
          };

          // Search: the texts of the page are searched one by one, over the borders of elements in them.
          const field = one('#search'), hits = one('#hits');
          const searched = 'p, .map, pre, summary, h3, h4, dd, dt, li, th, td, .asked, .word-diff';
          const limit = 10000;
          let found = [], current = -1;
          const canHighlight = typeof Highlight === 'function' && CSS.highlights;
          // What the boxes hide. To ask the browser for each element would have it draw all that it has put off.
          const leftOut = () => {
            const isOn = id => { const box = one('#' + id); return box && box.checked; };
            const kinds = all('.switch[id^=show-]:not(:checked)').map(box => '.kind-' + box.id.slice(5));
            if (isOn('problems-only')) kinds.push('.turn.ok', '.step.ok', '.row.ok');
            if (one('#show-tokens')) kinds.push(isOn('show-tokens') ? '.either > .prose' : ':not(.value) > .map');
            return kinds.length ? kinds.join() : '.none';
          };
          const texts = () => {
            const hidden = leftOut();
            return all(searched, one('main')).filter(element => !element.parentElement.closest(searched) && !element.closest(hidden));
          };
          const ranges = (element, pattern) => {
            const text = element.textContent, matches = [];
            if (!pattern.test(text)) return matches;
            pattern.lastIndex = 0;
            const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            let node = walker.nextNode(), start = 0;
            const place = (offset, isEnd) => {
              while (node && (isEnd ? offset > start + node.length : offset >= start + node.length)) {
                start += node.length;
                node = walker.nextNode();
              }
              return [node, offset - start];
            };
            for (const match of text.matchAll(pattern)) {
              const [first, from] = place(match.index, false), [last, to] = place(match.index + match[0].length, true);
              if (!first || !last) break;
              matches.push(new StaticRange({ startContainer: first, startOffset: from, endContainer: last, endOffset: to }));
              if (matches.length >= limit) break;
            }
            return matches;
          };
          const search = () => {
            const text = field.value.trim();
            found = [];
            current = -1;
            if (text) {
              const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\\/]/g, '\\$&').replace(/\s+/g, '\\s+'), 'giu');
              for (const element of texts()) {
                pattern.lastIndex = 0;
                for (const range of ranges(element, pattern)) found.push(range);
                if (found.length >= limit) break;
              }
            }
            if (canHighlight) {
              CSS.highlights.clear();
              if (found.length) CSS.highlights.set('found', new Highlight(...found));
            }
            if (found.length) goTo(0, false); else tellHits();
          };
          const tellHits = () => {
            const count = found.length >= limit ? limit + '+' : found.length;
            hits.textContent = !field.value.trim() ? '' : found.length ? `${current + 1} of ${count}` : 'none';
            hits.classList.toggle('none', hits.textContent === 'none');
            for (const id of ['#previous-hit', '#next-hit']) one(id).disabled = !found.length;
          };
          const goTo = (index, isAsked = true) => {
            if (!found.length) return;
            current = (index + found.length) % found.length;
            const place = found[current], element = place.startContainer.parentElement;
            for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) {
              if (!element.closest('summary') || fold !== element.closest('details')) fold.open = true;
            }
            const range = document.createRange();
            range.setStart(place.startContainer, place.startOffset);
            range.setEnd(place.endContainer, place.endOffset);
            if (canHighlight) CSS.highlights.set('found-now', Object.assign(new Highlight(range), { priority: 1 }));
            else if (isAsked) { getSelection().removeAllRanges(); getSelection().addRange(range); }
            element.scrollIntoView({ block: 'center', behavior: 'instant' });
            tellHits();
          };
          let waiting = 0;
          field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
          field.addEventListener('keydown', event => {
            if (event.key === 'Enter') { event.preventDefault(); goTo(current + (event.shiftKey ? -1 : 1)); }
          });
          one('#next-hit').addEventListener('click', () => goTo(current + 1));
          one('#previous-hit').addEventListener('click', () => goTo(current - 1));
          all('.switch').forEach(box => box.addEventListener('change', () => { if (field.value) search(); }));

          // Folding.
          const folds = inside => all('details', inside);
          const fold = inside => {
            const details = folds(inside), isOpening = details.some(element => !element.open);
            details.forEach(element => { element.open = isOpening; });
          };
          const foldAll = one('#fold-all');
          const tellFold = () => { foldAll.textContent = folds(document).some(element => !element.open) ? 'Unfold all' : 'Fold all'; };
          foldAll.hidden = !folds(document).length;
          foldAll.addEventListener('click', () => { fold(document); tellFold(); });
          document.addEventListener('toggle', () => { clearTimeout(foldAll.timer); foldAll.timer = setTimeout(tellFold, 50); }, true);
          tellFold();
          let unfolded = [];
          addEventListener('beforeprint', () => {
            unfolded = folds(document).filter(element => !element.open);
            unfolded.forEach(element => { element.open = true; });
          });
          addEventListener('afterprint', () => unfolded.forEach(element => { element.open = false; }));

          // From call to call and from prompt to prompt.
          const isShown = element => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
          const step = (selector, by) => {
            const steps = all(selector).filter(isShown);
            const here = document.activeElement && document.activeElement.closest(selector);
            let index = steps.indexOf(here);
            if (index < 0) {
              // From what is at the top of the window now.
              const top = bar.getBoundingClientRect().bottom + 16;
              index = steps.filter(element => element.getBoundingClientRect().top < top).length - (by > 0 ? 1 : 0);
            }
            const next = steps[index + by];
            if (!next) return;
            next.scrollIntoView({ block: 'start', behavior: 'instant' });
            next.focus({ preventScroll: true });
          };
          const dialog = one('#help'), theme = one('#theme');
          const wear = () => { root.dataset.theme = theme.value; };
          theme.addEventListener('change', wear);
          one('#show-help').addEventListener('click', () => dialog.showModal());
          // The page sends nothing anywhere, not even to itself.
          one('form', dialog).addEventListener('submit', event => { event.preventDefault(); dialog.close(); });
          const keys = {
            '/': () => { field.focus(); field.select(); },
            n: () => goTo(current + 1), N: () => goTo(current - 1),
            j: () => step('.step.call', 1), k: () => step('.step.call', -1),
            J: () => step('.step.prompt[id]', 1), K: () => step('.step.prompt[id]', -1),
            o: () => { const here = document.activeElement.closest('.step, .instructions'); if (here) fold(here); },
            O: () => { fold(document); tellFold(); },
            p: () => { const box = one('#show-tokens'); if (box) box.click(); },
            d: () => {
              const isDark = theme.value === 'dark' || (theme.value === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
              theme.value = isDark ? 'light' : 'dark';
              wear();
              announce(theme.value);
            },
            '?': () => dialog.showModal(),
          };
          document.addEventListener('keydown', event => {
            if (event.key === 'Escape') {
              hideTip();
              if (field.value || document.activeElement === field) { field.value = ''; search(); field.blur(); }
              return;
            }
            if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input[type=search], select, dialog')) return;
            const map = event.target.closest('.map');
            if (map && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
              event.preventDefault();
              stepToken(map, event.key === 'ArrowRight' ? 1 : -1);
              return;
            }
            const action = keys[event.key];
            if (action) { event.preventDefault(); action(); }
          });
        })();
        """#
}
