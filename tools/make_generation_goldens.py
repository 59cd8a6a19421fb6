"""Makes the golden file that tralign-djl's tests compare greedy generation with: what transformers generates with
each checkpoint of the test resources, and with each adapter by PEFT.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 peft==0.21.2
    python tools/make_generation_goldens.py [OUTPUT_FILE]

Checkpoints, adapters, rows and tokenizer are those of the other makers. Nothing is downloaded. OUTPUT_FILE
(default: golden/generation.json in the test resources of tralign-djl) says in `about` what it holds.
"""

import json
import sys
from itertools import islice
from pathlib import Path

from scores import prepare, token_ids  # comes first

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from goldens import made_by, write

NEW_TOKENS = 24
LEAST_GAP = 1e-4  # rounding changes logits by about 1e-6
CHECKPOINTS = ["neox", "llama", *(f"variants/{name}" for name in (
    "neox-sequential-residual", "neox-tied-no-bias", "llama-untied-bias", "llama3-rope", "qwen2", "qwen3"))]

# Row and number of tokens of each prompt, and settings by transformers' names.
CASES = [
    (0, 1, {}),
    (3, 9, {}),
    (5, 30, {}),  # crosses the length of 40 where rotations by LongRoPE change
    (9, 70, {}),
    (4, 38, dict(repetition_penalty=1.3)),
    (6, 12, dict(no_repeat_ngram_size=2)),
    (7, 20, dict(repetition_penalty=0.8, no_repeat_ngram_size=3)),
]
LONGEST = (8, 500, {})  # where 512 is the limit, because the rotation would change: a dynamic one
ADAPTERS = ["plain", "patterns", "expression", "layers", "fused-and-saved", "whole-parts", "head-saved"]

ABOUT = (
    "Greedy generation by transformers on a CPU in fp32, one prompt a call. A prompt is the first `length` tokens of "
    "rows.jsonl from line `row` on, prompts and chosen completions in turn. `settings` are transformers'; `end` is an end "
    f"token. tokens: the new ones, {NEW_TOKENS} unless the completion ends or reaches the model's limit or the two largest "
    f"scores come nearer than {LEAST_GAP}, where it is cut. gap: the smallest difference of the two largest. Llama and "
    "Qwen 2 with LongRoPE are computed without a cache, since theirs keeps keys that were rotated for a short sequence."
)


def rows(tok, data, start):
    for row in data[start:]:
        prompt, chosen, _ = token_ids(tok, row)
        yield from prompt + chosen


def generate(model, prompt, end, settings):
    config = model.config
    by_length = "longrope" in str(getattr(config, "rope_parameters", ""))  # but Phi-3 computes its cache again
    limit = min(NEW_TOKENS, config.max_position_embeddings - len(prompt))
    model.generation_config = GenerationConfig()
    ids = torch.tensor([prompt])
    all_seen = torch.ones_like(ids)  # else transformers takes an end token in the prompt for padding
    result = model.generate(input_ids=ids, attention_mask=all_seen, generation_config=GenerationConfig(
        do_sample=False, max_new_tokens=limit, eos_token_id=end, pad_token_id=0, return_dict_in_generate=True,
        output_scores=True, use_cache=not by_length or config.model_type == "phi3", **settings,
    ))
    top = torch.cat(result.scores).topk(2).values
    gaps = (top[:, 0] - top[:, 1]).tolist()
    sure = next((i for i, gap in enumerate(gaps) if gap < LEAST_GAP), len(gaps))
    assert sure > 0, "another prompt is needed"
    return {"tokens": result.sequences[0, len(prompt):].tolist()[:sure], "gap": round(min(gaps[:sure]), 6)}


def cases(model, tok, data):
    made = []

    def add(row, length, settings, end=None):
        prompt = list(islice(rows(tok, data, row), length))
        made.append({
            "row": row, "length": length, "settings": settings, "end": end, **generate(model, prompt, end, settings),
        })

    wanted = CASES + [LONGEST] if "dynamic" in str(getattr(model.config, "rope_parameters", "")) else CASES
    for case in wanted:
        add(*case)
    row, length, settings = CASES[1]
    end = made[1]["tokens"][2]  # so that the plain completion ends soon
    add(row, length, settings, end)
    add(row, length, dict(min_new_tokens=8), end)
    return made


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    golden = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    tok = AutoTokenizer.from_pretrained(golden / "neox")
    data = [json.loads(line) for line in (golden / "rows.jsonl").read_text("utf-8").splitlines()]

    def load(name):
        return AutoModelForCausalLM.from_pretrained(golden / name, dtype=torch.float32).eval()

    def adapted(name):
        base = json.loads((golden / "adapters" / name / "goldens.json").read_text("utf-8"))["base"]
        return PeftModel.from_pretrained(load(base), golden / "adapters" / name).eval()

    checkpoints = CHECKPOINTS + sorted(f"families/{folder.name}" for folder in (golden / "families").iterdir())
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else golden / "generation.json", {
        "made_by": made_by("python tools/make_generation_goldens.py", 0, "torch", "transformers", "peft"),
        "about": ABOUT,
        "checkpoints": {name: cases(load(name), tok, data) for name in checkpoints},
        "adapters": {name: cases(adapted(name), tok, data) for name in ADAPTERS},
    })


if __name__ == "__main__":
    main()
