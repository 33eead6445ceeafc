"""The responses of `domain.yml`, for those who must show one without asking Rasa for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.documents import DocumentError, Problem, read_yaml
from handrail.emergencies import Finding
from handrail.helplines import CountryLines
from handrail.placeholders import placeholders


@dataclass(frozen=True)
class Responses:
    """The domain's responses by name, the first variation of each."""

    by_name: Mapping[str, Mapping[str, Any]]

    @classmethod
    def load(cls, path: Path = paths.DOMAIN) -> Responses:
        """Read the responses.

        Raises:
            DocumentError: the file cannot be read or holds no responses.
        """
        data: Any = read_yaml(path).data
        if not isinstance(data, dict) or not data.get("responses"):
            raise DocumentError([Problem(path, 1, "there are no responses", "add the key 'responses'")])
        return cls({name: variations[0] for name, variations in data["responses"].items()})

    def message(self, name: str, lines: CountryLines) -> dict[str, Any]:
        """Return the response `name` as a message (text, buttons, metadata), with the numbers of `lines` in it."""
        response = self.by_name[name]
        filled = placeholders(lines)
        message: dict[str, Any] = {
            "text": response["text"].format(**filled),
            "metadata": dict(response.get("metadata", {})),
        }
        if response.get("buttons"):
            message["buttons"] = [
                {"title": button["title"], "payload": button["payload"].format(**filled)}
                for button in response["buttons"]
            ]
        return message

    def card(self, finding: Finding, lines: CountryLines) -> dict[str, Any]:
        """Return the message for an emergency: its card, or the question whether it is happening now."""
        return self.message(f"utter_emergency_{finding.kind if finding.level == 'emergency' else 'check'}", lines)
