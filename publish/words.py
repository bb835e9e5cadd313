"""The words the house rules keep out, as data."""

AVOID = (
    "safe space for vulnerability",
    "foundation of any strong relationship",
    "put yourself in their shoes",
    "in today's fast-paced world",
    "deep and meaningful",
    "emotional bond between you",
    "engage in active listening",
    "releases oxytocin",
    "meaningful connection",
    "at the end of the day",
    "journey",
    "game changer",
    "game-changer",
)
"""Tired phrases."""

ABSOLUTE = (
    "always",
    "never",
    "guarantee",
    "guaranteed",
    "guarantees",
    "proven",
    "proves",
    "will save",
    "secret",
    "secrets",
    "hack",
    "hacks",
    "perfect",
    "perfectly",
    "soulmate",
    "soulmates",
    "every time",
    "instantly",
)
"""Promises nobody can keep."""

LABELS = (
    "toxic",
    "narcissist",
    "narcissistic",
    "avoidant",
    "codependent",
    "codependency",
    "gaslight",
    "gaslighting",
    "anxious attachment",
    "love addict",
    "psychopath",
    "borderline",
    "passive-aggressive",
    "commitment-phobe",
    "needy",
    "clingy",
)
"""Diagnoses we are not here to make."""

STEREOTYPES = (
    "women want",
    "men want",
    "women need",
    "men need",
    "men are",
    "women are",
    "like a man",
    "like a woman",
    "husband and wife",
    "opposite sex",
    "most men",
    "most women",
    "men don't",
    "women don't",
    "girls are",
    "boys are",
    "man up",
    "feminine",
    "masculine",
)
"""Rules about women and men."""

AMERICAN = (
    "color",
    "behavior",
    "favorite",
    "honor",
    "neighbor",
    "center",
    "realize",
    "recognize",
    "apologize",
    "organize",
    "practicing",
    "counselor",
    "gray",
    "mom",
    "judgment",
    "traveling",
    "labor",
    "humor",
    "fulfill",
    "skillful",
    "criticize",
    "emphasize",
    "prioritize",
    "summarize",
    "cozy",
)
"""American spellings; the library is British."""

FORBIDDEN = {
    "tired phrase": AVOID,
    "absolute promise": ABSOLUTE,
    "label": LABELS,
    "stereotype": STEREOTYPES,
    "American spelling": AMERICAN,
}

PROPER = {"I", "I'm", "I've", "I'll", "OK"}
"""Words that keep their capital in a heading."""
