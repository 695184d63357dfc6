"""课件内容: the files of packages, each page of which lives in a sandbox without origin, session or way out."""

SERVES = ("speech.1.3",)  # rows of the requirements
