"""月度考评: close and score of a month."""
