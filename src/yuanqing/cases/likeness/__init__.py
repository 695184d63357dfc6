"""相同事项: which sealed matters are about the same thing, found by blind marks without keeping a word of them."""

SERVES = ("speech.4.1", "speech.4.2")  # rows of the requirements
