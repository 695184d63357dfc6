"""限期改正: a slight case gets a window in which the person puts it right himself; if he does not, it goes on."""

SERVES = ("speech.4.8",)  # rows of the requirements
