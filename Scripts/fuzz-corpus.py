#!/usr/bin/env python3
"""Writes the seeds of Fuzz/Corpus that are made from Tests/Recordings and Config. Inputs that fuzzing found have names that begin with
`found-` and stay as they are."""

import gzip
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORDINGS = ROOT / "Tests" / "Recordings"
CORPUS = ROOT / "Fuzz" / "Corpus"
LONGEST = 4000


def body(name):
    """The body of a recorded response, its chunks joined."""
    raw = (RECORDINGS / f"{name}.response.http").read_bytes()
    head, _, rest = raw.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return gzip.decompress(rest) if b"content-encoding: gzip" in head.lower() else rest
    parts = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        count = int(size.split(b";")[0] or b"0", 16)
        parts.append(rest[:count])
        rest = rest[count + 2 :]
        if count == 0:
            break
    return b"".join(parts)


def shortened(stream):
    """The first and the last events of a stream."""
    events = stream.split(b"\n\n")
    while len(b"\n\n".join(events)) > LONGEST and len(events) > 4:
        del events[len(events) * 2 // 3]
    return b"\n\n".join(events)


def put(target, name, content):
    if len(content) > LONGEST + 200:
        return
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


STREAMS = [
    "bare_chat_stream", "bare_keep_alive_stream", "chat_emoji_stream", "chat_logprobs_stream", "chat_n2_stream", "chat_reasoning_stream",
    "chat_stream_usage", "chat_return_token_ids_stream", "end_server_sigterm_stream", "end_server_sigkill_stream",
    "overload_stream_bad_regex", "messages_tool_stream", "chat_length_in_reasoning_stream", "tool_auto_stream", "tool_parallel_stream",
    "tool_required_stream", "tool_cut_by_length_stream", "bare_tool_named_stream",
]
COMPLETIONS = [
    "completion_stream", "completion_logprobs_stream", "completion_list_stream", "completion_echo_stream", "completion_unicode_stream",
    "completion_return_token_ids_stream", "bare_keep_alive_completion",
]
ANSWERS = [
    "chat_plain", "chat_logprobs", "chat_n2", "chat_return_token_ids", "chat_batch", "tool_auto", "tool_parallel", "completion_plain",
    "completion_logprobs", "completion_echo_logprobs", "completion_n2", "bare_tool_auto", "err_model_404", "err_context_prompt",
    "full_auth_missing", "err_route_404", "err_not_utf8", "router_dead_chat", "chat_logprobs_emoji", "completion_tokens_as_ids", "models",
]


def main():
    for name in STREAMS + COMPLETIONS:
        if not (RECORDINGS / f"{name}.response.http").exists():
            continue
        stream = shortened(body(name))
        put("event-stream", name, stream)
        kind = b"\x01" if name in COMPLETIONS else b"\x00"
        put("answer", name, kind + stream)
        events = {}
        lines = re.findall(rb"data: (\{.*\})", stream)
        if len(lines) > 2:
            put("chunk", f"{name}-events", b"\n".join(lines[1:6]))
        for event in lines:
            # One event of each shape.
            shape = re.sub(rb'"(?:[^"\\]|\\.)*"(?!:)|[-0-9.e]+', b"", event)
            events.setdefault(shape, event)
        for number, event in enumerate(list(events.values())[:6]):
            put("chunk", f"{name}-{number}", event)
    for name in ANSWERS:
        if (RECORDINGS / f"{name}.response.http").exists():
            put("chunk", name, body(name))
    for path in sorted((ROOT / "Config").glob("*.yaml")):
        text = path.read_bytes()
        put("configuration", path.name, text[:LONGEST])
        bare = b"\n".join(line for line in text.splitlines() if not line.lstrip().startswith(b"#"))
        put("configuration", f"bare-{path.name}", bare[:LONGEST])
    for number, text in enumerate(YAML):
        put("configuration", f"syntax-{number}", text.encode())
    for number, text in enumerate(JSON):
        put("json", f"syntax-{number}", text.encode())
    for name in ["chat_plain", "completion_echo_logprobs", "err_model_404"]:
        put("json", name, body(name))
    for number, text in enumerate(MARKUP):
        for choice in range(5):
            put("markup", f"syntax-{number}-{choice}", bytes([choice]) + text.encode())
    for number, text in enumerate(PLUGIN):
        put("plugin", f"text-{number}", text.encode())
    for number, text in enumerate(LOGS):
        put("session-log", f"log-{number}", text.encode())


YAML = [
    'x: &a {k: "${VLLM_BASE_URL:-http://h}", t: 5m, l: [a, \'b\', "\\u00e9"]}\ny:\n  <<: *a\n  z: !!str 1\n',
    "a: |\n  text\n  more\nb: >-\n  folded\n  text\n\nc: ${EMPTY}${LONG}\n? d\n: e\n",
    "providers:\n  - module: provider-vllm\n    config:\n      base_url: ${VLLM_BASE_URL}\n      timeout: 1e3\n      stop: [a, b]\n"
    "      logit_bias: {42: -100}\n      pricing: {input_per_million: 1, output_per_million: 2}\n",
    "--- # comment\n- 0x1F\n- .inf\n- ~\n- 1_000\n- 'it''s'\n- \"\\t\\x41\"\n- - nested\n  - {a: 1, ? b : 2}\n...\n",
    "session:\n  orchestrator: {module: loop-streaming}\n  context: context-simple\nhooks:\n- module: hooks-logging\n",
]
JSON = [
    '{"a":[1,-0,1.5e-05,1E+400,123456789012345678901234567890],"b":{"c":null,"d":true,"e":false},"":""}',
    '"\\u00e9\\ud83d\\ude00\\n\\"\\\\\\/"', "[[[[[[]]]]]]", ' { "a" : 1 , "a" : 2 } ', "-1.0e5", '"\ud7ff\uffff"',
    "{'city': 'Oslo', days: 3, tags: [1,2,], none: None, yes: True,} // comment", '```json\n{"a": [1, 2\n```',
]
MARKUP = [
    "<think>\nHm.\n</think>\n\nIt is 4.",
    '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo", "days": 3}}\n</tool_call>\n<tool_call>{"name":"f"}</tool_call>',
    "<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n<parameter=days>3</parameter>\n</function>\n</tool_call>",
    '[TOOL_CALLS][{"name": "f", "arguments": {"a": "]"}}, {"name": "get_weather", "arguments": {}}]',
    '[TOOL_CALLS]f[ARGS]{"a": 1}[TOOL_CALLS]get_weather[CALL_ID]abc[ARGS]{}',
    '<|python_tag|>{"name": "f", "parameters": {"a": "\\"}"}}; {"name": "f", "parameters": {}}',
    '{"type": "function", "name": "f", "parameters": "{}"}',
    "Text `<think>` and\n```\n<tool_call>\n```\n<think>a</think><tool_call>{'name': 'f', 'arguments': {a: 1,}}</tool_call>",
    '<tool_call>{"name": "f", "arguments": {"a": "</tool_call>',
]
PLUGIN = [
    's{"config":{"base_url":"http://127.0.0.1:1","api_key":"k","timeout":5,"models":[]},"path":"providers[0].config","instance_id":"a",'
    '"session_id":"s","environment":{"VLLM_API_KEY":"x"}}',
    's{"config":null}', 's{"environment":{"A":1}}', 's{"config":{"base_urls":["http://a","http://b"],"max_retries":"many"}}',
    'r{"messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{"type":"url","url":"data:,"}}]},'
    '{"role":"tool","content":"4","tool_call_id":"c"}],"tools":[{"name":"f","parameters":{"type":"object"}}],"tool_choice":"auto",'
    '"response_format":{"type":"json_schema","json_schema":{}},"temperature":0.5,"stream":false,"stop":["a"],"metadata":null}',
    'c{"content":[{"type":"thinking","thinking":"h"},{"type":"tool_call","id":"c","name":"f","input":{}}],"usage":{"input_tokens":1,'
    '"output_tokens":2,"total_tokens":3},"logprobs":[{"token":"a","logprob":-1.5,"bytes":[97],"top_logprobs":[]}],"token_ids":[[1],[]],'
    '"prompt_logprobs":[null],"finish_reason":"stop","degradation":{"requested":"a","actual":"b","reason":"c"}}',
    'x{"type":"RateLimitError","code":"rate_limit","message":"m","hint":"h","status_code":429,"retryable":true,"retry_after":2.5,'
    '"details":{"a":1},"partial_response":{"content":[]}}',
    'e[{"type":"started","id":"r","model":"m"},{"type":"block_start","index":0,"block_type":"tool_use","id":"c","name":"f","choice":1},'
    '{"type":"block_delta","index":0,"text":"{"},{"type":"block_end","index":0,"block":{"type":"text","text":"x"}},'
    '{"type":"logprobs","tokens":[]},{"type":"prompt_tokens","ids":[1]},{"type":"token_ids","choice":2,"ids":[4]},'
    '{"type":"usage","usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}},{"type":"finish","reason":"stop"},{"type":"new"}]',
]
LOGS = [
    '{"ts":"2026-11-21T09:59:53.123456Z","lvl":"INFO","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"llm:response",'
    '"session_id":"s","request_id":"r","status":"ok","duration_ms":12,"data":{"provider":"vllm","usage":{"input_tokens":5}}}\n',
    '{"event":"a"}\n\n \r\n{"event":"b","ts":"2026-01-01T00:00:00+02:00"}\n{"event":3}\n[1]\n{"event":"cut',
    '\ufeff{"event":"x","lvl":"error","data":{"timestamp":"2026-11-21T09:59:53Z","lvl":"DEBUG","error":{"msg":"m"}},"error":"e"}\r\n',
    '{"event":"long","data":{"text":"' + "x" * 200 + '"}}\n{"event":"last"}',
]

if __name__ == "__main__":
    main()
    print(json.dumps({folder.name: len(list(folder.iterdir())) for folder in sorted(CORPUS.iterdir())}))
