"""The deterministic emergency screen: patterns from `data/emergencies/`, no model, no network."""
