"""Facts go out: views, screens, charts, HTTP routes and the command line."""
