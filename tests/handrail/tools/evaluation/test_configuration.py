"""What `config.yml` sets for a component is found by the end of its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.tools.evaluation.configuration import settings_of


def test_settings_are_those_of_the_component_without_its_name(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n  - name: One\n  - name: a.module.Two\n    bound: 3\n")
    assert settings_of("Two", config) == {"bound": 3}
    assert settings_of("One", config) == {}
    with pytest.raises(LookupError, match="has no Three"):
        settings_of("Three", config)
