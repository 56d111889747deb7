"""Works off jobs: what follows a commit, and what falls due at a time. The rows and their SQL are in the store."""
