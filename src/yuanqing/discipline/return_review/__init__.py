"""月报审核: the reviewer's side of the monthly return."""
