"""报送进度: where the returns of a month stand, unit by unit and month by month."""
