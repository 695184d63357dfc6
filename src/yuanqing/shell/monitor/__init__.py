"""运行状态: whether everything works, in the words of people, of probes and of collectors; never a word about a person."""

SERVES = ("across.laptop",)  # rows of the requirements
