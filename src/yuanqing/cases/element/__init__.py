"""七个要素: what an unlocked report names of when, where, who, what, how, why and things; a suggestion for a person."""

SERVES = ("speech.4.2",)  # rows of the requirements
