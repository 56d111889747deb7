"""Every text the bot says: pure functions from a translator and values to plain text. Short, calm, with a next step."""
