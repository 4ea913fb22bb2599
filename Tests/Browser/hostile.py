"""A log in which every text tries to be more than a text."""

import json

MARK = "window.hacked=1"
ATTACKS = [
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f'"><img src=x onerror="{MARK}">',
    f"'><svg onload={MARK}>",
    f"</details></article></main></body><script>{MARK}</script>",
    f"</style><style>*{{display:none}}</style></title><body onload={MARK}>",
    f'<a href="javascript:{MARK}">x</a>',
    '<iframe src="http://127.0.0.1:9/frame"></iframe>',
    '<img src="http://127.0.0.1:9/picture.png">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/style.css">',
    '<form action="http://127.0.0.1:9/"><input autofocus onfocus="window.hacked=1"></form>',
    f"javascript:{MARK}",
    f"```html\n<script>{MARK}</script>\n```",
    f"`<script>{MARK}</script>` **<b onclick={MARK}>b</b>**",
    f"<!-- --><script>{MARK}</script><!--",
    "&lt;script&gt;as it is&lt;/script&gt; &amp;",
    "\u202eevil\u202c \u2066x\u2069 zero\u200bwidth\ufeff \u2028 tags\U000e0041",
    "nul\0 \x1b[31mred\x07 \x85",
    "Z" + "\u0301" * 500,
]


def write_hostile_log(path):
    with path.open("w") as file:
        second = 0

        def event(name, request=None, lifted=None, **data):
            nonlocal second
            second += 1
            time = f"2026-11-21T08:{second // 60 % 60:02}:{second % 60:02}.000+00:00"
            record = {"ts": time, "lvl": "INFO", "schema": {"name": "amplifier.log", "ver": "1.0.0"}, "event": name, **(lifted or {})}
            record |= {"request_id": request} if request else {}
            file.write(json.dumps(record | {"session_id": ATTACKS[0], "data": data}) + "\n")

        event("session:start", parent_id=ATTACKS[2])
        for number, text in enumerate(ATTACKS):
            request = f"{number}{text}"
            event("prompt:submit", prompt=text)
            event("llm:request", request, provider=text, model=text, instance_id=text, endpoint=text)
            event("llm:call:raw", request, data={"request": question(text), "options": {text: text}})
            event("provider:retry", request, provider=text, attempt=1, delay=0.1, error_type=text, error_message=text)
            event("provider:warning", provider=text, message=text)
            event("llm:exchange:raw", request, data=exchange(text))
            event("llm:response:raw", request, data={"response": answer(text)})
            done = {"status": "ok", "duration_ms": 500}
            event("llm:response", request, done, provider=text, model=text, time_to_first_token_ms=100, finish_reason=text)
            event("tool:pre", tool_name=text, tool_call_id=text, tool_input={text: text})
            event("tool:post", tool_name=text, tool_call_id=text, result=text)
            event("tool:error", tool_name=text, tool_call_id=text + "2", error={"type": text, "msg": text})
            failed = {"status": "error", "error": text, "duration_ms": 5}
            event("llm:request", request + "2", provider=text, model=text)
            event("llm:response", request + "2", failed, provider=text, model=text)
            event("orchestrator:complete", None, {"status": text})
        event("session:end", None, {"status": "error", "error": ATTACKS[0]})
        file.write(ATTACKS[0] + "\n")
        file.write('{"ts":"2026-11-21T08')


def question(text):
    pictures = [
        {"type": "url", "url": text},
        {"type": "url", "url": "data:text/html,<script>window.hacked=1</script>"},
        {"type": "url", "url": "http://127.0.0.1:9/pic.png"},
        {"type": "base64", "media_type": "image/svg+xml", "data": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"},
        {"type": "base64", "media_type": "image/png", "data": '"><script>window.hacked=1</script>'},
    ]
    content = [{"type": "text", "text": text}, *({"type": "image", "source": source} for source in pictures)]
    return {"messages": [{"role": "system", "content": text}, {"role": "user", "content": content}]}


def answer(text):
    token = {"token": text, "logprob": -1, "top_logprobs": [{"token": text + "2", "logprob": -2}]}
    return {
        "content": [
            {"type": "thinking", "thinking": text},
            {"type": "text", "text": text},
            {"type": "tool_call", "id": text, "name": text, "input": {text: text}},
            {"type": text, "text": text},
        ],
        "finish_reason": text,
        "logprobs": [token | {"block_index": 1, "text_offset": 0}, token],
    }


def exchange(text):
    return {
        "method": text,
        "path": text,
        "request": {"headers": {text: text}, "body": {text: text}},
        "response": {"status": 200, "headers": [[text, text]], "body": text},
        "error": {"code": text, "message": text},
    }
