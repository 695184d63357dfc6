"""检索: Chinese full-text search."""
