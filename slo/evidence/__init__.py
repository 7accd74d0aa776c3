"""The statistics of before and after; the only part of this layer that may use scipy."""
