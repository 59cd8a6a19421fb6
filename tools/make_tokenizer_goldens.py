"""Writes tokenizer_folders.json: folders that name tokens in every way, with the ids of transformers.

    python tools/make_tokenizer_goldens.py     needs transformers 5; reads and writes below tralign-djl/src/test

Each folder is tokenizer.json of the golden checkpoint "neox" with other added tokens, and random further files. Seeded.
"""
import json
import random
import tempfile
from pathlib import Path

import transformers
from transformers import AutoTokenizer

GOLDEN = Path(__file__).parent.parent / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
CLASSES = ["PreTrainedTokenizerFast", "LlamaTokenizer", "LlamaTokenizerFast", "GPTNeoXTokenizer", "GPT2TokenizerFast",
           "Qwen2Tokenizer", "TokenizersBackend", "SomebodysTokenizer", None]
TOKENS = ["<tool>", "<|eot|>", "<|endoftext|>", "</s>", "<unk>", "the", "sky", "Hi", "<|im_start|>", "Ġthe", "É"]
TEXTS = ["The sky is blue", "Hi<tool>there <|im_start|> you", "the the  <|eot|>  x", "  leading", "theskyis the sky",
         "É e\u0301 É", "It's 21 <|endoftext|>", "", " <tool> "]
R = random.Random(17)


def flags():
    return {k: R.random() < (0.75 if k == "special" else 0.2)
            for k in ("lstrip", "rstrip", "normalized", "special") if R.random() < 0.7}


def token():
    return R.choice(TOKENS) if R.random() < 0.75 else {"__type": "AddedToken", "content": R.choice(TOKENS), **flags()}


def of_model(model, named):
    """Whether a named class counts depends on the model."""
    settings = {"eos_token": "<|endoftext|>", **({"tokenizer_class": named} if named else {})}
    return {"config.json": {"model_type": model}, "tokenizer_config.json": settings}


def folder(base):
    added = base["added_tokens"]
    size = max(base["model"]["vocab"].values()) + 1
    files = {"config.json": {"model_type": R.choice(["llama", "gpt_neox"])}}
    settings = files["tokenizer_config.json"] = {"eos_token": R.choice(["<|endoftext|>", token()])}
    if R.random() < 0.8:
        settings["tokenizer_class"] = R.choice(CLASSES)
    for key in ("bos_token", "unk_token", "pad_token", "cls_token", "image_token"):
        if R.random() < 0.2:
            settings[key] = token()
    for key in ("add_prefix_space", "legacy", "add_bos_token", "add_eos_token"):
        if R.random() < 0.3:
            settings[key] = R.choice([True, False])
    if R.random() < 0.4:
        known = {str(a["id"]): {k: v for k, v in a.items() if k != "id"} for a in added}
        more = {str(size + i): {"content": R.choice(TOKENS), **flags()} for i in range(R.randrange(4))}
        settings["added_tokens_decoder"] = {**known, **more}
    if R.random() < 0.3:
        settings["additional_special_tokens"] = [token() for _ in range(R.randrange(3))]
    if R.random() < 0.2:
        settings["extra_special_tokens"] = R.choice([[token()], {"one_token": R.choice(TOKENS), "two": R.choice(TOKENS)}])
    if R.random() < 0.3:
        files["special_tokens_map.json"] = {
            "eos_token": R.choice(TOKENS), "pad_token": {"content": R.choice(TOKENS), "lstrip": True},
            "additional_special_tokens": [R.choice(TOKENS)]}
    if R.random() < 0.3:
        files["added_tokens.json"] = {t: size + i for i, t in enumerate(R.sample(TOKENS, 2))}
    return files


def both(base):
    """Further tokens under the old and the new key, whose object of names is taken first."""
    files = folder(base)
    settings = files["tokenizer_config.json"]
    settings["tokenizer_class"] = "GPTNeoXTokenizer"
    settings["additional_special_tokens"] = [token(), token()]
    settings["extra_special_tokens"] = R.choice([[token()], {"one_token": R.choice(TOKENS), "two": R.choice(TOKENS)}])
    size = max(base["model"]["vocab"].values()) + 1
    settings["added_tokens_decoder"] = {str(a["id"]): {k: v for k, v in a.items() if k != "id"} for a in base["added_tokens"]}
    files["added_tokens.json"] = {t: size + i for i, t in enumerate(R.sample(TOKENS, 2))}
    return files


def gemma(named):
    """Pieces with a mark for blanks, and bytes for what has no piece; the file says nothing else."""
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *(f"<0x{i:02X}>" for i in range(256)), "▁", "s", "k", "y", "t", "h", "e",
              "th", "the", "▁the", "sk", "sky", "<tool>"]
    vocab = {piece: i for i, piece in enumerate(pieces)}
    merges = [["t", "h"], ["th", "e"], ["▁", "the"], ["s", "k"], ["sk", "y"]]
    model = {"type": "BPE", "vocab": vocab, "merges": merges}
    settings = {"add_bos_token": False, **({"tokenizer_class": named} if named else {})}
    if named == "GemmaTokenizerFast":
        settings |= {"add_bos_token": True, "additional_special_tokens": ["<tool>"]}
    return {"config.json": {"model_type": "gemma2"}, "tokenizer_config.json": settings,
            "tokenizer.json": {"version": "1.0", "added_tokens": [], "model": model}}


def main():
    transformers.logging.set_verbosity_error()
    base = json.loads((GOLDEN / "neox/tokenizer.json").read_text())
    named = []
    while len(named) < 72:
        named.append(folder(base))
        if len(named) > 60:
            settings = named[-1]["tokenizer_config.json"]
            settings["model_specific_special_tokens"] = {"tool_token": "<tool>", "three": token()}
    models = "qwen2", "qwen3", "granite", "mistral", "phi3", "smollm3", "starcoder2", "olmo2", "olmo3"
    models += "stablelm", "gpt2"
    named += [of_model(model, name) for model in models for name in CLASSES]
    named += [both(base) for _ in range(16)]
    named += [gemma(named) for named in ("GemmaTokenizer", "GemmaTokenizerFast", None)]
    folders = []
    for files in named:
        with tempfile.TemporaryDirectory() as temporary:
            for name, content in {"tokenizer.json": base, **files}.items():
                (Path(temporary) / name).write_text(json.dumps(content))
            tokenizer = AutoTokenizer.from_pretrained(temporary)
            ids = tokenizer(TEXTS).input_ids
        folders.append({"files": files, "eos": tokenizer.eos_token, "ids": ids})
    made = {"versions": {"transformers": transformers.__version__}, "seed": 17, "texts": TEXTS}
    lines = ",\n".join(json.dumps(f) for f in folders)
    (GOLDEN / "tokenizer_folders.json").write_text(json.dumps(made)[:-1] + ', "folders": [\n' + lines + "\n]}\n")


main()
