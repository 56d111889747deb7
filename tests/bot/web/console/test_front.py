"""Which cookie a request gets, whatever stands in its headers: none without https, but for this machine alone."""

from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request

from bot.web.console.front import ON_THIS_MACHINE, SECURE, Front

PUBLIC = "https://wachbuch.example"
HOSTS = st.one_of(
    st.sampled_from(
        [
            "wachbuch.example",
            "WACHBUCH.example",
            "127.0.0.1:8080",
            "localhost",
            "[::1]:8080",
            "[::1",
            "",
            "127.0.0.1.evil",
        ]
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
)
PROTO = st.sampled_from([None, "", "https", "http", "HTTPS", "https,http", "http, https", "wss"])
ORIGIN = st.one_of(st.none(), st.sampled_from(["null", PUBLIC, "https://evil.example", "http://127.0.0.1:8080"]))
SITE = st.sampled_from([None, "same-origin", "same-site", "cross-site", "none", "Same-Origin"])
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def request(scheme: str, headers: dict[str, str | None]) -> Request:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value is not None]
    return Request({"type": "http", "method": "POST", "scheme": scheme, "path": "/", "headers": raw,
                    "query_string": b"", "server": ("127.0.0.1", 8080)})  # fmt: skip


@given(scheme=st.sampled_from(["http", "https"]), host=HOSTS, proto=PROTO)
@example(scheme="http", host="[::1", proto=None)
def test_without_https_there_is_a_cookie_on_this_machine_alone(scheme: str, host: str, proto: str | None) -> None:
    found = Front(PUBLIC).cookie(request(scheme, {"host": host, "x-forwarded-proto": proto}))
    if found is ON_THIS_MACHINE:
        assert scheme == "http"
        assert proto is None, "behind a proxy nobody is on this machine"
        name = host.casefold()
        known = name.rpartition(":")[0] if not name.endswith("]") and ":" in name else name
        assert known in LOOPBACK or known.startswith("127.") or known.endswith(".localhost") or "@" in known
    if proto == "http":
        assert found is not SECURE
    if proto == "https":
        assert found is SECURE


@given(site=SITE, origin=ORIGIN)
def test_a_post_is_taken_from_pages_of_the_same_address_alone(site: str | None, origin: str | None) -> None:
    headers = {"host": "wachbuch.example", "x-forwarded-proto": "https", "sec-fetch-site": site, "origin": origin}
    taken = not Front(PUBLIC).is_foreign(request("http", headers))
    says_so = site == "same-origin" or (site is None and origin == PUBLIC)
    assert taken == (says_so and origin in {None, "null", PUBLIC})
