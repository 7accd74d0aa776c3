"""The web process: Streamlit with our options, its routes, its shield."""
