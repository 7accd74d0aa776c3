"""Delivery and incidents over a span: the figures, the strips and the lists, in words."""
