"""诬告陷害认定: a false accusation is found only with intent, and only with approval at the right level; an honest error is none."""

SERVES = ("speech.4.8",)  # rows of the requirements
