"""The conversation: parser, forms and all texts. Knows neither Slack nor a terminal; both speak through it."""
