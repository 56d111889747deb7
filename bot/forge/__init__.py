"""From a forge's delivery to a verdict at the request: intake, evaluation, report. Each is a job of its own."""
