"""The names of intents that code goes by, and of Rasa's own entries beside them, each written down once."""

from __future__ import annotations

QUESTION_PREFIX = "ask_"
"""Opens the name of each kind of question that topics answer."""
EMERGENCY_PREFIX = "emergency_"
"""Opens the name of each kind of emergency, and of `EMERGENCY_CHECK`."""
EMERGENCY_CHECK = "emergency_check"
"""It may be an emergency: the bot asks whether it is happening now."""
OUT_OF_SCOPE = "out_of_scope"
"""Nothing for this bot."""
SAME_ABOUT = "same_about"
"""The last question once more, about something else."""
FALLBACK = "nlu_fallback"
"""What Rasa's `FallbackClassifier` sets where no intent is likely enough."""
RANKING = "intent_ranking"
"""The key of a parsed message under which Rasa gives the likeliest intents, best first."""
DANGER_SHARE = "danger_share"
"""The key under which a parsed message says how likely it is that somebody is in danger now (0 to 1)."""
IN_DOUBT = "in_doubt"
"""The key under which a parsed message says, with True, that it may be about something else: it is asked about, not
answered."""
