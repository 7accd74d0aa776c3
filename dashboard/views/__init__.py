"""Facts go out: store rows and arithmetic become the figures that every surface shows."""
