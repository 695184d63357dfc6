"""廉政栏目: articles, cases, rules, films, questions and answers, for everybody to read."""

SERVES = ("speech.1.9",)  # rows of the requirements
