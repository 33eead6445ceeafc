"""Measures how well the bot understands, and writes it down as one report with pictures."""
