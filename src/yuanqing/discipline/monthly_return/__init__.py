"""月报: what a unit reports by the 5th."""
