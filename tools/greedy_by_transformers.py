"""Writes what transformers generates greedily for chat prompts, to be compared with tralign token for token.

    pip install torch==2.15.0 transformers==5.23.0
    python tools/greedy_by_transformers.py MODEL CHATS OUTPUT [--prompts 50] [--new-tokens 128] [--threads 2]

MODEL is a Hugging Face folder with a chat template, CHATS a file of HH-RLHF as JSON lines. One prompt at a time without
padding, in fp32, no setting of generation_config.json but the end tokens. OUTPUT is JSON lines of `prompt` (token ids), `tokens`
(the new ones), `gaps` (between the two largest logits where each was chosen) and `ends` (the end tokens).
`GreedyAgreement` of the tests of tralign-djl reads it.
"""

import argparse
import json

from chats import first_turns, prompt_ids

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("chats")
    parser.add_argument("output")
    parser.add_argument("--prompts", type=int, default=50)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    model.generation_config = GenerationConfig()
    settings = GenerationConfig(
        do_sample=False, max_new_tokens=options.new_tokens, eos_token_id=ends, pad_token_id=ends[0],
        return_dict_in_generate=True, output_logits=True,
    )
    with open(options.output, "w", encoding="utf-8") as output:
        for turn in first_turns(options.chats, options.prompts):
            prompt = prompt_ids(tokenizer, turn)
            ids = torch.tensor([prompt])
            result = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
            top = torch.cat(result.logits).topk(2).values
            row = {
                "prompt": prompt, "tokens": result.sequences[0, len(prompt):].tolist(),
                "gaps": (top[:, 0] - top[:, 1]).tolist(), "ends": ends,
            }
            output.write(json.dumps(row) + "\n")
            output.flush()


if __name__ == "__main__":
    main()
