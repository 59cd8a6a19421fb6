"""Makes the golden file of chat templates: what transformers' own renderer makes of conversations.

    python -m venv venv && . venv/bin/activate
    pip install transformers==5.23.0 jinja2==3.1.6
    python tools/make_template_goldens.py [FOLDER [FILE]]

Renders every FOLDER/*.jinja (default: the templates among the test resources of tralign-djl) with
every conversation below, with and without the generation prompt, and writes FILE (default: beside
the folder). Where jinja2 refuses, the golden holds its message instead of a text.
"""

import datetime
import sys
from pathlib import Path

import jinja2
from transformers.utils.chat_template_utils import _compile_jinja_template, render_jinja_template

from goldens import made_by, write

RESOURCES = Path(__file__).parent.parent / "tralign-djl/src/test/resources/io/github/tralign/djl/chat/jinja"
TODAY = datetime.date(2026, 2, 3)
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
ABOUT = (
    "renderings.<template>.<conversation>[0 or 1, with the generation prompt] = {text} or {error}, by "
    "transformers' render_jinja_template; `today` is what strftime_now tells, `special` stands beside "
    "the conversation as variables"
)


def turn(role, content, **more):
    return {"role": role, "content": content, **more}


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather — <today's> & \"only\"",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Wo? 東京…"},
                "days": {"type": "integer", "minimum": 1, "default": 1.5, "enum": [1, 2.0, 1e-7, 1e22]},
                "exact": {"type": "boolean", "default": False, "nullable": None},
            },
            "required": ["city"],
        },
    },
}
CALL = {"id": "call12345", "type": "function", "function": {"name": "weather", "arguments": {"city": "Köln", "days": 2}}}

CONVERSATIONS = {
    "user": {"messages": [turn("user", "Hello")]},
    "answered": {"messages": [turn("user", "Hello"), turn("assistant", "Hi!")]},
    "system": {"messages": [turn("system", "Be brief."), turn("user", "Hello")]},
    "long": {
        "messages": [
            turn("system", "Be brief."), turn("user", "One?"), turn("assistant", "Two."),
            turn("user", "Three?"), turn("assistant", "Four."), turn("user", "Five?"), turn("assistant", "Six."),
        ]
    },
    "blanks": {
        "messages": [
            turn("system", "\n  be \t\n"), turn("user", "  a \u00a0\u3000"), turn("assistant", "\n\n b\x1c\u2028 "),
            turn("user", "c\r\nd\n"),
        ]
    },
    "unicode": {
        "messages": [turn("user", "e\u0301 é 😀👩‍👩‍👧 שלום"), turn("assistant", "\ufeff東京\u200b ‮x \x00\x7f\\n \"q\" 'q'")]
    },
    "traps": {
        "messages": [
            turn("user", "false"), turn("assistant", "None"), turn("user", "{{ messages }}{% if x %}"),
            turn("assistant", "0"), turn("user", "<|im_end|>[/INST]</s>"), turn("assistant", "null"),
        ]
    },
    "empty": {"messages": [turn("system", ""), turn("user", ""), turn("assistant", ""), turn("user", "x")]},
    "starts with the assistant": {"messages": [turn("assistant", "Hi!"), turn("user", "Hello")]},
    "two users": {"messages": [turn("user", "Hello"), turn("user", "Are you there?"), turn("assistant", "Yes")]},
    "late system": {"messages": [turn("user", "Hello"), turn("system", "Be brief."), turn("assistant", "Yes")]},
    "thought": {
        "messages": [
            turn("user", "1+1?"), turn("assistant", "<think>\nOne and one.\n</think>\n\n2"),
            turn("user", "And 1 more?"), turn("assistant", "<think>\nTwo and one.\n</think>\n\n3"),
        ]
    },
    "reasoning": {
        "messages": [turn("user", "1+1?"), turn("assistant", "2", reasoning_content="\nOne and one.\n")]
    },
    "no thinking": {
        "messages": [turn("user", "1+1?"), turn("assistant", "2"), turn("user", "And 1 more?")],
        "settings": {"enable_thinking": False},
    },
    "tools": {
        "messages": [turn("system", "Be brief."), turn("user", "Weather?")],
        "settings": {"tools": [WEATHER, WEATHER]},
    },
    "tool calls": {
        "messages": [
            turn("user", "Weather?"), turn("assistant", "", tool_calls=[CALL]),
            turn("tool", '{"sky": "blue"}', name="weather", tool_call_id="call12345"), turn("assistant", "Blue."),
        ],
        "settings": {"tools": [WEATHER]},
    },
    "other role": {"messages": [turn("user", "Hello"), turn("critic", "Hm.")]},
}


def render(template, conversation, generation):
    try:
        compiled = _compile_jinja_template(template)
        compiled.environment.globals["strftime_now"] = TODAY.strftime
        given = {**SPECIAL, **conversation.get("settings", {})}
        texts, _ = render_jinja_template(
            [conversation["messages"]], chat_template=template, add_generation_prompt=generation, **given
        )
        return {"text": texts[0]}
    except (jinja2.exceptions.TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RESOURCES / "templates"
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else RESOURCES / "renderings.json"
    renderings = {}
    for path in sorted(folder.glob("*.jinja")):
        template = path.read_text(encoding="utf-8")
        renderings[path.stem] = {
            name: [render(template, conversation, generation) for generation in (False, True)]
            for name, conversation in CONVERSATIONS.items()
        }
    about = {"about": ABOUT, **made_by("python tools/make_template_goldens.py", 0, "transformers", "jinja2")}
    about["today"] = TODAY.isoformat()
    write(file, {**about, "special": SPECIAL, "conversations": CONVERSATIONS, "renderings": renderings})


if __name__ == "__main__":
    main()
