#!/usr/bin/env python3
"""Writes decoders.json: small made-up tokenizers with each kind of decoder, and what Hugging Face's `tokenizers` makes of some ids.

Run it with a Python that has `tokenizers` (0.23), such as the one that `make vllm` installs: .venv-vllm/bin/python Tests/Tokenizers/make.py
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer

RANDOM = random.Random(2026)
SPECIAL = ["<s>", "</s>"]
ADDED = ["<think>", "<｜tool▁call｜>"]


def byte_letters():
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {**{byte: chr(byte) for byte in plain}, **{byte: chr(0x100 + i) for i, byte in enumerate(others)}}


LETTERS = byte_letters()


def spelled(text):
    return "".join(LETTERS[byte] for byte in text)


# Whole words, parts of characters, and bytes that no character has.
BYTE_LEVEL = [spelled(word.encode()) for word in ["The", " cat", " says", "é", "…", "\n\n", "日本", " 😀", "👩‍", "e\u0301", " "]] + [
    spelled(part) for part in [b"\xf0\x9f", b"\x98", b"\x80", b"\xe2\x82", b"\xac", b"\xc3", b"\xa9", b"\xff", b"\xc0\xaf", b"\xed\xa0", b"\xf4\x90"]
]
BYTES = [f"<0x{byte:02X}>" for byte in b"\xe2\x82\xac\xf0\x9f\x98\x80\x0aA\xc3\xa9"]
SPACED = ["▁", "▁▁", "▁The", "▁cat", "s", "▁a▁b", "cat▁", "é", "😀", "▁日本", " ", "<0x4", "<0xZZ>"]
WORDS = ["the", "##s", "##", "cat", "don", "##'t", "do not", " n't", ".", ",", "!", "'s", "a ' b", "é", "##é", "x##y"]
ENDED = ["the</w>", "c", "at</w>", "</w>", "a</w>b</w>", "é</w>", "</w", "x", "😀</w>"]


def replace(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def strip(content, start, stop):
    return {"type": "Strip", "content": content, "start": start, "stop": stop}


def sequence(*decoders):
    return {"type": "Sequence", "decoders": list(decoders)}


FALLBACK, FUSE = {"type": "ByteFallback"}, {"type": "Fuse"}
BYTE_LEVEL_DECODER = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}

DECODERS = {
    "ByteLevel": (BYTE_LEVEL, BYTE_LEVEL_DECODER),
    "ByteLevel in a Sequence with Strip": (BYTE_LEVEL, sequence(BYTE_LEVEL_DECODER, strip(" ", 1, 1))),
    "Replace, ByteFallback, Fuse": (SPACED + BYTES, sequence(replace("▁", " "), FALLBACK, FUSE)),
    "Replace, ByteFallback, Fuse, Strip": (SPACED + BYTES, sequence(replace("▁", " "), FALLBACK, FUSE, strip(" ", 1, 0))),
    "ByteFallback, Metaspace": (SPACED + BYTES, sequence(FALLBACK, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True})),
    "Metaspace always": (SPACED, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}),
    "Metaspace first": (SPACED, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}),
    "Metaspace never": (SPACED, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True}),
    "Metaspace of older files": (SPACED, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "str_rep": "▁"}),
    "Metaspace without a scheme": (SPACED, {"type": "Metaspace", "replacement": "▁"}),
    "Strip from the start of tokens": (SPACED, strip("▁", 1, 0)),
    "Strip from the end of tokens": (SPACED, strip("▁", 0, 1)),
    "Strip the text": (SPACED, sequence(FUSE, strip("▁", 2, 1))),
    "Replace over tokens": (SPACED, sequence(FUSE, replace("▁▁c", "[c]"), replace("s", ""))),
    "WordPiece": (WORDS, {"type": "WordPiece", "prefix": "##", "cleanup": True}),
    "WordPiece without cleanup": (WORDS, {"type": "WordPiece", "prefix": "##", "cleanup": False}),
    "BPEDecoder": (ENDED, {"type": "BPEDecoder", "suffix": "</w>"}),
    "BPEDecoder, Strip, Fuse": (ENDED, sequence({"type": "BPEDecoder", "suffix": "</w>"}, strip("x", 1, 0), FUSE)),
    "No decoder": (WORDS, None),
}


def tokenizer(words, decoder, model):
    vocab = {word: i for i, word in enumerate(words)}
    added = [
        {"id": len(words) + i, "content": text, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": text in SPECIAL}
        for i, text in enumerate(SPECIAL + ADDED)
    ]
    models = {
        "WordLevel": {"type": "WordLevel", "vocab": vocab, "unk_token": words[0]},
        "BPE": {"type": "BPE", "vocab": vocab, "merges": []},
        "Unigram": {"type": "Unigram", "unk_id": 0, "vocab": [[word, -float(i)] for word, i in vocab.items()], "byte_fallback": False},
        "WordPiece": {
            "type": "WordPiece", "vocab": vocab, "unk_token": words[0], "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
        },
    }
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None, "pre_tokenizer": None,
        "post_processor": None, "decoder": decoder, "model": models[model],
    }  # fmt: skip


def draw(words, decoder):
    """Some ids, unknown ones among them. Bytes that make no characters are left to the tests: see `ByteFallbackStage`."""
    ids = [RANDOM.randrange(len(words) + 6) for _ in range(RANDOM.randrange(1, 12))]
    if "ByteFallback" not in json.dumps(decoder):
        return ids
    characters = [["<0xE2>", "<0x82>", "<0xAC>"], ["<0xF0>", "<0x9F>", "<0x98>", "<0x80>"], ["<0x0A>"], ["<0x41>"], ["<0xC3>", "<0xA9>"]]
    result = []
    for number in ids:
        is_byte = number < len(words) and words[number] in BYTES
        result += [words.index(byte) for byte in RANDOM.choice(characters)] if is_byte else [number]
    return result


def fixture(name, words, decoder, model):
    content = tokenizer(words, decoder, model)
    made = Tokenizer.from_str(json.dumps(content))
    cases = []
    for skips in [True, False] * 8:
        ids = draw(words, decoder)
        cases.append({"ids": ids, "skip_special_tokens": skips, "text": made.decode(ids, skip_special_tokens=skips)})
    return {"name": name, "tokenizer": content, "cases": cases}


def main():
    models = ["WordLevel", "BPE", "Unigram", "WordPiece"]
    fixtures = [fixture(name, words, decoder, models[i % 4]) for i, (name, (words, decoder)) in enumerate(DECODERS.items())]
    lines = ",\n".join(json.dumps(fixture, ensure_ascii=False) for fixture in fixtures)
    Path(__file__).with_name("decoders.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
