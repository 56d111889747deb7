"""What is measured while the process works. Whoever does the work tells; who counts it, is another's matter."""


class Meter:
    """Takes measurements; this one drops them, whoever counts overrides.

    Every method is quick, safe between threads, and never raises. Times in seconds. What is passed comes from short
    lists: routes, kinds, codes. Never a name, a number of a case or a text.
    """

    def requested(self, route: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""

    def ignored(self, source: str, kind: str) -> None:
        """A delivery was understood and tells nothing that counts here."""

    def enveloped(self, kind: str, result: str, seconds: float) -> None:
        """An envelope of Socket Mode was worked off, or not taken."""

    def slack_called(self, method: str, error: str, seconds: float) -> None:
        """Slack's Web API was called; `error` is empty when it went well."""

    def forge_called(self, forge: str, result: str, remaining: int | None, seconds: float) -> None:
        """A forge's API was called; `remaining` are the calls that it still allows, None when it did not say."""

    def job_tried(self, kind: str, result: str, seconds: float) -> None:
        """A job was tried."""

    def appended(self, entries: int, seconds: float) -> None:
        """Entries were appended to the ledger and committed."""
