"""Refusals over HTTP, as RFC 9457 problem documents."""

from starlette.responses import JSONResponse


def problem(status: int, title: str, expected: str = "") -> JSONResponse:
    """A problem document. It says what was expected, never what was sent."""
    body = {"type": "about:blank", "title": title, "status": status}
    if expected:
        body["detail"] = f"expected {expected}"
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
