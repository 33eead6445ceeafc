"""What `config.yml` sets for a component."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handrail import paths
from handrail.documents import read_yaml

CONFIG = paths.ROOT / "config.yml"


def settings_of(component: str, config: Path = CONFIG) -> dict[str, Any]:
    """Return the settings of the first component of the pipeline whose name ends in `component`.

    Raises:
        DocumentError: the file is not YAML.
        LookupError: the pipeline has no such component.
    """
    for part in read_yaml(config).data["pipeline"]:
        if part["name"].endswith(component):
            return {key: value for key, value in part.items() if key != "name"}
    raise LookupError(f"{config.name} has no {component} in its pipeline.")
