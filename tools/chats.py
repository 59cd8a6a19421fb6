"""Prompts for chat models from HH-RLHF: what the person of each row says first, in the model's chat template."""

import json
from itertools import islice


def first_turns(path, number):
    """The first `number` rows' first turns. A row is JSON with `prompt`, or with it at the start of `chosen`."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, number)]
    texts = [row.get("prompt") or row["chosen"] for row in rows]
    return [text.split("\n\nHuman:", 1)[1].split("\n\nAssistant:", 1)[0].strip() for text in texts]


def prompt_ids(tokenizer, turn):
    """The tokens of a conversation that the model is to continue."""
    messages = [{"role": "user", "content": turn}]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False)["input_ids"]
