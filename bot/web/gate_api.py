"""`/api/v1/gate/…`: pipelines ask whether they may deploy, and report what was deployed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.credentials import PipelineToken
from bot.web.bearer import Guard
from bot.web.body import TooLarge, read_body
from bot.web.problems import problem
from workflows.change.seen import Forge
from workflows.logbook import TokenScope
from workflows.record import CommitSha

LIMIT: Final = 256 * 1024
Q = TypeVar("Q", bound=BaseModel)
_Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Asked(BaseModel):
    """A question about one commit. `forge` is only needed where two of them have a repository of this name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    repository: _Name
    environment: _Name
    sha: CommitSha
    forge: Forge | None = None
    language: Literal["de", "en"] | None = None


class Deployed(Asked):
    """A deployment that the forge does not tell of."""

    succeeded: bool = True


class Offline(BaseModel):
    """Notices of deployments that were let through while nobody could be asked, sealed by the token of the pipeline."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    notices: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: `status` 200 with its body, else the title of a problem and what was expected."""

    status: int
    body: Mapping[str, Any]
    title: str = ""
    expected: str = ""


class Desk(Protocol):
    """Answers for the gate. All of it may wait for the database."""

    def check(self, asked: Asked, token: PipelineToken) -> Told:
        """May this commit be deployed there?"""

    def record(self, deployed: Deployed, token: PipelineToken) -> Told:
        """It was deployed there."""

    def offline(self, told: Offline, token: PipelineToken) -> Told:
        """It was let through while nobody could be asked."""


@dataclass(frozen=True, slots=True)
class GateApi:
    """The endpoints."""

    guard: Guard
    desk: Desk

    async def check(self, request: Request) -> Response:
        """GET with a query, or POST with the same as JSON."""
        given = dict(request.query_params) if request.method == "GET" else None
        return await self._answer(request, TokenScope.GATE_CHECK, Asked, self.desk.check, given)

    async def record(self, request: Request) -> Response:
        """POST: a deployment by hand or by a pipeline."""
        return await self._answer(request, TokenScope.GATE_RECORD, Deployed, self.desk.record)

    async def offline(self, request: Request) -> Response:
        """POST: what was let through offline. Whoever may ask may report."""
        return await self._answer(request, TokenScope.GATE_CHECK, Offline, self.desk.offline)

    async def _answer(
        self,
        request: Request,
        scope: TokenScope,
        form: type[Q],
        work: Callable[[Q, PipelineToken], Told],
        given: Mapping[str, Any] | None = None,
    ) -> Response:
        token = await run_in_threadpool(self.guard.admit, request, scope)
        if isinstance(token, JSONResponse):
            return token
        asked = await _read(request, form, given)
        if isinstance(asked, JSONResponse):
            return asked
        if isinstance(asked, Asked) and not token.reaches(asked.repository):
            return problem(403, "the token is for other repositories", "a token for this repository")
        told = await run_in_threadpool(work, asked, token)
        if told.title:
            return problem(told.status, told.title, told.expected)
        return JSONResponse(dict(told.body), status_code=told.status)


async def _read(request: Request, form: type[Q], given: Mapping[str, Any] | None) -> Q | JSONResponse:
    try:
        return form.model_validate(given if given is not None else json.loads(await read_body(request, LIMIT)))
    except TooLarge:
        return problem(413, "body too large", f"at most {LIMIT} bytes")
    except ValidationError as error:
        return problem(422, "the question cannot be read", _expected(error))
    except (ValueError, RecursionError):
        return problem(400, "not a JSON object", "a JSON object")


def _expected(error: ValidationError) -> str:
    """Which fields are wrong and why; never what was given."""
    faults = (f"{'.'.join(map(str, one['loc'])) or 'an object'}: {one['msg']}" for one in error.errors())
    return "; ".join(dict.fromkeys(faults))
