"""Makes of a Hugging Face folder what the peers read.

    python tools/bench_generate_peers/prepare.py MODEL CHATS OUT

MODEL is a Llama of one safetensors file with a byte-level tokenizer and a chat template, CHATS a JSON-lines file of HH-RLHF (see chats.py).
Writes into the folder OUT
    model.gguf     for llama.cpp, all weights in fp32
    jlama/         for Jlama: the folder itself, with config.json and tokenizer.json in the form that older readers know
    prompts.jsonl  64 prompts through the chat template, each with its tokens by transformers
"""

import argparse
import json
import sys
from pathlib import Path

import gguf
from safetensors.numpy import load_file

NAMES = {  # of a layer, in the folder and in GGUF
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
OUTSIDE = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def rope_theta(config):
    rope = config.get("rope_parameters") or {"rope_type": "default", "rope_theta": config.get("rope_theta")}
    if config["model_type"] != "llama" or rope["rope_type"] != "default" or config.get("rope_scaling"):
        raise SystemExit("only Llama models without RoPE scaling can be written")
    return float(rope["rope_theta"])


def pre_tokenizers(tokenizer):
    found = tokenizer["pre_tokenizer"]
    return found.get("pretokenizers", [found])


def pre_tokenizer_name(tokenizer):
    """llama.cpp's name of the way in which text is split before the merges."""
    kinds = [part["type"] for part in pre_tokenizers(tokenizer)]
    known = {("ByteLevel",): "gpt-2", ("Digits", "ByteLevel"): "smollm"}
    if tuple(kinds) not in known or tokenizer.get("normalizer"):
        raise SystemExit(f"this tokenizer cannot be written: {kinds}")
    return known[tuple(kinds)]


def interleaved(weight, heads):
    """The rows of queries or keys in the order of RoPE on neighbours, which llama.cpp takes for Llama."""
    return weight.reshape(heads, 2, -1, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def write_gguf(model, path):
    config, tokenizer = read_json(model / "config.json"), read_json(model / "tokenizer.json")
    heads = config["num_attention_heads"]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_dimension_count(config.get("head_dim") or config["hidden_size"] // heads)
    writer.add_rope_freq_base(rope_theta(config))
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])

    tokens, types = [f"[unused{i}]" for i in range(config["vocab_size"])], [gguf.TokenType.UNUSED] * config["vocab_size"]
    for token, id in tokenizer["model"]["vocab"].items():
        tokens[id], types[id] = token, gguf.TokenType.NORMAL
    for token in tokenizer["added_tokens"]:
        tokens[token["id"]] = token["content"]
        types[token["id"]] = gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre_tokenizer_name(tokenizer))
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)

    for name, weight in load_file(model / "model.safetensors").items():
        if name in OUTSIDE:
            if name == "lm_head.weight" and config["tie_word_embeddings"]:
                continue
            new = OUTSIDE[name]
        else:
            _, _, layer, rest = name.split(".", 3)
            part = rest.removesuffix(".weight")
            new = f"blk.{layer}.{NAMES[part]}.weight"
            if part == "self_attn.q_proj":
                weight = interleaved(weight, heads)
            if part == "self_attn.k_proj":
                weight = interleaved(weight, config["num_key_value_heads"])
        writer.add_tensor(new, weight.astype("float32"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_jlama(model, folder):
    folder.mkdir(exist_ok=True)
    config, tokenizer = read_json(model / "config.json"), read_json(model / "tokenizer.json")
    changed = {
        "config.json": config | {"rope_theta": rope_theta(config)},
        # it knows the bytes' characters only in a sequence
        "tokenizer.json": tokenizer | {"pre_tokenizer": {"type": "Sequence", "pretokenizers": pre_tokenizers(tokenizer)}},
    }
    for file in model.iterdir():
        copy = folder / file.name
        copy.unlink(missing_ok=True)
        if file.name in changed:
            copy.write_text(json.dumps(changed[file.name]), encoding="utf-8")
        else:
            copy.symlink_to(file.resolve())


def write_prompts(model, chats, path):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from transformers import AutoTokenizer

    from chats import first_turns

    tokenizer = AutoTokenizer.from_pretrained(model)
    with open(path, "w", encoding="utf-8") as out:
        for turn in first_turns(chats, 64):
            messages = [{"role": "user", "content": turn}]
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            out.write(json.dumps({"prompt": text, "ids": ids}) + "\n")


def main():
    parser = argparse.ArgumentParser()
    for name in ["model", "chats", "out"]:
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write_prompts(options.model, options.chats, options.out / "prompts.jsonl")
    write_gguf(options.model, options.out / "model.gguf")
    write_jlama(options.model, options.out / "jlama")


if __name__ == "__main__":
    main()
