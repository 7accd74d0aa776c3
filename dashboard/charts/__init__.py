"""How views look: SVG, HTML and colours, without any framework."""
