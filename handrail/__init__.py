"""Handrail: curated answers for people helping someone with a drug or alcohol problem."""
