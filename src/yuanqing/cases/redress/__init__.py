"""以案促改: what a case leads to beyond the person: recommendation, loophole, rule to amend, lesson; answered and re-visited."""

SERVES = ("speech.4.7",)  # rows of the requirements
