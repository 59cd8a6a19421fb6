"""Makes the golden file of how a next token is chosen: which tokens transformers leaves to a draw.

    pip install torch==2.15.0 transformers==5.23.0
    python tools/make_choice_goldens.py

writes transformers_choices.json among the test resources of tralign-core. Logits and tokens before are
functions of a case's seed, computed here and by the test, so the file holds settings and results only.
"""

import functools
import hashlib
import random
from pathlib import Path

import torch
from transformers.generation.logits_process import (
    LogitsProcessorList, MinNewTokensLengthLogitsProcessor, MinPLogitsWarper, NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper,
)

from goldens import made_by, write

# Which of equal logits top-p drops is left to the sort; a stable one drops the first.
torch.sort = functools.partial(torch.sort, stable=True)

OUT = Path(__file__).parents[1] / "tralign-core/src/test/resources/io/github/tralign/generate"
SEED, CASES = 1, 1000
MASK = 2**64 - 1
PROMPT, END_TOKENS = 3, [0, 2]
COLUMNS = (
    "seed shape vocabulary history temperature top_k top_p min_p repetition_penalty no_repeat_ngram_size "
    "min_new_tokens greedy kept sha256 mean"
).split()
ABOUT = (
    "For logits and tokens before, both made from the seed: `greedy` is the largest logit's id after the penalties, "
    "`kept` the number of tokens that all filters leave, `sha256` the start of the hash of their ids with commas "
    "between, `mean` the mean id of the distribution that is left. The first 3 tokens before are the prompt; the end "
    "tokens are 0 and 2. Of equal logits top-p drops the first. transformers' processors in fp32 on a CPU."
)


def bits(seed, i):
    """24 random bits: SplitMix64."""
    z = ((seed << 32) + i) * 0x9E3779B97F4A7C15 & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return (z ^ (z >> 31)) >> 40


SHAPES = {  # all exact in fp32
    "even": lambda u: u / 2**20 - 8,
    "peaked": lambda u: (u >> 12) ** 2 / 2**20 - 4,
    "ties": lambda u: sum(u >> s & 63 for s in (0, 6, 12, 18)) // 8 / 2 - 8,
    "flat": lambda u: (u & 3) / 4,
    "banned": lambda u: u / 2**21 - 4 if u % 3 else -float("inf"),
}


def settings(draw, vocabulary):
    return dict(
        temperature=draw.choice([0.3, 0.7, 1.0, 1.0, 1.5]),
        top_k=draw.choice([0, 0, 1, 5, 20, 50, vocabulary + 1]),
        top_p=draw.choice([1.0, 1.0, 0.99, 0.95, 0.9, 0.5, 0.1]),
        min_p=draw.choice([0.0, 0.0, 0.02, 0.1, 0.3, 1.0]),
        repetition_penalty=draw.choice([1.0, 1.0, 1.1, 2.0, 0.8]),
        no_repeat_ngram_size=draw.choice([0, 0, 1, 2, 3]),
        min_new_tokens=draw.choice([0, 0, 5]),
    )


def chosen(seed, shape, vocabulary, history, given):
    logits = torch.tensor([[SHAPES[shape](bits(seed, i)) for i in range(vocabulary)]])
    before = torch.tensor([[bits(seed, vocabulary + i) % min(vocabulary, 5) for i in range(history)]])
    penalties, warpers = LogitsProcessorList(), LogitsProcessorList()
    if given["repetition_penalty"] != 1:
        penalties.append(RepetitionPenaltyLogitsProcessor(given["repetition_penalty"]))
    if given["no_repeat_ngram_size"] > 0:
        penalties.append(NoRepeatNGramLogitsProcessor(given["no_repeat_ngram_size"]))
    if given["min_new_tokens"] > 0:
        penalties.append(MinNewTokensLengthLogitsProcessor(PROMPT, given["min_new_tokens"], END_TOKENS, "cpu"))
    if given["temperature"] != 1:
        warpers.append(TemperatureLogitsWarper(given["temperature"]))
    if given["top_k"] != 0:
        warpers.append(TopKLogitsWarper(given["top_k"]))
    if given["top_p"] < 1:
        warpers.append(TopPLogitsWarper(given["top_p"]))
    if given["min_p"] > 0:
        warpers.append(MinPLogitsWarper(given["min_p"]))
    logits = penalties(before, logits)
    left = warpers(before, logits)[0]
    kept = (left > -float("inf")).nonzero().flatten()
    mean = (left.double().softmax(-1)[kept] * kept).sum().item()
    digest = hashlib.sha256(",".join(map(str, kept.tolist())).encode()).hexdigest()[:12]
    return logits.argmax().item(), len(kept), digest, round(mean, 7)


def cases():
    draw = random.Random(SEED)
    for seed in range(CASES):
        shape = draw.choice(list(SHAPES))
        vocabulary = draw.choice([7, 12, 50, 50, 300]) if seed % 50 else 50_000
        history = draw.randrange(PROMPT, 12)
        given = settings(draw, vocabulary)
        yield [seed, shape, vocabulary, history, *given.values(), *chosen(seed, shape, vocabulary, history, given)]


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write(
        OUT / "transformers_choices.json",
        {
            "made_by": made_by("python tools/make_choice_goldens.py", SEED, "torch", "transformers"),
            "about": ABOUT,
            "columns": COLUMNS,
            "cases": list(cases()),
        },
    )
