"""The pages: fetch views, hand them to charts, decide nothing."""
