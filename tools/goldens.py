"""What the makers of golden files share: who made a file, and how it is written."""

import json
import sys
from importlib import import_module


def made_by(command, seed, *packages):
    """Command, seed and versions, to stand at the top of a golden file."""
    python = ".".join(map(str, sys.version_info[:2]))
    versions = {"python": python, **{name: import_module(name).__version__ for name in packages}}
    return {"command": command, "seed": seed, "versions": versions}


def pretty(value, margin=""):
    """JSON with a line per list element and per innermost object or list of numbers: readable
    differences, few bytes."""
    inner = margin + " "
    if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        body = [inner + json.dumps(v, ensure_ascii=False, allow_nan=False) for v in value]
        return "[\n" + ",\n".join(body) + f"\n{margin}]"
    if isinstance(value, dict) and any(isinstance(v, (dict, list)) for v in value.values()):
        body = [f"{inner}{json.dumps(k)}: {pretty(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(body) + f"\n{margin}}}"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def write(path, value):
    path.write_text(pretty(value) + "\n", encoding="utf-8")
