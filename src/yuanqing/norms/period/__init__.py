"""月度: periods with their frozen windows."""
