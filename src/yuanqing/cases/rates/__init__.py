"""举报办理比率: how much is reported, how anonymously, how fast it is dealt with and how much of it proves true."""

SERVES = ("speech.4.1", "speech.4.4")  # rows of the requirements
