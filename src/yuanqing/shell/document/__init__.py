"""公文与表格: official documents (DOCX, PDF) and spreadsheets (XLSX), written and read without a database."""

SERVES = ("across.documents",)  # rows of the requirements
