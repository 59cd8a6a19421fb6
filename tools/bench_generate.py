"""Times transformers' generate on three loads, to stand beside `./tralign generate` on the same prompts.

    pip install torch==2.15.0 transformers==5.23.0
    python tools/bench_generate.py MODEL CHATS [--loads one chats samples] [--precisions fp32 bf16] [--threads 2]
        [--new-tokens 128] [--batch 64]

MODEL is a Hugging Face folder with a chat template, CHATS a file of HH-RLHF as JSON lines; a prompt is a row's first turn in the
template. transformers has its default cache and pads a batch on the left. Each load and precision runs in a process of its own:

    one      the first prompt, greedy, exactly --new-tokens tokens
    chats    64 prompts, greedy, which end by themselves or after --new-tokens tokens, --batch prompts at a time
    samples  16 prompts with 8 samples each at temperature 1, exactly --new-tokens tokens, 8 · 16 sequences at once

Prints a line of JSON for each: tokens that were generated (up to the end of each completion), seconds of generate, tokens a second,
and the peak memory of the process in MiB. A first call with few tokens, which is not counted, warms up.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

LOADS = {"one": (1, 1), "chats": (64, 1), "samples": (16, 8)}  # prompts, samples of each


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("chats")
    parser.add_argument("--loads", nargs="+", choices=LOADS, default=list(LOADS))
    parser.add_argument("--precisions", nargs="+", choices=["fp32", "bf16"], default=["fp32", "bf16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--batch", type=int, default=64, help="prompts at a time of the load chats")
    parser.add_argument("--here", action="store_true", help="run the one load in this process")
    return parser.parse_args()


def measure(options, load, precision):
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
    from transformers.utils.logging import disable_progress_bar

    from chats import first_turns, prompt_ids

    disable_progress_bar()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    number, samples = LOADS[load]
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    prompts = [prompt_ids(tokenizer, turn) for turn in first_turns(options.chats, number)]
    dtype = torch.float32 if precision == "fp32" else torch.bfloat16
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype).eval()
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    model.generation_config = GenerationConfig()
    ends_alone = load == "chats"

    def generate(batch, new_tokens):
        """The number of new tokens of all completions."""
        longest = max(map(len, batch))
        ids = torch.tensor([[ends[0]] * (longest - len(prompt)) + prompt for prompt in batch])
        seen = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in batch])
        sampled = dict(do_sample=True, temperature=1.0, top_p=1.0, top_k=0) if samples > 1 else dict(do_sample=False)
        result = model.generate(ids, attention_mask=seen, generation_config=GenerationConfig(
            max_new_tokens=new_tokens, num_return_sequences=samples, pad_token_id=ends[0],
            eos_token_id=ends if ends_alone else None, **sampled,
        ))
        new = result[:, longest:].tolist()
        return sum(next((i + 1 for i, id in enumerate(row) if ends_alone and id in ends), len(row)) for row in new)

    generate(prompts[:1], 4)
    start = time.perf_counter()
    size = options.batch if ends_alone else number
    tokens = sum(generate(prompts[i : i + size], options.new_tokens) for i in range(0, number, size))
    seconds = time.perf_counter() - start
    return {
        "load": load, "precision": precision, "threads": options.threads, "prompt_tokens": sum(map(len, prompts)),
        "tokens": tokens, "seconds": round(seconds, 2), "tokens_per_second": round(tokens / seconds, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main():
    options = arguments()
    if options.here:
        print(json.dumps(measure(options, options.loads[0], options.precisions[0])), flush=True)
        return
    for load in options.loads:
        for precision in options.precisions:
            one = ["--here", "--loads", load, "--precisions", precision, "--threads", str(options.threads)]
            sizes = ["--new-tokens", str(options.new_tokens), "--batch", str(options.batch)]
            subprocess.run([sys.executable, __file__, options.model, options.chats, *one, *sizes], check=True)


if __name__ == "__main__":
    main()
