"""人员: people on the rolls."""
