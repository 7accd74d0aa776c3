"""The history that Upptime keeps in a repository: every change of a site's status is a commit."""
