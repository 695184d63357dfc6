"""演示世界: 源清示范集团, a made-up organisation whose records tell stories that the pages should reveal.

Everything is synthetic and comes from one seed. Nothing of the product knows this package.
"""
