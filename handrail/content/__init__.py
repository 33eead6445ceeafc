"""The curated answers: topics, their sources, and the catalogue that finds the topic for a question."""

from handrail.content.catalogue import Catalogue
from handrail.content.channel_words import ChannelWords
from handrail.content.sources import Source
from handrail.content.topics import Topic
from handrail.content.words import Words

__all__ = ["Catalogue", "ChannelWords", "Source", "Topic", "Words"]
