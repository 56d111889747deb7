"""The change workflow: from a plan to a deployment, judged on what the forge tells (A.8.32)."""
