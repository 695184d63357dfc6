"""教育活动: a film, course, lecture, visit, talk, discussion or conference, for an audience, tied to clauses."""

SERVES = ("speech.0.1", "speech.1.1", "speech.1.3", "speech.1.4")  # rows of the requirements
