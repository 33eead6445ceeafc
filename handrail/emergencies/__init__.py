"""The deterministic emergency screen: patterns from `data/emergencies/`, no model, no network."""

from handrail.emergencies.screen import EmergencyScreen, Finding

__all__ = ["EmergencyScreen", "Finding"]
