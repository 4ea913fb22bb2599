#!/usr/bin/env python3
"""Writes what the tiny model was taught: for the simulator, as Swift literals, into Sources/VLLMSimulator/Data, and for the
tests into dialogues.json."""
import json
import sys
from pathlib import Path

TINY = Path(__file__).resolve().parent
OUT = TINY.parents[1] / "Sources" / "VLLMSimulator" / "Data"
sys.dont_write_bytecode = True
sys.path.insert(0, str(TINY / "train"))
import conversations as data  # noqa: E402

HEAD = "// swift-format-ignore-file\n// Written by Tests/TinyModel/generate_simulator_data.py; do not edit.\n\n"


def literal(doc, name, lines):
    body = "\n".join("    " + line for line in lines)
    return f'{HEAD}/// {doc}\nlet {name}: StaticString = #"""\n{body}\n    """#\n'


def turn(t):
    if t[0] != "assistant":
        return {"role": t[0], "text": t[1]}
    return {"role": "assistant", "thought": t[1], "text": t[2], "calls": [{"name": n, "arguments": a} for n, a in t[3]]}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main():
    model = json.loads((TINY / "model" / "tokenizer.json").read_text())
    vocabulary, merges = model["model"]["vocab"], model["model"]["merges"]
    added = [t["content"] for t in model["added_tokens"]]
    alphabet = sorted(t for t in vocabulary if len(t) == 1)
    assert list(vocabulary) == added + alphabet + ["".join(pair) for pair in merges], "the ids do not follow from the merges"
    (OUT / "Merges.swift").write_text(literal(
        "The tokenizer's merges, best first: two tokens a line, in the byte-level alphabet.", "mergeLines",
        [" ".join(pair) for pair in merges]))
    chats = [{"system": c["system"], "tools": c["tools"], "turns": [turn(t) for t in c["turns"]]} for c in data.CHATS]
    coin = {"prompt": data.COIN[0], "thought": data.COIN[1], "sides": [{"text": t, "weight": w} for t, w in data.COIN[2]]}
    known = {"coin": coin, "fallback": {"thought": data.FALLBACK[0], "text": data.FALLBACK[1]}}
    lines = ["{"] + [compact(key) + ":" + compact(value) + "," for key, value in known.items()]
    for key, values, comma in [("chats", chats, ","), ("completions", [{"prompt": p, "text": t} for p, t in data.COMPLETIONS], "")]:
        lines += [f'"{key}":['] + [compact(v) + "," for v in values[:-1]] + [compact(values[-1]), "]" + comma]
    (OUT / "DialogueData.swift").write_text(literal("What the tiny model was taught, as JSON.", "dialogueJSON", lines + ["}"]))
    tools = ['"tools":['] + [compact(t) + "," for t in data.TOOLS[:-1]] + [compact(data.TOOLS[-1]), "],"]
    (TINY / "dialogues.json").write_text("\n".join(lines[:1] + tools + lines[1:] + ["}"]) + "\n")


main()
