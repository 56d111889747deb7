"""Processes side by side on one database: each seen by the others, and one of them holding what only one may."""
