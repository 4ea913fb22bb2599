/// The style sheet of all pages. Colours are pairs of light and dark; which one counts, `color-scheme` says.
///
/// Probabilities go from no colour to a strong one of a single hue (yellow, orange, brown), which everybody can tell apart, and unlikely
/// tokens are underlined besides. What is shown depends on boxes in front of all else, whose labels are in the bar: it needs no script. It
/// does not go through `:has()`, which takes minutes in a page of 5,000 calls (Chromium 156).
enum PageStyle {
    static let source: StaticString = #"""
        :root {
          color-scheme: light dark;
          --ground: light-dark(#fbfaf8, #16181c); --card: light-dark(#ffffff, #1e2127); --line: light-dark(#dedad3, #363b45);
          --ink: light-dark(#1d1f23, #e6e4df); --soft: light-dark(#5f6368, #a3a8b2); --accent: light-dark(#0b57a4, #8ab8f2);
          --tint: light-dark(#eaf2fb, #1d2a3a); --code: light-dark(#f3f1ec, #14161a);
          --bad: light-dark(#a5261c, #ff9c8f); --bad-ground: light-dark(#fdeeec, #3a1f1d);
          --found: light-dark(#ffe25c, #7a6400); --found-now: light-dark(#ff9a1f, #c25f00);
          --p1: light-dark(#fff3c4, #38321c); --p2: light-dark(#ffdf80, #5a4611); --p3: light-dark(#fdb35a, #714509);
          --p4: light-dark(#ee8434, #9c490c);
          --wait: light-dark(#b9bec6, #565d69); --thinking: light-dark(#8a6fc4, #a78ee0); --text: light-dark(#1f78c8, #5aa9f0);
          --call: light-dark(#0e8a7d, #3fbfb0); --tool: light-dark(#b8860b, #d9ab3c); --failed: light-dark(#c0392b, #f0705f);
          font: 16px/1.55 system-ui, sans-serif; background: var(--ground); color: var(--ink);
        }
        :root[data-theme=light] { color-scheme: light; } :root[data-theme=dark] { color-scheme: dark; }
        *, ::before, ::after { box-sizing: border-box; }
        html { scroll-padding-top: 6.5rem; -webkit-text-size-adjust: 100%; }
        body { margin: 0; }
        h1, h2, h3, h4, p, dl, dd, ol, ul, fieldset { margin: 0; padding: 0; border: 0; }
        ol, ul { list-style: none; }
        a { color: var(--accent); text-underline-offset: .15em; }
        h1 a, h3 a { color: inherit; text-decoration: none; }
        h3 a:hover { text-decoration: underline; }
        h2 { font-size: .8rem; font-weight: 600; color: var(--soft); letter-spacing: .02em; }
        code, pre, kbd, .event { font: .86em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
        button, select, input { font: inherit; color: inherit; }
        button, select, input[type=search] {
          background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .15rem .55rem; min-height: 2rem;
        }
        button:not(:disabled) { cursor: pointer; }
        button:not(:disabled):hover, select:hover { border-color: var(--soft); }
        button:disabled { opacity: .45; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        [hidden], :root:not(.scripts) .scripted { display: none !important; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .detail, .when { color: var(--soft); font-size: .85em; font-weight: 400; }

        .bar {
          position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .35rem .9rem; align-items: center;
          padding: .5rem 1.25rem; background: var(--card); border-bottom: 1px solid var(--line);
        }
        .bar h1 {
          font-size: 1.02rem; margin-inline-end: auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
          max-width: 24rem;
        }
        .bar .filters { display: flex; flex-wrap: wrap; gap: .1rem .8rem; order: 3; width: 100%; font-size: .84rem; color: var(--soft); }
        .box { display: inline-flex; gap: .3rem; align-items: center; white-space: nowrap; cursor: pointer; min-height: 1.7rem; }
        .box::before { content: "☐"; font-size: 1.15em; line-height: 1; }
        .switch { position: fixed; top: 0; opacity: 0; pointer-events: none; }
        #show-prompt:checked ~ .bar [for=show-prompt], #show-answer:checked ~ .bar [for=show-answer],
        #show-reasoning:checked ~ .bar [for=show-reasoning], #show-tool:checked ~ .bar [for=show-tool],
        #show-problem:checked ~ .bar [for=show-problem], #show-figure:checked ~ .bar [for=show-figure],
        #problems-only:checked ~ .bar [for=problems-only], #show-tokens:checked ~ .bar [for=show-tokens] { color: var(--ink); }
        #show-prompt:checked ~ .bar [for=show-prompt]::before, #show-answer:checked ~ .bar [for=show-answer]::before,
        #show-reasoning:checked ~ .bar [for=show-reasoning]::before, #show-tool:checked ~ .bar [for=show-tool]::before,
        #show-problem:checked ~ .bar [for=show-problem]::before, #show-figure:checked ~ .bar [for=show-figure]::before,
        #problems-only:checked ~ .bar [for=problems-only]::before, #show-tokens:checked ~ .bar [for=show-tokens]::before {
          content: "☑"; color: var(--accent);
        }
        #show-prompt:focus-visible ~ .bar [for=show-prompt], #show-answer:focus-visible ~ .bar [for=show-answer],
        #show-reasoning:focus-visible ~ .bar [for=show-reasoning], #show-tool:focus-visible ~ .bar [for=show-tool],
        #show-problem:focus-visible ~ .bar [for=show-problem], #show-figure:focus-visible ~ .bar [for=show-figure],
        #problems-only:focus-visible ~ .bar [for=problems-only], #show-tokens:focus-visible ~ .bar [for=show-tokens] {
          outline: 2px solid var(--accent); outline-offset: 2px;
        }
        .search, .settings { display: flex; gap: .3rem; align-items: center; font-size: .88rem; }
        .search input { width: 13rem; }
        .search output { min-width: 4.2rem; text-align: center; color: var(--soft); font-variant-numeric: tabular-nums; }
        .search output.none { color: var(--bad); }

        .columns { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 82rem; margin: 0 auto; }
        main { padding: 1.25rem; min-width: 0; max-width: 60rem; width: 100%; margin: 0 auto; }
        .outline { display: none; }
        @media (min-width: 68rem) {
          .columns.outlined { grid-template-columns: 17rem minmax(0, 1fr); }
          .outlined .outline {
            display: block; position: sticky; top: 5.4rem; align-self: start; max-height: calc(100vh - 5.4rem);
            overflow-y: auto; padding: 1.5rem .25rem 2rem 1.25rem; font-size: .85rem;
          }
        }
        .outline ol { counter-reset: prompt; margin-top: .5rem; border-inline-start: 1px solid var(--line); }
        .outline li { content-visibility: auto; contain-intrinsic-size: auto 2.6rem; }
        .outline li a { display: block; padding: .25rem .75rem; color: var(--soft); text-decoration: none; overflow-wrap: anywhere; }
        .outline li a:hover { color: var(--ink); }
        .outline li.problem a::after { content: " ●"; color: var(--bad); font-size: .8em; }

        .about { margin-bottom: 1rem; }
        .about .facts { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; font-size: .85rem; overflow-wrap: anywhere; }
        .fact .name { color: var(--soft); }
        .totals { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.6rem, 1fr)); gap: .6rem; margin-bottom: 1.5rem; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .55rem .8rem; min-width: 0; }
        .tile dt { font-size: .78rem; color: var(--soft); }
        .tile strong {
          display: block; font-size: 1.3rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums;
          overflow-wrap: anywhere;
        }
        .tile .detail { display: block; font-size: .78rem; overflow-wrap: anywhere; }
        .tile.problem { border-color: var(--bad); background: var(--bad-ground); }
        .tile.problem strong { color: var(--bad); }

        .waterfall { margin-bottom: 2rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .78rem; color: var(--soft); margin: .3rem 0 .5rem; }
        .swatch {
          display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-inline-end: .35rem; vertical-align: -.08em;
        }
        .swatch.wait { background: var(--wait); } .swatch.text { background: var(--text); }
        .swatch.thinking { background: var(--thinking); }
        .swatch.call { background: var(--call); } .swatch.tool { background: var(--tool); } .swatch.failed { background: var(--failed); }
        .swatch.retry { background: repeating-linear-gradient(45deg, var(--failed) 0 2px, var(--card) 2px 4px); }
        .rows { max-height: 24rem; overflow-y: auto; border-block: 1px solid var(--line); padding: .25rem 0; }
        .row { content-visibility: auto; contain-intrinsic-size: auto 1.5rem; }
        .row a, .axis {
          display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) 5.5rem; gap: .6rem; align-items: center; font-size: .78rem;
          height: 1.5rem; color: inherit; text-decoration: none; border-radius: 4px; padding: 0 .3rem;
        }
        .row a:hover { background: var(--tint); }
        .row a:focus-visible { outline-offset: -2px; }
        .row .label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .row.problem .label { color: var(--bad); font-weight: 600; }
        .row .time { text-align: end; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
        .track { width: 100%; height: .8rem; background: var(--code); border-radius: 2px; }
        .track rect { height: 100%; }
        rect.wait { fill: var(--wait); } rect.text { fill: var(--text); } rect.thinking { fill: var(--thinking); }
        rect.call { fill: var(--call); }
        rect.tool { fill: var(--tool); } rect.failed { fill: var(--failed); } rect.retry { fill: url(#hatch); }
        .hatch-ground { fill: var(--card); } .hatch-line { fill: var(--failed); }
        .ticks { width: 100%; height: 1.3rem; overflow: visible; }
        .ticks text { fill: var(--soft); font-size: .72rem; }
        .ticks rect.idle { fill: transparent; y: 0; height: 1.3rem; }
        .ticks line.idle { stroke: var(--line); stroke-dasharray: 2 2; }

        .turn { margin-bottom: 2.25rem; }
        .step {
          margin-bottom: 1rem; content-visibility: auto; contain-intrinsic-size: auto 9rem;
          border-radius: 10px;
        }
        .step-head { display: flex; flex-wrap: wrap; gap: .1rem .7rem; align-items: baseline; margin-bottom: .3rem; }
        .step-head h3 { font-size: .84rem; font-weight: 600; overflow-wrap: anywhere; }
        .step-head .when { margin-inline-start: auto; font-variant-numeric: tabular-nums; }
        .step-head .detail { overflow-wrap: anywhere; }
        .chip { font-size: .75rem; padding: 0 .5em; border-radius: 1em; border: 1px solid var(--line); color: var(--soft); }
        .chip.problem { border-color: currentcolor; color: var(--bad); background: var(--bad-ground); }
        .step.prompt { background: var(--tint); padding: .8rem 1rem; border-inline-start: 4px solid var(--accent); }
        .step.call { padding: .2rem 1rem; border-inline-start: 4px solid var(--line); }
        .step.call.problem { border-inline-start-color: var(--bad); }
        .step.tool { background: var(--card); border: 1px solid var(--line); padding: .6rem 1rem; margin-inline-start: 1.25rem; }
        .step.tool.problem { border-color: var(--bad); }
        .prose p { white-space: pre-wrap; overflow-wrap: anywhere; margin-bottom: .7em; }
        .prose table { border-collapse: collapse; margin-bottom: .7em; font-size: .95em; }
        .prose :is(th, td) { border: 1px solid var(--line); padding: .15rem .6rem; text-align: start; overflow-wrap: anywhere; }
        .prose th { background: var(--code); font-weight: 600; }
        .prose > :last-child { margin-bottom: 0; }
        .prose .heading { font-weight: 650; margin-top: .9em; }
        .prose code {
          background: var(--code); border: 1px solid var(--line); border-radius: 4px; padding: 0 .25em; overflow-wrap: anywhere;
        }
        .code { position: relative; margin-bottom: .7em; }
        .code pre {
          margin: 0; padding: .6rem .8rem; overflow: auto; max-height: 32rem; background: var(--code); border: 1px solid var(--line);
          border-radius: 8px; tab-size: 4;
        }
        .code pre code { background: none; border: 0; padding: 0; white-space: pre; font-size: .84rem; overflow-wrap: normal; }
        .value pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
        .language { position: absolute; inset-inline-end: .6rem; top: .3rem; font-size: .72rem; color: var(--soft); }
        details { margin: .35rem 0; }
        summary {
          cursor: pointer; font-size: .84rem; font-weight: 600; color: var(--soft); border-radius: 4px; width: fit-content;
          max-width: 100%;
        }
        summary:hover { color: var(--ink); }
        details[open] > summary { margin-bottom: .3rem; }
        .reasoning { border-inline-start: 2px dotted var(--thinking); padding-inline-start: .8rem; }
        .reasoning .prose, .reasoning .map { color: var(--soft); font-size: .95em; }
        .instructions { margin: 0 0 1rem; padding: .4rem 1rem; border: 1px dashed var(--line); border-radius: 10px; }
        .asked { font-size: .9rem; color: var(--soft); margin: .35rem 0; }
        .failure, .note.problem, .ending {
          color: var(--bad); background: var(--bad-ground); border-radius: 8px; padding: .4rem .8rem; margin: .4rem 0;
          overflow-wrap: anywhere;
          white-space: pre-wrap; font-size: .92rem;
        }
        .note { font-size: .85rem; color: var(--soft); margin: 0 0 1rem; overflow-wrap: anywhere; }
        .retries { font-size: .88rem; margin: .3rem 0; border-inline-start: 2px solid var(--bad); padding-inline-start: .8rem; }
        .retries strong { color: var(--bad); }
        .retries .detail { overflow-wrap: anywhere; }
        .figures { display: flex; flex-wrap: wrap; gap: 0 1.1rem; font-size: .8rem; color: var(--soft); margin-top: .4rem; }
        .figures div { display: flex; gap: .35em; }
        .figures dd { color: var(--ink); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .choice { font-size: .8rem; color: var(--soft); margin: .6rem 0 .2rem; }
        .cut, .elsewhere, .nothing { font-size: .84rem; color: var(--soft); font-style: italic; overflow-wrap: anywhere; }
        .picture { max-width: 100%; max-height: 24rem; border-radius: 8px; border: 1px solid var(--line); margin-top: .5rem; }
        .hidden-character {
          font: .72em ui-monospace, monospace; color: var(--bad); border: 1px solid currentcolor; border-radius: 3px;
          padding: 0 .2em; margin: 0 .1em;
        }
        footer { font-size: .8rem; color: var(--soft); border-top: 1px solid var(--line); padding-top: .8rem; overflow-wrap: anywhere; }
        footer ul { list-style: disc; padding-inline-start: 1.2rem; }

        .map { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.75; }
        .t { border-radius: 3px; padding: .1em 0; box-shadow: inset 1px 0 0 var(--ground); cursor: default; }
        .t:hover, .t.current { outline: 2px solid var(--accent); outline-offset: 0; }
        .p1 { background: var(--p1); } .p2 { background: var(--p2); } .p3 { background: var(--p3); } .p4 { background: var(--p4); }
        .p3 { text-decoration: underline dotted 1px; text-underline-offset: .2em; }
        .p4 { text-decoration: underline double 1px; text-underline-offset: .2em; }
        .reasoning .p3, .reasoning .p4 { color: var(--ink); }
        .line-end::before { content: "⏎"; color: var(--soft); font-size: .8em; }
        .t.empty::before { content: "∅"; color: var(--soft); font-size: .8em; }
        .stray { font-size: .78rem; color: var(--soft); margin-top: .3rem; }
        .stray > summary { font-size: 1em; font-weight: 400; }
        .stray .map { line-height: 1.9; font-family: ui-monospace, monospace; }
        .stray .t { color: var(--ink); border: 1px solid var(--line); padding: 0 .25em; margin-inline-end: .2em; }
        .scale {
          display: flex; flex-wrap: wrap; gap: .2rem .4rem; align-items: center; font-size: .78rem; color: var(--soft);
          margin-bottom: 1.25rem;
        }
        .scale .t { color: var(--ink); padding: 0 .4em; border: 1px solid var(--line); }
        .either > .prose, #show-tokens:not(:checked) ~ .columns :is(.map, .stray, .scale) { display: none; }
        #show-tokens:not(:checked) ~ .columns .either > .prose { display: block; }
        #show-tokens:not(:checked) ~ .columns .value > .map { display: block; }

        #show-prompt:not(:checked) ~ .columns .kind-prompt, #show-answer:not(:checked) ~ .columns .kind-answer,
        #show-reasoning:not(:checked) ~ .columns .kind-reasoning, #show-tool:not(:checked) ~ .columns .kind-tool,
        #show-problem:not(:checked) ~ .columns .kind-problem, #show-figure:not(:checked) ~ .columns .kind-figure,
        #problems-only:checked ~ .columns :is(.turn.ok, .step.ok, .row.ok, .outline li.ok) { display: none; }

        ::highlight(found) { background: var(--found); color: var(--ink); }
        ::highlight(found-now) { background: var(--found-now); color: light-dark(#000, #fff); }
        #tip {
          position: fixed; z-index: 3; max-width: min(24rem, calc(100vw - 1rem)); padding: .45rem .7rem;
          font-size: .8rem; line-height: 1.45;
          background: light-dark(#23262c, #f1efe9); color: light-dark(#f4f2ee, #1a1c20); border-radius: 8px; pointer-events: none;
          box-shadow: 0 3px 14px rgb(0 0 0 / .3); overflow-wrap: anywhere; white-space: pre-wrap;
        }
        #tip .line {
          display: grid; grid-template-columns: 3.6rem 4rem minmax(0, 1fr); gap: .6rem; align-items: center;
          font-variant-numeric: tabular-nums;
        }
        #tip .line:first-child { font-weight: 650; }
        #tip .line span:first-child { text-align: end; }
        #tip .line span:last-child { font-family: ui-monospace, monospace; }
        #tip .gauge { height: .5rem; background: light-dark(#4b505a, #d2cec4); border-radius: 2px; overflow: hidden; }
        #tip .gauge i { display: block; height: 100%; background: light-dark(#fdb35a, #b55a10); }
        dialog {
          background: var(--card); color: inherit; border: 1px solid var(--line); border-radius: 12px; padding: 1.2rem 1.5rem;
          max-width: 24rem;
        }
        dialog::backdrop { background: rgb(0 0 0 / .45); }
        dialog dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: .8rem 0 1rem; font-size: .9rem; }
        kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 .35em; }

        .columns.wide { max-width: 86rem; } .wide main { max-width: none; }
        .verdict { background: var(--card); border: 1px solid var(--line); border-inline-start-width: 6px; border-radius: 10px; }
        .verdict { padding: .7rem 1rem; margin-bottom: 1rem; } .verdict .word { font-size: 1.3rem; font-weight: 650; }
        .verdict.same { border-inline-start-color: var(--call); }
        .verdict.different { border-inline-start-color: var(--failed); } .verdict.incomplete { border-inline-start-color: var(--tool); }
        .verdict ul { font-size: .88rem; color: var(--bad); padding-inline-start: 1.2rem; list-style: disc; }
        .scrolls { overflow-x: auto; margin-bottom: 1rem; }
        .sides { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
        .sides th, .sides td { text-align: start; padding: .15rem 1.2rem .15rem 0; font-weight: 400; overflow-wrap: anywhere; }
        .sides thead th { font-weight: 650; } .sides tbody th { color: var(--soft); white-space: nowrap; }
        .row.pair, .row.pair a { height: 1.9rem; } .row.pair .track { height: 1.2rem; } .row.pair .track rect { height: 48%; }
        .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .4rem 1.5rem; }
        .side { min-width: 0; overflow-wrap: anywhere; }
        .side + .side { border-inline-start: 1px solid var(--line); padding-inline-start: 1.5rem; }
        .side h4 { font-size: .84rem; }
        .side.word-diff { white-space: pre-wrap; }
        del { background: var(--bad-ground); color: var(--bad); text-decoration: line-through; border-radius: 3px; }
        ins {
          background: light-dark(#e0f3ec, #143a33); color: light-dark(#075c50, #7fe0d0); text-decoration: underline;
          text-underline-offset: .2em; border-radius: 3px;
        }
        .changes { list-style: disc; padding-inline-start: 1.2rem; }
        .drift { width: 100%; height: 3.5rem; background: var(--code); border-radius: 4px; margin: .3rem 0; }
        .drift line { stroke: var(--line); } .drift .up { fill: var(--call); } .drift .down { fill: var(--failed); }
        .drift rect:hover { fill: var(--accent); }

        @media (max-width: 40rem) {
          .two { grid-template-columns: minmax(0, 1fr); }
          .side + .side { border: 0; padding: 0; }
          main { padding: .9rem .75rem; }
          .bar { position: static; padding: .5rem .75rem; }
          .search { flex: 1 1 100%; } .search input { flex: 1; width: auto; min-width: 0; }
          .row a, .axis { grid-template-columns: 4.6rem minmax(0, 1fr) 4rem; gap: .4rem; }
          .totals { grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); }
          .ticks text:not(:first-of-type) { display: none; }
          .sides tbody th { white-space: normal; } .sides td { min-width: 6rem; padding-inline-end: .6rem; }
          .step.tool { margin-inline-start: 0; }
          .step.call { padding-inline: .7rem 0; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
        @media print {
          :root, :root[data-theme] { color-scheme: light; font-size: 10.5pt; background: #fff; }
          .bar { position: static; border: 0; padding: 0; } .bar h1 { white-space: normal; max-width: none; font-size: 16pt; }
          .switch, .search, .filters, .settings, .outline, #tip, dialog { display: none !important; }
          .columns, .columns.outlined { display: block; } main { padding: 0; max-width: none; }
          .step, .row, .turn { content-visibility: visible; } .rows { max-height: none; overflow: visible; }
          .code pre { max-height: none; overflow: visible; } .code pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
          .step-head, summary { break-after: avoid; } .tile, .row, .retries li { break-inside: avoid; }
          .t, .tile, .step.prompt, .failure, .swatch, .track, .chip { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          details::details-content { content-visibility: visible; block-size: auto; display: block; }
          a { color: inherit; text-decoration: none; }
        }
        """#
}
