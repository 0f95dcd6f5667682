"""What a chat completion looks like on the wire: the request, and its text out of JSON or of server-sent events.

Takes nothing on trust: every member is looked at before it is used. Knows no connections.
"""

from __future__ import annotations

import json
from typing import Any

from kb.outside.strings import whole
from kb.records.ports import Outage, Reply

_DONE = "[DONE]"


def request_body(model: str, instructions: str, material: str, stream: bool) -> dict[str, Any]:
    """The body of ``POST …/chat/completions``."""
    return {
        "model": model,
        "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": material}],
        "temperature": 0,
        "stream": stream,
    }


def read_completion(body: bytes) -> Reply:
    """The text of a completion that came whole."""
    message = _first_choice(_decoded(body)).get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return _reply(content) if isinstance(content, str) else Reply(outage=Outage.NOT_CHAT)


def read_events(body: bytes) -> Reply:
    """The text of a completion that came as events; one that does not say that it has ended broke off."""
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return Reply(outage=Outage.NOT_CHAT)
    parts: list[str] = []
    ended = False
    for line in lines:
        field, _, value = line.partition(":")
        if field != "data":
            continue
        if value.strip() == _DONE:
            ended = True
            break
        choice = _first_choice(_decoded(value.encode()))
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return Reply(outage=Outage.NOT_CHAT)
        content = delta.get("content")
        if isinstance(content, str):
            parts.append(content)
        elif content is not None:
            return Reply(outage=Outage.NOT_CHAT)
        ended = ended or isinstance(choice.get("finish_reason"), str)
    if not ended:
        return Reply(outage=Outage.CUT_SHORT if parts else Outage.NOT_CHAT)
    return _reply("".join(parts))


def _reply(text: str) -> Reply:
    return Reply(whole(text)) if text.strip() else Reply(outage=Outage.EMPTY)


def _decoded(body: bytes) -> Any:
    """The JSON value; null for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _first_choice(value: Any) -> dict[str, Any]:
    """The first choice of a completion or event; empty where there is none."""
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}
