"""Times how tralign turns preference data into tokens beside the tokenizers library alone and TRL's preparation.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/bench_data_vs_peers.py MODEL PAIRS [--rows 2000 22000] [--rounds 3] [--threads 2]

MODEL is a Hugging Face folder, of which the tokenizer is read; PAIRS a file of JSON lines with prompt, chosen and rejected.
As many rows as are asked for are made of them: the file over and over, every tenth word replaced by another one of the file, so
that no two rows are the same. Each side runs in a process of its own, in turn, and its rows a second are the difference between
a run on many and a run on few rows, so that starting up does not count.

tralign: ./tralign data, from the file to tokens on disk (--cache), at most 512 tokens, the report included.
cached: the same again, with the tokens from there.
library: encode_batch on texts in memory, a thousand rows a call: prompt, chosen and rejected, each text once. Only the calls are
    timed, nothing is done with what they give. encode_batch_fast is the same without the places of tokens in their text.
trl: DPOTrainer's preparation of a data set in memory: datasets.map with one process, its default, and with one a thread.
Prints a line a round and the ratios of the best of each.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
COLUMNS = ("prompt", "chosen", "rejected")
SIDES = ("tralign", "cached", "library", "library fast", "trl", "trl processes")
LENGTH, CALL_ROWS, SEED = 512, 1000, 42


def write_rows(pairs, number, file):
    """So many rows; the first ones of a longer file are those of a shorter one."""
    rows = [json.loads(line) for line in open(pairs, encoding="utf-8")]
    words = sorted({word for row in rows for column in COLUMNS for word in re.findall(r"\b[a-z]+\b", row[column])})
    draw = random.Random(SEED)

    def varied(text):
        return re.sub(r"\b[a-z]+\b", lambda it: draw.choice(words) if draw.random() < 0.1 else it[0], text)

    with open(file, "w", encoding="utf-8") as out:
        for i in range(number):
            out.write(json.dumps({column: varied(rows[i % len(rows)][column]) for column in COLUMNS}) + "\n")


def library(model, pairs, fast):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    rows = [json.loads(line) for line in open(pairs, encoding="utf-8")]
    calls = [[row[column] for row in rows[i:i + CALL_ROWS] for column in COLUMNS] for i in range(0, len(rows), CALL_ROWS)]
    encode = tokenizer.encode_batch_fast if fast else tokenizer.encode_batch
    start = time.perf_counter()
    for texts in calls:
        encode(texts)
    return time.perf_counter() - start


def trl(model, pairs, processes):
    from datasets import Dataset, disable_progress_bars
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
    from trl import DPOConfig, DPOTrainer

    disable_progress_bars()
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    config = AutoConfig.from_pretrained(
        model, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2)
    dataset = Dataset.from_list([json.loads(line) for line in open(pairs, encoding="utf-8")])
    start = time.perf_counter()
    DPOTrainer(
        model=AutoModelForCausalLM.from_config(config),
        args=DPOConfig(
            output_dir=tempfile.mkdtemp(), use_cpu=True, bf16=False, max_length=LENGTH, report_to=[],
            dataset_num_proc=processes),
        train_dataset=dataset, processing_class=tokenizer)
    return time.perf_counter() - start


def tralign(model, pairs, cached):
    """Seconds of a whole process."""
    cache = pairs.with_suffix(".cache")
    if not cached:
        shutil.rmtree(cache, ignore_errors=True)
    elif not cache.exists():
        tralign(model, pairs, False)
    start = time.perf_counter()
    subprocess.run(
        [HOME / "tralign", "data", pairs, "--policy", model, "--max-length", str(LENGTH), "--cache", cache, "--show", "0", "--quiet"],
        check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def seconds(side, options, pairs):
    """Seconds of a side; a peer's are those that a process of its own says it took."""
    if side in ("tralign", "cached"):
        return tralign(options.model, pairs, side == "cached")
    environment = {
        **os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "RAYON_NUM_THREADS": str(options.threads),
        "TOKENIZERS_PARALLELISM": str(side.startswith("library")).lower(),
    }
    command = [sys.executable, __file__, options.model, str(pairs), "--peer", side, "--threads", str(options.threads)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {command}\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("pairs")
    parser.add_argument("--rows", nargs=2, type=int, default=[2000, 22000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        if options.peer.startswith("library"):
            print(library(options.model, options.pairs, options.peer.endswith("fast")))
        else:
            print(trl(options.model, options.pairs, options.threads if options.peer.endswith("processes") else None))
        return
    subprocess.run([HOME / "tralign", "--version"], check=True)  # builds what is missing
    best = dict.fromkeys(options.sides, 0.0)
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.jsonl" for number in options.rows]
        for file, number in zip(files, options.rows, strict=True):
            write_rows(options.pairs, number, file)
        for _ in range(options.rounds):
            rates = {}
            for side in options.sides:
                few, many = [seconds(side, options, file) for file in files]
                rates[side] = (options.rows[1] - options.rows[0]) / (many - few)
                best[side] = max(best[side], rates[side])
            print("rows/s: " + ", ".join(f"{side} {rate:,.0f}" for side, rate in rates.items()), flush=True)
    ours = best.pop("tralign", None)
    if ours:
        print(f"best: tralign {ours:,.0f}; " + ", ".join(f"{ours / rate:.2f} of {side}" for side, rate in best.items()))


if __name__ == "__main__":
    main()
