"""Figures of the running service, for Prometheus: counted here, and read from the database when they are asked for."""
